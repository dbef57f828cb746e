"""A progress bar with the time left on stderr; silent when stderr is no terminal."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from tqdm import tqdm


class Bar:
    """Shows how much of a video is done.

    Parameters
    ----------
    title : str
        Shown before the bar.
    """

    def __init__(self, title: str) -> None:
        self._title = title
        self._bar: tqdm[None] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.close()

    def seconds(self, done_s: float, total_s: float | None) -> None:
        """Move the bar to `done_s` of `total_s` seconds of video."""
        if self._bar is None:
            from tqdm import tqdm

            self._bar = tqdm(
                total=None if total_s is None else round(total_s, 1),
                desc=self._title,
                unit=" s of video",
                file=sys.stderr,
                disable=not sys.stderr.isatty(),
                bar_format=None
                if total_s is None
                else "{desc} |{bar}| {n:.0f}/{total:.0f} s, {remaining} left",
            )
        self._bar.update(done_s - self._bar.n)
