"""Words of the consent to train Pijat with a session's pictures."""

from trainer.language import Text

WORDS: dict[str, Text] = {
    "training_title": Text("Gambar untuk melatih Pijat", "Pictures to train Pijat"),
    "training_mother_agrees": Text("Ibu setuju", "The mother agrees"),
    "training_companion_agrees": Text("Pendamping setuju", "The companion agrees"),
    "training_mother": Text("Nama ibu", "The mother's name"),
    "training_companion": Text("Nama pendamping", "The companion's name"),
    "training_day": Text("Tanggal", "Day"),
    "training_save": Text("Catat persetujuan", "Note the consent"),
    "training_given": Text(
        "{mother} (ibu) dan {companion} (pendamping) setuju pada {day}; dicatat {who}.",
        "{mother} (mother) and {companion} (companion) agreed on {day}; noted by {who}.",
    ),
    "training_taken": Text("Dicabut pada {day}; dicatat {who}.", "Taken back on {day}; noted by {who}."),
    "training_lies": Text("Gambarnya ada di {folder}.", "Its pictures lie in {folder}."),
    "training_collect": Text(
        "Gambar dikumpulkan dengan pijat collect; tidak ada yang dikirim ke mana pun.",
        "Pictures are collected by pijat collect; nothing is sent anywhere.",
    ),
    "training_withdraw": Text(
        "Cabut persetujuan dan hapus gambarnya", "Take it back and delete the pictures"
    ),
    "training_withdrawn": Text("Persetujuan dicabut.", "The consent is taken back."),
    "training_removed": Text("{folder}: {count} gambar dihapus.", "{folder}: {count} pictures deleted."),
    "training_left": Text(
        "{folder}: gambarnya belum terhapus: {why}", "{folder}: its pictures are left: {why}"
    ),
    "training_not_ticked": Text(
        "Centang setelah yang bersangkutan setuju.", "Tick this once they have agreed."
    ),
    "training_refused": Text(
        "Orang ini menolak pemakaian video atau datanya: tanyakan itu dahulu, di halaman pesertanya.",
        "This person refuses the use of video or data: ask them about that first, on their own page.",
    ),
    "training_no_video": Text(
        "Tanpa video di folder sesi tidak ada gambar yang dikumpulkan.",
        "Without a video in the session's folder no picture is collected.",
    ),
}
