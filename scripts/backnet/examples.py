"""Training examples without end, as tensors: augmented renders, and pictures of nothing between them."""

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import IterableDataset

from scripts.backnet.augment import augment, degrade
from scripts.backnet.data import read_samples
from scripts.backnet.textures import Nothings, plain_texture

Labelled = tuple[Tensor, Tensor, Tensor, Tensor]
"""Picture (3, 128, 128), landmarks (12, 2) in 0..1 with -1 for unknown, which lie inside (12,), presence or NaN."""


class Endless(IterableDataset[Labelled]):
    """Examples for ever: after one in six comes a picture of nothing."""

    def __init__(self, folders: list[Path], seed: int, easy_until: int) -> None:
        self.folders, self.seed, self.easy_until = folders, seed, easy_until

    def __iter__(self) -> Iterator[Labelled]:
        cv2.setNumThreads(1)
        rng = np.random.default_rng(self.seed)
        donor, nothings = plain_texture(rng), Nothings(rng)
        given = 0
        while True:
            samples = [s for folder in self.folders for s in read_samples(folder)]
            # pictures without a back are a seventh of the renders and must count for more
            samples += [s for s in samples if not s.is_back or s.facing < 0.02] * 2
            for i in rng.permutation(len(samples)):
                ease = max(0.0, 1.0 - given / self.easy_until) if self.easy_until else 0.0
                if rng.random() < 0.3:
                    donor = nothings.draw()
                example = augment(rng, samples[i], donor, ease)
                given += 1
                yield _tensors(example.image, example.points, example.inside, example.presence)
                if rng.random() < 0.5:
                    donor = example.image
                if rng.random() < 0.16:
                    empty = degrade(rng, nothings.draw())
                    yield _tensors(empty, np.full((12, 2), np.nan, np.float32), np.zeros(12, bool), 0.0)


def _tensors(
    image: NDArray[np.uint8], points: NDArray[np.float32], inside: NDArray[np.bool_], presence: float
) -> Labelled:
    return (
        torch.from_numpy(np.ascontiguousarray(image.transpose(2, 0, 1))),
        torch.from_numpy(np.nan_to_num(points, nan=-1.0)),
        torch.from_numpy(np.asarray(inside)),
        torch.tensor(presence, dtype=torch.float32),
    )
