"""What the library says in many places, and its words for what people type in."""

from trainer.errors import PijatError
from trainer.language import Text

PERSON = Text("peserta", "a person")
GROUP = Text("kelompok", "a group")
FACILITATOR = Text("fasilitator", "a facilitator")
SESSION = Text("sesi", "a session")
GRADING = Text("penilaian", "a grading")
QUESTIONS = Text("soal", "questions")
TEST = Text("tes", "a test")
HOME_CARE = Text("catatan pijat di rumah", "an entry of the home-care log")
OUTCOME = Text("hasil pengukuran", "a measurement")

NAME_OF_PERSON = Text("nama peserta", "a person's name")
CODE_OF_PERSON = Text("kode peserta", "a person's code")
NAME_OF_GROUP = Text("nama kelompok", "a group's name")
DESCRIPTION = Text("keterangan", "a description")
NAME_OF_FACILITATOR = Text("nama fasilitator", "a facilitator's name")
CODE_OF_FACILITATOR = Text("kode fasilitator", "a facilitator's code")
WHO_MASSAGED = Text("siapa yang memijat", "who massaged")
WHO_RECORDS_CONSENT = Text("siapa yang mencatat persetujuan", "who records the consent")
NOTE = Text("catatan", "a note")
COMMENT = Text("komentar", "a comment")


def unknown(what: Text, number: int) -> PijatError:
    """Return the error for a number that nothing in the library has.

    Examples
    --------
    >>> str(unknown(GROUP, 7))
    'Expected a group of the library, got number 7: load the list again.'
    """
    text = Text(
        "Tidak ada {what} nomor {number} di perpustakaan: muat ulang daftarnya.",
        "Expected {what} of the library, got number {number}: load the list again.",
    )
    return PijatError(text.fill(what=what, number=number), "missing")
