"""What a session is held against: the truth of a rendered clip, or the timeline a person wrote."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainer.errors import PijatError
from trainer.evaluation.segmental import BACKGROUND
from trainer.evaluation.timeline import TimedEvent, events_of_hand, frame_labels
from trainer.language import Text
from trainer.perception.observation import HANDS, Hand
from trainer.strokes.event import StrokeType

RENDERED_LABELS: Mapping[str, str] = {
    "circle": StrokeType.CIRCULAR_PRESSURE,
    "off_region": StrokeType.CIRCULAR_PRESSURE,
    "on_spine": StrokeType.CIRCULAR_PRESSURE,
    "pass_down": StrokeType.DOWNWARD_PASS,
    "pass_up": StrokeType.UPWARD_PASS,
    "rest": StrokeType.STATIC_HOLD,
    "transition": BACKGROUND,
    "approach": BACKGROUND,
    "leave": BACKGROUND,
    "none": BACKGROUND,
}
"""The renderer's words in those of the catalogue; circles in the wrong place are circles all the same."""
_THUMB_TIP = 4  # of the 21 landmarks of a hand
_PASS_DIRECTION = {"pass_down": "caudal", "pass_up": "cranial"}


@dataclass(frozen=True, eq=False)
class HandTruth:
    """The truth about one hand.

    Attributes
    ----------
    events : tuple of TimedEvent
        Strokes in order of onset.
    labels : ndarray of str objects, shape (n,), or None
        Label of each of the truth's own frames; None for a timeline without frames.
    position_cm : ndarray of float, shape (n, 2), or None
        True ``lateral_cm, caudal_cm`` of the thumb's contact.
    contact : ndarray of bool, shape (n,), or None
        Whether the thumb touches the back.
    thumb_visible : ndarray of bool, shape (n,), or None
        Whether a camera there can see the tip of the thumb: in the picture, and nothing (the practitioner's own
        body included) more than the renderer's tolerance in front of it. None where the truth does not say.
    unlabelled_contact_frames : int
        Frames in which the thumb rests on the back and the truth calls it nothing. They count as background,
        as the truth says, though by the catalogue they would be a static hold.
    """

    events: tuple[TimedEvent, ...]
    labels: NDArray[np.object_] | None = None
    position_cm: NDArray[np.float64] | None = None
    contact: NDArray[np.bool_] | None = None
    thumb_visible: NDArray[np.bool_] | None = None
    unlabelled_contact_frames: int = 0


@dataclass(frozen=True, eq=False)
class Truth:
    """What a session is held against.

    Attributes
    ----------
    name : str
        Of the clip or file.
    kind : {"rendered", "timeline"}
        Whether positions and frames are known, or only a timeline.
    time_s : ndarray of float, shape (n,), or None
        Times of the truth's frames in seconds from the first; None for a timeline.
    hands : mapping of hand to HandTruth
    """

    name: str
    kind: str
    time_s: NDArray[np.float64] | None
    hands: Mapping[Hand, HandTruth]

    def labels_at(self, hand: Hand, time_s: NDArray[np.float64]) -> NDArray[np.object_]:
        """Return that hand's true label at each moment, shape (n,)."""
        own = self.hands[hand].labels
        if own is not None and self.time_s is not None and time_s is self.time_s:
            return own
        return frame_labels(self.hands[hand].events, time_s)


def read_truth(path: Path) -> Truth:
    """Read the truth of a rendered clip (``truth.json``) or a timeline (``events.tsv``).

    Raises
    ------
    PijatError
        When the file is missing, of neither kind, or holds a label nobody knows.
    """
    if not path.is_file():
        raise PijatError(
            Text(
                f"Tidak ada data acuan (truth.json atau events.tsv) di {path}: periksa namanya.",
                f"Expected a truth file (truth.json or events.tsv), found no file at {path}.",
            ),
            "missing",
        )
    if path.suffix.lower() == ".json":
        return _read_rendered(path)
    if path.suffix.lower() in (".tsv", ".txt"):
        return _read_timeline(path)
    raise PijatError(
        Text(
            f"Data acuan harus berakhir dengan .json atau .tsv, bukan {path.name}.",
            f"Expected a truth file ending in .json or .tsv, got {path.name}.",
        )
    )


def calibration_document(
    truth_path: Path,
    *,
    noise_px: float = 0.0,
    seed: int = 0,
    with_scale: bool = False,
    clearest_frame: bool = False,
) -> dict[str, Any]:
    """Return the calibration that a careful person would have made on one frame of a rendered clip.

    Parameters
    ----------
    truth_path : Path
        A rendered clip's ``truth.json``.
    noise_px : float
        Standard deviation of the marking error added to each coordinate, in pixels.
    seed : int
        Of that error.
    with_scale : bool
        Whether the distance from C7 to T7 was measured too.
    clearest_frame : bool
        Mark the frame in which most landmarks are in sight (the first of several) instead of the first frame.

    Returns
    -------
    dict
        The calibration document; only landmarks in sight are marked.
    """
    from trainer.back.frame import BACK_LANDMARKS

    document = _load_json(truth_path)
    frames = document["frames"]
    known = [i for i, name in enumerate(document["back_landmark_names"]) if name in BACK_LANDMARKS]

    def in_sight(frame: Mapping[str, Any]) -> int:
        return sum(not frame["back_occluded"][i] for i in known)

    marked = max(frames, key=in_sight) if clearest_frame else frames[0]
    generator = np.random.default_rng(seed)
    landmarks: dict[str, list[float]] = {}
    for name, point, hidden in zip(
        document["back_landmark_names"], marked["back"], marked["back_occluded"], strict=True
    ):
        error = generator.normal(0.0, 1.0, 2) * noise_px
        if name in BACK_LANDMARKS and not hidden:
            landmarks[name] = [round(float(c + e), 3) for c, e in zip(point, error, strict=True)]
    calibration: dict[str, Any] = {
        "schema_version": 1,
        "image_size": list(document["size"]),
        "time_s": float(marked["t"]),
        "landmarks": landmarks,
        "source": "manual",
    }
    if with_scale and {"C7", "T7"} <= landmarks.keys():
        places = document["back_cm"]
        distance = float(np.hypot(*(np.subtract(places["T7"], places["C7"]))))
        calibration["scale"] = {"from": "C7", "to": "T7", "cm": distance}
    return calibration


