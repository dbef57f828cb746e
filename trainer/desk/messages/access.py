"""Words of coming in and of saying who one is."""

from trainer.language import Text

WORDS: dict[str, Text] = {
    "enter_title": Text("Masuk ke meja fasilitator", "Come in to the facilitator's desk"),
    "enter_text": Text(
        "Meja ini dibuka di jaringan, karena itu dijaga kata sandi.",
        "This desk is open to the network, therefore a passphrase guards it.",
    ),
    "passphrase": Text("Kata sandi", "Passphrase"),
    "enter": Text("Masuk", "Come in"),
    "wrong_passphrase": Text("Kata sandi itu tidak benar.", "That passphrase is not right."),
    "wait": Text(
        "Terlalu banyak percobaan. Tunggu {seconds} detik, lalu coba lagi.",
        "Too many tries. Wait {seconds} seconds, then try again.",
    ),
    "not_encrypted": Text(
        "Sambungan ini tidak dienkripsi: pakai hanya di jaringan yang Anda percayai.",
        "This connection is not encrypted: use it only in a network that you trust.",
    ),
    "who_title": Text("Siapa yang menilai?", "Who is grading?"),
    "who_text": Text(
        "Penilaian disimpan atas nama ini dan tercatat di riwayat.",
        "Grades are kept under this name and noted in the log.",
    ),
    "who_none": Text(
        "Belum ada fasilitator. Tambahkan yang pertama.", "There is no facilitator yet. Add the first."
    ),
    "who_add": Text("Fasilitator baru", "New facilitator"),
    "who_code_hint": Text("singkat, mis. F-01", "short, e.g. F-01"),
    "continue": Text("Lanjut", "Go on"),
    "blind_choice": Text("Mode buta", "Blind mode"),
    "blind_choice_text": Text(
        "sembunyikan hasil kamera sampai saya menandatangani",
        "hide the camera's results until I have signed",
    ),
    "blind_on": Text("mode buta", "blind mode"),
    "leave_desk": Text("Keluar", "Leave"),
}
