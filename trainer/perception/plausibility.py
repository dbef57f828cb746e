"""Which detections can be the practitioner's hands at all: their size and their place."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from statistics import median

from trainer.perception.contact import hand_size
from trainer.perception.landmarker import Detection
from trainer.perception.observation import HANDS, HandPair
from trainer.perception.second_look import Box

SIZE_TO_BACK = (0.12, 0.8)
"""Hand size (`trainer.perception.contact.hand_size`) over the longer side of the back's bounding box. On rendered clips
from behind to 60 degrees aside the truth is 0.23 to 0.47 (docs/method.md); the rest is for small hands, for hands that
reach towards the camera, and for a map that is not yet exact."""
_SIZE_TO_USUAL = (0.4, 2.2)  # perspective and foreshortening explain no more
_EXPECTED = 0.32  # of the back's longer side: the median in the same clips
_MOST_UNLIKE = 2.4  # larger over smaller of one person's two hands: 1.9 at most in the same clips
_AROUND_BACK = 0.6  # of the back's longer side: further off, a hand is somebody else's
_MEMORY_S = 8.0
_LEARNT_FROM = 10  # detections: fewer say nothing about what is usual
_CONTRADICTED_S = 0.2
_GAP_S = 0.15  # a contradiction that pauses for longer begins anew


class UsualSize:
    """How large hands have been of late: learnt from many detections, forgotten when contradicted.

    One false or near hand must not keep the true ones out. So a single size says nothing, the middle of the last
    seconds counts, and when hands of another size go on being seen for 0.2 s, what was learnt is dropped.
    """

    def __init__(self) -> None:
        self._seen: deque[tuple[float, float]] = deque()
        self._contradicted_since_s: float | None = None
        self._contradicted_s = 0.0

    @property
    def px(self) -> float | None:
        """The usual hand size in pixels; None while too little is known."""
        return median(size for _, size in self._seen) if len(self._seen) >= _LEARNT_FROM else None

    def allows(self, size: float) -> bool:
        """Tell whether a hand of that size in pixels is like those before."""
        usual = self.px
        return usual is None or _SIZE_TO_USUAL[0] < size / usual < _SIZE_TO_USUAL[1]

    def learn(self, time_s: float, sizes: Sequence[float]) -> None:
        """Add the sizes in pixels of hands that were taken over at `time_s`."""
        self._seen.extend((time_s, size) for size in sizes)
        while self._seen and time_s - self._seen[0][0] > _MEMORY_S:
            self._seen.popleft()

    def contradict(self, time_s: float) -> bool:
        """Note that a hand of another size was seen at `time_s`; True when that has gone on and all is forgotten."""
        if self._contradicted_since_s is None or time_s - self._contradicted_s > _GAP_S:
            self._contradicted_since_s = time_s
        self._contradicted_s = time_s
        if time_s - self._contradicted_since_s < _CONTRADICTED_S:
            return False
        self._seen.clear()
        self._contradicted_since_s = None
        return True


def plausible(
    detections: Sequence[Detection], usual: UsualSize, roi: Box | None, time_s: float
) -> list[Detection]:
    """Drop hands of an impossible size or place.

    Parameters
    ----------
    detections : sequence of Detection
        Raw pixels.
    usual : UsualSize
        Of the stream; told of what is refused for its sake.
    roi : (x0, y0, x1, y1) or None
        Bounding box of the back in raw pixels, where known.
    time_s : float
        Of the frame.

    Returns
    -------
    list of Detection
        Those that can be one person's hands on this back, in the order given.
    """
    placed = [item for item in detections if roi is None or (fits_back(item.size, roi) and _near(item, roi))]
    alike = [item for item in placed if usual.allows(item.size)]
    expected = usual.px if roi is None else _EXPECTED * max(roi[2] - roi[0], roi[3] - roi[1])
    together = _like_each_other(alike, expected)
    unlike = len(alike) < len(placed) or (roi is None and len(together) < len(alike))
    return placed if unlike and usual.contradict(time_s) else together


def fits_back(size: float, roi: Box) -> bool:
    """Tell whether a hand of that size in pixels can lie on the back of that bounding box."""
    side = max(roi[2] - roi[0], roi[3] - roi[1])
    return SIZE_TO_BACK[0] * side < size < SIZE_TO_BACK[1] * side


def fitting(hands: HandPair, roi: Box) -> HandPair:
    """Return the hands of a pair that can lie on the back of that bounding box, by their size."""
    kept = {
        hand: seen
        for hand in HANDS
        if (seen := hands.get(hand)) and fits_back(hand_size(seen.keypoints), roi)
    }
    return HandPair(kept.get("left"), kept.get("right"))


def _near(item: Detection, roi: Box) -> bool:
    reach = _AROUND_BACK * max(roi[2] - roi[0], roi[3] - roi[1])
    x, y = item.keypoints.mean(axis=0).tolist()
    return bool(roi[0] - reach < x < roi[2] + reach and roi[1] - reach < y < roi[3] + reach)


def _like_each_other(found: list[Detection], expected: float | None) -> list[Detection]:
    """Keep of hands that cannot be one person's those that are like the one nearest to the size expected, in pixels."""
    if expected is None or len(found) < 2:
        return found
    best = min((item.size for item in found), key=lambda size: max(size / expected, expected / size))
    return [item for item in found if max(item.size, best) < _MOST_UNLIKE * min(item.size, best)]
