"""Where files lie: those that ship with Pijat, and those that its people make."""

from pathlib import Path

from trainer.errors import PijatError
from trainer.language import Text

_PACKAGE = Path(__file__).parent


def resource_path(relative: str) -> Path:
    """Return the path of a shipped file, e.g. ``models/strokes.onnx``: installed, or in a source checkout.

    Parameters
    ----------
    relative : str
        Path below the repository's top level; ``models/``, ``calibration/`` and ``datasets/samples/`` ship.

    Raises
    ------
    PijatError
        When the installation lacks the file.
    """
    for root in (_PACKAGE / "_assets", _PACKAGE.parent):
        path = root / relative
        if path.exists():
            return path
    raise PijatError(
        Text(
            f"{relative} tidak ada dalam pemasangan ini: pasang lagi pijat-trainer.",
            f"Expected {relative} in this installation, found none: install pijat-trainer again.",
        ),
        "missing",
    )


def home_folder() -> Path:
    """Return where sessions and the library are kept unless somebody says otherwise."""
    import platformdirs

    return platformdirs.user_documents_path() / "Pijat"
