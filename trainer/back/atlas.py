"""The anatomy of the back as data: landmarks, levels, ribs, shoulder blades, and how people differ."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Literal

import numpy as np
import yaml
from numpy.typing import NDArray

from trainer.back.frame import BACK_LANDMARKS
from trainer.errors import PijatError
from trainer.language import Text
from trainer.resources import resource_path

Zone = Literal["spine", "paraspinal", "scapular", "outside"]
Side = Literal["left", "right", "spine"]


@dataclass(frozen=True)
class LandmarkPlace:
    """Where one landmark lies.

    Attributes
    ----------
    at : tuple of float
        ``lateral_cm, caudal_cm``.
    sigma_cm : tuple of float
        Spread between people of each, in cm, once the size of the back is known.
    space_cm, space_sigma_cm : tuple of float or None
        For a landmark that does not lie on the skin of the back: ``right, down, out`` in cm from the origin
        of the surface, and its spread.
    source : str
        Key of `Atlas.sources`.
    """

    at: tuple[float, float]
    sigma_cm: tuple[float, float]
    space_cm: tuple[float, float, float] | None
    space_sigma_cm: tuple[float, float, float] | None
    source: str


@dataclass(frozen=True, eq=False)
class SurfaceConstants:
    """The mean back and how backs differ from it; see `trainer.back.surface`.

    Attributes
    ----------
    spine : ndarray, shape (4,)
        Slope of the spinous line in radians, polynomial in the caudal unit.
    section : ndarray, shape (3, 3)
        Slope of the cross-section in radians: odd powers of the lateral unit by powers of the caudal unit.
    modes : tuple
        ``(term, i, j)`` of each coefficient that may differ from the mean.
    mode_sigma : ndarray, shape (m,)
        Standard deviation of each.
    misfit_cm, misfit_length_cm : float
        Standard deviation and correlation length of what the modes do not explain.
    """

    origin_caudal_cm: float
    caudal_unit_cm: float
    lateral_unit_cm: float
    spine: NDArray[np.float64]
    section: NDArray[np.float64]
    modes: tuple[tuple[str, int, int], ...]
    mode_sigma: NDArray[np.float64]
    misfit_cm: float
    misfit_length_cm: float


@dataclass(frozen=True, eq=False)
class Atlas:
    """Positions in back coordinates (cm), with sources.

    Attributes
    ----------
    landmarks : mapping of str to LandmarkPlace
        Every name of `trainer.back.frame.BACK_LANDMARKS`.
    levels : mapping of str to float
        Spinous process to cm below C7.
    outlines : mapping of str to ndarray, shape (n, 2)
        Drawable lines in back coordinates: ``spine``, ``left_`` and ``right_`` + ``scapula`` (closed),
        ``scapula_spine``, ``rib_5``, ``rib_6``.
    size_sigma : float
        Relative standard deviation of the size of a back.
    sources : mapping of str to str
        Where the figures come from.
    """

    landmarks: Mapping[str, LandmarkPlace]
    levels: Mapping[str, float]
    outlines: Mapping[str, NDArray[np.float64]]
    size_sigma: float
    spine_half_width_cm: float
    paraspinal_lateral_cm: float
    scapular_lateral_cm: float
    caudal_range_cm: tuple[float, float]
    scapular_caudal_cm: tuple[float, float]
    surface: SurfaceConstants
    sources: Mapping[str, str]

    def zone(self, lateral_cm: float, caudal_cm: float) -> Zone:
        """Name the zone of a point of the back.

        ``spine`` is within `spine_half_width_cm` of the spinous line; ``paraspinal`` from there to the medial
        border of the shoulder blade (and, above and below the blade, as far as the ribs are covered by the
        long back muscles: the same lateral distance); ``scapular`` over the blade; ``outside`` all else.

        Parameters
        ----------
        lateral_cm, caudal_cm : float
            Back coordinates in cm; NaN gives ``outside``.
        """
        low, high = self.caudal_range_cm
        if not low <= caudal_cm <= high:
            return "outside"
        distance = abs(lateral_cm)
        if distance <= self.spine_half_width_cm:
            return "spine"
        if distance <= self.paraspinal_lateral_cm:
            return "paraspinal"
        top, bottom = self.scapular_caudal_cm
        if distance <= self.scapular_lateral_cm and top <= caudal_cm <= bottom:
            return "scapular"
        return "outside"

    def side(self, lateral_cm: float) -> Side:
        """Name the recipient's side of a point: ``spine`` within its half width, and for NaN."""
        if not abs(lateral_cm) > self.spine_half_width_cm:
            return "spine"
        return "right" if lateral_cm > 0 else "left"

    def sized(self, ratio: float) -> "Atlas":
        """Return this atlas drawn on a back `ratio` times as large, in real cm: to draw on it and to name places.

        The surface's constants and the spreads stay the atlas's own; `trainer.back.registration` scales those itself.
        """
        if ratio == 1.0:
            return self
        return replace(
            self,
            landmarks={
                name: replace(place, at=(ratio * place.at[0], ratio * place.at[1]))
                for name, place in self.landmarks.items()
            },
            levels={name: ratio * level for name, level in self.levels.items()},
            outlines={name: ratio * line for name, line in self.outlines.items()},
            spine_half_width_cm=ratio * self.spine_half_width_cm,
            paraspinal_lateral_cm=ratio * self.paraspinal_lateral_cm,
            scapular_lateral_cm=ratio * self.scapular_lateral_cm,
            caudal_range_cm=(ratio * self.caudal_range_cm[0], ratio * self.caudal_range_cm[1]),
            scapular_caudal_cm=(ratio * self.scapular_caudal_cm[0], ratio * self.scapular_caudal_cm[1]),
        )


