"""What somebody did, as the library's log names it."""

from trainer.language import Text

ACTIONS: dict[str, Text] = {
    "add person": Text("menambah peserta", "add person"),
    "change person": Text("mengubah data peserta", "change person"),
    "delete person": Text("menghapus peserta", "delete person"),
    "export person": Text("menyalin data peserta", "export person"),
    "give consent": Text("mencatat persetujuan", "give consent"),
    "withdraw consent": Text("mencatat penolakan", "withdraw consent"),
    "add group": Text("menambah kelompok", "add group"),
    "rename group": Text("mengubah nama kelompok", "rename group"),
    "change group": Text("mengubah kelompok", "change group"),
    "delete group": Text("menghapus kelompok", "delete group"),
    "add facilitator": Text("menambah fasilitator", "add facilitator"),
    "change facilitator": Text("mengubah fasilitator", "change facilitator"),
    "import added": Text("mengimpor sesi", "import added"),
    "import changed": Text("mengimpor sesi yang berubah", "import changed"),
    "import moved": Text("mengimpor sesi yang pindah", "import moved"),
    "assign session": Text("menetapkan peserta sesi", "assign session"),
    "delete video": Text("menghapus video", "delete video"),
    "start grading": Text("mulai menilai", "start grading"),
    "grade": Text("menilai butir", "grade"),
    "change grade after signing": Text("mengubah nilai setelah tanda tangan", "change grade after signing"),
    "sign grading": Text("menandatangani", "sign grading"),
    "start test": Text("memulai tes", "start test"),
    "finish test": Text("menyelesaikan tes", "finish test"),
    "delete test": Text("menghapus tes", "delete test"),
    "add questions": Text("menyimpan soal", "add questions"),
    "add home care": Text("mencatat pijat di rumah", "add home care"),
    "delete home care": Text("menghapus catatan di rumah", "delete home care"),
    "add outcome": Text("mencatat hasil ibu", "add outcome"),
    "delete outcome": Text("menghapus hasil ibu", "delete outcome"),
    "set passphrase": Text("mengganti kata sandi", "set passphrase"),
    "desk.entered": Text("masuk ke meja", "came in"),
    "desk.refused": Text("kata sandi salah", "wrong passphrase"),
}
"""By the log's own word; what stands in the log never changes."""
