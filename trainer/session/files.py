"""Opening the files of a session folder, which may come from anywhere: none too large, none that lies elsewhere."""

import json
import os
import stat
from dataclasses import replace
from pathlib import Path

from trainer.errors import PijatError
from trainer.language import Text, both
from trainer.session.fields import ANALYSE_AGAIN, Group, Place, Value
from trainer.session.model import CONSENT_FILE, DATASET_FILE

LARGEST_JSON = 16 * 2**20
LARGEST_TABLE = 32 * 2**20
_MB = 2**20


_MENDS = {
    CONSENT_FILE: Text(
        "hapus berkas itu, lalu catat lagi persetujuannya", "delete that file, then record the consent again"
    ),
    DATASET_FILE: Text("pilih folder lain", "choose another folder"),
}
"""What to do about files that no analysis writes."""


def place_of(path: Path) -> Place:
    """Return how a file is named to a person: by its own name and its folder's, with what to do when it is wrong."""
    folder = path.absolute().parent
    return Place(path.name, folder.name or str(folder), mend=_MENDS.get(path.name, ANALYSE_AGAIN))


def inside(folder: Path, name: str) -> Path:
    """Return the path of a file of a session folder.

    Raises
    ------
    PijatError
        When there is none, when it is no regular file, or when it is a link to somewhere else.
    """
    path = folder / name
    place = place_of(path)
    try:
        mode = path.stat().st_mode
        here = path.resolve().parent == folder.resolve()
    except (OSError, RuntimeError) as error:  # RuntimeError: links in a circle
        if isinstance(error, FileNotFoundError):
            place.fail_missing()
        place.fail_reading(error)
    if not here:
        place.fail_file(
            Text("berkas di dalam folder itu", "a file of that folder"),
            Text("tautan ke tempat lain", "a link to another place"),
        )
    if not stat.S_ISREG(mode):
        place.fail_file(Text("berkas", "a file"), Text("bukan berkas", "something else"))
    return path


def read_bytes(path: Path, largest: int) -> bytes:
    """Read a whole file of at most that many bytes.

    Raises
    ------
    PijatError
        When it is larger, no regular file, or cannot be read.
    """
    place = place_of(path)
    expected = Text(f"paling besar {largest // _MB} MB", f"at most {largest // _MB} MB")
    try:
        # Anything but a regular file may keep a reader waiting, or never end.
        if not stat.S_ISREG(path.stat().st_mode):
            place.fail_file(Text("berkas", "a file"), Text("bukan berkas", "something else"))
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size > largest:
                place.fail_file(expected, both(f"{size // _MB} MB"))
            content = file.read(largest + 1)
    except FileNotFoundError:
        place.fail_missing()
    except OSError as error:
        place.fail_reading(error)
    if len(content) > largest:
        place.fail_file(expected, Text("lebih besar", "more"))
    return content


def read_group(folder: Path, name: str, newest: int) -> Group:
    """Read a JSON object of a session folder and check its schema version.

    Parameters
    ----------
    folder : Path
        The session folder.
    name : str
        Of the file, such as ``session.json``.
    newest : int
        The newest schema version known here.

    Raises
    ------
    PijatError
        When it is none, or of a newer version.
    """
    path = inside(folder, name)
    place, content = place_of(path), read_bytes(path, LARGEST_JSON)
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        place.fail_file(Text("JSON", "JSON"), Text("isi lain", "something else"))
    if not isinstance(document, dict):
        place.fail_file(Text("objek JSON", "a JSON object"), Text("isi lain", "something else"))
    group = Group(document, place)
    version = group.take("schema_version")
    if isinstance(version.value, int) and not isinstance(version.value, bool) and version.value > newest:
        raise PijatError(
            Text(
                f"{place.file} di folder {place.folder} ditulis Pijat yang lebih baru: pasang Pijat versi terbaru.",
                f"Expected schema version {newest} or older in {place.file} of {place.folder}, got a newer one: "
                "use a newer pijat.",
            )
        )
    version.whole(1, newest)
    return group


def value_of(value: object, path: Path, column: str, row: int) -> Value:
    """Return a value of a table with its place."""
    return Value(value, replace(place_of(path), path=column, row=row))
