"""A back drawn from behind: silhouette, spine, ribs and shoulder blades, in hundredths of a centimetre.

Levels, ribs and shoulder blades are the atlas's (`trainer.back.atlas`): a stroke at T5 is drawn at T5. The
silhouette and the vertebrae are drawn by hand around them. It is a picture to find one's way by, not a
measurement: landmarks differ by about one vertebra (3 cm) from person to person.
"""

from collections.abc import Sequence

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from trainer.back.atlas import Atlas
from trainer.language import Text
from trainer.report.palette import BONE, BONE_LINE, RIB_MARK, SKIN, SKIN_DEEP, SKIN_LINE
from trainer.report.svg import element, group, words

UNIT = 100
"""Drawing units per centimetre."""
_MARKED_RIBS = (5, 6)


def definitions() -> Markup:
    """Gradients that the drawing uses; once per page."""
    return Markup("").join(
        (
            _gradient(
                "linearGradient",
                "skin",
                [(0, SKIN_DEEP, 1), (0.22, SKIN, 1), (0.75, SKIN, 1), (1, SKIN_DEEP, 1)],
                x1=0,
                y1=0,
                x2=0,
                y2=1,
            ),
            _gradient("radialGradient", "furrow", [(0, SKIN_LINE, 0.4), (1, SKIN_LINE, 0)]),
            _gradient("radialGradient", "glow", [(0, "#FFFFFF", 0.55), (1, "#FFFFFF", 0)]),
        )
    )


def body(atlas: Atlas, bottom_cm: float, name: str) -> Markup:
    """The back without labels, drawn down to `bottom_cm`; `name` is unique in the page."""
    skin = _silhouette(bottom_cm)
    half = (_ribs(atlas), _scapula(atlas))
    return group(
        [
            element("clipPath", element("path", d=skin), id=f"{name}-skin"),
            element(
                "path", d=skin, fill="url(#skin)", stroke=SKIN_LINE, stroke_width=14, stroke_linejoin="round"
            ),
            group(
                [
                    element("ellipse", cx=-900, cy=1200, rx=560, ry=1100, fill="url(#glow)"),
                    element("ellipse", cx=900, cy=1200, rx=560, ry=1100, fill="url(#glow)"),
                    element("ellipse", cx=0, cy=1500, rx=210, ry=2300, fill="url(#furrow)"),
                    group(half),
                    group(half, transform="scale(-1 1)"),
                ],
                clip_path=f"url(#{name}-skin)",
            ),
            _spine(atlas, bottom_cm),
        ],
        class_="body",
    )


def labels(atlas: Atlas, left_cm: float, right_cm: float, top_cm: float, bottom_cm: float) -> Markup:
    """The names on the drawing: vertebrae, shoulder blades, ribs, and which side is which."""
    left, top = left_cm * UNIT, top_cm * UNIT
    blade_x, blade_y = atlas.outlines["right_scapula"].mean(axis=0) * UNIT + (50, -40)
    rib_x, rib_y = atlas.outlines["right_rib_6"][-1] * UNIT
    levels = [name for name in ("C7", "T3", "T6", "T9", "T12") if atlas.levels[name] < bottom_cm - 4]
    return group(
        [
            *(
                element(
                    "path",
                    d=f"M{left + 230:.0f} {atlas.levels[name] * UNIT:.0f}H-230",
                    stroke=SKIN_LINE,
                    stroke_width=10,
                    stroke_dasharray="8 34",
                    stroke_linecap="round",
                )
                for name in levels
            ),
            *(words(left + 45, atlas.levels[name] * UNIT + 40, name, class_="map-level") for name in levels),
            words(
                float(blade_x),
                float(blade_y),
                Text("tulang", "shoulder"),
                text_anchor="middle",
                class_="map-label",
            ),
            words(
                float(blade_x),
                float(blade_y) + 135,
                Text("belikat", "blade"),
                text_anchor="middle",
                class_="map-label",
            ),
            element(
                "path",
                d=f"M{left + 520:.0f} {rib_y - 90:.0f}L{-rib_x - 60:.0f} {rib_y - 150:.0f}",
                stroke=SKIN_LINE,
                stroke_width=10,
                stroke_dasharray="8 34",
                stroke_linecap="round",
            ),
            words(left + 45, float(rib_y) - 45, Text("iga 5–6", "ribs 5–6"), class_="map-level"),
            words(left + 60, top + 175, Text("KIRI ibu", "mother's LEFT"), class_="map-side"),
            words(
                right_cm * UNIT - 60,
                top + 175,
                Text("KANAN ibu", "mother's RIGHT"),
                text_anchor="end",
                class_="map-side",
            ),
        ]
    )


