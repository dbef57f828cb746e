"""Where the thumb's pad meets the skin, and how sure that is, from a hand's landmarks.

The landmarker's thumb tip is not the contact: it lies above the skin by the thumb's thickness, and is a guess
where the thumb is hidden.  A small ensemble of networks (``models/contact.onnx``; card beside it; made by
``scripts/fit_contact.py``) looks at the shape of the hand, made independent of place, size, rotation and
side, and says where from the tip the contact lies and how far off it may be.  Its say is bounded: shapes
beyond those it has learned are drawn back to their edge, and the contact never lies further than `_REACH`
from the tip.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from trainer.errors import PijatError
from trainer.language import Text
from trainer.perception.observation import Hand
from trainer.resources import resource_path

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

MODEL_FILE = "models/contact.onnx"
TIP = 4
_WRIST, _MIDDLE_KNUCKLE = 0, 9
_OTHERS = [index for index in range(21) if index != TIP]
_REACH = 0.8  # in hand sizes: a thumb hidden behind the fist is that far from its guessed tip
_FLOOR = 0.025  # in hand sizes: no contact is known better (about 2 mm)


def hand_size(keypoints: NDArray[np.float64]) -> float:
    """Return a length in pixels that stands for the palm's length, little affected by foreshortening.

    The larger of the palm's length (wrist to middle knuckle) and 1.35 times the knuckles' breadth (index to
    little finger): a hand seen end-on shortens one of the two, hardly ever both.

    Parameters
    ----------
    keypoints : ndarray of float, shape (21, 2)
        Pixels.
    """
    length = math.dist(keypoints[_WRIST], keypoints[_MIDDLE_KNUCKLE])
    breadth = math.dist(keypoints[5], keypoints[17])
    return max(length, 1.35 * breadth, 1e-6)


def hand_axes(keypoints: NDArray[np.float64], hand: Hand) -> NDArray[np.float64]:
    """Return the hand's own axes in the image, shape (2, 2): rows are across (towards the thumb) and along.

    Along points from the wrist to the middle knuckle.  Across is mirrored for the left hand, so that both
    hands, seen from behind, look the same in these axes.
    """
    along = keypoints[_MIDDLE_KNUCKLE] - keypoints[_WRIST]
    along = along / max(float(np.hypot(*along)), 1e-6)
    across = np.array([-along[1], along[0]]) * (-1.0 if hand == "left" else 1.0)
    return np.vstack([across, along])


def hand_shape(keypoints: NDArray[np.float64], hand: Hand) -> NDArray[np.float32]:
    """Return the other landmarks as seen from the thumb tip, in the hand's axes and size, shape (40,).

    Invariant to moving, scaling, turning and (with the hand's name exchanged) mirroring the picture.
    """
    offsets = (keypoints[_OTHERS] - keypoints[TIP]) / hand_size(keypoints)
    return np.asarray((offsets @ hand_axes(keypoints, hand).T).ravel(), dtype=np.float32)


class ContactModel:
    """The trained ensemble.

    Parameters
    ----------
    path : Path, optional
        An ONNX file by ``scripts/fit_contact.py``; the shipped one by default.

    Raises
    ------
    PijatError
        When the file is missing or is no such model.
    """

    def __init__(self, path: Path | None = None) -> None:
        import onnxruntime

        path = path or resource_path(MODEL_FILE)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        try:
            self._session: InferenceSession = onnxruntime.InferenceSession(
                str(path), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:
            raise PijatError(
                Text(
                    f"Model titik sentuh {path.name} tidak terbaca: pasang lagi pijat-trainer.",
                    f"Expected the contact model at {path.name}, got: {error}. Install pijat-trainer again.",
                )
            ) from error

    def locate(
        self, keypoints: Sequence[NDArray[np.float64]], hands: Sequence[Hand]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return where the thumbs' pads touch.

        Parameters
        ----------
        keypoints : sequence of n ndarrays of float, shape (21, 2)
            Pixels.
        hands : sequence of n hands
            Whose they are.

        Returns
        -------
        contact_px : ndarray, shape (n, 2)
            Pixels.
        sigma_px : ndarray, shape (n,)
            Standard deviation along each axis in pixels.
        """
        if not keypoints:
            return np.empty((0, 2)), np.empty(0)
        shapes = np.stack([hand_shape(points, hand) for points, hand in zip(keypoints, hands, strict=True)])
        offsets, spreads = self.offsets(shapes)
        contacts = np.empty((len(shapes), 2))
        sigmas = np.empty(len(shapes))
        for k, (points, hand) in enumerate(zip(keypoints, hands, strict=True)):
            size = hand_size(points)
            contacts[k] = points[TIP] + size * (offsets[k] @ hand_axes(points, hand))
            sigmas[k] = size * float(spreads[k])
        return contacts, sigmas

    def offsets(self, shapes: NDArray[np.float32]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the contact's offset from the tip and its sigma, in hand sizes and the hand's axes.

        Parameters
        ----------
        shapes : ndarray of float32, shape (n, 40)
            From `hand_shape`.

        Returns
        -------
        offset : ndarray, shape (n, 2)
            Across and along.
        sigma : ndarray, shape (n,)
            Standard deviation along each axis: the members' own, and what they disagree by.
        """
        (answers,) = self._session.run(None, {"shape": shapes})
        votes = np.asarray(answers, dtype=np.float64)  # (n, members, 3): across, along, log sigma
        offset = votes[:, :, :2].mean(axis=1)
        variance = np.exp(2.0 * votes[:, :, 2]).mean(axis=1) + votes[:, :, :2].var(axis=1).mean(axis=1)
        length = np.hypot(offset[:, 0], offset[:, 1])
        offset *= np.minimum(1.0, _REACH / np.maximum(length, 1e-9))[:, None]
        return offset, np.sqrt(variance + _FLOOR**2)
