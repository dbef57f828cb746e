"""Training of the back-landmark network on a CPU; it can stop and go on."""

import logging
import math
import time
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor
from torch.utils.data import DataLoader

from scripts.backnet.backbone import load_imagenet
from scripts.backnet.examples import Endless
from scripts.backnet.losses import loss_of
from scripts.backnet.model import INPUT_SIZE, BackLandmarkNet
from scripts.backnet.pool import Pool

LOG = logging.getLogger("train_back_landmarks")
_WARM_UP_STEPS = 200
_LOG_EVERY, _SAVE_EVERY = 50, 300


@dataclass(frozen=True)
class Recipe:
    """How to train.

    Attributes
    ----------
    minutes : float
        Wall-clock limit; the rate falls to zero at its end.
    steps : int or None
        Stop after so many steps instead.
    easy : int
        Pictures over which the examples grow hard.
    batch, echo, pool : int
        Examples a step; times an example is used on average; examples kept for that.
    rate, backbone_share : float
        Learning rate, and the backbone's over the decoder's.
    rest : float
        Share of the time in which only the decoder learns.
    seed : int
        Everything random comes from it.
    """

    minutes: float
    steps: int | None
    easy: int
    batch: int
    echo: int
    pool: int
    rate: float
    backbone_share: float
    rest: float
    seed: int

    def rate_at(self, steps: int, share: float) -> float:
        """Return the learning rate after so many steps of this run, a share of it in 0..1 being over."""
        warmth = min(1.0, (steps + 1) / _WARM_UP_STEPS)
        return self.rate * warmth * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * share)))


class Training:
    """A network that learns, the exponential mean of its weights, and how far it has come."""

    def __init__(self, recipe: Recipe) -> None:
        torch.manual_seed(recipe.seed)
        self.recipe = recipe
        self.net = BackLandmarkNet().to(memory_format=torch.channels_last)
        self.mean = BackLandmarkNet()
        self.step = 0
        self._known = [p for p in self.net.backbone.parameters() if p.requires_grad]
        self._new = [p for name, p in self.net.named_parameters() if not name.startswith("backbone.")]
        # what ImageNet taught moves slowly: renders must not overwrite it
        self._optimiser = torch.optim.AdamW(
            [{"params": self._known, "share": recipe.backbone_share}, {"params": self._new, "share": 1.0}],
            lr=recipe.rate,
            weight_decay=0.02,
        )
        self._running: dict[str, float] = {}

    def begin(self) -> None:
        """Start from the weights that have seen photographs."""
        load_imagenet(self.net.backbone)
        self.mean.load_state_dict(self.net.state_dict())

    def resume(self, checkpoint: Path) -> None:
        """Go on from what `save` wrote."""
        state = torch.load(checkpoint, weights_only=True)
        self.net.load_state_dict(state["net"])
        self.mean.load_state_dict(state["mean"])
        self._optimiser.load_state_dict(state["optimiser"])
        self.step = int(state["step"])

    def save(self, checkpoint: Path) -> None:
        """Write all that going on needs."""
        state = {
            "net": self.net.state_dict(),
            "mean": self.mean.state_dict(),
            "optimiser": self._optimiser.state_dict(),
            "step": self.step,
        }
        torch.save(state, checkpoint)

    def run(self, folders: list[Path], checkpoint: Path) -> None:
        """Train until the limit of the recipe, saving now and then."""
        recipe = self.recipe
        examples = Endless(folders, recipe.seed + self.step, recipe.easy)
        loader = DataLoader(examples, max(1, recipe.batch // recipe.echo), num_workers=1, prefetch_factor=8)
        pool = Pool(recipe.pool)
        began, first = time.monotonic(), self.step
        self.net.train()
        for batch in loader:
            minutes, steps = (time.monotonic() - began) / 60, self.step - first
            share = min(1.0, steps / recipe.steps if recipe.steps else minutes / recipe.minutes)
            self._fill(pool, batch, rests=share < recipe.rest)
            if len(pool) < 8 * recipe.batch:
                continue
            rate = recipe.rate_at(steps, share)
            self._learn(pool.draw(recipe.batch), rate)
            if self.step % _LOG_EVERY == 0:
                parts = " ".join(f"{k} {v:.3f}" for k, v in self._running.items())
                LOG.info("%6d %6.1f min rate %.5f %s", self.step, minutes, rate, parts)
            if self.step % _SAVE_EVERY == 0 or share >= 1.0:
                self.save(checkpoint)
            if share >= 1.0:
                return

    def _fill(self, pool: Pool, batch: list[Tensor], *, rests: bool) -> None:
        """Keep new examples: while the backbone rests what it sees in them, else the pictures."""
        backbone = self.net.backbone
        if rests != backbone.resting:  # kept features and kept pictures do not mix
            backbone.resting = rests
            pool.clear()
        image, *labels = batch
        if rests:
            with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
                given = [f.bfloat16() for f in backbone(_pixels(image))]
        else:
            given = [image]
        pool.add(*given, *labels)

    def _learn(self, batch: list[Tensor], rate: float) -> None:
        """Take one step."""
        *given, points, inside, presence = batch
        for group in self._optimiser.param_groups:
            group["lr"] = rate * group["share"]
        with torch.autocast("cpu", torch.bfloat16):
            if self.net.backbone.resting:
                out = self.net.decode([f.to(memory_format=torch.channels_last) for f in given])
            else:
                out = self.net(_pixels(given[0]))
        losses = loss_of(out, points, inside, presence)
        self._optimiser.zero_grad(set_to_none=True)
        torch.autograd.backward(sum(losses.values(), torch.zeros(())))
        torch.nn.utils.clip_grad_norm_(self._known + self._new, 5.0)
        self._optimiser.step()
        self.step += 1
        with torch.no_grad():
            if self.step % 4 == 0:
                self._average(min(0.992, self.step / (self.step + 80)))
            good = inside & (presence.nan_to_num(nan=0.0)[:, None] > 0.5)
            miss = (out["points"] - points).norm(dim=2)[good].median() * INPUT_SIZE
        for name, value in {**losses, "median_px": miss}.items():
            seen = float(value.detach())
            self._running[name] = 0.98 * self._running.get(name, seen) + 0.02 * seen

    def _average(self, keep: float) -> None:
        for a, b in zip(self.mean.state_dict().values(), self.net.state_dict().values(), strict=True):
            a.copy_(a * keep + b * (1 - keep) if a.is_floating_point() else b)


def _pixels(image: Tensor) -> Tensor:
    return image.float().to(memory_format=torch.channels_last)
