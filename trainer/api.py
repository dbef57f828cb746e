"""Pijat from a notebook: open a session, analyse a video; everything else hangs on the session.

Both functions are offered as ``trainer.open_session`` and ``trainer.analyze``; plots are in `trainer.plots`.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from trainer.session.model import Session

if TYPE_CHECKING:
    from trainer.analysis.recorded import Progress


def open_session(path: str | Path) -> Session:
    """Open a session folder.

    Parameters
    ----------
    path : str or Path
        What ``pijat analyze --out`` or `analyze` wrote.

    Returns
    -------
    Session
        ``.events``, ``.thumbs`` and ``.landmarks`` are DataFrames, ``.score`` and ``.meta`` nested mappings.

    Raises
    ------
    trainer.errors.PijatError
        When the folder is no session, was written by a newer version, or lacks a file or column.

    Examples
    --------
    ``session_folder`` is any session folder.

    >>> import trainer
    >>> session = trainer.open_session(session_folder)
    >>> list(session.events.columns[:4])
    ['onset', 'duration', 'trial_type', 'hand']
    >>> circles = session.events.query("trial_type == 'circular_pressure'")
    >>> bool((circles["rate_hz"] > 0).all())
    True
    >>> sorted(session.thumbs["hand"].unique())
    ['left', 'right']
    """
    from trainer.session.reader import open_session as read

    return read(path)


def analyze(
    video: str | Path,
    out: str | Path,
    *,
    calibration: str | Path | None = None,
    protocol: str | Path | None = None,
    overwrite: bool = False,
    progress: "Progress | None" = None,
) -> Session:
    """Analyse a recorded massage and write its session folder.

    Parameters
    ----------
    video : str or Path
        Any video that FFmpeg reads.
    out : str or Path
        The session folder to write: absent or empty, unless `overwrite`.
    calibration : str or Path, optional
        Calibration file; without it the back is found automatically.
    protocol : str or Path, optional
        Id of a built-in protocol, or a protocol file; the default protocol otherwise.
    overwrite : bool
        Whether an older session in `out` may be replaced.
    progress : callable, optional
        Called after each frame with seconds of video done and, where known, seconds in all.

    Returns
    -------
    Session
        As written.

    Raises
    ------
    trainer.errors.PijatError
        With one sentence saying what to do, when something given cannot be used.

    Examples
    --------
    >>> import trainer
    >>> trainer.analyze("no-such-video.mp4", "my-session")
    Traceback (most recent call last):
        ...
    trainer.errors.PijatError: ...
    """
    from trainer.analysis.recorded import Settings
    from trainer.analysis.recorded import analyze as run
    from trainer.back.calibration import load_calibration

    settings = Settings(
        calibration=load_calibration(calibration) if calibration is not None else None,
        protocol=protocol,
        overwrite=overwrite,
    )
    return run(video, out, settings, progress)