def smooth_path(points_cm: NDArray[np.float64] | Sequence[tuple[float, float]], closed: bool = False) -> str:
    """Path data of a smooth line through points in cm (Catmull-Rom as Bezier curves)."""
    points = np.asarray(points_cm, dtype=float) * UNIT
    n = len(points)
    if closed:
        around = np.concatenate((points[-1:], points, points[:2]))
    else:
        around = np.concatenate((2 * points[:1] - points[1:2], points, 2 * points[-1:] - points[-2:-1]))
    parts = [f"M{points[0][0]:.0f} {points[0][1]:.0f}"]
    for i in range(n if closed else n - 1):
        before, start, end, after = around[i : i + 4]
        first, second = start + (end - before) / 6, end - (after - start) / 6
        parts.append("C" + " ".join(f"{v:.0f}" for v in (*first, *second, *end)))
    return "".join(parts) + ("Z" if closed else "")


def _gradient(tag: str, name: str, stops: list[tuple[float, str, float]], **where: float) -> Markup:
    return element(
        tag,
        *(
            element("stop", offset=at, stop_color=colour, stop_opacity=opacity)
            for at, colour, opacity in stops
        ),
        id=name,
        **where,
    )


def _silhouette(bottom_cm: float) -> str:
    low = max(27.0, bottom_cm + 0.5)
    right = [
        (5.1, -10.0),
        (5.0, -7.6),
        (5.4, -5.6),
        (7.4, -3.8),
        (11.0, -2.4),
        (15.0, -1.3),
        (18.2, 0.6),
        (20.2, 4.2),
        (20.9, 8.5),
        (21.4, 13.5),
        (22.0, 20.0),
        (22.6, low),
        (18.6, low),
        (17.7, 22.0),
        (16.4, 16.6),
        (15.9, 20.5),
        (15.0, 25.0),
        (14.2, low),
    ]
    # the arm's inner line and the armpit are corners, so the outline is drawn in three smooth pieces
    outer, inner, trunk = right[:12], right[12:15], right[14:]
    pieces = [outer, inner, trunk]
    mirrored = [[(-x, y) for x, y in piece[::-1]] for piece in pieces[::-1]]
    data = "L".join(smooth_path(piece)[1:] for piece in (*pieces, *mirrored))
    return f"M{data}Z"


def _ribs(atlas: Atlas) -> Markup:
    def rib(n: int) -> Markup:
        marked = n in _MARKED_RIBS
        model = atlas.outlines[f"right_rib_{5 if n <= 5 else 6}"]
        model = model + np.array([0.0, atlas.levels[f"T{n}"] - atlas.levels["T5" if n <= 5 else "T6"]])
        # the atlas stops where the shoulder blade's lower part would; carry on around the side of the trunk
        line = smooth_path(np.vstack((model, model[-1] + (2.6, 3.3), model[-1] + (4.6, 7.2))))
        width = 84 if marked else 70
        return element(
            "path",
            d=line,
            fill="none",
            stroke=BONE_LINE,
            stroke_width=width,
            stroke_linecap="round",
            opacity=0.75 if marked else 0.2,
        ) + element(
            "path",
            d=line,
            fill="none",
            stroke=RIB_MARK if marked else BONE,
            stroke_width=width - 26,
            stroke_linecap="round",
            opacity=1 if marked else 0.4,
        )

    return group(rib(n) for n in (2, 3, 4, 7, 8, 9, 10, *_MARKED_RIBS))


