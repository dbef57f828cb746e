"""What the library refuses, in Indonesian: its own sentences are English, as on the command line."""

import re

_SENTENCES: tuple[tuple[str, str], ...] = (
    (
        r'Expected a new code, got "(.+)", which another (?:person|facilitator) has.*',
        'Kode "{0}" sudah dipakai: pilih kode lain.',
    ),
    (r'Expected the code of a person in the library, got "(.*)".*', 'Tidak ada peserta berkode "{0}".'),
    (
        r'Expected a new name, got "(.+)", which another group has.*',
        'Nama "{0}" sudah dipakai kelompok lain: pilih nama lain.',
    ),
    (
        r"Expected a new day, but (\S+) is recorded.*",
        "Hari {0} oleh orang itu sudah dicatat: hapus dahulu catatan itu.",
    ),
    (
        r"Expected no minutes on a day without a massage, got (\S+)\.",
        "Hari tanpa pijat tidak punya menit, tertulis {0}.",
    ),
    (
        r"Expected the measurement after the massage to be later.*",
        "Pengukuran sesudah pijat harus lebih akhir daripada yang sebelum: periksa tanggalnya.",
    ),
    (r"Expected a new measurement, but .*", "Ukuran itu pada waktu itu sudah dicatat."),
    (r"Expected a measurement up to now, got one of (\S+)\.", "Waktu pengukuran {0} belum terjadi."),
    (
        r"Expected one test (before|after) the training a person.*",
        "Tes ini sudah pernah diselesaikan orang ini.",
    ),
    (
        r"Expected the test before the training first.*",
        "Tes sebelum pelatihan tidak dapat dimulai: tes sesudahnya sudah dimulai.",
    ),
    (r"This test is finished.*", "Tes ini sudah selesai: jawabannya tetap."),
    (r"Expected .*, got nothing: type one\.", "Isi bagian ini."),
    (r"Expected .* of at most (\d+) characters, got (\d+).*", "Paling banyak {0} huruf, sekarang {1}."),
    (
        r"The library is in use by another program.*",
        "Perpustakaan sedang dipakai program lain: coba lagi sebentar lagi.",
    ),
    (r"The disk is full.*", "Disk penuh: sediakan tempat, lalu ulangi; tidak ada yang tersimpan setengah."),
    (
        r"The library's database at .* is gone.*",
        "Basis data perpustakaan hilang atau diganti: kembalikan, lalu buka lagi pijat desk.",
    ),
    (
        r"The database server at .* cannot be reached.*",
        "Server basis data tidak terjangkau: periksa apakah ia berjalan dan jaringannya hidup.",
    ),
    (
        r"Expected to write to the library at .*",
        "Perpustakaan ini hanya boleh dibaca: periksa izin foldernya.",
    ),
    (
        r"Expected (?:session\.json|score\.json) in the folder (.+), found none.*",
        'Folder "{0}" tidak lengkap lagi: dipindah atau dihapus. Kembalikan, atau impor dari tempatnya sekarang.',
    ),
    (
        r"Expected (?:a session|a person|a group|a grading|a test|questions) of the library, got number (\d+).*",
        "Nomor {0} tidak ada di perpustakaan: muat ulang daftarnya.",
    ),
    (
        r"Expected a signed grading before the camera's results.*",
        "Hasil kamera tampil setelah Anda menandatangani penilaian Anda.",
    ),
    (
        r"Expected session folders here, found none.*",
        "Tidak ada folder sesi di sini: tulis folder tempat sesi-sesi itu berada.",
    ),
    (r"This is a copy of session (\d+).*", "Ini salinan sesi {0}: satu saja sudah cukup."),
    (
        r"This folder holds another recording.*",
        "Folder ini berisi rekaman lain daripada yang dulu diimpor: beri setiap rekaman folder sendiri.",
    ),
    (
        r"Expected a new version of the questions (\S+), got (\S+).*",
        "Naikkan version soal {0}: versi {1} sudah ada dengan isi lain.",
    ),
    (
        r"The session's folder is missing or was changed.*",
        "Folder sesi hilang atau berubah: impor lagi dahulu.",
    ),
)
_COMPILED = tuple((re.compile(pattern, re.DOTALL), said) for pattern, said in _SENTENCES)

ACTIONS: dict[str, str] = {
    "add person": "menambah peserta",
    "change person": "mengubah data peserta",
    "delete person": "menghapus peserta",
    "export person": "menyalin data peserta",
    "give consent": "mencatat persetujuan",
    "withdraw consent": "mencatat penolakan",
    "add group": "menambah kelompok",
    "rename group": "mengubah nama kelompok",
    "change group": "mengubah kelompok",
    "delete group": "menghapus kelompok",
    "add facilitator": "menambah fasilitator",
    "change facilitator": "mengubah fasilitator",
    "import added": "mengimpor sesi",
    "import changed": "mengimpor sesi yang berubah",
    "import moved": "mengimpor sesi yang pindah",
    "assign session": "menetapkan peserta sesi",
    "delete video": "menghapus video",
    "start grading": "mulai menilai",
    "grade": "menilai butir",
    "change grade after signing": "mengubah nilai setelah tanda tangan",
    "sign grading": "menandatangani",
    "start test": "memulai tes",
    "finish test": "menyelesaikan tes",
    "delete test": "menghapus tes",
    "add questions": "menyimpan soal",
    "add home care": "mencatat pijat di rumah",
    "delete home care": "menghapus catatan di rumah",
    "add outcome": "mencatat hasil ibu",
    "delete outcome": "menghapus hasil ibu",
    "set passphrase": "mengganti kata sandi",
    "desk.entered": "masuk ke meja",
    "desk.refused": "kata sandi salah",
}
"""Words of the log, by the library's."""


def in_indonesian(sentence: str) -> str | None:
    """Return a refusal of the library in Indonesian; None where it is not known, and stays English.

    Examples
    --------
    >>> in_indonesian('Expected a new code, got "P-1", which another person has: choose another.')
    'Kode "P-1" sudah dipakai: pilih kode lain.'
    """
    for pattern, said in _COMPILED:
        found = pattern.fullmatch(sentence)
        if found:
            return said.format(*found.groups())
    return None
