"""``consent.json``: whether the people of a session let its pictures train Pijat, in their own folder.

Every word is kept, the newest counts. Mother and companion are asked, for both may be seen; each session is asked for
itself. The file also says into which folders pictures were collected, so that taking the consent back finds them.
"""

import datetime as dt
import json
import re
import secrets
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from trainer.errors import PijatError, UsageError, reason
from trainer.files import write_atomically
from trainer.language import Text
from trainer.session.fields import LONGEST_NAME, LONGEST_WORD, Group
from trainer.session.files import read_group
from trainer.session.model import CONSENT_FILE
from trainer.session.reader import read_meta

CONSENT_SCHEMA_VERSION = 1
STATEMENT = Text(
    "Gambar dari video sesi ini boleh dipakai untuk melatih Pijat. Kepala ibu dan segala sesuatu di atas lehernya "
    "dibuat tidak dapat dikenali; punggung, tangan dan lengan tetap terlihat. Gambar tetap di komputer ini. "
    "Persetujuan dapat dicabut kapan saja; gambarnya lalu dihapus.",
    "Pictures from this session's video may be used to train Pijat. The mother's head and all above her neck are "
    "made unrecognisable; back, hands and arms stay visible. The pictures stay on this computer. The consent can be "
    "taken back at any time; its pictures are then deleted.",
)
"""What mother and companion agree to."""
_ID = re.compile(r"[0-9a-f]{32}")
_MOST_WORDS = 1000
_MOST_FOLDERS = 1000
_YEARS = (2000, 2200)


@dataclass(frozen=True)
class ConsentWord:
    """One word on the use of a session's pictures.

    Attributes
    ----------
    given : bool
        False when it was taken back.
    date : date
        When it was said.
    taken_by : str
        Who asked, or wrote down that it is taken back.
    mother, companion : str or None
        Who agreed; None when it was taken back.
    """

    given: bool
    date: dt.date
    taken_by: str
    mother: str | None = None
    companion: str | None = None


@dataclass(frozen=True)
class TrainingConsent:
    """All words on the use of a session's pictures.

    Attributes
    ----------
    id : str
        32 hexadecimal digits, drawn by lot: what collected pictures carry instead of names.
    words : tuple of ConsentWord
        Oldest first; at least one.
    collected : tuple of Path
        Folders that pictures of this session were collected into and not removed from.
    """

    id: str
    words: tuple[ConsentWord, ...]
    collected: tuple[Path, ...] = ()

    @property
    def newest(self) -> ConsentWord:
        """The word that counts."""
        return self.words[-1]


def read_consent(folder: Path) -> TrainingConsent | None:
    """Read ``consent.json`` of a session folder; None where nobody was asked.

    Raises
    ------
    PijatError
        One sentence, when the file is not as docs/data-formats.md says.
    """
    if not (folder / CONSENT_FILE).exists() and not (folder / CONSENT_FILE).is_symlink():
        return None
    return _parse(read_group(folder, CONSENT_FILE, CONSENT_SCHEMA_VERSION))


def give_consent(
    folder: Path, *, mother: str, companion: str, taken_by: str, date: dt.date
) -> TrainingConsent:
    """Write down that mother and companion agree; `STATEMENT` is what to.

    Raises
    ------
    UsageError
        When a name is missing or the day has not come.
    PijatError
        When the folder is no session, its ``consent.json`` is damaged or cannot be written.
    """
    word = ConsentWord(
        given=True,
        date=_day(date),
        taken_by=_name(taken_by, Text("siapa yang meminta persetujuan", "who took the consent")),
        mother=_name(mother, Text("nama ibu", "the mother's name")),
        companion=_name(companion, Text("nama pendamping", "the companion's name")),
    )
    read_meta(folder)
    known = read_consent(folder)
    if known is None:
        consent = TrainingConsent(secrets.token_hex(16), (word,))
    else:
        consent = replace(known, words=(*known.words, word))
    write_consent(folder, consent)
    return consent


