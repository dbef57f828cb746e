"""Finds the landmarks of a bare or clothed back in one picture, each with its uncertainty, or says there
is none.

The network (models/back_landmarks.md) reads a small square. It looks twice: at the whole letterboxed
picture for where the back is and how it lies, then at crops turned upright, mirrored and tilted, for the
landmarks. A mirrored picture is a plausible back: whether a webcam mirrors cannot be told from its pictures.
"""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainer.errors import PijatError
from trainer.language import Text
from trainer.perception.back_crops import (
    CropView,
    crop,
    scale_of,
    similarity,
    to_picture,
    warp,
    whole,
)
from trainer.perception.back_detection import LANDMARKS, BackDetection, combine
from trainer.perception.back_plausibility import plausibility
from trainer.perception.back_reading import Reading, detection_of, doubtfulness, doubts, usable, without
from trainer.resources import resource_path

__all__ = ["LANDMARKS", "BackDetection", "BackLandmarkDetector", "combine"]

PRESENCE_THRESHOLD = 0.3
"""From this presence in every view on, a back is reported, if nothing else speaks against it."""
_PART = 0.55
"""Side of the parts looked at one by one, over the picture's longer side."""
_SURE_AT_ONCE = 0.9
"""First impression of the whole picture from which on it is followed up before looking anywhere else."""
_WORTH_A_LOOK = 0.15
_TRIED_MARGINS = (1.5, 2.2, 3.2)
_REFINED = 3
"""So many of the other first impressions, the least doubtful, are followed up."""
_MIRROR = np.array([0, 1, 2, 3, 8, 9, 10, 11, 4, 5, 6, 7])


_VIEWS = (
    CropView(1.6, 0.0, False),
    CropView(1.6, 0.0, True),
    CropView(1.9, 0.26, False),
    CropView(1.4, -0.26, True),
)


