"""Between the trained network and its ONNX file, written node by node so that the file depends on nothing else."""

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from trainer.errors import PijatError
from trainer.files import write_atomically
from trainer.language import Text
from trainer.strokes.features import FEATURES, Kind
from trainer.strokes.grid import GRID_HZ
from trainer.strokes.training.net import Shape, StrokeNet

_OPSET = 17


def save_onnx(
    net: StrokeNet, path: Path, temperatures: Mapping[str, float], facts: Mapping[str, str] | None = None
) -> None:
    """Write the network with its temperatures folded in; weights in half precision, arithmetic in single.

    Parameters
    ----------
    net : StrokeNet
        Trained.
    path : Path
        To write.
    temperatures : mapping of str to float
        Of ``record`` and ``coach``: logits are divided by them.
    facts : mapping, optional
        More to say in the file's metadata.
    """
    nodes: list[onnx.NodeProto] = []
    weights: list[onnx.TensorProto] = []

    def weight(name: str, values: np.ndarray) -> str:
        weights.append(numpy_helper.from_array(values.astype(np.float16), f"{name}.half"))
        nodes.append(helper.make_node("Cast", [f"{name}.half"], [name], to=TensorProto.FLOAT))
        return name

    def conv(
        layer: torch.nn.Conv1d, name: str, source: str, pads: tuple[int, int], scale: float = 1.0
    ) -> str:
        kernel = layer.weight.detach().numpy() * scale
        assert layer.bias is not None
        bias = layer.bias.detach().numpy() * scale
        inputs = [source, weight(f"{name}.weight", kernel), weight(f"{name}.bias", bias)]
        nodes.append(
            helper.make_node(
                "Conv",
                inputs,
                [f"{name}.out"],
                dilations=list(layer.dilation),
                kernel_shape=list(layer.kernel_size),
                pads=list(pads),
            )
        )
        return f"{name}.out"

    def relu(source: str) -> str:
        nodes.append(helper.make_node("Relu", [source], [f"{source}.relu"]))
        return f"{source}.relu"

    def block(module: torch.nn.Module, name: str, source: str) -> str:
        wide = conv(module.wide, f"{name}.wide", source, module.pads)  # type: ignore[arg-type]
        mix = conv(module.mix, f"{name}.mix", relu(wide), (0, 0))  # type: ignore[arg-type]
        nodes.append(helper.make_node("Add", [source, mix], [f"{name}.sum"]))
        return f"{name}.sum"

    def head(layer: torch.nn.Conv1d, name: str, source: str) -> None:
        logits = conv(layer, f"{name}_head", relu(source), (0, 0), 1.0 / temperatures[name])
        nodes.append(helper.make_node("Softmax", [logits], [name], axis=1))

    ahead, taught = net.shape.stem_ahead, net.stem.in_channels
    x = conv(net.stem, "stem", "features", (4 - ahead, ahead))
    for i, module in enumerate(net.trunk):
        x = block(module, f"trunk.{i}", x)
    head(net.coach_head, "coach", x)
    for i, module in enumerate(net.record):
        x = block(module, f"record.{i}", x)
    head(net.record_head, "record", x)
    inputs = [helper.make_tensor_value_info("features", TensorProto.FLOAT, [1, taught, "n"])]
    outputs = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, len(Kind), "n"])
        for name in ("record", "coach")
    ]
    graph = helper.make_graph(nodes, "pijat_strokes", inputs, outputs, weights)
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", _OPSET)], producer_name="pijat-trainer"
    )
    model.ir_version = 9
    shape = net.shape
    helper.set_model_props(
        model,
        {
            "features": json.dumps(FEATURES[:taught]),
            "kinds": json.dumps([kind.name for kind in Kind]),
            "grid_hz": json.dumps(GRID_HZ),
            "look_ahead": str(shape.look_ahead),
            "shape": json.dumps([shape.channels, shape.stem_ahead, shape.trunk, shape.record]),
            **(facts or {}),
        },
    )
    onnx.checker.check_model(model)
    write_atomically(path, model.SerializeToString(deterministic=True))


def load_weights(path: Path) -> StrokeNet:
    """Return the network of an ONNX file written by `save_onnx`, to go on training; temperatures stay folded in."""
    model = onnx.load(str(path))
    props = {entry.key: entry.value for entry in model.metadata_props}
    if "shape" not in props:
        raise PijatError(
            Text(
                f"{path.name} bukan model gerakan Pijat: bentuknya tidak tercatat.",
                f"Expected a Pijat stroke model, got {path.name} without its shape.",
            )
        )
    channels, stem_ahead, trunk, record = json.loads(props["shape"])
    inputs = len(json.loads(props["features"]))
    net = StrokeNet(Shape(channels, stem_ahead, tuple(map(tuple, trunk)), tuple(map(tuple, record))), inputs)
    state = {
        tensor.name.removesuffix(".half"): torch.from_numpy(numpy_helper.to_array(tensor).astype(np.float32))
        for tensor in model.graph.initializer
    }
    net.load_state_dict(state)
    return net
