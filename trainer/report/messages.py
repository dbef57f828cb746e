"""Every sentence of the report, Indonesian and English, in plain words."""

from trainer.language import Text

HAND_NAMES: dict[str, Text] = {"left": Text("Kiri", "Left"), "right": Text("Kanan", "Right")}
"""The practitioner's hands."""

VERDICT_NAMES: dict[str, Text] = {
    "met": Text("Terpenuhi", "Met"),
    "partly_met": Text("Sebagian", "Partly met"),
    "not_met": Text("Belum terpenuhi", "Not met yet"),
    "not_observed": Text("Tidak terlihat", "Not seen"),
    "to_confirm": Text("Diisi fasilitator", "Facilitator fills in"),
}

OUTCOME_NAMES: dict[str, Text] = {
    "passed": Text("Lulus", "Passed"),
    "not_yet": Text("Belum lulus", "Not yet"),
    "too_little": Text("Belum cukup terlihat", "Too little seen"),
}

OUTCOME_SENTENCES: dict[str, Text] = {
    "passed": Text(
        "Gerakan yang terlihat kamera sudah sesuai. Bagus!",
        "The movements that the camera saw were as they should be. Well done!",
    ),
    "not_yet": Text(
        "Sudah mencoba dengan baik. Latih saran di halaman ini, lalu rekam lagi.",
        "A good try. Practise the advice given here, then record again.",
    ),
    "critical": Text(
        "Ada langkah wajib yang belum terpenuhi. Latih saran di halaman ini, lalu rekam lagi.",
        "A required step is not met yet. Practise the advice given here, then record again.",
    ),
    "too_little": Text(
        "Kamera tidak melihat cukup banyak untuk menilai. Ini bukan kesalahan Anda: atur kamera, "
        "lalu rekam lagi.",
        "The camera did not see enough to judge. This is not your mistake: adjust the camera "
        "and record again.",
    ),
}

STATUS_NAMES: dict[str, Text] = {
    "detected": Text("terlihat", "seen"),
    "tracked": Text("diikuti", "followed"),
    "interpolated": Text("dijembatani", "bridged"),
    "missing": Text("tidak terlihat", "not seen"),
}

CALIBRATION_NAMES: dict[str, Text] = {
    "manual": Text("titik punggung ditandai dengan tangan", "landmarks of the back marked by hand"),
    "automatic": Text("titik punggung dicari otomatis", "landmarks of the back found automatically"),
    "corrected": Text(
        "dicari otomatis, lalu diperbaiki dengan tangan", "found automatically, then corrected by hand"
    ),
    "none": Text("tidak ada: letak di punggung tidak diketahui", "none: places on the back are not known"),
}

