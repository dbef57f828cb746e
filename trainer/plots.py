"""Plots of a session for notebooks; each draws into matplotlib axes and returns them.

Needs matplotlib, which Pijat itself does not: ``pip install "pijat-trainer[plots]"``.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from trainer.errors import PijatError
from trainer.evaluation.bland_altman import limits_of_agreement
from trainer.language import Text
from trainer.perception.observation import HANDS
from trainer.report.palette import ACCENT, FAULT, INK, MUTED, STROKE_COLOURS
from trainer.session.model import Session
from trainer.strokes.event import StrokeType

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_HAND_COLOURS = {"left": ACCENT, "right": FAULT}


def plot_timeline(session: Session, ax: "Axes | None" = None) -> "Axes":
    """Draw the strokes of both hands over time.

    Parameters
    ----------
    session : Session
        From `trainer.open_session`.
    ax : matplotlib Axes, optional
        Where to draw; a new figure otherwise.

    Returns
    -------
    matplotlib Axes

    Examples
    --------
    >>> import trainer
    >>> from trainer.plots import plot_timeline
    >>> ax = plot_timeline(trainer.open_session(session_folder))
    >>> ax.get_xlabel()
    'time (s)'
    """
    ax = _axes(ax, (9, 2.2))
    drawn: dict[str, Any] = {}
    for row, hand in enumerate(HANDS):
        mine = session.events[session.events["hand"] == hand]
        for label, onset, duration in zip(mine["trial_type"], mine["onset"], mine["duration"], strict=True):
            drawn[label] = ax.barh(row, duration, left=onset, height=0.7, color=STROKE_COLOURS[label])
    ax.set_yticks(range(len(HANDS)), [f"{hand} hand" for hand in HANDS])
    ax.set_ylim(len(HANDS) - 0.4, -0.6)
    if len(session.thumbs):
        ax.set_xlim(0, float(session.thumbs["time_s"].max()))
    ax.set_xlabel("time (s)")
    ordered = [str(stroke) for stroke in StrokeType if stroke in drawn]
    if ordered:
        names = [name.replace("_", " ") for name in ordered]
        ax.legend(
            [drawn[name] for name in ordered],
            names,
            ncols=len(ordered),
            frameon=False,
            loc="lower left",
            bbox_to_anchor=(0, 1),
            fontsize="small",
        )
    return ax


def plot_back(session: Session, ax: "Axes | None" = None) -> "Axes":
    """Draw where both thumbs went on the back, seen from behind; bridged stretches are pale.

    Parameters
    ----------
    session : Session
    ax : matplotlib Axes, optional

    Returns
    -------
    matplotlib Axes
        x is `lateral_cm` (the recipient's right on the right), y `caudal_cm` downwards.

    Examples
    --------
    >>> import trainer
    >>> from trainer.plots import plot_back
    >>> plot_back(trainer.open_session(session_folder)).get_ylabel()
    'below C7 (cm)'
    """
    ax = _axes(ax, (4.2, 5))
    for hand in HANDS:
        track = session.thumbs[session.thumbs["hand"] == hand]
        x, y = track["lateral_cm"].to_numpy(dtype=float), track["caudal_cm"].to_numpy(dtype=float)
        seen = track["status"].isin(["detected", "tracked"]).to_numpy()
        colour = _HAND_COLOURS[hand]
        ax.plot(x, y, color=colour, alpha=0.25, linewidth=0.8)
        ax.plot(
            np.where(seen, x, np.nan),
            np.where(seen, y, np.nan),
            color=colour,
            linewidth=1.0,
            label=f"{hand} hand",
        )
    ax.axvline(0, color=MUTED, linewidth=1, linestyle=":")
    ax.set_aspect("equal")
    if not ax.yaxis_inverted():
        ax.invert_yaxis()
    ax.set_xlabel("from the spine, to the recipient's right (cm)")
    ax.set_ylabel("below C7 (cm)")
    ax.legend(frameon=False, fontsize="small")
    return ax


def plot_bland_altman(
    first: Sequence[float], second: Sequence[float], ax: "Axes | None" = None, *, unit: str = ""
) -> "Axes":
    """Draw difference against mean with bias and limits of agreement.

    Parameters
    ----------
    first, second : sequence of float
        Paired measurements; pairs with a NaN are left out.
    ax : matplotlib Axes, optional
    unit : str
        Of the measurements.

    Returns
    -------
    matplotlib Axes

    Examples
    --------
    >>> from trainer.plots import plot_bland_altman
    >>> plot_bland_altman([1.0, 2.0, 3.0], [1.2, 2.1, 2.9], unit="Hz").get_xlabel()
    'mean (Hz)'
    """
    ax = _axes(ax, (5, 3.4))
    a, b = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    ax.scatter((a + b) / 2, b - a, color=INK, alpha=0.55, s=18)
    limits = limits_of_agreement(first, second)
    for value, (low, high), colour, style in (
        (limits.bias, limits.bias_interval, ACCENT, "-"),
        (limits.lower, limits.lower_interval, FAULT, "--"),
        (limits.upper, limits.upper_interval, FAULT, "--"),
    ):
        if np.isfinite(value):
            ax.axhline(value, color=colour, linestyle=style)
        if np.isfinite(low) and np.isfinite(high):
            ax.axhspan(low, high, color=colour, alpha=0.08, linewidth=0)
    in_unit = f" ({unit})" if unit else ""
    ax.set_xlabel(f"mean{in_unit}")
    ax.set_ylabel(f"difference{in_unit}")
    return ax


def _axes(ax: "Axes | None", size: tuple[float, float]) -> "Axes":
    if ax is not None:
        return ax
    try:
        from matplotlib import pyplot
    except ImportError as error:
        raise PijatError(
            Text(
                'Gambar grafik memerlukan matplotlib, yang belum terpasang: pip install "pijat-trainer[plots]".',
                'Expected matplotlib for plots, found none: pip install "pijat-trainer[plots]".',
            ),
            "missing",
        ) from error
    return pyplot.subplots(figsize=size, layout="constrained")[1]
