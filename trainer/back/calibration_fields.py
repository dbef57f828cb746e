"""The fields of a calibration file, each checked: files of other people are foreign input."""

import json
import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from trainer.back.frame import BACK_LANDMARKS
from trainer.back.marks import check_spread
from trainer.back.messages import LANDMARK_NAMES
from trainer.back.size import MeasuredDistance, back_size
from trainer.errors import PijatError
from trainer.language import Text

_SPINE = ("C7", "T3", "T7", "T12")


def read_image_size(value: Any) -> tuple[int, int]:
    """Return width and height in pixels."""
    whole = (
        isinstance(value, list)
        and len(value) == 2
        and all(is_number(v) and float(v).is_integer() and 16 <= v <= 32768 for v in value)
    )
    if not whole:
        raise PijatError(
            Text(
                f"image_size harus [lebar, tinggi] dalam piksel, bukan {shortened(value)}.",
                f"Expected image_size to be [width, height] in pixels, got {shortened(value)}.",
            )
        )
    return int(value[0]), int(value[1])


def read_landmarks(value: Any, size: tuple[int, int]) -> dict[str, tuple[float, float]]:
    """Return the landmarks in pixels of a picture of that size, in the order of `BACK_LANDMARKS`."""
    if not isinstance(value, dict):
        raise PijatError(
            Text(
                "landmarks harus berupa nama: [x, y] untuk setiap titik.",
                f"Expected landmarks to be an object of name: [x, y], got {kind_of_value(value)}.",
            )
        )
    landmarks: dict[str, tuple[float, float]] = {}
    for name, place in value.items():
        if name not in BACK_LANDMARKS:
            raise PijatError(
                Text(
                    f"Titik {shortened(name).strip(chr(34))} tidak dikenal: yang dikenal {', '.join(BACK_LANDMARKS)}.",
                    f"Expected landmarks named {', '.join(BACK_LANDMARKS)}, got "
                    f"landmarks.{shortened(name).strip(chr(34))}.",
                )
            )
        if not (isinstance(place, list) and len(place) == 2 and all(is_number(v) for v in place)):
            raise PijatError(
                Text(
                    f"Titik {LANDMARK_NAMES[name].id} harus berupa [x, y] dalam piksel, bukan {shortened(place)}.",
                    f"Expected landmarks.{name} to be [x, y] in pixels, got {shortened(place)}.",
                )
            )
        x, y = float(place[0]), float(place[1])
        if not (0 <= x <= size[0] and 0 <= y <= size[1]):
            raise PijatError(
                Text(
                    f"Titik {LANDMARK_NAMES[name].id} ada di luar gambar: geser ke dalam gambar.",
                    f"Expected landmarks.{name} within the image of {size[0]} x {size[1]}, got [{x:g}, {y:g}].",
                )
            )
        landmarks[name] = (x, y)
    names = tuple(name for name in BACK_LANDMARKS if name in landmarks)
    check_spread(names, np.array([landmarks[name] for name in names]).reshape(-1, 2))
    _check_spine(landmarks)
    return {name: landmarks[name] for name in names}


def _check_spine(landmarks: Mapping[str, tuple[float, float]]) -> None:
    """The vertebrae lie in order from the neck down."""
    present = [name for name in _SPINE if name in landmarks]
    if len(present) < 3:
        return
    points = np.array([landmarks[name] for name in present])
    along = (points - points[0]) @ (points[-1] - points[0])
    for upper, lower, first, second in zip(present, present[1:], along, along[1:], strict=False):
        if second <= first:
            raise PijatError(
                Text(
                    f"Titik {lower} harus di bawah titik {upper} pada tulang belakang: tandai lagi.",
                    f"Expected landmarks.{lower} below landmarks.{upper} along the spine, got it above: mark "
                    "them again.",
                )
            )


def read_scale(value: Any) -> MeasuredDistance | None:
    """Return the distance that was measured, or None for none."""
    if value is None:
        return None
    if not isinstance(value, dict) or not {"from", "to", "cm"} <= set(value):
        raise PijatError(
            Text(
                f'scale harus {{"from": nama, "to": nama, "cm": angka}}, bukan {shortened(value)}.',
                f'Expected scale to be {{"from": name, "to": name, "cm": number}}, got {shortened(value)}.',
            )
        )
    if not is_number(value["cm"]) or value["cm"] <= 0:
        raise PijatError(
            Text(
                f"Jarak harus berupa angka dalam cm yang lebih dari 0, bukan {shortened(value['cm'])}.",
                f"Expected scale.cm to be a distance in cm, got {shortened(value['cm'])}.",
            )
        )
    from trainer.back.atlas import load_atlas

    scale = MeasuredDistance(str(value["from"]), str(value["to"]), float(value["cm"]))
    back_size(scale, load_atlas())
    return scale


def is_number(value: Any) -> bool:
    """Whether a value of JSON is a finite number, and no truth value."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def kind_of_value(value: Any) -> str:
    """Name the kind of a value of JSON, in English."""
    return {list: "a list", str: "text", type(None): "nothing", int: "a number", float: "a number"}.get(
        type(value), type(value).__name__
    )


def shortened(value: Any) -> str:
    """Return a value as JSON of at most 60 characters."""
    text = json.dumps(value, default=str)
    return text if len(text) <= 60 else text[:57] + "..."
