"""The back-landmark network: one square picture in; landmarks, their uncertainty and presence out.

A backbone that knows photographs (`backnet.backbone`), and a light decoder of plain convolutions from its
strides 16, 8 and 4 up to heatmaps.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from scripts.backnet.backbone import CHANNELS, Backbone

INPUT_SIZE = 128
"""Side of the square input, px."""
HEATMAP_SIZE = 32
"""Side of the heatmaps, cells of 4 px."""
N_LANDMARKS = 12
FROZEN_BLOCKS = 6
"""Stem and blocks down to the first at stride 16 stay as ImageNet left them: the edges and textures of photographs."""
_LOG_CELLS = 6.931
"""Natural log of the number of cells, the largest entropy a heatmap can have."""


def _conv(inputs: int, outputs: int, size: int = 3) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, size, 1, size // 2, bias=False), nn.BatchNorm2d(outputs), nn.ReLU()
    )


class _Residual(nn.Module):
    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = _conv(channels, channels)
        self.second = nn.Sequential(
            nn.Conv2d(channels, channels, 3, 1, 1, bias=False), nn.BatchNorm2d(channels)
        )

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(x + self.second(self.first(x)))


class BackLandmarkNet(nn.Module):
    """Heatmaps read by soft-argmax, with a learned uncertainty for every landmark.

    The picture enters as RGB 0 to 255. `forward` returns a dictionary of tensors (batch first):
    ``points`` (12, 2) in 0..1 of the input square, ``log_sigma`` (12,) natural log of the standard
    deviation per axis in the same unit, ``in_frame`` (12,) logits, ``presence`` () logit, ``log_heatmap``
    (12, 32, 32).
    """

    grid: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.backbone = Backbone(FROZEN_BLOCKS)
        fine, middle, deep = CHANNELS
        self.deep = nn.Sequential(nn.Dropout2d(0.1), _conv(deep, 128, 1), _Residual(128))  # 8 x 8
        self.lift = _conv(128, 80, 1)
        self.skip1 = _conv(middle, 80, 1)
        self.mix1 = nn.Sequential(_conv(80, 80), _conv(80, 56))  # 16 x 16
        self.skip0 = _conv(fine, 56, 1)
        self.mix0 = _conv(56, 40)  # 32 x 32
        self.heat = nn.Conv2d(40, N_LANDMARKS, 1)
        self.whole = nn.Linear(128 + deep, 64)
        self.name = nn.Parameter(torch.randn(N_LANDMARKS, 8) * 0.1)
        self.local = nn.Sequential(nn.Linear(40 + 64 + 8 + 1, 64), nn.ReLU(), nn.Linear(64, 2))
        self.presence = nn.Linear(64, 1)
        grid = (torch.arange(HEATMAP_SIZE, dtype=torch.float32) + 0.5) / HEATMAP_SIZE
        self.register_buffer("grid", grid, persistent=False)

    def forward(self, image: Tensor) -> dict[str, Tensor]:
        """Read one batch of pictures, shape (n, 3, 128, 128), RGB 0 to 255."""
        return self.decode(self.backbone(image))

    def decode(self, features: list[Tensor]) -> dict[str, Tensor]:
        """Read what the backbone saw."""
        x0, x1, x2 = features
        deep = self.deep(x2)
        y = F.interpolate(self.lift(deep), scale_factor=2.0, mode="nearest") + self.skip1(x1)
        y = F.interpolate(self.mix1(y), scale_factor=2.0, mode="nearest") + self.skip0(x0)
        y = self.mix0(y)
        # the reading of the heatmaps stays in single precision: bfloat16 cannot place a point to 1/1000
        flat = self.heat(y).float().flatten(2)
        log_p = F.log_softmax(flat, dim=2)
        p = log_p.exp()
        maps = p.view(-1, N_LANDMARKS, HEATMAP_SIZE, HEATMAP_SIZE)
        px = (maps.sum(2) * self.grid).sum(2)
        py = (maps.sum(3) * self.grid).sum(2)
        # sigma describes where the heatmaps look; it must not move them, so nothing flows back
        entropy = -(p * log_p).sum(2, keepdim=True).detach() / _LOG_CELLS
        seen = torch.matmul(p.detach(), y.float().detach().flatten(2).transpose(1, 2))
        whole = F.relu(self.whole(torch.cat([deep.float().mean((2, 3)), x2.float().mean((2, 3))], 1)))
        n = seen.shape[0]
        about = torch.cat(
            [
                seen,
                whole.unsqueeze(1).expand(n, N_LANDMARKS, 64),
                self.name.unsqueeze(0).expand(n, N_LANDMARKS, 8),
                entropy,
            ],
            2,
        )
        local = self.local(about).float()
        return {
            "points": torch.stack([px, py], 2),
            "log_sigma": local[:, :, 0] - 3.5,
            "in_frame": local[:, :, 1],
            "presence": self.presence(whole).float()[:, 0],
            "log_heatmap": log_p.view(-1, N_LANDMARKS, HEATMAP_SIZE, HEATMAP_SIZE),
        }
