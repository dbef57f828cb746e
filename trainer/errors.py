"""Errors a person can act on: one plain sentence each, saying what to do, and of what kind it is."""

import errno
import logging
from collections.abc import Mapping
from typing import ClassVar, Literal

from trainer.language import Text

Kind = Literal["missing", "invalid", "conflict", "busy", "denied"]
"""What is the matter: not there; not as it must be; in the way of what is there already; cannot be used at the
moment (in use, full, out of reach); not allowed. `trainer.serving.refusals` has the HTTP status of each."""


_UNTRANSLATED = Text(
    "Pijat tidak dapat melakukannya. Coba lagi; bila terulang, mulai ulang Pijat.",
    "Pijat could not do that. Try again; if it happens again, start Pijat anew.",
)


class PijatError(Exception):
    """The work failed for a reason the person can mend; the command prints the sentence and exits with 1.

    Parameters
    ----------
    text : Text or str
        What is wrong and what to do. A plain string is English, for what only the command line shows: whatever
        a page can show is a `Text` (tests/test_languages.py holds the modules behind pages to it).
    kind : {"missing", "invalid", "conflict", "busy", "denied"}
        What is the matter.

    Attributes
    ----------
    text : Text
        What a page says.
    kind : str
        As given.

    Examples
    --------
    >>> error = PijatError(Text("Tidak ada video: pilih yang lain.", "There is no video: choose another."), "missing")
    >>> str(error)
    'There is no video: choose another.'
    >>> error.text.say("id")
    'Tidak ada video: pilih yang lain.'
    """

    exit_status: ClassVar[int] = 1

    def __init__(self, text: Text | str, kind: Kind = "invalid") -> None:
        super().__init__(text.en if isinstance(text, Text) else text)
        self._text = text if isinstance(text, Text) else None
        self.kind = kind

    @property
    def text(self) -> Text:
        """What a page says, in both languages.

        That a sentence which is English only came to a page is a fault of ours: it is logged, which fails the test
        that meets it (tests/conftest.py), and the page says something general, never a language it is not in.
        """
        if self._text is not None:
            return self._text
        logging.getLogger(__name__).error("a page was about to show an English sentence: %s", self)
        return _UNTRANSLATED


class UsageError(PijatError):
    """The command was asked for something impossible; the command prints the sentence and exits with 2."""

    exit_status = 2


_REASONS: Mapping[int, str] = {
    errno.EACCES: "tidak diizinkan",
    errno.EPERM: "tidak diizinkan",
    errno.ENOENT: "tidak ada",
    errno.EEXIST: "sudah ada",
    errno.ENOTDIR: "itu bukan folder",
    errno.EISDIR: "itu folder, bukan berkas",
    errno.ENOTEMPTY: "foldernya tidak kosong",
    errno.ENAMETOOLONG: "namanya terlalu panjang",
    errno.ENOSPC: "disk penuh",
    errno.EDQUOT: "jatah penyimpanan habis",
    errno.EROFS: "hanya boleh dibaca",
    errno.EIO: "disk bermasalah",
    errno.EBUSY: "sedang dipakai program lain",
    errno.EADDRINUSE: "sedang dipakai program lain",
    errno.EMFILE: "terlalu banyak berkas terbuka",
    errno.ENOMEM: "memori habis",
}


def reason(error: OSError) -> Text:
    """Return why the operating system refused, in words.

    Examples
    --------
    >>> reason(PermissionError(13, "Permission denied"))
    Text(id='tidak diizinkan', en='Permission denied')
    """
    number = error.errno
    unknown = "kesalahan sistem" if number is None else f"kesalahan sistem nomor {number}"
    return Text(_REASONS.get(number or 0, unknown), error.strerror or str(error))
