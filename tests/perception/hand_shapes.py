"""A plain hand for tests."""

import numpy as np

from trainer.perception.landmarker import Detection

# A right hand seen from behind, fingers up, thumb to the left; wrist at the origin, palm 50 px long.
SHAPE = np.array(
    [(0, 0), (-15, -8), (-26, -20), (-34, -32), (-40, -42)]
    + [(-16 + 2 * k, -48 - 14 * k) for k in range(4)]
    + [(-4, -50 - 15 * k) for k in range(4)]
    + [(8, -48 - 14 * k) for k in range(4)]
    + [(19, -42 - 12 * k) for k in range(4)],
    dtype=float,
)


def detection(label, x, y, score=0.97, scale=1.0):
    mirror = (1, 1) if label == "right" else (-1, 1)
    return Detection(label, score, scale * SHAPE * mirror + (x, y))
