"""The built-in protocols, and finding a protocol by its id or its file."""

from functools import cache
from importlib.resources import files
from pathlib import Path

from trainer.errors import PijatError
from trainer.language import Text
from trainer.protocol.loader import load_bytes
from trainer.protocol.loader import load_file as load_file
from trainer.protocol.model import Protocol

BUILTIN_IDS: tuple[str, ...] = ("tegalagung-2022", "bulukumba-2023", "jabodetabek-2025")
DEFAULT_ID = BUILTIN_IDS[0]


@cache
def builtin(protocol_id: str) -> Protocol:
    """Return a built-in protocol.

    Raises
    ------
    PijatError
        When there is none of that id.
    """
    if protocol_id not in BUILTIN_IDS:
        raise PijatError(
            Text(
                f'Tidak ada protokol "{protocol_id}": pilih {", ".join(BUILTIN_IDS)} atau sebuah berkas protokol.',
                f'Expected one of {", ".join(BUILTIN_IDS)} or a protocol file, got "{protocol_id}"; '
                "`pijat protocol list` names the built-in ones.",
            ),
            "missing",
        )
    file = f"{protocol_id}.yaml"
    return load_bytes(files("trainer.protocol").joinpath("builtin", file).read_bytes(), file)


def load(id_or_path: str | Path | None = None) -> Protocol:
    """Return the protocol of that id, or in that file; the default one for None.

    Raises
    ------
    PijatError
        One sentence: no such id or file, or what is wrong in the file and at which line.
    """
    if id_or_path is None:
        return builtin(DEFAULT_ID)
    if isinstance(id_or_path, str) and id_or_path in BUILTIN_IDS:
        return builtin(id_or_path)
    path = Path(id_or_path)
    if path.suffix.lower() in (".yaml", ".yml") or path.exists():
        return load_file(path)
    return builtin(str(id_or_path))
