"""Words that stand on many pages."""

from trainer.language import Text

WORDS: dict[str, Text] = {
    "desk": Text("Meja fasilitator", "Facilitator's desk"),
    "skip": Text("Langsung ke isi", "Skip to the content"),
    "language": Text("Bahasa", "Language"),
    "menu": Text("Halaman", "Pages"),
    "nav_library": Text("Sesi", "Sessions"),
    "nav_agreement": Text("Kesepakatan", "Agreement"),
    "nav_people": Text("Peserta", "People"),
    "nav_results": Text("Hasil kelompok", "Results"),
    "nav_privacy": Text("Privasi", "Privacy"),
    "leave": Text("Ganti", "Change"),
    "nobody": Text("belum dipilih", "not chosen"),
    "save": Text("Simpan", "Save"),
    "add": Text("Tambah", "Add"),
    "cancel": Text("Batal", "Cancel"),
    "open": Text("Buka", "Open"),
    "back": Text("Kembali", "Back"),
    "search": Text("Cari", "Search"),
    "show": Text("Tampilkan", "Show"),
    "all": Text("Semua", "All"),
    "none": Text("tidak ada", "none"),
    "yes": Text("ya", "yes"),
    "no": Text("tidak", "no"),
    "code": Text("Kode", "Code"),
    "name": Text("Nama", "Name"),
    "note": Text("Catatan", "Note"),
    "group": Text("Kelompok", "Group"),
    "no_group": Text("tanpa kelompok", "no group"),
    "person": Text("Peserta", "Person"),
    "date": Text("Tanggal", "Date"),
    "time": Text("Waktu", "Time"),
    "protocol": Text("Protokol", "Protocol"),
    "facilitator": Text("Fasilitator", "Facilitator"),
    "camera": Text("Kamera", "Camera"),
    "optional": Text("boleh kosong", "may be empty"),
    "page_of": Text("Halaman {page} dari {pages}", "Page {page} of {pages}"),
    "previous": Text("Sebelumnya", "Previous"),
    "next": Text("Berikutnya", "Next"),
    "found": Text("{count} ditemukan", "{count} found"),
    "nothing_found": Text("Tidak ada yang cocok.", "Nothing matches."),
    "wrong_title": Text("Itu tidak berhasil", "That did not work"),
    "missing_title": Text("Tidak ditemukan", "Not found"),
    "fault": Text(
        "Ada kesalahan pada Pijat. Yang sudah disimpan tetap aman. Coba lagi; bila terulang, mulai ulang pijat desk.",
        "Something in Pijat went wrong. What was saved is safe. Try again; if it happens again, start pijat desk anew.",
    ),
    "missing": Text(
        "Halaman atau data ini tidak ada di perpustakaan.", "This page or entry is not in the library."
    ),
    "busy": Text(
        "Basis data sedang dipakai atau tidak terjangkau. Tunggu sebentar, lalu muat ulang halaman ini.",
        "The database is busy or cannot be reached. Wait a moment, then load this page again.",
    ),
    "private": Text(
        "Semua data tetap di komputer ini; tidak ada yang dikirim.",
        "All data stays on this computer; nothing is sent anywhere.",
    ),
    "saved": Text("Tersimpan.", "Saved."),
    "deleted": Text("Dihapus.", "Deleted."),
    "needed": Text("Isi bagian ini.", "Fill this in."),
    "too_long": Text("Paling banyak {most} huruf, sekarang {got}.", "At most {most} letters, now {got}."),
    "not_a_number": Text("Tulis angka, misalnya {example}.", "Write a number, for example {example}."),
    "not_whole": Text(
        "Tulis bilangan bulat, misalnya {example}.", "Write a whole number, for example {example}."
    ),
    "out_of_range": Text(
        "Harus antara {low} dan {high}, tertulis {got}.", "Must be between {low} and {high}, got {got}."
    ),
    "not_a_date": Text("Tulis tanggal seperti 2026-11-21.", "Write a date like 2026-11-21."),
    "future_date": Text("Tanggal ini belum terjadi.", "This date has not come yet."),
    "old_date": Text(
        "Tanggal ini terlalu lama: paling awal tahun 2000.",
        "This date is too long ago: 2000 at the earliest.",
    ),
    "not_a_choice": Text("Pilih salah satu dari daftar.", "Choose one of the list."),
}
