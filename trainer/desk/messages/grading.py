"""Words of grading a demonstration."""

from trainer.language import Text

WORDS: dict[str, Text] = {
    "grade_title": Text("Menilai demonstrasi", "Grade a demonstration"),
    "start_title": Text("Mulai menilai", "Start grading"),
    "start_open": Text("Nilai bersama kamera", "Grade with the camera"),
    "start_open_text": Text(
        "Putusan kamera tampil di samping setiap butir; Anda membenarkan atau mengubahnya.",
        "The camera's verdict stands beside each item; you confirm or change it.",
    ),
    "start_blind": Text("Nilai tanpa kamera (buta)", "Grade without the camera (blind)"),
    "start_blind_text": Text(
        "Putusan dan bukti kamera tidak dikirim ke halaman ini sampai Anda menandatangani.",
        "The camera's verdicts and evidence are not sent to this page until you have signed.",
    ),
    "start_rules": Text("Skala {scale}", "Scale {scale}"),
    "scale_unknown": Text(
        "Berkas protokol ini tidak ada di sini, jadi dipakai skala 0-2.",
        "This protocol's file is not here, so the scale 0-2 is used.",
    ),
    "scale_done_not_done": Text("dilakukan / tidak dilakukan", "done / not done"),
    "scale_0_2": Text("0 sampai 2", "0 to 2"),
    "scale_1_4": Text("1 sampai 4", "1 to 4"),
    "go_on_grading": Text("Lanjut menilai", "Go on grading"),
    "look_at_grading": Text("Lihat penilaian Anda", "Look at your grading"),
    "graders": Text("Penilai sesi ini", "Who graded this session"),
    "nobody_graded": Text("Belum ada yang menilai.", "Nobody has graded it yet."),
    "signed_at": Text("ditandatangani {when}", "signed {when}"),
    "begun_at": Text("dimulai {when}", "begun {when}"),
    "edited_after": Text("diubah setelah ditandatangani", "edited after signing"),
    "report": Text("Laporan kamera", "Camera's report"),
    "history": Text("Riwayat", "History"),
    "history_title": Text("Riwayat penilaian", "History of the grading"),
    "history_text": Text(
        "Setiap perubahan disimpan; yang paling bawah berlaku.", "Every change is kept; the last one counts."
    ),
    "after_signing": Text("setelah tanda tangan", "after signing"),
    "item": Text("Butir", "Item"),
    "rating": Text("Nilai", "Rating"),
    "decision": Text("Putusan", "Decision"),
    "comment": Text("Komentar", "Comment"),
    "decision_confirmed": Text("membenarkan kamera", "camera confirmed"),
    "decision_overridden": Text("mengubah putusan kamera", "camera overridden"),
    "decision_ticked": Text("dilihat sendiri", "seen in person"),
    "decision_rated": Text("dinilai", "rated"),
    "decision_not_observed": Text("tidak terlihat", "not observed"),
    "camera_says": Text("Kamera", "Camera"),
    "only_person": Text("hanya terlihat oleh orang", "only a person sees this"),
    "camera_hidden": Text("kamera: nanti", "camera: later"),
    "critical": Text("wajib", "required"),
    "not_seen": Text("tidak terlihat", "not seen"),
    "confirm": Text("Benarkan", "Confirm"),
    "tick": Text("Dilakukan", "Done"),
    "evidence": Text("Bukti", "Evidence"),
    "evidence_fault": Text("kesalahan", "fault"),
    "evidence_none": Text(
        "Tidak ada bukti waktu untuk butir ini.", "There is no moment of evidence for this item."
    ),
    "comment_hint": Text(
        "Komentar (perlu bila mengubah putusan kamera)", "Comment (needed when changing the camera's verdict)"
    ),
    "comment_missing": Text(
        "Tulis mengapa Anda mengubah putusan kamera.", "Write why you change the camera's verdict."
    ),
    "nothing_to_confirm": Text(
        "Kamera tidak melihat butir ini: beri nilai, atau n bila Anda juga tidak melihatnya.",
        "The camera did not see this item: rate it, or n when you did not see it either.",
    ),
    "rate_it": Text("Beri nilai butir ini.", "Rate this item."),
    "graded_count": Text("{done} dari {all} butir", "{done} of {all} items"),
    "sign": Text("Tanda tangan", "Sign"),
    "sign_title": Text("Tanda tangani penilaian ini?", "Sign this grading?"),
    "sign_text": Text(
        "{name} menandatangani {points} dari {most} angka ({percent} %). Perubahan sesudah ini tetap tercatat.",
        "{name} signs {points} of {most} points ({percent} %). Changes after this stay on record.",
    ),
    "sign_no_points": Text(
        "{name} menandatangani tanpa satu pun butir terlihat.", "{name} signs with no item observed."
    ),
    "sign_yes": Text("Ya, tanda tangani", "Yes, sign"),
    "items_left": Text("Masih ada {count} butir tanpa nilai.", "{count} items are not rated yet."),
    "comments_left": Text(
        "{count} perubahan putusan kamera belum berkomentar.",
        "{count} changes of the camera's verdict have no comment yet.",
    ),
    "signed": Text(
        "Ditandatangani. Perubahan sesudah ini tetap tercatat.", "Signed. Changes after this stay on record."
    ),
    "signed_blind": Text(
        "Ditandatangani. Putusan kamera sekarang tampil.", "Signed. The camera's verdicts are shown now."
    ),
    "saving": Text("menyimpan …", "saving …"),
    "all_saved": Text("semua tersimpan", "all saved"),
    "unsent": Text(
        "Pijat desk tidak menjawab. {count} nilai disimpan di halaman ini dan dikirim lagi sendiri.",
        "Pijat desk does not answer. {count} grades are kept in this page and sent again by themselves.",
    ),
    "enter_again": Text(
        "Waktu Anda habis. Masuk lagi di tab lain; {count} nilai disimpan di halaman ini dan dikirim lagi sendiri.",
        "Your time was up. Come in again in another tab; {count} grades are kept here and sent again by themselves.",
    ),
    "refused_save": Text("Tidak tersimpan: {why}", "Not saved: {why}"),
    "conflict": Text(
        "Nilai butir ini juga diubah di tempat lain. Tidak ada yang hilang: pilih mana yang berlaku.",
        "This item was also changed elsewhere. Nothing is lost: choose which one counts.",
    ),
    "conflict_mine": Text("Pakai milik saya: {mine}", "Take mine: {mine}"),
    "conflict_theirs": Text("Biarkan yang di sana: {theirs}", "Leave the other: {theirs}"),
    "play": Text("Putar", "Play"),
    "pause": Text("Jeda", "Pause"),
    "speed": Text("Kecepatan putar", "Playing speed"),
    "scrubber": Text("Waktu", "Time"),
    "replay": Text("Punggung dengan gerak kedua ibu jari", "Back with the movement of both thumbs"),
    "replay_note": Text(
        "Video tidak disimpan: ini gerak ibu jari seperti dilihat kamera.",
        "The video was not kept: this is how the camera saw the thumbs move.",
    ),
    "timeline": Text("Gerakan kedua tangan", "Strokes of both hands"),
    "timeline_hidden": Text("garis waktu kamera disembunyikan", "camera's timeline hidden"),
    "hand_left": Text("Kiri", "Left"),
    "hand_right": Text("Kanan", "Right"),
    "unseen_legend": Text("tidak terlihat", "not seen"),
    "help": Text("Tombol", "Keys"),
    "help_title": Text("Menilai dengan papan tombol", "Grading by keyboard"),
    "key_confirm": Text(
        "benarkan kamera (atau: dilakukan), lalu butir berikut",
        "confirm the camera (or: done), then next item",
    ),
    "key_rate": Text("beri nilai, lalu butir berikut", "rate, then next item"),
    "key_unseen": Text("tidak terlihat", "not observed"),
    "key_move": Text("butir berikut / sebelumnya", "next / previous item"),
    "key_play": Text("putar / jeda", "play / pause"),
    "key_scrub": Text("mundur / maju 5 detik (dengan Shift 30)", "back / on by 5 s (with Shift 30)"),
    "key_speed": Text("lebih lambat / lebih cepat", "slower / faster"),
    "key_evidence": Text("ke bukti berikut dari butir ini", "to this item's next evidence"),
    "key_comment": Text(
        "tulis komentar (Enter selesai, Esc kembali)", "write a comment (Enter finishes, Esc goes back)"
    ),
    "key_undo": Text("butir pertama yang belum dinilai", "first item that is not rated"),
    "key_sign": Text("tanda tangani", "sign"),
    "key_help": Text("daftar tombol ini", "this list of keys"),
    "close": Text("Tutup", "Close"),
    "total": Text("Jumlah", "Total"),
    "camera_total": Text("kamera {percent} %", "camera {percent} %"),
    "your_total": Text("Anda {percent} %", "you {percent} %"),
    "blind_report": Text(
        "Laporan kamera tampil setelah Anda menandatangani.",
        "The camera's report is shown once you have signed.",
    ),
    "needs_script": Text("Halaman ini memerlukan JavaScript.", "This page needs JavaScript."),
}
