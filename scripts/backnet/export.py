"""From the trained network to an ONNX file that onnxruntime reads, with weights in half precision."""

from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper
from torch import Tensor, nn

from scripts.backnet.model import INPUT_SIZE, BackLandmarkNet

OUTPUTS = ("points", "log_sigma", "in_frame", "presence", "spread")


class _Exported(nn.Module):
    """The run-time outputs: heatmaps are reduced to the spread of each (standard deviation per axis,
    0..1).
    """

    def __init__(self, net: BackLandmarkNet) -> None:
        super().__init__()
        self.net = net

    def forward(self, image: Tensor) -> tuple[Tensor, ...]:
        out = self.net(image)
        p = out["log_heatmap"].exp()
        dx = self.net.grid - out["points"][..., 0:1]
        dy = self.net.grid - out["points"][..., 1:2]
        spread = (((p.sum(2) * dx**2).sum(2) + (p.sum(3) * dy**2).sum(2)) / 2).clamp(min=1e-8).sqrt()
        return out["points"], out["log_sigma"], out["in_frame"], out["presence"], spread


def _halve(model: onnx.ModelProto) -> None:
    """Store large weights as float16 and cast them back on loading: half the file, the same arithmetic."""
    casts = []
    for weight in model.graph.initializer:
        array = numpy_helper.to_array(weight)
        if weight.data_type != onnx.TensorProto.FLOAT or array.size < 256:
            continue
        name = weight.name
        weight.CopyFrom(numpy_helper.from_array(array.astype(np.float16), name + "_half"))
        casts.append(helper.make_node("Cast", [name + "_half"], [name], to=onnx.TensorProto.FLOAT))
    nodes = list(model.graph.node)
    del model.graph.node[:]
    model.graph.node.extend(casts + nodes)


def export_onnx(net: BackLandmarkNet, path: Path) -> None:
    """Write the network; batch normalisation is folded into the convolutions by the exporter."""
    path.parent.mkdir(parents=True, exist_ok=True)
    module = _Exported(net.eval().to(memory_format=torch.contiguous_format))
    with torch.no_grad():
        torch.onnx.export(
            module,
            (torch.zeros(1, 3, INPUT_SIZE, INPUT_SIZE),),
            str(path),
            input_names=["image"],
            output_names=list(OUTPUTS),
            dynamic_axes={name: {0: "n"} for name in ("image", *OUTPUTS)},
            opset_version=17,
            dynamo=False,
        )
    model = onnx.load(path)
    _halve(model)
    model.doc_string = "Back landmarks of Pijat; order and units: trainer/perception/back_landmarks.py"
    onnx.checker.check_model(model)
    onnx.save(model, path)
