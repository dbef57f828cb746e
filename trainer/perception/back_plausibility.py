"""Whether twelve points could be the landmarks of one back seen from behind."""

import numpy as np
from numpy.typing import NDArray

_C7, _T3, _T7, _T12 = range(4)
_LEFT, _RIGHT = slice(4, 8), slice(8, 12)


def plausibility(points: NDArray[np.float64], sigma: NDArray[np.float64]) -> float:
    """Judge the arrangement of the landmarks.

    Four things hold for any back from any side it can be worked on: the spine runs on from C7 to T12
    without turning back; what is named right lies to the right of what is named left as seen from behind
    (a front shows the reverse); the shoulder blades' lower angles lie below their roots; and nothing is
    many times longer than the rest.

    Parameters
    ----------
    points : ndarray, shape (12, 2)
        Pixels, in the order of `trainer.back.frame.BACK_LANDMARKS`.
    sigma : ndarray, shape (12,)
        Their standard deviations, px: an order within two standard deviations is not held against them.

    Returns
    -------
    float
        1 for a sound arrangement, less for each fault, 0 for a back seen as if from the front.
    """
    spine = points[_T12] - points[_C7]
    length = float(np.linalg.norm(spine))
    if length < 1e-6:
        return 0.0
    down = spine / length
    across = np.array([-down[1], down[0]]) * -1.0  # to the recipient's right when seen from behind
    score = 1.0
    steps = np.diff(points[:4] @ down)
    slack = 2.0 * np.hypot(sigma[:3], sigma[1:4])
    if bool(np.any(steps < -slack)):
        score *= 0.3
    bend = float(np.abs((points[1:3] - points[_C7]) @ across).max()) / length
    if bend > 0.45:
        score *= 0.4
    breadth = (points[_RIGHT] - points[_LEFT]) @ across
    slack = 2.0 * np.hypot(sigma[_LEFT], sigma[_RIGHT])
    wrong = int(np.sum(breadth < -slack))
    if wrong >= 3:
        return 0.0
    score *= 0.5**wrong
    blades = np.array([(points[5] - points[6]) @ down, (points[9] - points[10]) @ down])
    if bool(np.any(blades < -2.0 * np.hypot(sigma[[5, 9]], sigma[[6, 10]]))):
        score *= 0.4
    widest = float(np.abs(breadth).max())
    if widest > 4.0 * length:
        score *= 0.3
    return score
