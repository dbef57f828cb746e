"""One picture of good, poor and hopeless places for the camera: two plans from above, one upright section."""

import itertools
import math
from collections.abc import Mapping, Sequence

from scripts.camera_places import people
from scripts.camera_places.summary import Place, Plans

_CM = 0.6
"""Pixels a centimetre."""
_RINGS = {80: (50, 110), 140: (110, 180), 220: (180, 260)}
"""Inner and outer radius of each distance, cm."""
_COLOUR = {"good": "#8fce9b", "poor": "#f6d98a", "hopeless": "#ea9a90"}
_WORDS = {
    "good": ("baik", "good"),
    "poor": ("kurang", "poor"),
    "hopeless": ("percuma", "hopeless"),
}
_ROWS = {
    "seated": ("Pendamping duduk di belakang ibu", "Companion seated behind her"),
    "standing": ("Pendamping berdiri di belakang ibu", "Companion standing behind her"),
    "aside": ("Pendamping berdiri selangkah ke samping", "Companion standing a step to one side"),
}
_COLUMNS = (
    ("dari atas, kamera rendah (15°, seperti laptop)", "from above, camera low (15°, as a laptop is)"),
    ("dari atas, kamera tinggi (45°)", "from above, camera high (45°)"),
)
_UPRIGHT = {
    "seated": ("dari belakang, kamera di kiri atau kanan", "from behind, camera to her left or right"),
    "standing": ("dari belakang, kamera di kiri atau kanan", "from behind, camera to her left or right"),
    "aside": ("dari samping, kamera di belakang ibu", "from the side, camera behind her"),
}
_HEIGHTS = {"seated": 372, "standing": 372, "aside": 250}
_NOTES = (
    (
        "Angka: dari 100 sentuhan ibu jari, berapa yang dapat dilihat kamera di situ. Lingkaran: 80, 140 dan 220 cm.",
        "Numbers: of 100 touches of a thumb, how many a camera there could see. Rings: 80, 140 and 220 cm away.",
    ),
    (
        "Baik: 60 atau lebih terlihat, dan program menemukan punggung serta sepertiga dari ibu jari itu. "
        "Percuma: kurang dari 30.",
        "Good: 60 or more can be seen, and the program finds the back and a third of those thumbs. "
        "Hopeless: fewer than 30.",
    ),
)
_FONT = 'font-family="system-ui, sans-serif"'
_COLUMN = 360

Sectors = Mapping[tuple[int, int], Place]
"""Places by angle (azimuth or elevation, degrees) and distance (cm)."""


def draw(plans: Mapping[str, Plans]) -> str:
    """Return the picture as SVG.

    Parameters
    ----------
    plans : mapping
        Companion to places, as `scripts.camera_places.summary.plans` pools them.
    """
    width, height = 3 * _COLUMN, 90 + sum(_HEIGHTS.values()) + 100
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">',
        "<title>Tempat kamera / Where the camera goes</title>",
        f'<rect width="{width}" height="{height}" fill="#fbfaf7"/>',
        *_legend(),
    ]
    top = 78.0
    for companion, words in _ROWS.items():
        parts.append(_text(24, top + 16, *words, anchor="start", size=16, weight=600))
        own = plans[companion]
        columns = zip((*_COLUMNS, _UPRIGHT[companion]), own, strict=True)
        for number, (title, sectors) in enumerate(columns):
            x = _COLUMN * (number + 0.5)
            parts.append(_two_lines(x, top + 40, *title))
            parts.append(_panel((x, top), number, companion, sectors))
        top += _HEIGHTS[companion]
    for number, note in enumerate(_NOTES):
        parts.append(_two_lines(24, height - 78 + 42 * number, *note, anchor="start"))
    return "\n".join([*parts, "</svg>"]) + "\n"