TEXTS: dict[str, Text] = {
    "document_title": Text("Laporan latihan pijat oksitosin", "Oxytocin massage practice report"),
    "skip": Text("Langsung ke isi", "Skip to the content"),
    "language": Text("Bahasa", "Language"),
    "print": Text("Cetak", "Print"),
    "partial": Text(
        "Rekaman ini terhenti sebelum selesai. Laporan hanya untuk bagian yang sempat dianalisis.",
        "This recording stopped before its end. The report covers only the part that was analysed.",
    ),
    "result": Text("Hasil", "Result"),
    "of_points": Text("dari yang terlihat kamera", "of what the camera saw"),
    "of_points_both": Text("dari langkah yang sudah dinilai", "of the steps judged so far"),
    "by_facilitator": Text("menurut fasilitator", "said by the facilitator"),
    "pain": Text(
        "Pijatan dihentikan karena ibu merasa sakit atau tidak nyaman, pada ",
        "The massage was stopped because the mother felt pain or discomfort, at ",
    ),
    "unsure": Text("belum pasti, tidak dinilai", "unsure, not scored"),
    "live": Text("latihan langsung", "live practice"),
    "points": Text("poin", "points"),
    "pass_mark": Text("batas lulus", "pass mark"),
    "no_points": Text("belum ada nilai", "no score yet"),
    "next_time": Text("Lakukan ini lain kali", "Do this next time"),
    "next_time_good": Text("Pertahankan", "Keep it up"),
    "nothing_to_improve": Text(
        "Semua langkah yang terlihat kamera sudah baik. Teruskan seperti ini.",
        "Every step that the camera saw went well. Carry on like this.",
    ),
    "already_good": Text("Sudah baik:", "Already good:"),
    "camera_advice_1": Text(
        "Taruh kamera di sisi kiri atau kanan ibu, 1 meter dari punggung dan 1 meter lebih tinggi, sampai seluruh "
        "punggung dan kedua tangan masuk gambar.",
        "Put the camera to the mother's left or right, 1 metre from her back and 1 metre above it, with the whole back "
        "and both hands in the picture.",
    ),
    "camera_advice_2": Text(
        "Nyalakan lampu atau buka jendela. Cahaya datang dari depan punggung, bukan dari belakangnya.",
        "Switch on a lamp or open a window. Light should fall on the back, not come from behind it.",
    ),
    "camera_advice_3": Text(
        "Jangan menutup tangan dengan badan sendiri; ibu jari harus tampak dari kamera.",
        "Do not hide your hands behind your own body; the camera must see your thumbs.",
    ),
    "where": Text("Di mana ibu jari bekerja", "Where the thumbs worked"),
    "density": Text("Paling lama di sini", "Most of the time here"),
    "tracks": Text("Jejak gerakan", "Paths of the movements"),
    "density_legend": Text("Makin gelap, makin lama:", "The darker, the longer:"),
    "share_of_time": Text("dari waktu", "of the time"),
    "region_legend": Text("daerah pijat menurut protokol", "area to massage, by the protocol"),
    "avoid_legend": Text("jangan dipijat", "do not massage"),
    "spine_legend": Text("menekan tulang belakang", "pressed on the spine"),
    "sigma_legend": Text("ketelitian letak", "how exact the places are"),
    "map_note": Text(
        "Punggung dilihat dari belakang. Tulang digambar menurut ukuran rata-rata; "
        "tiap orang berbeda sekitar 3 cm.",
        "The back seen from behind. Bones are drawn at average places; people differ by about 3 cm.",
    ),
    "map_empty": Text(
        "Letak ibu jari di punggung tidak diketahui, jadi peta ini kosong.",
        "Where the thumbs were on the back is not known, so this map is empty.",
    ),
    "numbers": Text("Angka dan batasnya", "Numbers and their limits"),
    "allowed": Text("boleh", "allowed"),
    "measured": Text("terukur", "measured"),
    "no_numbers": Text(
        "Tidak ada yang terukur dalam rekaman ini.", "Nothing was measured in this recording."
    ),
    "timeline": Text("Jalannya pijatan", "The massage over time"),
    "stroke": Text("Gerakan", "Movement"),
    "left_hand": Text("Tangan kiri", "Left hand"),
    "right_hand": Text("Tangan kanan", "Right hand"),
    "count_word": Text("kali", "times"),
    "circles_word": Text("putaran", "circles"),
    "not_seen": Text("Tidak terlihat", "Not seen"),
    "fault_mark": Text("saat yang perlu diperbaiki", "moment to improve"),
    "no_strokes": Text("Tidak ada gerakan pijat yang dikenali.", "No massage movement was recognised."),
    "checklist": Text("Daftar tilik", "Checklist"),
    "step": Text("Langkah", "Step"),
    "verdict": Text("Penilaian", "Verdict"),
    "evidence": Text("Terukur (batas) dan saat terlihat", "Measured (limits) and when it was seen"),
    "at": Text("saat", "at"),
    "faults_at": Text("perlu diperbaiki pada", "to improve at"),
    "and_more": Text("lagi", "more"),
    "critical": Text("wajib", "required"),
    "yes": Text("ya", "yes"),
    "no": Text("belum", "not yet"),
    "to_confirm_note": Text(
        "Kotak diisi fasilitator dengan pena. Nilai di atas hanya untuk langkah yang dilihat kamera.",
        "The facilitator ticks the boxes with a pen. The score above covers only what the camera saw.",
    ),
    "force_note": Text(
        "Kuatnya tekanan tidak dapat diukur kamera dan tidak dinilai.",
        "How firm the pressure is cannot be measured by a camera and is not scored.",
    ),
    "participant": Text("Nama peserta", "Name of trainee"),
    "facilitator": Text("Fasilitator", "Facilitator"),
    "date_sign": Text("Tanggal dan tanda tangan", "Date and signature"),
    "unseen": Text("Yang tidak terlihat kamera", "What the camera could not see"),
    "seen_share": Text("Waktu tangan terlihat", "Time the hand was seen"),
    "longest_gap": Text("paling lama hilang", "longest time out of sight"),
    "never_lost": Text("tidak pernah hilang", "never out of sight"),
    "no_frames": Text("tidak pernah terlihat", "never seen"),
    "warnings": Text("Perlu diketahui", "Please note"),
    "no_warnings": Text("Tidak ada catatan khusus.", "Nothing in particular."),
    "provenance": Text("Asal laporan ini", "How this report was made"),
    "software": Text("Perangkat lunak", "Software"),
    "protocol": Text("Protokol", "Protocol"),
    "models": Text("Model", "Models"),
    "video": Text("Video", "Video"),
    "calibration": Text("Kalibrasi", "Calibration"),
    "analysed": Text("Dianalisis", "Analysed"),
    "parameters": Text("Pengaturan", "Settings"),
    "private": Text(
        "Dibuat di komputer ini; tidak ada gambar atau data yang dikirim ke mana pun.",
        "Made on this computer; no picture or data was sent anywhere.",
    ),
}
"""Words that stand in the page as they are."""