def take_back(folder: Path, consent: TrainingConsent, *, taken_by: str, date: dt.date) -> TrainingConsent:
    """Write down that the consent is taken back; its pictures are another matter (`trainer.collection`).

    Raises
    ------
    UsageError, PijatError
        As `give_consent`.
    """
    who = _name(taken_by, Text("siapa yang mencatat pencabutan", "who writes down that it is taken back"))
    taken = replace(consent, words=(*consent.words, ConsentWord(False, _day(date), who)))
    write_consent(folder, taken)
    return taken


def with_collected(consent: TrainingConsent, folders: Iterable[Path]) -> TrainingConsent:
    """Return the consent with these as the folders that hold pictures, each once."""
    return replace(consent, collected=tuple(dict.fromkeys(folders)))


def write_consent(folder: Path, consent: TrainingConsent) -> None:
    """Write ``consent.json``, whole or not at all.

    Raises
    ------
    PijatError
        When it cannot be written.
    """
    text = json.dumps(_document(consent), ensure_ascii=False, indent=1)
    try:
        write_atomically(folder / CONSENT_FILE, text + "\n")
    except OSError as error:
        why = reason(error)
        raise PijatError(
            Text(
                f"Persetujuan tidak dapat ditulis di {folder} ({why.id}): periksa izinnya, atau sediakan tempat.",
                f"Could not write the consent in {folder}: {why.en}.",
            ),
            "busy",
        ) from error


def _document(consent: TrainingConsent) -> dict[str, Any]:
    return {
        "schema_version": CONSENT_SCHEMA_VERSION,
        "id": consent.id,
        "words": [
            {"given": word.given, "date": word.date.isoformat(), "taken_by": word.taken_by}
            | ({"mother": word.mother, "companion": word.companion} if word.given else {})
            for word in consent.words
        ],
        "collected": [str(path) for path in consent.collected],
    }


def _parse(group: Group) -> TrainingConsent:
    number = group.take("id")
    found = number.word()
    if not _ID.fullmatch(found):
        number.fail(Text("32 angka heksadesimal", "32 hexadecimal digits"))
    words = group.take("words")
    entries = words.entries(_MOST_WORDS)
    if not entries:
        words.fail(Text("sedikitnya satu butir", "at least one entry"))
    folders = group.take("collected").entries(_MOST_FOLDERS)
    return TrainingConsent(
        found,
        tuple(_word(entry.group()) for entry in entries),
        tuple(Path(f.text(LONGEST_NAME)) for f in folders),
    )


def _word(group: Group) -> ConsentWord:
    given, day = group.take("given").switch(), group.take("date")
    written = day.word()
    try:
        date = dt.date.fromisoformat(written)
    except ValueError:
        date = dt.date.min
    if not _YEARS[0] <= date.year <= _YEARS[1]:
        day.fail(Text("tanggal (YYYY-MM-DD)", "a date (YYYY-MM-DD)"))
    return ConsentWord(
        given,
        date,
        group.take("taken_by").word(),
        group.take("mother").word() if given else None,
        group.take("companion").word() if given else None,
    )


def _name(typed: str, what: Text) -> str:
    name = " ".join(unicodedata.normalize("NFC", typed).split())
    if not name or len(name) > LONGEST_WORD or not name.isprintable():
        raise UsageError(
            Text(
                f"Isi {what.id}: satu baris huruf biasa, paling panjang {LONGEST_WORD} huruf.",
                f"Expected {what.en}, one line of plain letters, at most {LONGEST_WORD}.",
            )
        )
    return name


def _day(date: dt.date) -> dt.date:
    if not _YEARS[0] <= date.year or date > dt.date.today():
        raise UsageError(
            Text(
                f"Tanggal persetujuan harus hari ini atau sebelumnya, bukan {date}.",
                f"Expected the day of the consent to be today or before, got {date}.",
            )
        )
    return date
