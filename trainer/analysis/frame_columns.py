"""What is recorded of every frame, in growing columns: the only thing that grows with the length of a video."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from trainer.analysis.pipeline import FrameResult
from trainer.back.frame import BACK_LANDMARKS
from trainer.perception.observation import HAND_KEYPOINTS, HANDS, Hand, Status

if TYPE_CHECKING:
    import pandas as pd

    from trainer.back.track import ThumbTrack

_HAND_VALUES = 2 * len(HAND_KEYPOINTS) + 1
_THUMB_VALUES = 6
_ENTITIES = ("back", "body", "hand_left", "hand_right")
_KEYPOINTS = (*BACK_LANDMARKS, *HAND_KEYPOINTS)
_PIECE_FRAMES = 3000
_STATUSES = (Status.MISSING, Status.DETECTED, Status.TRACKED)


class FrameColumns:
    """Per-frame results as packed columns: about 0.5 kB a frame."""

    def __init__(self) -> None:
        self._index = array("q")
        self._time_s = array("d")
        self._back = array("f")
        self._hands: dict[Hand, array[float]] = {hand: array("f") for hand in HANDS}
        self._thumbs: dict[Hand, array[float]] = {hand: array("d") for hand in HANDS}
        self._status: dict[Hand, array[int]] = {hand: array("b") for hand in HANDS}

    def __len__(self) -> int:
        return len(self._index)

    def append(self, result: FrameResult) -> None:
        """Add one frame."""
        self._index.append(result.index)
        self._time_s.append(result.time_s)
        blank_back = np.full(2 * len(BACK_LANDMARKS), np.nan)
        self._back.extend(blank_back if result.back_px is None else result.back_px.ravel())
        for hand in HANDS:
            seen, thumb = result.hands.get(hand), result.thumbs.get(hand)
            if seen is None or thumb is None:
                self._hands[hand].extend([np.nan] * _HAND_VALUES)
                self._thumbs[hand].extend([np.nan] * _THUMB_VALUES)
                self._status[hand].append(0)
                continue
            self._hands[hand].extend(seen.keypoints.ravel())
            self._hands[hand].append(seen.score)
            self._thumbs[hand].extend((*thumb.image_px, *thumb.back_cm, thumb.sigma_cm, thumb.palm_cm))
            self._status[hand].append(_STATUSES.index(thumb.status))

    @property
    def time_s(self) -> NDArray[np.float64]:
        """Seconds of each frame, shape (n,)."""
        return np.array(self._time_s, dtype=float)

    @property
    def index(self) -> NDArray[np.int64]:
        """Frame numbers, shape (n,)."""
        return np.array(self._index, dtype=np.int64)

    def track(self, hand: Hand) -> ThumbTrack:
        """Bridge and filter one thumb's path, and doubt it where the hand was not detected steadily.

        See `trainer.back.trajectory.build_track` and `trainer.back.steadiness`.
        """
        from trainer.back.steadiness import with_doubt
        from trainer.back.trajectory import build_track

        values = np.array(self._thumbs[hand], dtype=float).reshape(-1, _THUMB_VALUES)
        status = np.array([value.value for value in _STATUSES])[np.array(self._status[hand], dtype=int)]
        image_x, image_y, lateral, caudal, sigma, palm = values.T
        track = build_track(hand, self.time_s, image_x, image_y, lateral, caudal, sigma, status, palm_cm=palm)
        return with_doubt(track)

    def landmarks_frame(self) -> pd.DataFrame:
        """Return the long table of ``landmarks.parquet``; landmarks that were not seen have no row."""
        import pandas as pd

        # In pieces, so that an hour's worth of rows is held about once and not once per step of the work.
        starts = range(0, len(self), _PIECE_FRAMES)
        pieces = [self._landmarks_of(slice(start, start + _PIECE_FRAMES)) for start in starts]
        return pd.concat(pieces, ignore_index=True)

    def _landmarks_of(self, piece: slice) -> pd.DataFrame:
        import pandas as pd

        index, time_s = self.index[piece], self.time_s[piece]
        parts = []
        for hand in HANDS:
            values = np.frombuffer(self._hands[hand], dtype=np.float32).reshape(-1, _HAND_VALUES)[piece]
            points = values[:, :-1].reshape(len(values), -1, 2)
            parts.append(_long(index, time_s, f"hand_{hand}", HAND_KEYPOINTS, points, values[:, -1]))
        back = np.frombuffer(self._back, dtype=np.float32).reshape(len(self), -1, 2)[piece]
        parts.append(_long(index, time_s, "back", BACK_LANDMARKS, back, np.ones(len(back), dtype=np.float32)))
        table = pd.concat(parts, ignore_index=True)
        return table.sort_values("frame", kind="stable", ignore_index=True)


def _long(
    index: NDArray[np.int64],
    time_s: NDArray[np.float64],
    entity: str,
    names: tuple[str, ...],
    points: NDArray[np.float32],
    score: NDArray[np.float32],
) -> pd.DataFrame:
    import pandas as pd

    rows, columns = np.nonzero(np.isfinite(points).all(axis=2))
    entities = np.full(len(rows), _ENTITIES.index(entity), dtype=np.int8)
    keypoints = (columns + _KEYPOINTS.index(names[0])).astype(np.int8)
    return pd.DataFrame(
        {
            "frame": index[rows],
            "time_s": time_s[rows],
            "entity": pd.Categorical.from_codes(entities, dtype=pd.CategoricalDtype(list(_ENTITIES))),
            "keypoint": pd.Categorical.from_codes(keypoints, dtype=pd.CategoricalDtype(list(_KEYPOINTS))),
            "x": points[rows, columns, 0],
            "y": points[rows, columns, 1],
            "score": score[rows],
        }
    )
