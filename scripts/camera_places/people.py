"""Mother and companion in plain shapes, for the pictures of where the camera goes; SVG, centimetres times a scale.

The origin is the middle of her back. Seen from above she faces up the page; from behind, away from the reader; from
the side, to the left.
"""

MOTHER, MOTHER_HAIR = "#b5654a", "#5b3a2c"
COMPANION, COMPANION_HAIR = "#3c6e8f", "#24323b"
WOOD = "#c9b79c"
_ASIDE_CM = 30
"""How far a companion who has stepped aside stands to her right."""


def from_above(x: float, y: float, k: float, companion: str) -> str:
    """Draw both from above, with the table that she leans on.

    Parameters
    ----------
    x, y : float
        Where the middle of her back is, px.
    k : float
        Pixels a centimetre.
    companion : {"seated", "standing", "aside"}
        See `scripts.camera_places.cells.Cell`.
    """
    aside = _ASIDE_CM if companion == "aside" else 0
    return "".join(
        [
            _rect(x - 38 * k, y - 66 * k, 76 * k, 32 * k, WOOD),
            _ellipse(x, y - 11 * k, 20 * k, 11 * k, MOTHER),
            _line(
                [(x - 17 * k, y - 13 * k), (x - 15 * k, y - 42 * k), (x + 8 * k, y - 42 * k)], 6 * k, MOTHER
            ),
            _line(
                [(x + 17 * k, y - 13 * k), (x + 15 * k, y - 42 * k), (x - 8 * k, y - 42 * k)], 6 * k, MOTHER
            ),
            _circle(x, y - 25 * k, 9 * k, MOTHER_HAIR),
            _line([(x + (aside - 17) * k, y + 36 * k), (x - 6 * k, y + 2 * k)], 6 * k, COMPANION),
            _line([(x + (aside + 17) * k, y + 36 * k), (x + 6 * k, y + 2 * k)], 6 * k, COMPANION),
            _ellipse(x + aside * k, y + 39 * k, 20 * k, 10 * k, COMPANION),
            _circle(x + aside * k, y + 31 * k, 8 * k, COMPANION_HAIR),
        ]
    )


def from_behind(x: float, y: float, k: float, companion: str) -> str:
    """Draw her back, and the companion in front of it as an outline; parameters as `from_above`."""
    up = 26 if companion == "standing" else 10
    body = [
        (x - 17 * k, y - 14 * k),
        (x + 17 * k, y - 14 * k),
        (x + 15 * k, y + 38 * k),
        (x - 15 * k, y + 38 * k),
    ]
    outline = f'fill="{COMPANION}" fill-opacity="0.25" stroke="{COMPANION}" stroke-width="1.5"'
    return "".join(
        [
            _rect(x - 20 * k, y + 42 * k, 40 * k, 5 * k, WOOD),
            _polygon(body, 6 * k, MOTHER),
            _circle(x, y - 28 * k, 9 * k, MOTHER_HAIR),
            f'<path d="M{x - 18 * k:.1f} {y + 60 * k:.1f} V{y - up * k:.1f} q0 {-6 * k:.1f} {6 * k:.1f} {-6 * k:.1f} '
            f'h{24 * k:.1f} q{6 * k:.1f} 0 {6 * k:.1f} {6 * k:.1f} V{y + 60 * k:.1f} Z" {outline}/>',
            f'<circle cx="{x:.1f}" cy="{y - (up + 18) * k:.1f}" r="{9 * k:.1f}" {outline}/>',
        ]
    )


def from_the_side(x: float, y: float, k: float, companion: str) -> str:
    """Draw both from the side; who has stepped aside is an outline beyond her; parameters as `from_above`."""
    up, aside = (8 if companion == "seated" else 28), companion == "aside"
    shoulder, away = (x + 34 * k, y - (4 + up) * k), 0.55 if aside else 1
    legs = [shoulder, (x + 41 * k, y + 40 * k), (x + 41 * k, y + 80 * k)]
    who = "".join(
        [
            _line(legs, 15 * k, COMPANION),
            _circle(x + 31 * k, y - (25 + up) * k, 8.5 * k, COMPANION_HAIR),
            _line([(shoulder[0] - 2 * k, shoulder[1] + 4 * k), (x + 3 * k, y - 2 * k)], 6 * k, COMPANION),
        ]
    )
    return "".join(
        [
            _rect(x - 78 * k, y + 8 * k, 50 * k, 4 * k, WOOD),
            _rect(x - 12 * k, y + 48 * k, 30 * k, 4 * k, WOOD),
            _line([(x - 19 * k, y - 18 * k), (x - 9 * k, y), (x - 6 * k, y + 40 * k)], 16 * k, MOTHER),
            _line(
                [(x - 8 * k, y + 40 * k), (x - 42 * k, y + 42 * k), (x - 42 * k, y + 80 * k)], 14 * k, MOTHER
            ),
            _line(
                [(x - 22 * k, y - 14 * k), (x - 32 * k, y + 4 * k), (x - 58 * k, y + 4 * k)], 6 * k, MOTHER
            ),
            _circle(x - 32 * k, y - 27 * k, 9 * k, MOTHER_HAIR),
            f'<g opacity="{away}">{who}</g>',
        ]
    )


def _rect(x: float, y: float, width: float, height: float, fill: str) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="2" fill="{fill}"/>'


def _circle(x: float, y: float, radius: float, fill: str) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{fill}"/>'


def _ellipse(x: float, y: float, rx: float, ry: float, fill: str) -> str:
    return f'<ellipse cx="{x:.1f}" cy="{y:.1f}" rx="{rx:.1f}" ry="{ry:.1f}" fill="{fill}"/>'


def _points(points: list[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def _line(points: list[tuple[float, float]], width: float, colour: str) -> str:
    return (
        f'<polyline points="{_points(points)}" fill="none" stroke="{colour}" stroke-width="{width:.1f}" '
        'stroke-linecap="round" stroke-linejoin="round"/>'
    )


def _polygon(points: list[tuple[float, float]], width: float, colour: str) -> str:
    return (
        f'<polygon points="{_points(points)}" fill="{colour}" stroke="{colour}" stroke-width="{width:.1f}" '
        'stroke-linejoin="round"/>'
    )
