"""Whose hand is it: assign detections to the practitioner's left and right hand.

The model's label is right in about 95-98 % of detections, and two fists can both come out as one side.  So
the label is one voice among three: label, place (a hand does not jump), and that the two hands are two.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from trainer.perception.landmarker import Detection
from trainer.perception.observation import HANDS, Hand

_DROP_COST = 4.0  # leaving a detection unexplained: about what a wrong label plus a small jump cost
_LABEL_TRUST = 0.97  # share of labels that are right, at most
_PLACE_SD = 0.35  # in hand sizes: how far a followed hand is from its prediction
_PLACE_CAP = 9.0  # a followed place can be plain wrong, so place alone never costs more
_LOST_PLACE_CAP = 3.6  # under what dropping a detection costs, and over what one wrong label does
_SAME_HAND = 0.35  # in hand sizes: mean landmark distance under which two detections are one hand
_NEW_HAND_COST = 1.0
_SWAP_EVIDENCE = 8.0  # summed log-odds at which the names of the two hands are exchanged
_EVIDENCE_MEMORY = 0.95  # share of the evidence kept from one sighting to the next


@dataclass(frozen=True, eq=False)
class Expected:
    """Where a followed hand should be now.

    Attributes
    ----------
    keypoints : ndarray of float, shape (21, 2)
        Pixels.
    size : float
        Hand size in pixels.
    spread : float
        Further standard deviation of the place, in hand sizes (grows while the hand is not detected).
    followed : bool
        False for a hand that was lost a moment ago: it may come back there, or anywhere.
    """

    keypoints: NDArray[np.float64]
    size: float
    spread: float = 0.0
    followed: bool = True


def separation(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    """Return the mean distance in pixels between two hands' landmarks, shape (21, 2) each."""
    return float(np.hypot(*(a - b).T).mean())


def hidden_share(points: NDArray[np.float64], hand: NDArray[np.float64], size: float) -> float:
    """Return the share of points that lie under another hand or its forearm.

    Parameters
    ----------
    points : ndarray of float, shape (n, 2)
        Pixels.
    hand : ndarray of float, shape (21, 2)
        The other hand's landmarks in pixels.
    size : float
        Its size in pixels.
    """
    import cv2

    along = (hand[0] - hand[9]) / max(math.dist(hand[0], hand[9]), 1e-6)
    across = np.array([-along[1], along[0]])
    elbow = hand[0] + 1.5 * size * along
    forearm = np.vstack([hand[0] + 0.3 * size * across, hand[0] - 0.3 * size * across])
    forearm = np.vstack([forearm, elbow + 0.35 * size * across, elbow - 0.35 * size * across])
    outline = cv2.convexHull(np.vstack([hand, forearm]).astype(np.float32))
    inside = [cv2.pointPolygonTest(outline, (float(x), float(y)), False) >= 0 for x, y in points]
    return float(np.mean(inside))


def merge_duplicates(detections: Sequence[Detection]) -> list[Detection]:
    """Keep one of detections that lie on one another: the one surer of its label, the first on a tie."""
    kept: list[Detection] = []
    for detection in sorted(detections, key=lambda item: -item.label_score):
        size = detection.size
        if all(
            separation(detection.keypoints, other.keypoints) > _SAME_HAND * max(size, other.size)
            for other in kept
        ):
            kept.append(detection)
    return kept


def label_cost(detection: Detection, hand: Hand) -> float:
    """Return minus the log of the chance that `hand` gets this label."""
    trust = min(max(detection.label_score, 0.5), _LABEL_TRUST)
    return -math.log(trust if detection.label == hand else 1.0 - trust)


def place_cost(detection: Detection, expected: Expected) -> float:
    """Return the cost (half the squared number of deviations) of a jump and of a change of size."""
    size = max(expected.size, 1e-6)
    distance = separation(detection.keypoints, expected.keypoints) / size
    jump = 0.5 * (distance / (_PLACE_SD + expected.spread)) ** 2
    growth = 0.5 * (math.log(max(detection.size, 1e-6) / size) / 0.35) ** 2
    return jump + growth


@dataclass
class SideAssigner:
    """Gives detections to the left and the right hand, frame after frame.

    Labels are weighed over time: when the followed hands keep being labelled the other way round, their names
    are exchanged (`swapped` then tells the caller to exchange what it holds).
    """

    _evidence: dict[Hand, float] = field(default_factory=lambda: {"left": 0.0, "right": 0.0})

    def assign(
        self, detections: Sequence[Detection], expected: Mapping[Hand, Expected]
    ) -> dict[Hand, Detection]:
        """Choose the assignment of least cost; at most one detection per hand.

        Parameters
        ----------
        detections : sequence of Detection
            Without duplicates.
        expected : mapping of hand to Expected
            The hands that are being followed.
        """
        slots = list(range(len(detections)))
        best: dict[Hand, int] = {}
        best_cost = math.inf
        for left, right in itertools.product([None, *slots], repeat=2):
            if left is not None and left == right:
                continue
            chosen: dict[Hand, int] = {}
            cost = _DROP_COST * (len(detections) - (left is not None) - (right is not None))
            for hand, index in (("left", left), ("right", right)):
                if index is None:
                    continue
                chosen[hand] = index  # type: ignore[index]
                cost += self._cost(detections[index], hand, expected)  # type: ignore[arg-type]
            if cost < best_cost:
                best, best_cost = chosen, cost
        return {hand: detections[index] for hand, index in best.items()}

    def _cost(self, detection: Detection, hand: Hand, expected: Mapping[Hand, Expected]) -> float:
        cost = label_cost(detection, hand)
        if hand in expected:
            most = self._standing(hand) if expected[hand].followed else _LOST_PLACE_CAP
            return cost + min(place_cost(detection, expected[hand]), most)
        other = _OTHER[hand]
        if (
            other in expected
            and expected[other].followed
            and (separation(detection.keypoints, expected[other].keypoints) < 0.5 * expected[other].size)
        ):
            # One wrong label does not turn a followed hand into the other one.
            return cost + _NEW_HAND_COST + self._standing(other)
        return cost + _NEW_HAND_COST

    def _standing(self, hand: Hand) -> float:
        """Return how much a followed hand's place counts at most: little until its labels have agreed."""
        return min(max(self._evidence[hand], _NEW_HAND_COST), _PLACE_CAP)

    def weigh(self, assigned: Mapping[Hand, Detection]) -> bool:
        """Add this frame's labels to the evidence; True when the two hands' names must be exchanged."""
        for hand, detection in assigned.items():
            trust = min(max(detection.label_score, 0.5), _LABEL_TRUST)
            vote = math.log(trust / (1.0 - trust))
            self._evidence[hand] = _EVIDENCE_MEMORY * self._evidence[hand] + (
                vote if detection.label == hand else -vote
            )
        total = sum(self._evidence[hand] for hand in HANDS)
        worst = min(self._evidence.values())
        if worst < -_SWAP_EVIDENCE / 2 and total < -_SWAP_EVIDENCE:
            self._evidence = {hand: -self._evidence[other] for hand, other in _OTHER.items()}
            return True
        return False

    def forget(self, hand: Hand) -> None:
        """Drop the evidence about a hand that is no longer followed."""
        self._evidence[hand] = 0.0


_OTHER: dict[Hand, Hand] = {"left": "right", "right": "left"}
