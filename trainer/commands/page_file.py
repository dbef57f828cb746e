"""Write a page to the file that a person named: whole, or not at all."""

from pathlib import Path

from trainer.errors import PijatError, reason
from trainer.files import write_atomically
from trainer.language import Text


def write_page(out: Path, page: str) -> None:
    """Write `page` to `out`, over what was there only once all of it is on disk.

    Raises
    ------
    PijatError
        When `out` is a folder, or cannot be written.
    """
    if out.is_dir():
        raise PijatError(
            Text(
                f"{out} adalah folder: beri nama berkas di dalamnya.",
                f"Expected a file to write to, got the folder {out}: name a file in it.",
            )
        )
    try:
        write_atomically(out, page)
    except OSError as error:
        why = reason(error)
        raise PijatError(
            Text(
                f"{out} tidak dapat ditulis ({why.id}): pilih tempat lain dengan --out.",
                f"Expected to be able to write {out}, got {why.en}: choose another place with --out.",
            ),
            "busy",
        ) from error
