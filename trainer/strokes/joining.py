"""One circle of which a part was not seen, told from two.

Where the thumb is unseen for longer than a moment the network hears no stroke, or a rest on the line that bridges
the gap. When the turning before the gap goes on after it, in phase and in place, it was one circle: then it is
counted through the gap, and the event says what share of it was seen.
"""

from collections.abc import Sequence

import numpy as np

from trainer.back.track import ThumbTrack
from trainer.strokes.decoder import DecodedSegment
from trainer.strokes.features import TURNS
from trainer.strokes.grid import GRID_HZ, Grid
from trainer.strokes.splitting import ENOUGH, evidence_for_two

_LONGEST_S = 3.0
"""Nobody's to say what a thumb did that was not seen for longer."""
_UNSEEN = 0.5
"""Share of the stretch between two circles that must be unseen; what was seen in it speaks for itself."""


def join_circles(track: ThumbTrack, grid: Grid, segments: Sequence[DecodedSegment]) -> list[DecodedSegment]:
    """Return the segments, circles of one sense on both sides of an unseen stretch joined when they are one.

    Parameters
    ----------
    track : ThumbTrack
        Whose sightings decide.
    grid : Grid
        The clock of the segments, n samples.
    segments : sequence of DecodedSegment
        As decoded.
    """
    out: list[DecodedSegment] = []
    waiting = list(segments)[::-1]
    while waiting:
        segment = waiting.pop()
        later = _continuation(grid, segment, waiting[::-1]) if segment.kind in TURNS else None
        if later is None or not _is_one(track, grid, segment, waiting[-1 - later]):
            out.append(segment)
            continue
        last = waiting[-1 - later]
        del waiting[len(waiting) - 1 - later :]
        waiting.append(DecodedSegment(segment.start, last.stop, segment.kind))
    return out


def _continuation(grid: Grid, segment: DecodedSegment, following: Sequence[DecodedSegment]) -> int | None:
    """Return which of the following segments may be the same circle after an unseen stretch."""
    for number, other in enumerate(following):
        if other.start - segment.stop > _LONGEST_S * GRID_HZ:
            return None
        if other.kind in TURNS:
            between = grid.seen[segment.stop : other.start]
            same = number > 0 and other.kind == segment.kind
            return number if same and np.mean(~between) >= _UNSEEN else None
    return None


def _is_one(track: ThumbTrack, grid: Grid, first: DecodedSegment, second: DecodedSegment) -> bool:
    spans = [(float(grid.time_s[s.start]), float(grid.time_s[s.stop - 1])) for s in (first, second)]
    evidence = evidence_for_two(track, TURNS[first.kind], spans[0], spans[1])
    return evidence is not None and evidence <= ENOUGH
