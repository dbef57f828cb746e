"""MediaPipe task bundles made from the bare TFLite networks in an older wheel of MediaPipe.

The networks are Google's, under the Apache License 2.0. The Tasks API wants them with metadata that says how
pixels are normalised; this module adds it and packs them, byte for byte the same every time.
"""

import hashlib
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trainer.errors import PijatError
from trainer.language import Text

_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Network:
    """One bare network inside the wheel.

    Attributes
    ----------
    wheel_path : str
        Where it lies in the wheel.
    sha256 : str
        Of the bare network, in hexadecimal.
    mean, std : float
        The network's input is ``(pixel - mean) / std`` of 8-bit RGB.
    """

    wheel_path: str
    sha256: str
    mean: float
    std: float


def bundle_from_wheel(wheel: Path, networks: Mapping[str, Network]) -> bytes:
    """Build a task bundle.

    Parameters
    ----------
    wheel : Path
        The wheel of mediapipe 0.10.21, for any platform: the networks are the same in all of them.
    networks : mapping of str to Network
        By name inside the bundle.

    Returns
    -------
    bytes
        The bundle: a stored zip.

    Raises
    ------
    PijatError
        When the wheel does not hold exactly the networks expected.
    """
    target = io.BytesIO()
    try:
        with zipfile.ZipFile(wheel) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as bundle:
            for name, network in networks.items():
                model = source.read(network.wheel_path)
                found = hashlib.sha256(model).hexdigest()
                if found != network.sha256:
                    raise PijatError(
                        Text(
                            f"Isi {network.wheel_path} lain dari yang semestinya: unduhannya rusak atau bukan "
                            "MediaPipe 0.10.21; unduh lagi.",
                            f"Expected {network.wheel_path} with SHA-256 {network.sha256}, got {found}: the "
                            "download is damaged or not MediaPipe 0.10.21; fetch it again.",
                        )
                    )
                entry = zipfile.ZipInfo(name, _ZIP_EPOCH)
                entry.create_system = 3  # the same bytes on every platform
                entry.external_attr = 0o644 << 16
                bundle.writestr(entry, with_metadata(model, network.mean, network.std))
    except (zipfile.BadZipFile, KeyError) as error:
        raise PijatError(
            Text(
                f"{wheel.name} bukan paket MediaPipe 0.10.21 yang utuh: unduh lagi.",
                f"Expected the wheel of MediaPipe 0.10.21, got {wheel.name}: {error}.",
            )
        ) from error
    return target.getvalue()


def with_metadata(model: bytes, mean: float, std: float) -> bytes:
    """Return a TFLite network with the image-normalisation metadata that the Tasks API asks for.

    Parameters
    ----------
    model : bytes
        A bare TFLite network with one image input.
    mean, std : float
        The network's input is ``(pixel - mean) / std`` of 8-bit RGB.
    """
    import flatbuffers
    import numpy as np
    from mediapipe.tasks.metadata import schema_py_generated as tflite

    network: Any = tflite.ModelT.InitFromObj(tflite.Model.GetRootAsModel(model, 0))
    graph = network.subgraphs[0]
    buffer: Any = tflite.BufferT()
    buffer.data = np.frombuffer(
        _metadata([graph.tensors[index].name for index in graph.outputs], mean, std), np.uint8
    )
    network.buffers.append(buffer)
    entry: Any = tflite.MetadataT()
    entry.name, entry.buffer = "TFLITE_METADATA", len(network.buffers) - 1
    network.metadata = [*(network.metadata or []), entry]
    builder = flatbuffers.Builder(0)
    builder.Finish(network.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def _metadata(output_names: list[bytes], mean: float, std: float) -> bytes:
    import flatbuffers
    from mediapipe.tasks.metadata import metadata_schema_py_generated as schema

    properties: Any = schema.ImagePropertiesT()
    properties.colorSpace = schema.ColorSpaceType.RGB
    content: Any = schema.ContentT()
    content.contentPropertiesType = schema.ContentProperties.ImageProperties
    content.contentProperties = properties
    normalization: Any = schema.NormalizationOptionsT()
    normalization.mean, normalization.std = [mean], [std]
    unit: Any = schema.ProcessUnitT()
    unit.optionsType = schema.ProcessUnitOptions.NormalizationOptions
    unit.options = normalization
    image: Any = schema.TensorMetadataT()
    image.name, image.content, image.processUnits = "image", content, [unit]
    image.stats = schema.StatsT()
    image.stats.min, image.stats.max = [0.0], [1.0]
    outputs = []
    for name in output_names:
        tensor: Any = schema.TensorMetadataT()
        tensor.name = name
        outputs.append(tensor)
    subgraph: Any = schema.SubGraphMetadataT()
    subgraph.inputTensorMetadata, subgraph.outputTensorMetadata = [image], outputs
    model: Any = schema.ModelMetadataT()
    model.subgraphMetadata = [subgraph]
    builder = flatbuffers.Builder(0)
    builder.Finish(model.Pack(builder), b"M001")
    return bytes(builder.Output())
