"""A small temporal network on windows of fingertip positions, for `scripts.evaluate_fingertips`."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

Floats = NDArray[np.float64]
_MIRRORED = np.array([0, 2, 1, 3])


class _Net(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv1d(5, 32, 3, padding=1)
        self.blocks = nn.ModuleList(nn.Conv1d(32, 32, 3, padding=d, dilation=d) for d in (1, 2, 4))
        self.mix = nn.ModuleList(nn.Conv1d(32, 32, 1) for _ in range(3))
        self.head = nn.Linear(64, 4)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.stem(x)
        for block, mix in zip(self.blocks, self.mix, strict=True):
            x = x + mix(torch.relu(block(x)))
        x = torch.relu(x)
        answer: torch.Tensor = self.head(torch.cat([x.mean(2), x.amax(2)], 1))
        return answer


def _rows(points: Floats) -> torch.Tensor:
    step = np.diff(points, axis=1)
    speed = np.hypot(step[..., 0], step[..., 1])[..., None]
    # Steps, their logarithmic size and their sense of turning: the features of the recogniser on another clock.
    cross = np.zeros_like(speed)
    cross[:, 1:, 0] = step[:, :-1, 0] * step[:, 1:, 1] - step[:, :-1, 1] * step[:, 1:, 0]
    sense = cross / (np.roll(speed, 1, 1) * speed + 1e-5)
    out = np.concatenate([step / 0.05, np.log(speed + 2e-3) / 2 + 2, sense, np.tanh(cross / 1e-3)], 2)
    return torch.from_numpy(out.transpose(0, 2, 1).astype(np.float32))


def network_probabilities(
    points: Floats, labels: NDArray[np.int64], test: Floats, seed: int, steps: int
) -> Floats:
    """Train on windows mirrored, turned, scaled and reversed at random; return what it says of other windows.

    Parameters
    ----------
    points, test : ndarray, shape (n, 16, 2)
        Windows to learn from, and to read; heights of the picture.
    labels : ndarray of int, shape (n,)
        0 stop, 1 clockwise, 2 counter-clockwise, 3 move.
    seed, steps : int
        Of the training.

    Returns
    -------
    ndarray, shape (len(test), 4)
    """
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    rng = np.random.default_rng(seed)

    net = _Net()
    optimiser = torch.optim.AdamW(net.parameters(), 4e-3, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 4e-3, total_steps=steps)
    for _ in range(steps):
        index = rng.integers(0, len(labels), 128)
        some, kinds = points[index].copy(), labels[index].copy()
        flip = rng.random(128) < 0.5
        some[flip, :, 0] *= -1
        kinds[flip] = _MIRRORED[kinds[flip]]
        back = rng.random(128) < 0.3
        some[back] = some[back, ::-1]
        kinds[back] = _MIRRORED[kinds[back]]
        angle = rng.normal(0, 0.4, 128)
        turn = np.stack([np.cos(angle), -np.sin(angle), np.sin(angle), np.cos(angle)], 1).reshape(-1, 2, 2)
        some = np.einsum("nij,ntj->nti", turn, some) * np.exp(rng.normal(0, 0.12, (128, 1, 1)))
        loss = nn.functional.cross_entropy(net(_rows(some)), torch.from_numpy(kinds), label_smoothing=0.05)
        optimiser.zero_grad()
        torch.autograd.backward(loss)
        optimiser.step()
        schedule.step()
    with torch.no_grad():
        return np.asarray(torch.softmax(net(_rows(test)), 1).numpy(), np.float64)