def _load_json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, OSError) as error:
        raise PijatError(
            Text(
                f"{path.name} bukan JSON: pilih berkas lain.",
                f"Expected JSON in {path.name}, got something else ({error}).",
            )
        ) from error


def _read_rendered(path: Path) -> Truth:
    document = _load_json(path)
    try:
        frames = document["frames"]
        time_s = np.array([frame["t"] for frame in frames], dtype=np.float64)
        hands: dict[Hand, HandTruth] = {hand: _rendered_hand(document, hand) for hand in HANDS}
    except (KeyError, TypeError, IndexError) as error:
        raise PijatError(
            Text(
                f"{path.name} bukan data acuan klip buatan: {error} tidak ada.",
                f"Expected the truth of a rendered clip in {path.name}, but {error} is missing.",
            )
        ) from error
    return Truth(str(document.get("name", path.parent.name)), "rendered", time_s, hands)


def _rendered_hand(document: Mapping[str, Any], hand: Hand) -> HandTruth:
    states = [frame["hands"].get(hand) for frame in document["frames"]]
    labels = np.array([_translate(s["label"]) if s else BACKGROUND for s in states], dtype=object)
    contact = np.array([bool(s and s["contact"]) for s in states])
    position = np.array(
        [[s["lateral_cm"], s["down_cm"]] if s else [np.nan, np.nan] for s in states], dtype=np.float64
    )
    seen = None
    if all("occluded" in s for s in states if s):
        seen = np.array([bool(s and not s["occluded"][_THUMB_TIP]) for s in states])
    resting = sum(1 for s in states if s and s["contact"] and s["label"] == "none")
    events = tuple(_rendered_event(s) for s in document["segments"].get(hand, []))
    return HandTruth(events, labels, position, contact, seen, resting)


def _rendered_event(segment: Mapping[str, Any]) -> TimedEvent:
    # The hand may still be moving to the new place at start_s; the stroke starts at eff_start_s.
    onset, end = float(segment.get("eff_start_s", segment["start_s"])), float(segment["end_s"])
    label = _translate(segment["label"])
    if label != StrokeType.CIRCULAR_PRESSURE:
        return TimedEvent(label, onset, end, direction=_PASS_DIRECTION.get(segment["label"]))
    rate = float(segment.get("rate_hz", 1.0))
    return TimedEvent(
        label,
        onset,
        end,
        cycles=rate * (end - onset),
        rate_hz=rate,
        direction=segment.get("direction", "cw"),
        radius_cm=segment.get("radius_cm"),
    )


def _translate(label: str) -> str:
    try:
        return str(RENDERED_LABELS[label])
    except KeyError:
        raise PijatError(
            Text(
                f"Label data acuan harus salah satu dari {', '.join(RENDERED_LABELS)}, bukan {label!r}.",
                f"Expected one of {', '.join(RENDERED_LABELS)} as a label of the truth, got {label!r}.",
            )
        ) from None


def _read_timeline(path: Path) -> Truth:
    import pandas as pd

    try:
        table = pd.read_csv(path, sep="\t", na_values=["n/a"], keep_default_na=False)
    except (ValueError, pd.errors.ParserError, OSError) as error:
        raise PijatError(
            Text(
                f"Tabel kejadian {path.name} tidak dapat dibaca: pilih berkas lain.",
                f"Expected a table of events in {path.name}, got something else ({error}).",
            )
        ) from error
    missing = [name for name in ("onset", "duration", "trial_type", "hand") if name not in table.columns]
    if missing:
        raise PijatError(
            Text(
                f"Kolom {missing[0]!r} tidak ada dalam {path.name}; yang ada {', '.join(map(str, table.columns))}.",
                f"Expected the column {missing[0]!r} in {path.name}, got {', '.join(map(str, table.columns))}.",
            )
        )
    unknown = Counter(set(table["trial_type"].astype(str)) - {str(s) for s in StrokeType})
    if unknown:
        raise PijatError(
            Text(
                f"{path.name} memuat label yang bukan nama gerakan: {', '.join(sorted(unknown))}. Masukkan dahulu "
                "dengan pijat import dan berkas padanan.",
                f"Expected labels of the stroke catalogue in {path.name}, got {', '.join(sorted(unknown))}: "
                "bring the file in with pijat import and a mapping file first.",
            )
        )
    hands: dict[Hand, HandTruth] = {hand: HandTruth(tuple(events_of_hand(table, hand))) for hand in HANDS}
    return Truth(path.stem, "timeline", None, hands)
