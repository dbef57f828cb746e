"""Fitting the network to labelled tracks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor, nn

from trainer.strokes.training.net import Shape, StrokeNet
from trainer.strokes.training.samples import IGNORED, LabelledTrack, crops


@dataclass(frozen=True)
class Recipe:
    """How to train.

    Attributes
    ----------
    steps, batch, length : int
        Optimiser steps, crops a step, samples a crop.
    rate : float
        Peak of the learning rate (one cycle, AdamW).
    smoothing : float
        Weight of the truncated squared difference of neighbouring log-probabilities (MS-TCN's smoothing loss).
    seed : int
        Of weights and crops.
    shape : Shape
        Of a new network.
    anchor : float
        When going on from given weights: pull towards them (L2-SP, X. Li et al., ICML 2018).
    """

    steps: int = 3000
    batch: int = 16
    length: int = 500
    rate: float = 3e-3
    smoothing: float = 0.1
    seed: int = 1
    shape: Shape = field(default_factory=Shape)
    anchor: float = 0.0


def _loss(logits: Tensor, labels: Tensor, smoothing: float) -> Tensor:
    cross = nn.functional.cross_entropy(logits, labels, ignore_index=IGNORED)
    log_p = nn.functional.log_softmax(logits, 1)
    jump = (log_p[:, :, 1:] - log_p[:, :, :-1].detach()).clamp(-4, 4)
    return cross + smoothing * (jump**2).mean()


def fit(
    tracks: Sequence[LabelledTrack],
    recipe: Recipe,
    start_from: StrokeNet | None = None,
    report: Callable[[int, float], None] | None = None,
) -> StrokeNet:
    """Train on tracks; the same tracks and recipe give the same weights on the same machine and torch.

    Parameters
    ----------
    tracks : sequence of LabelledTrack
        To train on.
    recipe : Recipe
        How.
    start_from : StrokeNet, optional
        Weights to go on from.
    report : callable, optional
        Gets the step and the mean loss every hundred steps.
    """
    torch.manual_seed(recipe.seed)
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    rng = np.random.default_rng(recipe.seed)
    net = start_from if start_from is not None else StrokeNet(recipe.shape)
    optimiser = torch.optim.AdamW(net.parameters(), lr=recipe.rate, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, recipe.rate, total_steps=recipe.steps, pct_start=0.1
    )
    origin = [parameter.detach().clone() for parameter in net.parameters()]
    running = 0.0
    for step in range(recipe.steps):
        rows, labels = crops(tracks, recipe.length, recipe.batch, rng)
        record, coach = net(torch.from_numpy(rows))
        target = torch.from_numpy(labels)
        loss = _loss(record, target, recipe.smoothing) + 0.5 * _loss(coach, target, recipe.smoothing)
        if recipe.anchor > 0:
            pull = [((p - p0) ** 2).sum() for p, p0 in zip(net.parameters(), origin, strict=True)]
            loss = loss + recipe.anchor * torch.stack(pull).sum()
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        running += float(loss.detach())
        if report is not None and (step + 1) % 100 == 0:
            report(step + 1, running / 100)
            running = 0.0
    return net


def temperatures(net: StrokeNet, tracks: Sequence[LabelledTrack]) -> dict[str, float]:
    """Return the temperature of each reading that makes held-out probabilities honest (Guo et al., ICML 2017)."""
    found: dict[str, float] = {}
    with torch.no_grad():
        outputs = [
            (net(torch.from_numpy(track.rows)[None]), torch.from_numpy(track.labels.astype(np.int64)))
            for track in tracks
        ]
    for index, name in enumerate(("record", "coach")):
        logits = torch.cat([both[index][0].T for both, _ in outputs])
        labels = torch.cat([labels for _, labels in outputs])
        logits, labels = logits[labels != IGNORED], labels[labels != IGNORED]
        grid = np.exp(np.linspace(np.log(0.5), np.log(3.0), 60))
        losses = [float(nn.functional.cross_entropy(logits / t, labels)) for t in grid]
        found[name] = float(grid[int(np.argmin(losses))])
    return found
