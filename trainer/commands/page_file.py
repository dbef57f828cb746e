"""Write a page to the file that a person named: whole, or not at all."""

from pathlib import Path

from trainer.errors import PijatError
from trainer.files import write_atomically


def write_page(out: Path, page: str, what: str = "page") -> None:
    """Write `page` to `out`, over what was there only once all of it is on disk.

    Raises
    ------
    PijatError
        When `out` is a folder, or cannot be written.
    """
    if out.is_dir():
        raise PijatError(f"Expected a file to write the {what} to, got the folder {out}: name a file in it.")
    try:
        write_atomically(out, page)
    except OSError as error:
        raise PijatError(
            f"Expected to be able to write {out}, got {error.strerror}: choose another place with --out."
        ) from error
