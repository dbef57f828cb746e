"""Which model files Pijat uses and where each may come from, pinned by hash."""

from dataclasses import dataclass
from typing import Literal

from trainer.perception.bundle import Network

ModelName = Literal["hand_landmarker"]
WHEEL_REQUIREMENT = "mediapipe==0.10.21"
"""The last release of MediaPipe whose wheel holds the bare networks."""


@dataclass(frozen=True)
class ModelSource:
    """One task bundle and the ways to get it.

    Attributes
    ----------
    name : str
        The bundle is ``<name>.task``.
    variable : str
        Environment variable that names a local bundle.
    url : str
        The official bundle.
    official_sha256 : str
        Of the official bundle.
    built_sha256 : tuple of str
        Of the bundles that `trainer.perception.bundle` makes of the same networks, with the releases of the
        flatbuffers library that lay them out differently (25.12 and 25.9).
    networks : dict of str to Network
        What the bundle holds.
    """

    name: ModelName
    variable: str
    url: str
    official_sha256: str
    built_sha256: tuple[str, ...]
    networks: dict[str, Network]

    @property
    def pinned(self) -> frozenset[str]:
        """The SHA-256 that a bundle may have, wherever it was made."""
        return frozenset({self.official_sha256, *self.built_sha256})


_OFFICIAL = "https://storage.googleapis.com/mediapipe-models"
MODELS: dict[str, ModelSource] = {
    source.name: source
    for source in (
        ModelSource(
            name="hand_landmarker",
            variable="PIJAT_HAND_LANDMARKER",
            url=f"{_OFFICIAL}/hand_landmarker/hand_landmarker/float16/1/hand_landmarker.task",
            official_sha256="fbc2a30080c3c557093b5ddfc334698132eb341044ccee322ccf8bcf3607cde1",
            built_sha256=(
                "a8664faf3be55041d9495d7446c4c07be9b5a34f35d586528aa8baac6ac6f4dc",
                "7fb419703c3561763186c68f14bd651ef6b83807fc768c767fdecc7adba777aa",
            ),
            networks={
                "hand_detector.tflite": Network(
                    "mediapipe/modules/palm_detection/palm_detection_full.tflite",
                    "1b14e9422c6ad006cde6581a46c8b90dd573c07ab7f3934b5589e7cea3f89a54",
                    mean=0.0,
                    std=255.0,
                ),
                "hand_landmarks_detector.tflite": Network(
                    "mediapipe/modules/hand_landmark/hand_landmark_full.tflite",
                    "11c272b891e1a99ab034208e23937a8008388cf11ed2a9d776ed3d01d0ba00e3",
                    mean=0.0,
                    std=255.0,
                ),
            },
        ),
    )
}
"""The task bundles that Pijat uses."""

STROKES_FILE = "strokes.onnx"
"""The shipped network that reads strokes; another may be named in its place."""
