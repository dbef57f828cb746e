"""Every sentence of the hand-outs, Indonesian and English, in plain words."""

from trainer.protocol.model import Scale
from trainer.protocol.score import Text

SCALE_WORDS: dict[Scale, tuple[tuple[int, Text], ...]] = {
    "done_not_done": ((1, Text("dilakukan", "done")), (0, Text("tidak dilakukan", "not done"))),
    "0-2": (
        (0, Text("tidak dilakukan", "not done")),
        (1, Text("sebagian", "partly")),
        (2, Text("dilakukan dengan benar", "done properly")),
    ),
    "1-4": (
        (1, Text("tidak dilakukan", "not done")),
        (2, Text("kurang", "poor")),
        (3, Text("cukup", "fair")),
        (4, Text("baik", "good")),
    ),
}
"""The points of each scale as the boxes stand on paper, and what they mean."""

OBSERVERS: dict[str, Text] = {
    "camera": Text("kamera", "camera"),
    "facilitator": Text("fasilitator", "facilitator"),
    "camera_or_facilitator": Text("kamera atau fasilitator", "camera or facilitator"),
}

WORDS: dict[str, Text] = {
    "print": Text("Cetak", "Print"),
    "checklist": Text("Daftar tilik", "Observer's checklist"),
    "feedback": Text("Umpan balik latihan", "Practice feedback"),
    "certificate": Text("Sertifikat", "Certificate"),
    "group_report": Text("Laporan kelompok", "Group report"),
    "trainee": Text("Nama atau kode peserta", "Name or code of trainee"),
    "date": Text("Tanggal", "Date"),
    "place": Text("Tempat", "Place"),
    "attempt": Text("Latihan ke-", "Attempt"),
    "begin_end": Text("Mulai – selesai", "From – to"),
    "facilitator": Text("Fasilitator", "Facilitator"),
    "sign": Text("Tanda tangan", "Signature"),
    "trainee_sign": Text("Tanda tangan peserta", "Trainee's signature"),
    "points": Text("Nilai:", "Points:"),
    "unseen_box": Text("TT", "NO"),
    "unseen_box_help": Text("TT: tidak terlihat, tidak dihitung", "NO: not observed, does not count"),
    "step": Text("Langkah", "Step"),
    "weight": Text("Bobot", "Weight"),
    "rating": Text("Penilaian", "Rating"),
    "note": Text("Catatan", "Notes"),
    "required": Text("wajib", "required"),
    "required_help": Text(
        "Langkah wajib yang tidak dilakukan berarti belum lulus.",
        "A required step that is not done means not passed yet.",
    ),
    "whole": Text("Seluruh pijatan", "The whole massage"),
    "not_camera": Text("hanya orang yang dapat melihatnya", "only a person can see it"),
    "stop": Text("Berhenti", "Stop"),
    "schedule": Text("Jadwal di rumah", "At home"),
    "sum": Text("Jumlah (nilai × bobot)", "Sum (points × weight)"),
    "of": Text("dari", "of"),
    "sum_help": Text(
        "Paling banyak {most}; kurangi nilai tertinggi × bobot setiap langkah TT.",
        "{most} at most; take off the highest points × weight of every step NO.",
    ),
    "pass_mark": Text("batas lulus", "pass mark"),
    "passed": Text("lulus", "passed"),
    "not_yet": Text("belum lulus", "not yet"),
    "force": Text(
        "Kuatnya tekanan tidak dapat diukur kamera dan tidak dinilai; tanyakan kepada ibu.",
        "A camera cannot measure how firm the pressure is, and it is not scored; ask the mother.",
    ),
    "source": Text("Sumber", "Source"),
    "result": Text("Hasil", "Result"),
    "no_score": Text("belum ada nilai", "no score yet"),
    "of_observed": Text("dari yang diamati", "of what was observed"),
    "next_time": Text("Lakukan ini lain kali", "Do this next time"),
    "keep": Text("Pertahankan", "Keep it up"),
    "all_good": Text(
        "Semua langkah yang diamati sudah baik. Teruskan seperti ini.",
        "Every step that was observed went well. Carry on like this.",
    ),
    "nothing_seen": Text(
        "Belum ada langkah yang diamati. Ini bukan kesalahan Anda: atur kamera, lalu rekam lagi.",
        "No step was observed. This is not your mistake: adjust the camera and record again.",
    ),
    "steps": Text("Langkah demi langkah", "Step by step"),
    "seen_by_facilitator": Text("F: dinilai fasilitator", "F: judged by the facilitator"),
    "unseen": Text("Tidak diamati, tidak dihitung", "Not observed, does not count"),
    "waiting": Text("Menunggu fasilitator, belum dihitung", "Waits for the facilitator, does not count yet"),
    "all_seen": Text("Semua langkah diamati.", "Every step was observed."),
    "more_good": Text("langkah lain sudah terpenuhi", "further steps were met"),
    "more_short": Text("langkah lain belum terpenuhi seluruhnya", "further steps were not fully met"),
    "certified": Text(
        "telah memperagakan pijat oksitosin, dinilai oleh fasilitator menurut daftar tilik di bawah ini, dan LULUS.",
        "has demonstrated the oxytocin massage, was judged by a facilitator by the checklist below, and PASSED.",
    ),
    "certified_limits": Text(
        "Sertifikat ini menyatakan satu peragaan pada tanggal tersebut, bukan izin praktik.",
        "This certificate speaks of one demonstration on that day; it is no licence to practise.",
    ),
    "unsigned": Text(
        "Belum ditandatangani fasilitator; lembar ini bukan sertifikat.",
        "Not signed by a facilitator yet; this sheet is no certificate.",
    ),
    "edited": Text(
        "Penilaian diubah setelah ditandatangani; perlu ditandatangani lagi.",
        "Grades were changed after signing; they need to be signed again.",
    ),
    "partial": Text(
        "Rekaman terhenti sebelum selesai; hanya bagian itu yang dinilai.",
        "The recording stopped before its end; only that part was judged.",
    ),
    "pain": Text(
        "Pijatan dihentikan karena ibu merasa sakit atau tidak nyaman.",
        "The massage was stopped because the mother felt pain or discomfort.",
    ),
    "signed_on": Text("Ditandatangani", "Signed"),
    "comment": Text("Catatan fasilitator", "Facilitator's notes"),
    "unnamed": Text("Tanpa nama", "No name given"),
    "private": Text(
        "Dibuat di komputer ini; tidak ada data yang dikirim ke mana pun.",
        "Made on this computer; no data was sent anywhere.",
    ),
    "participants": Text("Peserta", "Participants"),
    "participants_n": Text("peserta", "participants"),
    "nobody": Text(
        "Belum ada peserta dalam kelompok ini. Laporan terisi setelah peserta ditambahkan.",
        "There is nobody in this group yet. The report fills as participants are added.",
    ),
    "made": Text("Dibuat", "Made"),
    "knowledge": Text("Tes pengetahuan sebelum dan sesudah", "Knowledge test before and after"),
    "both_tests": Text("mengikuti kedua tes", "took both tests"),
    "mean_gain": Text("rata-rata kenaikan, poin dari 100", "mean gain, points of 100"),
    "demonstrations": Text("peragaan dinilai", "demonstrations scored"),
    "have_passed": Text("sudah lulus", "have passed"),
    "adherent": Text("rata-rata hari cukup pijat", "mean of days with enough massages"),
    "figure": Text("Angka", "Figure"),
    "value": Text("Nilai", "Value"),
    "how": Text("Cara dan artinya", "How, and what it means"),
    "before": Text("Sebelum", "Before"),
    "after": Text("Sesudah", "After"),
    "gain": Text("Selisih", "Gain"),
    "gain_plot": Text("Selisih setiap peserta", "Each participant's gain"),
    "unanswered": Text(
        "{n} pertanyaan tidak dijawab dan dihitung belum benar.",
        "{n} questions were not answered and count as not correct.",
    ),
    "progress": Text("Kemajuan dari latihan ke latihan", "Progress over attempts"),
    "progress_note": Text(
        "Lingkaran kosong: latihan yang lulus. Garis tebal: rata-rata dari n peserta yang masih berlatih. "
        "Nilai hanya dari yang terlihat.",
        "Open circle: a passed attempt. Thick line: mean of the n who still practised. Scores are of what was "
        "observed only.",
    ),
    "home": Text("Pijat di rumah", "Massage at home"),
    "home_none": Text("Belum ada catatan di rumah.", "Nothing has been logged at home yet."),
    "outcomes": Text("Hasil pada ibu", "Outcomes of the mothers"),
    "class": Text("Kelas", "Class"),
    "changed": Text(
        "{improved} membaik, {same} tetap, {worse} menurun.",
        "{improved} better, {same} the same, {worse} worse.",
    ),
    "ordinal": Text(
        "Ini peringkat, bukan ukuran banyaknya: pegang uji Wilcoxon dan median.",
        "These are ranks, not amounts: go by Wilcoxon's test and the median.",
    ),
    "comparisons": Text("Dibandingkan dengan kelompok lain", "Against another group"),
    "agreement": Text("Kesepakatan penilai", "Agreement of graders"),
    "raters": Text("Penilai", "Graders"),
    "sessions": Text("Sesi", "Sessions"),
    "percent_agree": Text("Sepakat (%)", "Agree (%)"),
    "kappa": Text("Kappa berbobot", "Weighted kappa"),
    "icc": Text("ICC(2,1) total (IK 95%)", "ICC(2,1) of totals (95% CI)"),
    "left_out": Text("Tidak terlihat", "Not observed"),
    "camera": Text("kamera", "camera"),
    "any_facilitator": Text("semua fasilitator", "all facilitators"),
    "code": Text("Kode", "Code"),
    "attempts": Text("Latihan", "Attempts"),
    "best": Text("Terbaik (%)", "Best (%)"),
    "latest": Text("Terakhir (%)", "Latest (%)"),
    "passed_at": Text("Lulus pada latihan ke-", "Passed at attempt"),
    "enough_days": Text("Hari cukup pijat (dari)", "Days with enough massages (of)"),
    "pain_short": Text("Sakit/iritasi (hari)", "Pain/irritation (days)"),
    "pseudonyms": Text(
        "Peserta disebut dengan kode. Garis (–) berarti tidak diukur.",
        "Participants go by code. A dash (–) means not measured.",
    ),
    "beware": Text("Perlu diingat", "Keep in mind"),
}
"""Words that stand in the pages as they are."""
