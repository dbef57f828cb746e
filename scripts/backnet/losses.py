"""What the back-landmark network is trained to make small."""

import torch
from torch import Tensor
from torch.nn import functional as F

from scripts.backnet.model import HEATMAP_SIZE, INPUT_SIZE

TARGET_CELLS = 1.1
"""Spread of the heatmap the network is asked for, in cells."""


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
