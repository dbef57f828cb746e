"""What the camera sees of the hands and the back: of the last seconds, and whether it ever saw them."""

import math
from collections import deque
from collections.abc import Iterable

from trainer.analysis.pipeline import FrameResult
from trainer.language import Text
from trainer.live.model import Unseen
from trainer.perception.observation import HANDS, Hand

LATELY_S = 2.0
"""A hand is judged by so many seconds; what was not seen for so long is said."""
_AGAIN_S = 0.7
"""What is seen again for so long is no longer called unseen."""
OFTEN = 0.5
"""A hand seen in this share of the pictures can be judged."""
SELDOM = 0.2
"""A hand seen in less of them counts as not seen."""

_BACK, _BOTH = "back", "hands"
_NOW = {
    _BACK: Text(
        "Punggung tidak terlihat: pijatan tidak bisa dinilai. Geser badan atau lengan Anda dari depan kamera.",
        "The back is not seen: the massage cannot be judged. Move your body or arm from in front of the camera.",
    ),
    _BOTH: Text(
        "Kedua tangan tidak terlihat di punggung: pijatan tidak bisa dinilai. "
        "Geser badan atau lengan Anda dari depan kamera.",
        "Neither hand is seen on the back: the massage cannot be judged. "
        "Move your body or arm from in front of the camera.",
    ),
    "left": Text(
        "Tangan kiri Anda tidak terlihat di punggung. Jangan tertutup badan atau lengan.",
        "Your left hand is not seen on the back. Keep body and arm from hiding it.",
    ),
    "right": Text(
        "Tangan kanan Anda tidak terlihat di punggung. Jangan tertutup badan atau lengan.",
        "Your right hand is not seen on the back. Keep body and arm from hiding it.",
    ),
}
_EVER = {
    _BACK: Text(
        "Punggung belum ditemukan. Bila mulai sekarang, letak ibu jari tidak akan dinilai.",
        "The back is not found yet. If you start now, the thumbs' places will not be judged.",
    ),
    _BOTH: Text(
        "Tangan belum terlihat di punggung. Letakkan kedua tangan sebentar. "
        "Bila mulai sekarang, pijatan mungkin tidak dinilai.",
        "No hand was seen on the back yet. Lay both there for a moment. "
        "If you start now, the massage may not be judged.",
    ),
    "left": Text(
        "Tangan kiri belum terlihat di punggung. Bila mulai sekarang, tangan kiri mungkin tidak dinilai.",
        "The left hand was not seen on the back yet. If you start now, it may not be judged.",
    ),
    "right": Text(
        "Tangan kanan belum terlihat di punggung. Bila mulai sekarang, tangan kanan mungkin tidak dinilai.",
        "The right hand was not seen on the back yet. If you start now, it may not be judged.",
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
        shown = {hand for hand in HANDS if _on_back(seen, hand)}
        self._seen.append((now, frozenset({*shown, _BACK} if status == "followed" else shown)))
        while now - self._seen[0][0] > LATELY_S:
            self._seen.popleft()
        long_enough = now - self._began_s >= LATELY_S - _AGAIN_S
        for name in (_BACK, *HANDS):
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

    def shares(self) -> dict[Hand, float]:
        """Return in which share of the last `LATELY_S` each hand was seen."""
        return {hand: self._share(hand, LATELY_S) for hand in HANDS}

    def missing_now(self) -> Unseen | None:
        """Say what has not been seen for `LATELY_S`, the most important first; None when all is seen."""
        return _worst(self._missing, _NOW)

    def never_seen(self, *, has_back: bool) -> Unseen | None:
        """Say what has not been seen once for a moment in this view; None when all was."""
        known = self._ever | {_BACK} if has_back else self._ever - {_BACK}
        return _worst({_BACK, *HANDS} - known, _EVER)

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


def _worst(missing: Iterable[str], words: dict[str, Text]) -> Unseen | None:
    names = set(missing)
    if not names:
        return None
    code = _BACK if _BACK in names else _BOTH if names >= set(HANDS) else next(iter(names))
    return Unseen(code, words[code])
