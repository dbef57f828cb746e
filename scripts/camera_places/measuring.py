"""What the program makes of each view of the grid."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from scripts.camera_places.cells import Cell
from trainer.evaluation.truth import Truth, read_truth
from trainer.evaluation.visible import compare_visible, pool_visible

if TYPE_CHECKING:
    from trainer.session.model import Session

RIGHT_WITHIN = 0.5
"""A back counts as right within half of its C7-T7 distance in the picture."""


@dataclass(frozen=True)
class Measured:
    """One view of the grid.

    Attributes
    ----------
    azimuth, elevation, distance_cm, companion, hands
        Of the `Cell`.
    visible, contacts : int
        Thumb tips that any camera there could see, of how many.
    back : {"yes", "no", "wrong"}
        Whether the program found the back by itself, and where it is.
    drawn_visible : int
        Frames of contact, both hands, in the drawn pictures whose thumb tip is visible.
    hands_found : int
        Those of them in which that hand was found in the picture.
    placed : int
        Those of them for which the program placed the thumb on the back.
    both_found : float
        Share of the frames with hands in which both were found.
    errors_cm : tuple of float
        Of the placed ones, along the back.
    """

    azimuth: int
    elevation: int
    distance_cm: int
    companion: str
    hands: str
    visible: int
    contacts: int
    back: str
    drawn_visible: int
    hands_found: int
    placed: int
    both_found: float
    errors_cm: tuple[float, ...]

    def to_json(self) -> dict[str, Any]:
        """Return it as a JSON object."""
        return asdict(self) | {"errors_cm": [round(e, 3) for e in self.errors_cm]}

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> "Measured":
        """Undo `to_json`."""
        return cls(**(document | {"errors_cm": tuple(document["errors_cm"])}))


def measure_cell(cell: Cell, out: Path, sessions: Path) -> Measured:
    """Analyse one view's clip with the back found by the program itself."""
    from trainer.analysis.recorded import Settings, analyze

    folder = out / cell.name
    session = analyze(folder / "clip.mp4", sessions / cell.name, Settings(overwrite=True))
    truth = read_truth(folder / "truth.json")
    document = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    figures = pool_visible(compare_visible(session.events, session.thumbs, truth).values())
    found, both = _hands_found(session, truth)
    return Measured(
        cell.azimuth,
        cell.elevation,
        cell.distance_cm,
        cell.companion,
        cell.hands,
        document["any_camera"]["visible"],
        document["any_camera"]["contacts"],
        _back(session, document),
        figures.visible.contact_frames,
        found,
        len(figures.visible.offsets_cm),
        both,
        tuple(float(e) for e in figures.visible.distance_cm),
    )


def _hands_found(session: "Session", truth: Truth) -> tuple[int, float]:
    """Return the visible contacts whose hand was found in the picture, and the share of frames with both."""
    if truth.time_s is None:
        raise ValueError("Expected the truth of a rendered clip, got a timeline.")
    each, found = 0, []
    for hand, real in truth.hands.items():
        times = session.landmarks.loc[session.landmarks["entity"] == f"hand_{hand}", "time_s"].unique()
        own = np.isin(np.round(truth.time_s, 2), np.round(times, 2))
        each += int((own & np.asarray(real.contact) & np.asarray(real.thumb_visible)).sum())
        found.append(own[np.asarray(real.contact)])
    return each, float(np.logical_and(*found).mean())


def _back(session: "Session", document: dict[str, Any]) -> str:
    rows = session.landmarks[session.landmarks["entity"] == "back"]
    if rows.empty:
        return "no"
    names = document["back_landmark_names"]
    true = {name: np.array(point) for name, point in zip(names, document["frames"][0]["back"], strict=True)}
    length = float(np.linalg.norm(true["C7"] - true["T7"]))
    last = rows[rows["frame"] == rows["frame"].max()].set_index("keypoint")
    off = [
        np.hypot(*(last.loc[n, ["x", "y"]].to_numpy(np.float64) - true[n])) for n in last.index if n in true
    ]
    return "yes" if float(np.mean(off)) <= RIGHT_WITHIN * length else "wrong"
