"""One picture of good, poor and hopeless places for the camera, from above and from the side."""

import itertools
import math
from collections.abc import Mapping

from scripts.camera_places.summary import Place

_CM = 0.78
"""Pixels a centimetre."""
_RINGS = {80: (50, 110), 140: (110, 180), 220: (180, 260)}
"""Inner and outer radius of each distance, cm."""
_COLOUR = {"good": "#8fce9b", "poor": "#f6d98a", "hopeless": "#ea9a90"}
_WORDS = {
    "good": ("baik", "good"),
    "poor": ("kurang", "poor"),
    "hopeless": ("percuma", "hopeless"),
}
_FONT = 'font-family="system-ui, sans-serif"'
_WIDTH, _PANEL_Y = 960, 300


def _ring(
    centre: tuple[float, float], start: float, end: float, distance: int, place: Place, label_at: float
) -> str:
    """Draw one sector; angles in degrees, clockwise from the right in the picture."""
    inner, outer = (_CM * r for r in _RINGS[distance])
    (x, y), a, b = centre, math.radians(start), math.radians(end)

    def at(radius: float, angle: float) -> str:
        return f"{x + radius * math.cos(angle):.1f} {y + radius * math.sin(angle):.1f}"

    path = f"M{at(inner, a)} L{at(outer, a)} A{outer:.1f} {outer:.1f} 0 0 1 {at(outer, b)} L{at(inner, b)} "
    path += f"A{inner:.1f} {inner:.1f} 0 0 0 {at(inner, a)} Z"
    middle = math.radians(label_at)
    where = at((inner + outer) / 2, middle).split()
    text = f"{100 * place.visible:.0f}"
    return (
        f'<path d="{path}" fill="{_COLOUR[place.kind]}" stroke="#fff" stroke-width="1.5"/>'
        f'<text x="{where[0]}" y="{float(where[1]) + 4:.1f}" text-anchor="middle" font-size="11" {_FONT} '
        f'fill="#222">{text}</text>'
    )


def _edges(angles: list[int]) -> dict[int, tuple[float, float]]:
    middles = [(a + b) / 2 for a, b in itertools.pairwise(angles)]
    first, last = 2 * angles[0] - middles[0], 2 * angles[-1] - middles[-1]
    borders = [first, *middles, last]
    return {angle: (borders[i], borders[i + 1]) for i, angle in enumerate(angles)}


def _above(centre: tuple[float, float], places: Mapping[tuple[int, int], Place]) -> str:
    """Draw the mother and the companion from above, she facing upwards; the camera's places lie below."""
    x, y = centre
    edges = _edges(sorted({angle for angle, _ in places}))
    parts = []
    for (azimuth, distance), place in places.items():
        start, end = edges[azimuth]
        parts.append(_ring(centre, 90 - end, 90 - start, distance, place, 90 - azimuth))
    k = _CM
    parts += [
        f'<rect x="{x - 55 * k}" y="{y - 62 * k}" width="{110 * k}" height="{40 * k}" rx="4" fill="#c9b79c"/>',
        f'<ellipse cx="{x}" cy="{y - 8 * k}" rx="{20 * k}" ry="{12 * k}" fill="#b5654a"/>',
        f'<circle cx="{x}" cy="{y - 24 * k}" r="{9 * k}" fill="#5b3a2c"/>',
        f'<ellipse cx="{x}" cy="{y + 34 * k}" rx="{19 * k}" ry="{11 * k}" fill="#3c6e8f"/>',
        f'<circle cx="{x}" cy="{y + 28 * k}" r="{8 * k}" fill="#24323b"/>',
        f'<path d="M{x - 17 * k} {y + 30 * k} L{x - 6 * k} {y + 1 * k} M{x + 17 * k} {y + 30 * k} '
        f'L{x + 6 * k} {y + 1 * k}" stroke="#3c6e8f" stroke-width="{6 * k}" stroke-linecap="round"/>',
    ]
    return "".join(parts)


