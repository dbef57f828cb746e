"""Examples kept for a while and seen several times: making one costs about as much as learning from it."""

import torch
from torch import Tensor


class Pool:
    """A ring of examples from which batches are drawn at random (Choi et al., 2019, arXiv:1907.05550).

    While the backbone rests, its features are kept instead of being computed again.

    Parameters
    ----------
    size : int
        Examples held; the oldest go first.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self._rows: list[tuple[Tensor, ...]] = []
        self._next = 0

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, *columns: Tensor) -> None:
        """Add the rows of a batch."""
        for row in zip(*columns, strict=True):
            kept = tuple(t.clone() for t in row)
            if len(self._rows) < self.size:
                self._rows.append(kept)
            else:
                self._rows[self._next] = kept
            self._next = (self._next + 1) % self.size

    def draw(self, count: int) -> list[Tensor]:
        """Draw a batch, all different."""
        chosen = torch.randperm(len(self._rows))[:count].tolist()
        return [torch.stack(column) for column in zip(*(self._rows[i] for i in chosen), strict=True)]

    def clear(self) -> None:
        """Forget everything."""
        self._rows, self._next = [], 0
