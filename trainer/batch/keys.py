"""By what a job is known: everything that decides its result, and nothing that does not.

All of it is known before the work, and none of it depends on what a cache holds, on the clock, on where files lie or in
which order they are named. The libraries' versions are no part of it on purpose: a batch that was begun goes on after
one of them was updated; which model bundle was in use stands in each ``session.json``.
"""

import hashlib
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from trainer.errors import PijatError, reason
from trainer.language import Text

_LAYERS = ("capture", "perception", "back", "strokes", "protocol", "session", "analysis")
"""What a session is computed with; pages, reports and exports change nothing in it."""


def settings_key(protocol: str | None) -> str:
    """Return the SHA-256 of what decides a result beside the video and its calibration.

    That is the program (its version and the code of the layers that compute a session), the atlas, the protocol's
    content, the models and the parameters.

    Parameters
    ----------
    protocol : str or None
        Id or file; None for the default one.

    Raises
    ------
    PijatError
        When the protocol or a model that somebody named cannot be used.
    """
    from trainer import __version__
    from trainer.back.trajectory import TrajectorySettings
    from trainer.perception.model_hashes import model_identities
    from trainer.perception.tracker import TrackerSettings
    from trainer.protocol.library import load
    from trainer.resources import resource_path

    return _digest(
        {
            "version": __version__,
            "code": code_key(Path(__file__).parent.parent),
            "atlas": _text_hash(resource_path("calibration/atlas.yaml")),
            "protocol": load(protocol).hash,
            "models": model_identities(),
            "hands": asdict(TrackerSettings()),
            "trajectory": asdict(TrajectorySettings()),
        }
    )


def job_key(settings: str, video: Path, calibration: Path | None) -> str:
    """Return the SHA-256 by which the work on one video is known.

    Parameters
    ----------
    settings : str
        Of `settings_key`.
    video : Path
    calibration : Path or None

    Raises
    ------
    PijatError
        When a file cannot be read.
    """
    return _digest(
        {
            "settings": settings,
            "video": _file_hash(video),
            "calibration": None if calibration is None else _file_hash(calibration),
        }
    )


def code_key(package: Path) -> str:
    """Return the SHA-256 of the code that computes a session: the same in a checkout and in a wheel of it."""
    listed = {
        path.relative_to(package).as_posix(): _text_hash(path)
        for layer in _LAYERS
        for path in (package / layer).rglob("*.py")
    }
    return _digest(listed)


def _text_hash(path: Path) -> str:
    # Read as text: a checkout may end its lines otherwise on another system.
    return hashlib.sha256(path.read_text(encoding="utf-8").encode()).hexdigest()


def _file_hash(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise PijatError(
            Text(
                f"{path} tidak dapat dibaca ({reason(error).id}): periksa letak dan izinnya.",
                f"Expected to read {path}, but could not ({error.strerror}).",
            )
        ) from error


def _digest(document: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()