class BackLandmarkDetector:
    """The back-landmark network, ready to use.

    Parameters
    ----------
    model_path : path, optional
        An ONNX file; the one that ships with Pijat by default.
    threads : int
        Threads onnxruntime may use for one picture.

    Raises
    ------
    PijatError
        When the file is missing or is not such a model.
    """

    def __init__(self, model_path: str | Path | None = None, threads: int = 1) -> None:
        import onnxruntime as ort

        path = Path(model_path) if model_path is not None else resource_path("models/back_landmarks.onnx")
        if not path.is_file():
            raise PijatError(
                Text(
                    f"Tidak ada model titik punggung di {path}: periksa letaknya.",
                    f"Expected a back-landmark model at {path}, found no file: check the path.",
                ),
                "missing",
            )
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # onnxruntime gives its own exception types no public base class, hence the one base class all
        # errors share
        try:
            session = ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        except Exception as error:
            raise PijatError(
                Text(
                    f"Model titik punggung {path.name} tidak terbaca: pasang lagi pijat-trainer.",
                    f"Expected a back-landmark model in {path.name}, could not read it: {error}",
                )
            ) from error
        names = {output.name for output in session.get_outputs()}
        if not {"points", "log_sigma", "presence", "in_frame"} <= names:
            raise PijatError(
                Text(
                    f"{path.name} bukan model titik punggung: pasang lagi pijat-trainer.",
                    f"Expected a back-landmark model in {path.name}, got one with outputs {sorted(names)}.",
                )
            )
        self._session: Any = session
        self._side = int(session.get_inputs()[0].shape[2])
        self._model_path = path
        meta = session.get_modelmeta().custom_metadata_map
        scale = json.loads(meta.get("sigma_scale", "[1.0]"))
        self._sigma_scale = np.broadcast_to(np.asarray(scale, np.float64), (len(LANDMARKS),))
        self._sigma_doubt = np.asarray(json.loads(meta.get("sigma_doubt", "[0.0, 0.0]")), np.float64)

    @property
    def model_path(self) -> Path:
        """Return the file in use, for the session's record."""
        return self._model_path

    def detect(self, image: NDArray[np.uint8], look_for_second: bool = False) -> BackDetection | None:
        """Find the back in one picture.

        Parameters
        ----------
        image : ndarray of uint8, shape (height, width, 3)
            RGB, raw (never mirrored).
        look_for_second : bool
            Also look for another recipient; costs one more pass.

        Returns
        -------
        BackDetection or None
            None when there is no back: nobody, a front, nothing but skin, a back too small, too hidden, or
            one whose landmarks make no sense.
        """
        if image.ndim != 3 or image.shape[2] != 3 or min(image.shape[:2]) < 8:
            raise PijatError(
                Text(
                    f"Gambar harus RGB (tinggi, lebar, 3), bukan {image.shape}.",
                    f"Expected an RGB picture of shape (height, width, 3), got {image.shape}.",
                )
            )
        found = self._find(image)
        if found is None:
            return None
        second = False
        if look_for_second:
            second = self._find(without(image, found)) is not None
        return self._state(found, image, second)

    def _state(self, found: Reading, image: NDArray[np.uint8], second: bool) -> BackDetection:
        """State a reading with the sigma that the doubts about it deserve.

        On pictures that are unlike what the network was trained on, its sigma says too little; there, views disagree
        more and presence is less. By how much that calls for was learnt on unseen renders
        (scripts/evaluate_back_landmarks.py).
        """
        factor = float(np.exp(self._sigma_doubt @ doubts(found.disagreement, found.presence)))
        return detection_of(replace(found, sigma=found.sigma * factor), image, second)

    def presence(self, image: NDArray[np.uint8]) -> float:
        """Return the network's first impression, 0 to 1, that a back is in view; nothing is refused."""
        upright = self._look_at_whole(image)
        if upright.presence > _SURE_AT_ONCE:
            return upright.presence
        return max(reading.presence for reading in [upright, *self._look_elsewhere(image)])

    def _find(self, image: NDArray[np.uint8]) -> Reading | None:
        upright = self._look_at_whole(image)
        refined = [self._refine(image, upright)] if upright.presence > _SURE_AT_ONCE else []
        if not refined or not self._accepts(refined[0], image):
            # where no back stands upright, or two stand side by side, it is turned or in a part of the picture
            others = self._look_elsewhere(image) + ([] if refined else [upright])
            candidates = sorted((r for r in others if r.presence > _WORTH_A_LOOK), key=doubtfulness)
            refined += [self._refine(image, first) for first in candidates[:_REFINED]]
        if not refined:
            return None
        reading = min(refined, key=doubtfulness)
        return reading if self._accepts(reading, image) else None

    def _accepts(self, reading: Reading, image: NDArray[np.uint8]) -> bool:
        return reading.presence >= PRESENCE_THRESHOLD and usable(reading, image)

    def _refine(self, image: NDArray[np.uint8], first: Reading) -> Reading:
        # the first look may take a part of the back for the whole: try crops of several sizes about it
        tries = [crop(first.points, margin, self._side) for margin in _TRIED_MARGINS]
        reading = min(self._look(image, tries), key=doubtfulness)
        reading = self._look_closer(image, reading, _VIEWS)
        return replace(reading, presence=reading.presence * plausibility(reading.points, reading.sigma))

    def _run(self, squares: NDArray[np.uint8]) -> tuple[NDArray[np.float64], ...]:
        feed = np.ascontiguousarray(squares.transpose(0, 3, 1, 2), np.float32)
        outputs = ["points", "log_sigma", "presence", "in_frame"]
        raw = self._session.run(outputs, {"image": feed})
        points, log_sigma, presence, in_frame = (np.asarray(x, np.float64) for x in raw)
        sigma = np.exp(np.clip(log_sigma, -7.0, 0.0)) * self._sigma_scale
        side = float(self._side)
        return points * side, sigma * side, _probability(presence), _probability(in_frame).mean(1)

    def _look_at_whole(self, image: NDArray[np.uint8]) -> Reading:
        """Look at the letterboxed picture."""
        height, width = image.shape[:2]
        return self._look(image, [whole(width, height, 0.0, self._side)])[0]

    def _look_elsewhere(self, image: NDArray[np.uint8]) -> list[Reading]:
        """Look at the letterboxed picture turned, and at its parts."""
        height, width = image.shape[:2]
        turned = [whole(width, height, angle, self._side) for angle in (np.pi / 2, -np.pi / 2, np.pi)]
        scale = self._side / (_PART * max(width, height))
        parts = [
            similarity(scale, 0.0, np.array([x * width, y * height]), self._side)
            for x in (0.25, 0.5, 0.75)
            for y in (0.33, 0.67)
        ]
        return self._look(image, turned + parts)

    def _look_closer(self, image: NDArray[np.uint8], first: Reading, views: tuple[CropView, ...]) -> Reading:
        """Look at the crop a reading points to in several ways, and join what was seen.

        What is not a back looks like one in some views only: the least presence counts, and how far the views
        disagree.
        """
        matrices = [crop(first.points, view.margin, self._side, view.turn) for view in views]
        squares = [warp(image, m, self._side) for m in matrices]
        seen = [q[:, ::-1] if view.mirrored else q for q, view in zip(squares, views, strict=True)]
        points, sigma, presence, whole = self._run(np.stack(seen))
        for k, view in enumerate(views):
            if view.mirrored:
                points[k], sigma[k] = points[k][_MIRROR], sigma[k][_MIRROR]
                points[k, :, 0] = self._side - points[k, :, 0]
        back = np.stack([to_picture(p, m) for p, m in zip(points, matrices, strict=True)])
        scaled = np.stack([s / scale_of(m) for s, m in zip(sigma, matrices, strict=True)])
        weight = scaled**-2 / (scaled**-2).sum(0)
        joined = (weight[..., None] * back).sum(0)
        apart = (((back - joined) ** 2).sum(2) / 2).mean(0)  # variance along an axis
        size = float((joined.max(0) - joined.min(0)).max())
        return Reading(
            points=joined,
            # the views share their faults: joining them does not shrink what each states, and their
            # disagreement adds to it
            sigma=np.sqrt(np.exp(np.log(scaled).mean(0)) ** 2 + apart),
            presence=float(presence.min()),
            whole=float(whole.mean()),
            disagreement=float(np.sqrt(2 * np.median(apart))) / max(size, 1e-6),
        )

    def _look(self, image: NDArray[np.uint8], matrices: list[NDArray[np.float64]]) -> list[Reading]:
        points, sigma, presence, whole = self._run(np.stack([warp(image, m, self._side) for m in matrices]))
        return [
            Reading(to_picture(points[i], m), sigma[i] / scale_of(m), float(presence[i]), float(whole[i]))
            for i, m in enumerate(matrices)
        ]


def _probability(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(1 / (1 + np.exp(-np.clip(logits, -40, 40))))
