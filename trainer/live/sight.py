"""What the camera sees of the hands and the back: of the last seconds, and whether it ever saw them."""

import math
from collections import deque
from collections.abc import Mapping, Set

from trainer.analysis.pipeline import FrameResult
from trainer.language import Text
from trainer.live.model import HandsSeen, Unseen
from trainer.perception.observation import HANDS, Hand

LATELY_S = 2.0
"""Hands are judged by so many seconds; what was not seen for so long is said."""
_AGAIN_S = 0.7
"""What is seen again for so long is no longer called unseen."""
OFTEN = 0.5
"""Hands seen in this share of the pictures can be judged."""
SELDOM = 0.2
"""Hands seen in less of them count as not seen."""

_BACK, _ONE, _BOTH = "back", "one", "both"
"""What a picture can show: the back, at least one hand on it, both. Not which: of a single hand that is not sure."""
_CODES = {_BACK: "back", _ONE: "hands", _BOTH: "one_hand"}
"""What it is called when that is not seen, the most important first."""
_NOW = {
    "back": Text(
        "Punggung tidak terlihat: pijatan tidak bisa dinilai. Geser badan atau lengan Anda dari depan kamera.",
        "The back is not seen: the massage cannot be judged. Move your body or arm from in front of the camera.",
    ),
    "hands": Text(
        "Kedua tangan tidak terlihat di punggung: pijatan tidak bisa dinilai. "
        "Geser badan atau lengan Anda dari depan kamera.",
        "Neither hand is seen on the back: the massage cannot be judged. "
        "Move your body or arm from in front of the camera.",
    ),
    "one_hand": Text(
        "Hanya satu tangan yang terlihat di punggung. Yang lain jangan tertutup badan atau lengan.",
        "Only one hand is seen on the back. Keep body and arm from hiding the other.",
    ),
}
_EVER = {
    "back": Text(
        "Punggung belum ditemukan. Bila mulai sekarang, letak ibu jari tidak akan dinilai.",
        "The back is not found yet. If you start now, the thumbs' places will not be judged.",
    ),
    "hands": Text(
        "Tangan belum terlihat di punggung. Letakkan kedua tangan sebentar. "
        "Bila mulai sekarang, pijatan mungkin tidak dinilai.",
        "No hand was seen on the back yet. Lay both there for a moment. "
        "If you start now, the massage may not be judged.",
    ),
    "one_hand": Text(
        "Baru satu tangan yang terlihat di punggung. Bila mulai sekarang, yang lain mungkin tidak dinilai.",
        "Only one hand was seen on the back so far. If you start now, the other may not be judged.",
    ),
}


class Sight:
    """Keeps what was seen of hands and back; every picture is to be told, in order."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, frozenset[str]]] = deque()
        self._began_s: float | None = None
        self._ever: set[str] = set()
        self._missing: set[str] = set()

    def add(self, seen: FrameResult, status: str | None) -> None:
        """Take what one picture showed.

        A hand counts where its thumb lies on the mapped back, or anywhere in the picture while no map is known.

        Parameters
        ----------
        seen : FrameResult
            In the stream's time.
        status : str or None
            Of the back (`trainer.live.model.BackState`); None when it was never found.
        """
        now = seen.time_s
        if self._began_s is None:
            self._began_s = now
        hands = sum(_on_back(seen, hand) for hand in HANDS)
        shown = {_BACK: status == "followed", _ONE: hands > 0, _BOTH: hands == len(HANDS)}
        self._seen.append((now, frozenset(name for name in _CODES if shown[name])))
        while now - self._seen[0][0] > LATELY_S:
            self._seen.popleft()
        long_enough = now - self._began_s >= LATELY_S - _AGAIN_S
        for name in _CODES:
            if long_enough and self._share(name, LATELY_S) >= OFTEN:
                self._ever.add(name)
            if self._share(name, _AGAIN_S) >= OFTEN:
                self._missing.discard(name)
            elif now - self._began_s >= LATELY_S and self._share(name, LATELY_S) < SELDOM:
                self._missing.add(name)

    def restart(self) -> None:
        """Judge what is seen from the next picture on."""
        self._seen.clear()
        self._missing.clear()
        self._began_s = None

    def forget(self) -> None:
        """The view is another one: what was ever seen says nothing about it."""
        self.restart()
        self._ever.clear()

    def hands(self) -> HandsSeen:
        """Return in which share of the last `LATELY_S` hands were seen."""
        return HandsSeen(self._share(_ONE, LATELY_S), self._share(_BOTH, LATELY_S))

    def missing_now(self) -> Unseen | None:
        """Say what has not been seen for `LATELY_S`, the most important first; None when all is seen."""
        return _worst(self._missing, _NOW)

    def never_seen(self, *, has_back: bool) -> Unseen | None:
        """Say what has not been seen once for a moment in this view; None when all was."""
        known = self._ever | {_BACK} if has_back else self._ever - {_BACK}
        return _worst(_CODES.keys() - known, _EVER)

    def _share(self, name: str, over_s: float) -> float:
        if not self._seen:
            return 0.0
        now = self._seen[-1][0]
        recent = [name in shown for at, shown in self._seen if now - at <= over_s]
        return sum(recent) / len(recent)


def _on_back(seen: FrameResult, hand: Hand) -> bool:
    if seen.hands.get(hand) is None:
        return False
    thumb = seen.thumbs.get(hand)
    return seen.back is None or (thumb is not None and math.isfinite(thumb.back_cm[0]))


def _worst(missing: Set[str], words: Mapping[str, Text]) -> Unseen | None:
    code = next((code for name, code in _CODES.items() if name in missing), None)
    return None if code is None else Unseen(code, words[code])