def _panel(at: tuple[float, float], number: int, companion: str, sectors: Sectors) -> str:
    x, top = at
    if number < 2:
        y = top + (105 if companion == "aside" else 215)
        return _sectors((x, y), sectors, 90, -1) + people.from_above(x, y, _CM, companion)
    if companion == "aside":
        x, y = x - 60, top + 175
        return _sectors((x, y), sectors, 0, -1) + people.from_the_side(x, y, _CM, companion)
    y = top + 250
    both = _sectors((x, y), sectors, 0, -1) + _sectors((x, y), sectors, 180, 1)
    return both + people.from_behind(x, y, _CM, companion)


def _sectors(centre: tuple[float, float], places: Sectors, zero: float, sign: int) -> str:
    """Draw places about a centre; `zero` and `sign` turn an angle into one of the page (clockwise from the right)."""
    parts = []
    for distance in sorted({d for _, d in places}):
        edges = _edges(sorted({angle for angle, _ in places}))
        for (angle, own), place in places.items():
            if own == distance:
                ends = sorted(zero + sign * edge for edge in edges[angle])
                parts.append(_sector(centre, (ends[0], ends[1]), distance, place, zero + sign * angle))
    return "".join(parts)


def _edges(angles: Sequence[int]) -> dict[int, tuple[float, float]]:
    """Return where each angle's sector begins and ends: half-way to the next, at most 12.5 degrees beyond the last."""
    middles = [(a + b) / 2 for a, b in itertools.pairwise(angles)]
    borders = [max(angles[0] - 12.5, 2 * angles[0] - middles[0]), *middles]
    borders.append(min(angles[-1] + 12.5, 2 * angles[-1] - middles[-1]))
    return {angle: (borders[i], borders[i + 1]) for i, angle in enumerate(angles)}


def _sector(
    centre: tuple[float, float], ends: tuple[float, float], distance: int, place: Place, label_at: float
) -> str:
    inner, outer = (_CM * r for r in _RINGS[distance])
    (x, y), (a, b) = centre, (math.radians(end) for end in ends)

    def at(radius: float, angle: float) -> str:
        return f"{x + radius * math.cos(angle):.1f} {y + radius * math.sin(angle):.1f}"

    path = f"M{at(inner, a)} L{at(outer, a)} A{outer:.1f} {outer:.1f} 0 0 1 {at(outer, b)} L{at(inner, b)} "
    path += f"A{inner:.1f} {inner:.1f} 0 0 0 {at(inner, a)} Z"
    middle = math.radians(label_at)
    where = at((inner + outer) / 2, middle).split()
    return (
        f'<path d="{path}" fill="{_COLOUR[place.kind]}" stroke="#fff" stroke-width="1.5"/>'
        f'<text x="{where[0]}" y="{float(where[1]) + 4:.1f}" text-anchor="middle" font-size="11" {_FONT} '
        f'fill="#222">{100 * place.visible:.0f}</text>'
    )


def _legend() -> list[str]:
    parts = [_text(24, 34, "Tempat kamera", "Where the camera goes", anchor="start", size=20, weight=700)]
    for number, (kind, words) in enumerate(_WORDS.items()):
        x = 540 + 180 * number
        parts.append(f'<rect x="{x}" y="18" width="26" height="20" rx="3" fill="{_COLOUR[kind]}"/>')
        parts.append(_text(x + 34, 34, *words, anchor="start", size=15))
    return parts


def _text(
    x: float, y: float, indonesian: str, english: str, *, anchor: str, size: int, weight: int = 400
) -> str:
    head = f'<text x="{x}" y="{y}" text-anchor="{anchor}" font-size="{size}" font-weight="{weight}" {_FONT}'
    return f'{head} fill="#222">{indonesian} <tspan fill="#777" font-weight="400">{english}</tspan></text>'


def _two_lines(x: float, y: float, indonesian: str, english: str, anchor: str = "middle") -> str:
    head = f'<text x="{x}" text-anchor="{anchor}" font-size="12.5" {_FONT}'
    return f'{head} y="{y}" fill="#222">{indonesian}</text>{head} y="{y + 16}" fill="#777">{english}</text>'