def _side(centre: tuple[float, float], places: Mapping[tuple[int, int], Place], standing: bool) -> str:
    """Draw both from the side, she facing left; the camera's places lie to the right and above."""
    x, y = centre
    edges = _edges(sorted({angle for angle, _ in places}))
    parts = []
    for (elevation, distance), place in places.items():
        start, end = edges[elevation]
        parts.append(_ring(centre, -end, -start, distance, place, -elevation))
    k, up = _CM, 28 if standing else 8
    shoulder, head = y - (4 + up) * k, y - (26 + up) * k
    parts += [
        f'<rect x="{x - 75 * k}" y="{y + 12 * k}" width="{48 * k}" height="{4 * k}" fill="#c9b79c"/>',
        f'<path d="M{x - 22 * k} {y - 16 * k} Q{x - 2 * k} {y} {x} {y + 40 * k} L{x - 34 * k} {y + 44 * k}" '
        f'stroke="#b5654a" stroke-width="{17 * k}" fill="none" stroke-linecap="round"/>',
        f'<circle cx="{x - 34 * k}" cy="{y - 16 * k}" r="{9 * k}" fill="#5b3a2c"/>',
        f'<path d="M{x + 36 * k} {shoulder} L{x + 42 * k} {y + 42 * k} L{x + 42 * k} {y + 84 * k}" '
        f'stroke="#3c6e8f" stroke-width="{16 * k}" fill="none" stroke-linecap="round"/>',
        f'<circle cx="{x + 32 * k}" cy="{head}" r="{8.5 * k}" fill="#24323b"/>',
        f'<path d="M{x + 34 * k} {shoulder + 4 * k} L{x + 5 * k} {y - 1 * k}" stroke="#3c6e8f" '
        f'stroke-width="{6 * k}" stroke-linecap="round"/>',
    ]
    return "".join(parts)


def draw(
    above: Mapping[str, Mapping[tuple[int, int], Place]], side: Mapping[str, Mapping[tuple[int, int], Place]]
) -> str:
    """Return the picture as SVG.

    Parameters
    ----------
    above, side : mapping of {"seated", "standing"} to places
        As `scripts.camera_places.summary` pools them.
    """
    rows = {
        "seated": ("pendamping duduk", "companion seated"),
        "standing": ("pendamping berdiri", "companion standing"),
    }
    height = 2 * _PANEL_Y + 150
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img">',
        "<title>Tempat kamera / Where the camera goes</title>",
        f'<rect width="{_WIDTH}" height="{height}" fill="#fbfaf7"/>',
        _text(225, 24, "dari atas", "from above"),
        _text(690, 24, "dari samping", "from the side"),
    ]
    for number, (companion, words) in enumerate(rows.items()):
        top = 40 + number * _PANEL_Y
        parts.append(_text(30, top + 18, *words, anchor="start"))
        parts.append(_above((225, top + 85), above[companion]))
        parts.append(_side((620, top + 205), side[companion], companion == "standing"))
    for number, (kind, (indonesian, english)) in enumerate(_WORDS.items()):
        x = 40 + 190 * number
        parts.append(f'<rect x="{x}" y="{height - 78}" width="26" height="18" fill="{_COLOUR[kind]}"/>')
        parts.append(_text(x + 34, height - 64, indonesian, english, anchor="start"))
    note = (
        "Angka: dari 100 sentuhan ibu jari, berapa yang dapat dilihat kamera di situ.",
        "Numbers: of 100 touches of a thumb, how many a camera there could see.",
    )
    parts.append(_text(40, height - 32, *note, anchor="start", size=12, apart=True))
    return "\n".join([*parts, "</svg>"]) + "\n"


def _text(
    x: float,
    y: float,
    indonesian: str,
    english: str,
    *,
    anchor: str = "middle",
    size: int = 14,
    apart: bool = False,
) -> str:
    first = (
        f'<text x="{x}" y="{y}" text-anchor="{anchor}" font-size="{size}" {_FONT} fill="#222">{indonesian}'
    )
    if apart:
        second = f'<text x="{x}" y="{y + 1.4 * size}" text-anchor="{anchor}" font-size="{size}" {_FONT} '
        return f'{first}</text>{second}fill="#666">{english}</text>'
    return f'{first} <tspan fill="#777">{english}</tspan></text>'