def _mirrored(place: LandmarkPlace) -> LandmarkPlace:
    space = place.space_cm
    return LandmarkPlace(
        at=(-place.at[0], place.at[1]),
        sigma_cm=place.sigma_cm,
        space_cm=None if space is None else (-space[0], space[1], space[2]),
        space_sigma_cm=place.space_sigma_cm,
        source=place.source,
    )


def _place(entry: Mapping[str, Any]) -> LandmarkPlace:
    space, spread = entry.get("space_cm"), entry.get("space_sigma_cm")
    return LandmarkPlace(
        at=(float(entry["at"][0]), float(entry["at"][1])),
        sigma_cm=tuple(float(v) for v in entry.get("sigma_cm", (1.5, 1.5))),  # type: ignore[arg-type]
        space_cm=None if space is None else (float(space[0]), float(space[1]), float(space[2])),
        space_sigma_cm=None if spread is None else (float(spread[0]), float(spread[1]), float(spread[2])),
        source=str(entry["source"]),
    )


@cache
def load_atlas() -> Atlas:
    """Read ``calibration/atlas.yaml`` (once).

    Raises
    ------
    PijatError
        When the installation lacks the file, or it lacks a landmark.
    """
    document = yaml.safe_load(resource_path("calibration/atlas.yaml").read_text(encoding="utf-8"))
    landmarks: dict[str, LandmarkPlace] = {}
    for name in BACK_LANDMARKS:
        side, _, bare = name.partition("_")
        paired = side in ("left", "right")
        try:
            place = _place(document["landmarks"][bare if paired else name])
        except KeyError as error:
            raise PijatError(
                Text(
                    f"Titik {name} tidak ada dalam calibration/atlas.yaml: pasang lagi pijat-trainer.",
                    f"Expected landmark {name} in calibration/atlas.yaml: install pijat-trainer again.",
                ),
                "missing",
            ) from error
        landmarks[name] = _mirrored(place) if side == "left" else place
    levels = {name: float(value) for name, value in document["levels"].items()}
    outlines = {"spine": np.array([[0.0, value] for value in levels.values()])}
    for name, points in document["outlines"].items():
        line = np.array(points, dtype=float)
        outlines[f"right_{name}"] = line
        outlines[f"left_{name}"] = line * np.array([-1.0, 1.0])
    surface, zones = document["surface"], document["zones"]
    return Atlas(
        landmarks=landmarks,
        levels=levels,
        outlines=outlines,
        size_sigma=float(document["size_sigma"]),
        spine_half_width_cm=float(zones["spine_half_width_cm"]),
        paraspinal_lateral_cm=float(zones["paraspinal_lateral_cm"]),
        scapular_lateral_cm=float(zones["scapular_lateral_cm"]),
        caudal_range_cm=(float(zones["caudal_cm"][0]), float(zones["caudal_cm"][1])),
        scapular_caudal_cm=(float(zones["scapular_caudal_cm"][0]), float(zones["scapular_caudal_cm"][1])),
        surface=SurfaceConstants(
            origin_caudal_cm=float(surface["origin_caudal_cm"]),
            caudal_unit_cm=float(surface["caudal_unit_cm"]),
            lateral_unit_cm=float(surface["lateral_unit_cm"]),
            spine=np.array(surface["spine"], dtype=float),
            section=np.array(surface["section"], dtype=float),
            modes=tuple((str(term), int(i), int(j)) for term, i, j, _ in surface["modes"]),
            mode_sigma=np.array([float(mode[3]) for mode in surface["modes"]]),
            misfit_cm=float(surface["misfit_cm"]),
            misfit_length_cm=float(surface["misfit_length_cm"]),
        ),
        sources=dict(document["sources"]),
    )


def zone(lateral_cm: float, caudal_cm: float) -> Zone:
    """Name the zone of a point of the back; see `Atlas.zone`."""
    return load_atlas().zone(lateral_cm, caudal_cm)


def side(lateral_cm: float) -> Side:
    """Name the recipient's side of a point; see `Atlas.side`."""
    return load_atlas().side(lateral_cm)
