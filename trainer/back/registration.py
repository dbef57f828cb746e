"""Registration: from named landmarks in a picture to centimetres on the back, with honest uncertainty.

A few-parameter curved back (`trainer.back.surface`) is laid under the marked landmarks by a robust fit of
camera and shape (`trainer.back.fit`), and a smooth field takes up what is left. All of it is tabulated once,
so that mapping a thumb costs microseconds.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trainer.back.atlas import Atlas, load_atlas
from trainer.back.camera import POSE_PARAMETERS, rotation_matrix
from trainer.back.fit import BackModel, Landmarks, solve
from trainer.back.lookup import Lattice, invert
from trainer.back.marks import RegistrationError as RegistrationError
from trainer.back.marks import gather
from trainer.back.posterior import Posterior, displacement, posterior
from trainer.back.size import BackSize, MeasuredDistance, back_size
from trainer.language import Text

Array = NDArray[np.float64]

LATERAL_LIMIT_CM = 15.0
CAUDAL_LIMITS_CM = (-5.0, 38.0)
_STEP_CM = 0.5
_COARSE_CM = 1.25
_EDGE_CM = 1.0
_TABLE_NODES = 160
_SUSPECT_SIGMA = 3.5
"""A landmark this many standard deviations from where the others put it is worth a second look."""


@dataclass(frozen=True, eq=False)
class Registration:
    """The map between one picture and the back; implements `trainer.back.frame.BackMap`.

    Attributes
    ----------
    image_size : tuple of int
        Width and height in pixels.
    landmarks_px : mapping of str to tuple of float
        What it was made from.
    size : BackSize
        Scale of centimetres, and how well it is known. ``to_back`` multiplies atlas centimetres by
        ``size.ratio``; divide by it to compare with regions that are defined by anatomy (ribs, shoulder
        blades).
    forward : Lattice
        Pixels over back coordinates (atlas cm).
    inverse : Lattice
        Lateral, caudal (atlas cm), sigma of the map without the size (atlas cm), atlas cm per pixel, over the
        picture.
    view_angle_deg : float
        Between the line of sight and the skin of the mid-back, degrees; 0 is face on.
    azimuth_deg : float
        Its sideways part: positive seen from the recipient's right.
    elevation_deg : float
        Its part along the spine: positive seen from above (the head's side).
    distance_cm : float
        Camera to mid-back in cm; coarse, for the focal length is rarely known.
    coverage : float
        Share of the back (C7 to T12, 10 cm to either side) that lies within the picture and faces the camera.
    cost : float
        Robust misfit per landmark: about 1 when they agree with each other and with anatomy.
    suspects : tuple of str
        Landmarks that the others put elsewhere.
    """

    image_size: tuple[int, int]
    landmarks_px: Mapping[str, tuple[float, float]]
    size: BackSize
    forward: Lattice
    inverse: Lattice
    view_angle_deg: float
    azimuth_deg: float
    elevation_deg: float
    distance_cm: float
    coverage: float
    cost: float
    suspects: tuple[str, ...]

    def to_back(self, points_px: Array) -> tuple[Array, Array]:
        """Map pixels onto the back; see `trainer.back.frame.BackMap.to_back`.

        The standard deviation holds the placing of the landmarks, the shape of this back, and the size of the
        back (which alone grows with the distance from C7: 7 % of it unless a distance was measured).
        """
        values = self.inverse.read(np.asarray(points_px, dtype=float))
        back = values[:, :2] * self.size.ratio
        spread = values[:, 2] * self.size.ratio
        reach = self.size.sigma * np.hypot(back[:, 0], back[:, 1])
        # Per axis: the size error points away from C7, so that each axis gets half of its square.
        sigma = np.sqrt(spread**2 + 0.5 * reach**2)
        return back, sigma

    @property
    def size_ratio(self) -> float:
        """Real cm per cm of the atlas; see `BackSize`."""
        return self.size.ratio

    def to_image(self, back_cm: Array) -> Array:
        """Map back coordinates, shape (n, 2) in cm, to pixels; NaN beyond the modelled back."""
        return self.forward.read(np.asarray(back_cm, dtype=float) / self.size.ratio)[:, :2]

    def cm_per_px(self, points_px: Array) -> Array:
        """Return the size of a pixel on the skin in cm (root of the area ratio), shape (n,)."""
        result: Array = self.inverse.read(np.asarray(points_px, dtype=float))[:, 3] * self.size.ratio
        return result

    def map_sigma(self, points_px: Array) -> Array:
        """Return the standard deviation without that of the size of the back, cm, shape (n,).

        For questions of anatomy (on the spine? above rib 5?), where a larger back moves the regions too.
        """
        result: Array = self.inverse.read(np.asarray(points_px, dtype=float))[:, 2] * self.size.ratio
        return result


def register(
    landmarks_px: Mapping[str, tuple[float, float] | Array],
    sigma_px: float | Mapping[str, float] | None,
    image_size: tuple[int, int],
    scale: MeasuredDistance | BackSize | None = None,
    atlas: Atlas | None = None,
) -> Registration:
    """Lay the back under marked landmarks.

    Parameters
    ----------
    landmarks_px : mapping of str to (x, y)
        At least four of `trainer.back.frame.BACK_LANDMARKS`, not on one line, in pixels of the raw picture.
    sigma_px : float, mapping or None
        Standard deviation of each mark along each axis in pixels; None takes 0.6 % of the picture's longer
        side, about what a careful person with a mouse achieves.
    image_size : tuple of int
        Width and height of that picture.
    scale : MeasuredDistance or BackSize, optional
        A distance measured on the skin, or a known size; without it the size of a back is that of the atlas,
        +- 7 %.
    atlas : Atlas, optional
        The anatomy; the shipped one by default.

    Raises
    ------
    RegistrationError
        When the landmarks are too few, on one line, mirrored, or fit no back seen from behind.
    """
    atlas = atlas or load_atlas()
    marks = gather(landmarks_px, sigma_px, image_size, atlas)
    size = back_size(scale, atlas)
    model = BackModel(atlas, image_size)
    parameters, cost = solve(model, marks)
    fitted = posterior(model, marks, parameters)
    forward, sigma = _tabulate(model, marks, fitted)
    inverse = invert(forward, sigma, image_size, _TABLE_NODES, _EDGE_CM)
    centre = np.array([[0.0, atlas.surface.origin_caudal_cm]])
    if (
        not np.isfinite(inverse.read(model.pixels(fitted.parameters, centre))).all()
        and np.isnan(inverse.values).all()
    ):
        raise RegistrationError(
            Text(
                "Tidak ada punggung yang cocok dengan titik-titik ini: periksa kiri dan kanan, lalu tandai "
                "lagi.",
                "Expected landmarks of a back seen from behind, got places that no such back fits: check left "
                "and right, and mark them again.",
            )
        )
    view = _view(model, fitted)
    suspects = tuple(
        name
        for name, length in zip(marks.names, fitted.residual_sigma, strict=True)
        if length > _SUSPECT_SIGMA
    )
    if suspects:
        logging.getLogger(__name__).info("landmarks that the others put elsewhere: %s", ", ".join(suspects))
    return Registration(
        image_size=image_size,
        landmarks_px={
            name: (float(x), float(y)) for name, (x, y) in zip(marks.names, marks.pixels, strict=True)
        },
        size=size,
        forward=forward,
        inverse=inverse,
        view_angle_deg=view[0],
        azimuth_deg=view[1],
        elevation_deg=view[2],
        distance_cm=view[3] * size.ratio,
        coverage=_coverage(forward, image_size),
        cost=cost,
        suspects=suspects,
    )


def _tabulate(model: BackModel, marks: Landmarks, fitted: Posterior) -> tuple[Lattice, Array]:
    columns = int(2 * LATERAL_LIMIT_CM / _STEP_CM) + 1
    rows = int((CAUDAL_LIMITS_CM[1] - CAUDAL_LIMITS_CM[0]) / _STEP_CM) + 1
    origin = np.array([-LATERAL_LIMIT_CM, CAUDAL_LIMITS_CM[0]])
    y, x = np.mgrid[0:rows, 0:columns]
    at = np.stack([x, y], axis=-1).reshape(-1, 2) * _STEP_CM + origin
    # Field and standard deviation are smooth: a coarser lattice suffices, the rest is interpolated.
    coarse_columns = int(np.ceil(2 * LATERAL_LIMIT_CM / _COARSE_CM)) + 1
    coarse_rows = int(np.ceil((CAUDAL_LIMITS_CM[1] - CAUDAL_LIMITS_CM[0]) / _COARSE_CM)) + 1
    v, u = np.mgrid[0:coarse_rows, 0:coarse_columns]
    shift, sigma = displacement(
        model, marks, fitted, np.stack([u, v], axis=-1).reshape(-1, 2) * _COARSE_CM + origin
    )
    coarse = Lattice(
        origin, _COARSE_CM, np.column_stack([shift, sigma]).reshape(coarse_rows, coarse_columns, 3)
    )
    smooth = coarse.read(at)
    pixels = model.pixels(fitted.parameters, at + smooth[:, :2])
    return Lattice(origin, _STEP_CM, pixels.reshape(rows, columns, 2)), smooth[:, 2].reshape(rows, columns)


def _view(model: BackModel, fitted: Posterior) -> tuple[float, float, float, float]:
    """Angle of view, its sideways and lengthwise parts in degrees, and the distance in cm (of the atlas)."""
    pose = fitted.parameters[:POSE_PARAMETERS]
    surface = model.surface(fitted.parameters)
    middle = model.atlas.surface.origin_caudal_cm
    point = surface.points(np.array([[0.0, middle]]))[0]
    eye = -rotation_matrix(pose[:3]).T @ (100.0 * pose[3:6])
    sight = eye - point
    distance = float(np.linalg.norm(sight))
    right, down, inward = sight / distance
    # The skin of the mid-back faces out: (0, 0, -1) in space coordinates by construction (slope 0 at the
    # origin).
    angle = float(np.degrees(np.arccos(np.clip(-inward, -1.0, 1.0))))
    azimuth = float(np.degrees(np.arctan2(right, -inward)))
    elevation = float(np.degrees(np.arcsin(np.clip(-down, -1.0, 1.0))))
    return angle, azimuth, elevation, distance


def _coverage(forward: Lattice, image_size: tuple[int, int]) -> float:
    from trainer.back.lookup import facing

    rows, columns = forward.values.shape[:2]
    lateral = forward.origin[0] + forward.step * np.arange(columns)
    caudal = forward.origin[1] + forward.step * np.arange(rows)
    part = np.ix_((caudal >= 0) & (caudal <= 30), np.abs(lateral) <= 10)
    pixels = forward.values[part]
    inside = (pixels >= 0).all(axis=2) & (pixels < np.asarray(image_size)).all(axis=2)
    return float((inside & (facing(forward)[part] > 0)).mean())
