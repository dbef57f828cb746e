"""Words of taking the knowledge test."""

from trainer.language import Text

WORDS: dict[str, Text] = {
    "test_title": Text("Tes pengetahuan pijat oksitosin", "Knowledge test on oxytocin massage"),
    "test_intro": Text(
        "Pilih satu jawaban untuk setiap pertanyaan. Tidak apa-apa bila belum tahu. Jawaban tersimpan sendiri.",
        "Choose one answer to each question. It is all right not to know. Answers are kept by themselves.",
    ),
    "question_of": Text("Pertanyaan {number} dari {total}", "Question {number} of {total}"),
    "answered_of": Text("{answered} dari {total} terjawab", "{answered} of {total} answered"),
    "finish_test": Text("Selesai", "Finish"),
    "pause_test": Text("Berhenti dulu, lanjut nanti", "Stop for now, go on later"),
    "unanswered_title": Text("Masih ada yang kosong", "Some are still empty"),
    "unanswered_text": Text(
        "{count} pertanyaan belum dijawab. Isi dahulu, atau selesaikan saja.",
        "{count} questions have no answer yet. Answer them first, or finish anyway.",
    ),
    "finish_anyway": Text("Selesaikan saja", "Finish anyway"),
    "thank_you": Text("Terima kasih!", "Thank you!"),
    "thank_you_text": Text(
        "Jawaban sudah tersimpan. Kembalikan laptop kepada fasilitator.",
        "Your answers are kept. Give the laptop back to the facilitator.",
    ),
    "to_person": Text("Untuk fasilitator: ke data peserta", "For the facilitator: to the person's page"),
    "right_answer": Text("jawaban yang benar", "right answer"),
    "chosen_answer": Text("jawaban peserta", "person's answer"),
    "no_answer": Text("tidak dijawab", "not answered"),
    "review_later": Text(
        "Pembahasan dibuka setelah tes sesudah pelatihan, supaya kedua tes dapat dibandingkan.",
        "The answers are gone through after the test that follows the training, so that both can be compared.",
    ),
    "test_again_conflict": Text("Tes ini sudah selesai.", "This test is finished."),
    "bank_title": Text("Soal", "Questions"),
    "bank_text": Text(
        "Soal bawaan atau soal Anda sendiri (berkas YAML atau JSON, lihat pijat library).",
        "The built-in questions, or your own (paste a YAML or JSON bank).",
    ),
    "bank_in_use": Text(
        "{name} versi {version}, {count} soal", "{name} version {version}, {count} questions"
    ),
    "bank_edit": Text("Ubah soal", "Edit the questions"),
    "bank_edit_text": Text(
        "Ubah teks di bawah dan naikkan version: tes yang sudah dijawab tetap memakai soalnya sendiri.",
        "Change the text below and raise version: tests already answered keep their own questions.",
    ),
    "bank_save": Text("Pakai soal ini", "Use these questions"),
    "bank_saved": Text("Soal tersimpan.", "The questions are kept."),
}
