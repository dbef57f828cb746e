"""Train models/back_landmarks.onnx on rendered pictures.

    python -m scripts.render_back_landmarks OUT --seed 0 --scenes 1200      # the pictures (hours on one core)
    python -m scripts.train_back_landmarks OUT --out models/back_landmarks.onnx --minutes 60

The folder may grow while training goes on: it is read again at the start of every pass. Interrupted
training goes on from the checkpoint beside the model. Everything random comes from ``--seed``; two runs
differ only in how many steps fit into the time limit.
"""

import argparse
import logging
import time
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F
from torch.utils.data import DataLoader, IterableDataset

from scripts.backnet.augment import augment, degrade
from scripts.backnet.backbone import load_imagenet
from scripts.backnet.data import Sample, read_samples
from scripts.backnet.export import export_onnx
from scripts.backnet.model import HEATMAP_SIZE, INPUT_SIZE, BackLandmarkNet
from scripts.backnet.pool import Pool
from scripts.backnet.textures import Nothings, plain_texture

LOG = logging.getLogger("train_back_landmarks")
TARGET_CELLS = 1.1
"""Spread of the heatmap the network is asked for, in cells."""


class Endless(IterableDataset):  # type: ignore[type-arg]
    """Examples for ever: after one in six comes a picture of nothing."""

    def __init__(self, folders: list[Path], seed: int, easy_until: int) -> None:
        self.folders, self.seed, self.easy_until = folders, seed, easy_until

    def __iter__(self):  # noqa: ANN204
        cv2.setNumThreads(1)
        rng = np.random.default_rng(self.seed)
        donor, nothings = plain_texture(rng), Nothings(rng)
        given = 0
        while True:
            samples: list[Sample] = [s for folder in self.folders for s in read_samples(folder)]
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


def _pixels(image: Tensor) -> Tensor:
    return image.float().to(memory_format=torch.channels_last)


def _tensors(image, points, inside, presence):  # noqa: ANN001, ANN202
    return (
        torch.from_numpy(np.ascontiguousarray(image.transpose(2, 0, 1))),
        torch.from_numpy(np.nan_to_num(points, nan=-1.0)),
        torch.from_numpy(np.asarray(inside)),
        torch.tensor(presence, dtype=torch.float32),
    )


