"""Errors a person can act on: one plain sentence each, saying what to do, and of what kind it is."""

import errno
from collections.abc import Mapping
from typing import ClassVar, Literal

from trainer.language import Text

Kind = Literal["missing", "invalid", "conflict", "busy", "denied"]
"""What is the matter: not there; not as it must be; in the way of what is there already; cannot be used at the
moment (in use, full, out of reach); not allowed. `trainer.serving.refusals` has the HTTP status of each."""


class PijatError(Exception):
    """The work failed for a reason the person can mend; the command prints the sentence and exits with 1.

    Parameters
    ----------
    text : Text
        What is wrong and what to do, in both languages: the pages and the command say it in the visitor's.
    kind : {"missing", "invalid", "conflict", "busy", "denied"}
        What is the matter.

    Examples
    --------
    >>> error = PijatError(Text("Tidak ada video: pilih yang lain.", "There is no video: choose another."), "missing")
    >>> str(error)
    'There is no video: choose another.'
    >>> error.text.say("id")
    'Tidak ada video: pilih yang lain.'
    """

    exit_status: ClassVar[int] = 1

    def __init__(self, text: Text, kind: Kind = "invalid") -> None:
        # Both, so that what goes from process to process stays what it is.
        super().__init__(text, kind)
        self.text = text
        self.kind = kind

    def __str__(self) -> str:
        """Return the English words, for logs."""
        return self.text.en


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
