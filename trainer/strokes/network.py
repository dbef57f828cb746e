"""The trained network, run with ONNX Runtime."""

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from trainer.errors import PijatError
from trainer.language import Text
from trainer.resources import resource_path
from trainer.strokes.features import FEATURES, MIRRORED_KINDS, Kind, mirrored
from trainer.strokes.grid import GRID_HZ

if TYPE_CHECKING:
    import onnxruntime

Reading = Literal["record", "coach"]
_FEWEST = 8
"""Features of the first models."""
_CHUNK = 6000
_MARGIN = 400
"""Samples of context on both sides of a chunk; more than the network can see."""
_TINY = 1e-7
"""Keeps logarithms of probabilities finite."""


@dataclass(frozen=True, eq=False)
class StrokeNetwork:
    """A loaded model.

    Attributes
    ----------
    session : onnxruntime.InferenceSession
        Takes ``features`` (1, inputs, n); gives ``record`` and ``coach``, probabilities (1, 7, n).
    inputs : int
        How many of the features, from the first, it was taught: models made before there were more go on working.
    look_ahead : int
        Samples of future that the coaching reading needs.
    meta : dict
        What the model says about itself.
    sha256 : str
        Of the file, hexadecimal.
    """

    session: "onnxruntime.InferenceSession"
    inputs: int
    look_ahead: int
    meta: dict[str, str]
    sha256: str

    def probabilities(self, rows: NDArray[np.float32], reading: Reading = "record") -> NDArray[np.float32]:
        """Return calibrated class probabilities, shape (n, 7), of features, shape (10, n); long tracks in chunks.

        For the record the mirror image about the spine is read too and both opinions are averaged (geometric mean):
        left and right hands are then read exactly alike. Coaching reads once, to save time.
        """
        if reading == "coach":
            return self._read(rows, reading)
        both = np.log(self._read(rows, reading) + _TINY)
        both += np.log(self._read(mirrored(rows), reading)[:, MIRRORED_KINDS] + _TINY)
        mean = np.exp(0.5 * both)
        return np.asarray(mean / mean.sum(1, keepdims=True), np.float32)

    def _read(self, rows: NDArray[np.float32], reading: Reading) -> NDArray[np.float32]:
        n = rows.shape[1]
        out = np.empty((n, len(Kind)), np.float32)
        for start in range(0, n, _CHUNK):
            stop = min(n, start + _CHUNK)
            left, right = max(0, start - _MARGIN), min(n, stop + _MARGIN)
            (found,) = self.session.run([reading], {"features": rows[None, : self.inputs, left:right]})
            out[start:stop] = found[0, :, start - left : stop - left].T
        return out


@lru_cache(maxsize=4)
def _load(content: bytes, name: str) -> StrokeNetwork:
    """Load a model's content: a file that was replaced is read anew, whatever time it carries."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise PijatError(
            Text(
                f"Model gerakan {name} tidak terbaca: pasang lagi pijat-trainer.",
                f"Expected an ONNX model in {name}, could not load it: {error}",
            )
        ) from error
    meta = dict(session.get_modelmeta().custom_metadata_map)
    taught = json.loads(meta.get("features", "null"))
    few = isinstance(taught, list) and len(taught) >= _FEWEST
    expected = {
        "features": list(FEATURES)[: len(taught) if few else None],
        "kinds": [kind.name for kind in Kind],
        "grid_hz": GRID_HZ,
    }
    found = {key: json.loads(meta.get(key, "null")) for key in expected}
    if found != expected:
        wrong = next(key for key in expected if found[key] != expected[key])
        raise PijatError(
            Text(
                f"{name} bukan model gerakan Pijat ({wrong} lain): latih lagi dengan `pijat train strokes`.",
                f"Expected a Pijat stroke model, got {name} whose {wrong} is {found[wrong]}: "
                "train it again with `pijat train strokes`.",
            )
        )
    digest = hashlib.sha256(content).hexdigest()
    return StrokeNetwork(session, len(taught), int(meta["look_ahead"]), meta, digest)


def load_network(path: Path | str | None = None) -> StrokeNetwork:
    """Load a stroke model; the one that ships when `path` is None.

    Raises
    ------
    PijatError
        When the file is missing or is no stroke model.
    """
    file = Path(path) if path is not None else resource_path("models/strokes.onnx")
    if not file.is_file():
        raise PijatError(
            Text(
                f"Tidak ada model gerakan di {file}: periksa letaknya.",
                f"Expected a stroke model at {file}, found none.",
            ),
            "missing",
        )
    return _load(file.read_bytes(), file.name)