def loss_of(out: dict[str, Tensor], points: Tensor, inside: Tensor, presence: Tensor) -> dict[str, Tensor]:
    """Heatmap cross-entropy, distance, likelihood of the error under the stated sigma, in-frame and presence.

    Landmarks of pictures whose back is absent or doubtful do not count. The likelihood does not pull on
    the points (their error is detached): sigma describes them, and hard pictures keep their weight in the
    distance.
    """
    counts = (inside & (presence.nan_to_num(nan=0.0)[:, None] > 0.5)).float()
    total = counts.sum().clamp(min=1.0)
    cells = points * HEATMAP_SIZE - 0.5
    axis = torch.arange(HEATMAP_SIZE, dtype=torch.float32)
    gx = torch.exp(-((axis - cells[..., 0:1]) ** 2) / (2 * TARGET_CELLS**2))
    gy = torch.exp(-((axis - cells[..., 1:2]) ** 2) / (2 * TARGET_CELLS**2))
    gx, gy = gx / gx.sum(-1, keepdim=True).clamp(min=1e-6), gy / gy.sum(-1, keepdim=True).clamp(min=1e-6)
    # the target is a product of two lines, so its cross-entropy needs no 24 x 24 target in memory
    heat = -torch.einsum("nkyx,nky,nkx->nk", out["log_heatmap"], gy, gx)
    delta = (out["points"] - points) * INPUT_SIZE
    distance = F.smooth_l1_loss(delta, torch.zeros_like(delta), reduction="none", beta=2.0).sum(-1)
    sigma = out["log_sigma"].clamp(-7.0, 0.0)
    error = (out["points"].detach() - points).abs().sum(-1)
    b = sigma - 0.3466  # a Laplace law has sigma = sqrt(2) b
    likelihood = error * torch.exp(-b) + 2 * b
    frame_known = (presence.nan_to_num(nan=0.0) > 0.5)[:, None].expand_as(inside)
    frame = F.binary_cross_entropy_with_logits(out["in_frame"], inside.float(), reduction="none")
    known = ~presence.isnan()
    there = F.binary_cross_entropy_with_logits(
        out["presence"], presence.nan_to_num(nan=0.0), reduction="none"
    )
    return {
        "heat": (heat * counts).sum() / total,
        "distance": 0.08 * (distance * counts).sum() / total,
        "likelihood": 0.15 * (likelihood * counts).sum() / total,
        "frame": 0.3 * (frame * frame_known).sum() / frame_known.sum().clamp(min=1),
        "presence": 0.7 * (there * known).sum() / known.sum().clamp(min=1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", type=Path, nargs="+", help="folders of scripts/render_back_landmarks.py")
    parser.add_argument("--out", type=Path, default=Path("models/back_landmarks.onnx"))
    parser.add_argument("--checkpoint", type=Path, default=Path("back_landmarks.pt"))
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoint")
    parser.add_argument(
        "--minutes", type=float, default=60.0, help="wall-clock limit; the rate falls to zero at its end"
    )
    parser.add_argument("--steps", type=int, default=None, help="stop after so many steps instead")
    parser.add_argument("--easy", type=int, default=40_000, help="pictures over which it grows hard")
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--echo", type=int, default=4, help="times an example is used on average")
    parser.add_argument("--pool", type=int, default=4096, help="examples kept for that")
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--backbone-share", type=float, default=0.1, help="its rate over the decoder's")
    parser.add_argument(
        "--rest", type=float, default=0.25, help="share of the time in which only the decoder learns"
    )
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--export-only", action="store_true")
    args = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    net = BackLandmarkNet().to(memory_format=torch.channels_last)
    mean = BackLandmarkNet()
    known = [p for p in net.backbone.parameters() if p.requires_grad]
    new = [p for name, p in net.named_parameters() if not name.startswith("backbone.")]
    # what ImageNet taught moves slowly: renders must not overwrite it
    optimiser = torch.optim.AdamW(
        [{"params": known, "share": args.backbone_share}, {"params": new, "share": 1.0}],
        lr=args.rate,
        weight_decay=0.02,
    )
    step = 0
    if args.resume or args.export_only:
        state = torch.load(args.checkpoint, weights_only=True)
        net.load_state_dict(state["net"])
        mean.load_state_dict(state["mean"])
        optimiser.load_state_dict(state["optimiser"])
        step = int(state["step"])
    else:
        load_imagenet(net.backbone)
        mean.load_state_dict(net.state_dict())
    if args.export_only:
        export_onnx(mean, args.out)
        return
    fresh = max(1, args.batch // args.echo)
    loader = DataLoader(
        Endless(args.folders, args.seed + step, args.easy), fresh, num_workers=1, prefetch_factor=8
    )
    pool = Pool(args.pool)
    began, first, running = time.monotonic(), step, {}
    net.train()
    for batch in loader:
        spent = (time.monotonic() - began) / 60 / args.minutes
        share = min(1.0, (step - first) / args.steps if args.steps else spent)
        rests = share < args.rest
        if rests != net.backbone.resting:  # kept features and kept pictures do not mix
            net.backbone.resting = rests
            pool.clear()
        image, *labels = batch
        if rests:
            with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
                given = [f.bfloat16() for f in net.backbone(_pixels(image))]
        else:
            given = [image]
        pool.add(*given, *labels)
        if len(pool) < 8 * args.batch:
            continue
        *given, points, inside, presence = pool.draw(args.batch)
        rate = (
            args.rate
            * min(1.0, (step - first + 1) / 200)
            * float(0.02 + 0.98 * 0.5 * (1 + np.cos(np.pi * share)))
        )
        for group in optimiser.param_groups:
            group["lr"] = rate * group["share"]
        with torch.autocast("cpu", torch.bfloat16):
            features = [f.to(memory_format=torch.channels_last) for f in given] if rests else None
            out = net.decode(features) if features else net(_pixels(given[0]))
        losses = loss_of(out, points, inside, presence)
        optimiser.zero_grad(set_to_none=True)
        sum(losses.values(), torch.zeros(())).backward()
        torch.nn.utils.clip_grad_norm_(known + new, 5.0)
        optimiser.step()
        step += 1
        if step % 4 == 0:
            keep = min(0.992, step / (step + 80))
            with torch.no_grad():
                for a, b in zip(mean.state_dict().values(), net.state_dict().values(), strict=True):
                    a.copy_(b if not a.is_floating_point() else a * keep + b * (1 - keep))
        with torch.no_grad():
            good = inside & (presence.nan_to_num(nan=0.0)[:, None] > 0.5)
            miss = (out["points"] - points).norm(dim=2)[good].median() * INPUT_SIZE
        for name, value in {**losses, "median_px": miss}.items():
            running[name] = 0.98 * running.get(name, float(value.detach())) + 0.02 * float(value.detach())
        if step % 50 == 0:
            parts = " ".join(f"{k} {v:.3f}" for k, v in running.items())
            LOG.info("%6d %6.1f min rate %.5f %s", step, (time.monotonic() - began) / 60, rate, parts)
        finished = share >= 1.0
        if step % 300 == 0 or finished:
            torch.save(
                {
                    "net": net.state_dict(),
                    "mean": mean.state_dict(),
                    "optimiser": optimiser.state_dict(),
                    "step": step,
                },
                args.checkpoint,
            )
        if finished:
            break
    export_onnx(mean, args.out)


if __name__ == "__main__":
    main()
