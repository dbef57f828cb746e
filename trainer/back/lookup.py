"""A map between picture and back, tabulated on both sides so that mapping two thumbs takes microseconds."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Lattice:
    """Values at the nodes of a regular rectangular lattice, read by bilinear interpolation.

    Attributes
    ----------
    origin : ndarray, shape (2,)
        Coordinates ``x, y`` of the first node.
    step : float
        Distance between nodes.
    values : ndarray, shape (rows, columns, c)
        Row index along y, column index along x; NaN where unknown.
    """

    origin: Array
    step: float
    values: Array

    def cells(
        self, points: Array
    ) -> tuple[NDArray[np.intp], NDArray[np.intp], Array, Array, NDArray[np.bool_]]:
        """Return row, column, fractions along x and y, and whether each point lies within the lattice."""
        place = (points - self.origin) / self.step
        rows, columns = self.values.shape[:2]
        with np.errstate(invalid="ignore"):
            inside = (
                (place[:, 0] >= 0)
                & (place[:, 1] >= 0)
                & (place[:, 0] <= columns - 1)
                & (place[:, 1] <= rows - 1)
            )
            place = np.where(np.isfinite(place), place, 0.0)
            column = np.clip(place[:, 0].astype(np.intp), 0, columns - 2)
            row = np.clip(place[:, 1].astype(np.intp), 0, rows - 2)
        return row, column, place[:, 0] - column, place[:, 1] - row, inside

    def read(self, points: Array) -> Array:
        """Return the values at points, shape (n, c); NaN beyond the edge."""
        row, column, u, v, inside = self.cells(points)
        values = self.values
        u, v = u[:, None], v[:, None]
        result: Array = (values[row, column] * (1 - u) + values[row, column + 1] * u) * (1 - v) + (
            values[row + 1, column] * (1 - u) + values[row + 1, column + 1] * u
        ) * v
        result[~inside] = np.nan
        return result

    def read_with_slope(self, points: Array) -> tuple[Array, Array]:
        """Return the first two values and their 2 x 2 derivative to ``x, y``, continued beyond the edge."""
        row, column, u, v, _ = self.cells(points)
        values = self.values[..., :2]
        a, b = values[row, column], values[row, column + 1]
        c, d = values[row + 1, column], values[row + 1, column + 1]
        u, v = u[:, None], v[:, None]
        along_x = ((b - a) * (1 - v) + (d - c) * v) / self.step
        along_y = ((c - a) * (1 - u) + (d - b) * u) / self.step
        value = (a * (1 - u) + b * u) * (1 - v) + (c * (1 - u) + d * u) * v
        return value, np.stack([along_x, along_y], axis=2)


def facing(forward: Lattice) -> Array:
    """Return the pixels that a square centimetre covers at each node, negative where the skin faces away."""
    along_y = np.asarray(np.gradient(forward.values[..., :2], forward.step, axis=0))
    along_x = np.asarray(np.gradient(forward.values[..., :2], forward.step, axis=1))
    area: Array = along_x[..., 0] * along_y[..., 1] - along_x[..., 1] * along_y[..., 0]
    return area


def invert(
    forward: Lattice, sigma: Array, image_size: tuple[int, int], nodes: int, edge_cm: float
) -> Lattice:
    """Tabulate back coordinates over the picture.

    Parameters
    ----------
    forward : Lattice
        Pixels over back coordinates.
    sigma : ndarray, shape as the lattice
        Standard deviation of the map in cm at each of its nodes.
    image_size : tuple of int
        Width and height in pixels.
    nodes : int
        About how many nodes the longer side of the back's box in the picture gets.
    edge_cm : float
        How far a point may lie beyond the visible rim (its place is then the rim, its sigma grows by that
        distance).

    Returns
    -------
    Lattice
        Over the picture: lateral, caudal, sigma, cm per pixel; NaN where there is no back.
    """
    area = facing(forward)
    rows, columns = area.shape
    y, x = np.mgrid[0:rows, 0:columns]
    back = np.stack([x, y], axis=-1).reshape(-1, 2) * forward.step + forward.origin
    pixels = forward.values[..., :2].reshape(-1, 2)
    width, height = image_size
    margin = 0.1 * max(width, height)
    visible = (area.ravel() > 1e-3 * np.nanmax(area)) & (pixels > -margin).all(axis=1)
    visible &= (pixels[:, 0] < width + margin) & (pixels[:, 1] < height + margin)
    if visible.sum() < 4:
        return Lattice(np.zeros(2), 1.0, np.full((2, 2, 4), np.nan))
    low = np.maximum(pixels[visible].min(axis=0) - 4, -margin)
    high = np.minimum(pixels[visible].max(axis=0) + 4, np.array([width, height]) + margin)
    step = max(1.0, float((high - low).max()) / nodes)
    count = np.ceil((high - low) / step).astype(int) + 1
    v, u = np.mgrid[0 : count[1], 0 : count[0]]
    targets = np.stack([u, v], axis=-1).reshape(-1, 2) * step + low
    distance, nearest = cKDTree(pixels[visible]).query(targets)
    guess = back[visible][nearest]
    start = guess.copy()
    scale = np.sqrt(area.ravel()[visible][nearest])  # px per cm
    near = distance < np.maximum(2.0 * edge_cm, 2.0 * forward.step) * np.maximum(
        scale, np.sqrt(np.nanmedian(area[area > 0]))
    )
    active = np.flatnonzero(near)
    for _ in range(5):
        value, slope = forward.read_with_slope(guess[active])
        missing = targets[active] - value
        determinant = slope[:, 0, 0] * slope[:, 1, 1] - slope[:, 0, 1] * slope[:, 1, 0]
        safe = np.where(determinant > 1e-9, determinant, np.inf)
        step_x = (slope[:, 1, 1] * missing[:, 0] - slope[:, 0, 1] * missing[:, 1]) / safe
        step_y = (slope[:, 0, 0] * missing[:, 1] - slope[:, 1, 0] * missing[:, 0]) / safe
        guess[active] += np.clip(np.stack([step_x, step_y], axis=1), -2.0, 2.0)
    value, slope = forward.read_with_slope(guess)
    error = np.linalg.norm(targets - value, axis=1)
    turned = slope[:, 0, 0] * slope[:, 1, 1] - slope[:, 0, 1] * slope[:, 1, 0]
    limit = forward.origin + forward.step * np.array([columns - 1, rows - 1])
    within = ((guess >= forward.origin) & (guess <= limit)).all(axis=1)
    met = near & (error < 0.5) & (turned > 0) & within & (np.abs(guess - start).max(axis=1) < 3.0)
    # Beyond the rim: the nearest visible place, the distance measured with the size of a pixel seen face-on
    # there.
    face_on = np.sqrt(np.nanpercentile(area[area > 0], 75))
    beyond_cm = distance / face_on
    rim = near & ~met & (beyond_cm < edge_cm)
    place = np.where(met[:, None], guess, np.where(rim[:, None], start, np.nan))
    sigma_lattice = Lattice(forward.origin, forward.step, np.dstack([sigma, np.sqrt(np.maximum(area, 1e-6))]))
    extra = sigma_lattice.read(np.clip(place, forward.origin, limit))
    spread = np.hypot(extra[:, 0], np.where(rim, beyond_cm, 0.0))
    table = np.column_stack([place, spread, 1.0 / extra[:, 1]])
    return Lattice(low, step, table.reshape(count[1], count[0], 4))