_BLADE: tuple[tuple[float, float], ...] = (
    (8.3, 3.7),
    (7.3, 5.2),
    (7.0, 7.0),
    (7.1, 9.8),
    (7.5, 13.2),
    (8.0, 15.9),
    (8.4, 17.1),
    (9.0, 17.5),
    (9.7, 17.0),
    (10.7, 14.9),
    (11.7, 12.3),
    (12.6, 10.1),
    (13.3, 8.6),
    (14.0, 7.5),
    (14.4, 6.5),
    (14.0, 5.6),
    (12.7, 5.2),
    (11.3, 4.7),
    (10.1, 4.0),
    (9.2, 3.5),
)
_RIDGE: tuple[tuple[float, float], ...] = (
    (7.1, 6.5),
    (8.7, 5.9),
    (10.4, 4.9),
    (12.2, 3.6),
    (13.6, 2.3),
    (14.7, 0.9),
    (15.7, 0.4),
    (16.3, 1.0),
    (15.8, 2.0),
    (14.5, 3.0),
    (12.9, 4.3),
    (11.0, 5.6),
    (9.0, 6.7),
    (7.2, 7.4),
)
"""The right shoulder blade and the ridge on it, for a root at (7, 7) and a lower angle at (9, 17.5)."""


def _scapula(atlas: Atlas) -> Markup:
    root = np.array(atlas.landmarks["right_scapula_spine_root"].at)
    angle = np.array(atlas.landmarks["right_scapula_inferior_angle"].at)
    stretch = np.array([1.0, (angle[1] - root[1]) / 10.5])

    def placed(points: tuple[tuple[float, float], ...]) -> str:
        return smooth_path((np.array(points) - (7.0, 7.0)) * stretch + root, closed=True)

    return group(
        [
            element("path", d=placed(_BLADE), transform="translate(0 32)", fill=SKIN_LINE, opacity=0.2),
            element("path", d=placed(_BLADE), fill=BONE, fill_opacity=0.6, stroke=BONE_LINE, stroke_width=18),
            element("path", d=placed(_RIDGE), transform="translate(0 24)", fill=SKIN_LINE, opacity=0.25),
            element("path", d=placed(_RIDGE), fill=BONE, stroke=BONE_LINE, stroke_width=15),
        ]
    )


def _spine(atlas: Atlas, bottom_cm: float) -> Markup:
    levels = sorted(atlas.levels.values())
    places = [(-5.0, 0.72), (-2.5, 0.82)] + [(level, 1.0) for level in levels]
    below = levels[-1] + 3.2
    while below < bottom_cm + 1:
        places.append((below, 1.1))
        below += 3.2
    return group(_vertebra(at, size) for at, size in places if at < bottom_cm + 1)


def _vertebra(caudal_cm: float, size: float) -> Markup:
    return group(
        [
            element(
                "path",
                d="M-185 -95C-120 -130 120 -130 185 -95C215 -70 200 -25 165 -28C100 -35 -100 -35 -165 -28"
                "C-200 -25 -215 -70 -185 -95Z",
                fill=BONE,
                fill_opacity=0.8,
                stroke=BONE_LINE,
                stroke_width=13,
            ),
            element(
                "path",
                d="M-38 -112C-50 -40 -48 40 -26 88C-14 112 14 112 26 88C48 40 50 -40 38 -112C20 -128 -20 -128"
                " -38 -112Z",
                fill=BONE,
                stroke=BONE_LINE,
                stroke_width=15,
            ),
        ],
        transform=f"translate(0 {caudal_cm * UNIT:.0f}) scale({size})",
    )
