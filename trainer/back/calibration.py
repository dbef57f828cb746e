"""The calibration file: which landmarks of the back were marked where, on which frame of a video.

Format (JSON, schema version 1)::

    {"schema_version": 1, "image_size": [640, 480], "time_s": 0.0,
     "landmarks": {"C7": [320.4, 163.1], ...}, "source": "manual",
     "scale": {"from": "C7", "to": "T7", "cm": 17.5},
     "automatic_landmarks": ["T3"]}

``scale`` and ``automatic_landmarks`` (those that a person left where the program had put them) are optional.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, cast

from trainer.back.calibration_fields import (
    is_number,
    kind_of_value,
    read_image_size,
    read_landmarks,
    read_scale,
    shortened,
)
from trainer.back.registration import Registration, register
from trainer.back.size import MeasuredDistance
from trainer.errors import PijatError, reason
from trainer.files import write_atomically
from trainer.language import Text

CALIBRATION_SCHEMA_VERSION = 1
CalibrationSource = Literal["manual", "automatic", "corrected"]
_SOURCES: tuple[CalibrationSource, ...] = ("manual", "automatic", "corrected")
_MAX_BYTES = 1_000_000
_SAME_SHAPE = 0.01


@dataclass(frozen=True)
class Calibration:
    """Marked landmarks of one frame.

    Attributes
    ----------
    image_size : tuple of int
        Width and height of the frame in pixels.
    time_s : float
        When the frame is, seconds from the first frame.
    landmarks : mapping of str to tuple of float
        Name to ``x, y`` in pixels of the raw frame; at least four, not on one line.
    source : {"manual", "automatic", "corrected"}
        Marked by a person, found by the program, or found and then corrected.
    scale : MeasuredDistance or None
        A distance measured on the skin in cm.
    automatic_landmarks : tuple of str
        Those that the program placed and nobody moved.
    """

    image_size: tuple[int, int]
    time_s: float
    landmarks: Mapping[str, tuple[float, float]]
    source: CalibrationSource = "manual"
    scale: MeasuredDistance | None = None
    automatic_landmarks: tuple[str, ...] = field(default=())

    def for_video(self, image_size: tuple[int, int]) -> "Calibration":
        """Return this calibration for a video of another size but the same shape.

        Raises
        ------
        PijatError
            When the shapes differ, so that the calibration belongs to another video.
        """
        if tuple(image_size) == tuple(self.image_size):
            return self
        across, down = image_size[0] / self.image_size[0], image_size[1] / self.image_size[1]
        if abs(across / down - 1.0) > _SAME_SHAPE:
            raise PijatError(
                Text(
                    f"Kalibrasi ini milik video lain: gambarnya {self.image_size[0]} x {self.image_size[1]}, sedangkan "
                    f"video ini {image_size[0]} x {image_size[1]}. Jalankan `pijat calibrate` untuk video ini.",
                    f"Expected image_size {image_size[0]} x {image_size[1]} as in the video, got "
                    f"{self.image_size[0]} x {self.image_size[1]}: this calibration belongs to another video; "
                    "run `pijat calibrate` on this one.",
                )
            )
        landmarks = {name: (x * across, y * down) for name, (x, y) in self.landmarks.items()}
        return replace(self, image_size=(int(image_size[0]), int(image_size[1])), landmarks=landmarks)

    def register(self, sigma_px: float | Mapping[str, float] | None = None) -> Registration:
        """Return the registration of the marked frame; see `trainer.back.registration.register`."""
        return register(self.landmarks, sigma_px, self.image_size, self.scale)

    def document(self) -> dict[str, Any]:
        """Return the calibration as the JSON object of the file."""
        result: dict[str, Any] = {
            "schema_version": CALIBRATION_SCHEMA_VERSION,
            "image_size": list(self.image_size),
            "time_s": round(self.time_s, 4),
            "landmarks": {name: [round(x, 2), round(y, 2)] for name, (x, y) in self.landmarks.items()},
            "source": self.source,
        }
        if self.scale is not None:
            result["scale"] = {"from": self.scale.start, "to": self.scale.end, "cm": self.scale.cm}
        if self.automatic_landmarks:
            result["automatic_landmarks"] = list(self.automatic_landmarks)
        return result


def load_calibration(path: Path | str) -> Calibration:
    """Read and check a calibration file.

    Raises
    ------
    PijatError
        With one sentence naming the field that is wrong.
    """
    path = Path(path)
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise PijatError(
                Text(
                    f"{path.name} lebih dari 1 MB: ini bukan berkas kalibrasi.",
                    f"Expected a calibration file, got {path.name} of more than 1 MB.",
                )
            )
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = reason(error) if isinstance(error, OSError) else Text("ini bukan teks", "not a text file")
        raise PijatError(
            Text(
                f"Berkas kalibrasi {path} tidak terbaca ({why.id}): pilih berkas lain.",
                f"Expected a readable calibration file, got {path}: {why.en}.",
            )
        ) from error
    try:
        document = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise PijatError(
            Text(
                f"{path.name} bukan berkas kalibrasi Pijat: buat lagi dengan `pijat calibrate`.",
                f"Expected {path.name} to be JSON as `pijat calibrate` writes it, got something else: {error}.",
            )
        ) from error
    return parse_calibration(document)


def parse_calibration(document: Any) -> Calibration:
    """Check a calibration document.

    Raises
    ------
    PijatError
        With one sentence naming the field that is wrong.
    """
    if not isinstance(document, dict):
        raise PijatError(
            Text(
                "Berkas kalibrasi ini bukan dari Pijat: buat lagi dengan `pijat calibrate`.",
                f"Expected a calibration to be a JSON object, got {kind_of_value(document)}.",
            )
        )
    version = document.get("schema_version")
    if version != CALIBRATION_SCHEMA_VERSION or isinstance(version, bool):
        raise PijatError(
            Text(
                f"schema_version kalibrasi harus {CALIBRATION_SCHEMA_VERSION}, bukan {shortened(version)}.",
                f"Expected schema_version {CALIBRATION_SCHEMA_VERSION}, got {shortened(version)}.",
            )
        )
    size = read_image_size(document.get("image_size"))
    time_s = document.get("time_s", 0.0)
    if not is_number(time_s) or time_s < 0:
        raise PijatError(
            Text(
                f"time_s harus berupa detik sejak gambar pertama, bukan {shortened(time_s)}.",
                f"Expected time_s to be seconds from the first frame, got {shortened(time_s)}.",
            )
        )
    source = document.get("source", "manual")
    if source not in _SOURCES:
        raise PijatError(
            Text(
                f"source harus salah satu dari {', '.join(_SOURCES)}, bukan {shortened(source)}.",
                f"Expected source to be one of {', '.join(_SOURCES)}, got {shortened(source)}.",
            )
        )
    landmarks = read_landmarks(document.get("landmarks"), size)
    automatic = document.get("automatic_landmarks", [])
    if not isinstance(automatic, list) or any(name not in landmarks for name in automatic):
        raise PijatError(
            Text(
                "automatic_landmarks harus daftar nama yang ada dalam landmarks.",
                "Expected automatic_landmarks to be a list of names in landmarks, got another.",
            )
        )
    return Calibration(
        image_size=size,
        time_s=float(time_s),
        landmarks=landmarks,
        source=cast(CalibrationSource, source),
        scale=read_scale(document.get("scale")),
        automatic_landmarks=tuple(automatic),
    )


def save_calibration(calibration: Calibration, path: Path | str) -> None:
    """Check a calibration and write it, all or nothing.

    Raises
    ------
    PijatError
        When it is not valid, or the file cannot be written.
    """
    path = Path(path)
    document = calibration.document()
    parse_calibration(document)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, json.dumps(document, indent=1) + "\n")
    except OSError as error:
        why = reason(error)
        raise PijatError(
            Text(
                f"{path} tidak dapat ditulis ({why.id}): periksa izin foldernya, atau sediakan tempat.",
                f"Expected to write {path}, got: {why.en}.",
            ),
            "busy",
        ) from error
