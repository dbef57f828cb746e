"""Where files that ship with Pijat lie: inside an installed package, or in a source checkout."""

from pathlib import Path

from trainer.errors import PijatError

_PACKAGE = Path(__file__).parent


def resource_path(relative: str) -> Path:
    """Return the path of a shipped file, e.g. ``models/strokes.onnx``.

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
    raise PijatError(f"Expected {relative} in this installation, found none: install pijat-trainer again.")
