"""A progress bar with the time left on stderr; none when stderr is no terminal."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from tqdm import tqdm


@dataclass(frozen=True)
class Unit:
    """What is counted.

    Attributes
    ----------
    name : str
        As it stands behind the number.
    scaled : bool
        Whether large numbers are shown with k, M and G.
    known : str or None
        How the bar reads where the total is known, as `tqdm` formats it; None for its usual way.
    """

    name: str
    scaled: bool = False
    known: str | None = None


BYTES = Unit("B", scaled=True)
SESSIONS = Unit(" sessions")
SECONDS_OF_VIDEO = Unit(" s of video", known="{desc} |{bar}| {n:.0f}/{total:.0f} s, {remaining} left")
VIDEOS = Unit(" videos", known="{desc}|{bar}| {n:.1f}/{total:.0f} videos, {remaining} left")


class ProgressBar:
    """Shows how much of something is done; appears with the first `move`.

    Parameters
    ----------
    title : str
        Shown before the bar.
    unit : Unit
        What is counted.
    show : bool
        False for no bar at all.
    """

    def __init__(self, title: str, unit: Unit, *, show: bool = True) -> None:
        self._title = title
        self._unit = unit
        self._shown = show and sys.stderr.isatty()
        self._bar: tqdm[None] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.close()

    def move(self, done: float, total: float | None = None) -> None:
        """Show `done` of `total`, which may be unknown."""
        if not self._shown:
            return
        if self._bar is None:
            self._bar = self._start(total)
        self._bar.total = total
        self._bar.update(max(0, done - self._bar.n))

    def retitle(self, title: str) -> None:
        """Put other words before the bar."""
        self._title = title
        if self._bar is not None:
            self._bar.set_description_str(title)

    def _start(self, total: float | None) -> tqdm[None]:
        from tqdm import tqdm

        return tqdm(
            total=total,
            desc=self._title,
            unit=self._unit.name,
            unit_scale=self._unit.scaled,
            bar_format=None if total is None else self._unit.known,
            file=sys.stderr,
            dynamic_ncols=True,
        )
