"""The network: one trunk of bounded look-ahead, read directly for coaching and with more context for the record.

Dilated residual convolutions over time as in MS-TCN (Y. A. Farha, J. Gall, CVPR 2019), much smaller, with
asymmetric padding that says how far into the future each layer looks.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from trainer.strokes.features import FEATURES, Kind


@dataclass(frozen=True)
class Shape:
    """Layers of the network.

    Attributes
    ----------
    channels : int
        Of every hidden layer.
    stem_ahead : int
        Samples of future seen by the first layer, whose kernel is 5.
    trunk, record : tuple of (dilation, ahead)
        Residual blocks with kernel 3; `ahead` samples of future each.
    """

    channels: int = 32
    stem_ahead: int = 2
    trunk: tuple[tuple[int, int], ...] = ((1, 1), (2, 2), (4, 4), (8, 0), (4, 4), (16, 0), (32, 0))
    record: tuple[tuple[int, int], ...] = ((4, 4), (8, 8), (16, 16), (32, 32))

    @property
    def look_ahead(self) -> int:
        """Samples of future that the coaching reading needs."""
        return self.stem_ahead + sum(ahead for _, ahead in self.trunk)


class _Block(nn.Module):
    def __init__(self, channels: int, dilation: int, ahead: int) -> None:
        super().__init__()
        self.pads = (2 * dilation - ahead, ahead)
        self.wide = nn.Conv1d(channels, channels, 3, dilation=dilation)
        self.mix = nn.Conv1d(channels, channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        inner: Tensor = self.wide(nn.functional.pad(x, self.pads))
        mixed: Tensor = self.mix(torch.relu(inner))
        return x + mixed


class StrokeNet(nn.Module):
    """Features (batch, inputs, n) to logits (batch, 7, n): record and coach."""

    def __init__(self, shape: Shape | None = None, inputs: int = len(FEATURES)) -> None:
        super().__init__()
        self.shape = shape or Shape()
        width = self.shape.channels
        self.stem = nn.Conv1d(inputs, width, 5)
        self.trunk = nn.ModuleList(_Block(width, d, a) for d, a in self.shape.trunk)
        self.record = nn.ModuleList(_Block(width, d, a) for d, a in self.shape.record)
        self.coach_head = nn.Conv1d(width, len(Kind), 1)
        self.record_head = nn.Conv1d(width, len(Kind), 1)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Return logits of both readings; features beyond those it was made for are passed over."""
        ahead = self.shape.stem_ahead
        x = x[:, : self.stem.in_channels]
        x = self.stem(nn.functional.pad(x, (4 - ahead, ahead)))
        for block in self.trunk:
            x = block(x)
        coach: Tensor = self.coach_head(torch.relu(x))
        for block in self.record:
            x = block(x)
        record: Tensor = self.record_head(torch.relu(x))
        return record, coach
