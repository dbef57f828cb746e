"""Words of privacy: a person's data, the log of who did what, backups."""

from trainer.language import Text

WORDS: dict[str, Text] = {
    "privacy_title": Text("Privasi", "Privacy"),
    "privacy_of_person": Text("Privasi orang ini", "This person's privacy"),
    "privacy_text": Text(
        "Data orang tinggal di perpustakaan ini saja. Setiap orang boleh meminta salinannya, atau dihapus seluruhnya.",
        "People's data stays in this library only. Anybody may ask for a copy of theirs, or to be deleted wholly.",
    ),
    "find_person": Text("Cari orang", "Find a person"),
    "without_consent": Text("Video tanpa persetujuan", "Videos without consent"),
    "without_consent_text": Text(
        "{count} sesi berisi video yang orangnya menolak atau belum ditanya.",
        "{count} sessions hold a video whose person refused or was not asked.",
    ),
    "without_consent_none": Text("Tidak ada.", "None."),
    "remove_video": Text("Hapus videonya", "Delete its video"),
    "export_title": Text("Salinan data orang ini", "Copy of this person's data"),
    "export_text": Text(
        "Semua yang disimpan tentang {code}: tabel dan folder sesi, ditulis ke folder exports perpustakaan.",
        "All that is kept of {code}: tables and session folders, written to the library's folder exports.",
    ),
    "export_go": Text("Buat salinan", "Make the copy"),
    "export_done": Text("Salinan ada di {folder}.", "The copy is in {folder}."),
    "delete_title": Text("Hapus orang ini seluruhnya", "Delete this person wholly"),
    "delete_text": Text(
        "Semua baris dan {count} folder sesi dihapus dan tidak dapat dikembalikan. Cadangan lama tidak ikut terhapus.",
        "All rows and {count} session folders are deleted and cannot be brought back. Old backups are not touched.",
    ),
    "type_code": Text("Ketik kode {code} untuk memastikan", "Type the code {code} to make sure"),
    "code_differs": Text(
        "Kode tidak sama: tidak ada yang dihapus.", "The code is not the same: nothing was deleted."
    ),
    "delete_go": Text("Hapus seluruhnya", "Delete wholly"),
    "receipt_title": Text("Bukti penghapusan", "Receipt of the deletion"),
    "receipt_ok": Text(
        "Dihapus, lalu dicari lagi: tidak ada yang tersisa.", "Deleted, then searched for: nothing is left."
    ),
    "receipt_left": Text("Dihapus, tetapi ini masih ada:", "Deleted, but this is still there:"),
    "receipt_rows": Text("Baris yang dihapus", "Rows deleted"),
    "receipt_folders": Text("Folder yang dihapus", "Folders deleted"),
    "receipt_keep": Text(
        "Cetak halaman ini bila perlu bukti; bukti tidak disimpan.",
        "Print this page where proof is needed; the receipt is not kept.",
    ),
    "print": Text("Cetak", "Print"),
    "audit_title": Text("Siapa melakukan apa", "Who did what"),
    "audit_actor": Text("Oleh", "By"),
    "audit_action": Text("Tindakan", "Action"),
    "audit_subject": Text("Tentang", "About"),
    "audit_details": Text("Rincian", "Details"),
    "audit_see": Text("Lihat catatan", "See the log"),
    "backup_title": Text("Cadangan", "Backup"),
    "backup_text": Text(
        "Satu perintah menyimpan basis data dan semua folder sesi dalam satu berkas yang diperiksa:",
        "One command keeps the database and all session folders in one checked file:",
    ),
    "backup_secret": Text(
        "Cadangan berisi semua data: simpan di tempat yang terkunci.",
        "A backup holds everything: keep it where it can be locked away.",
    ),
}
