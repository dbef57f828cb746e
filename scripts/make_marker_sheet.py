"""Draw the sheet of printable markers.

    python -m scripts.make_marker_sheet calibration/marker-sheet-a4.svg

A4, in millimetres, to be printed at 100 %: one ArUco marker per landmark of the back, and a ruler to check
the print.
"""

import sys
from pathlib import Path

import cv2

from scripts.common.arguments import argument_parser
from trainer.back.markers import DICTIONARY, MARKER_CM, MARKER_LANDMARKS

PAGE_MM = (210.0, 297.0)
TILE_MM = (46.0, 50.0)
COLUMNS = 4
NAMES = {
    "C7": ("C7", "benjolan leher", "bump of the neck"),
    "T3": ("T3", "tulang belakang", "spine"),
    "T7": ("T7", "tulang belakang", "spine"),
    "T12": ("T12", "tulang belakang", "spine"),
    "scapula_spine_root": ("", "pangkal belikat", "root of the blade's ridge"),
    "scapula_inferior_angle": ("", "ujung bawah belikat", "lower tip of the blade"),
    "rib_angle": ("", "lengkung rusuk 5-6", "bend of ribs 5-6"),
}
SIDES = {"left": ("kiri ibu", "her left"), "right": ("kanan ibu", "her right")}


def words(landmark: str) -> tuple[str, str]:
    """Return what is written under a landmark's marker, Indonesian and English."""
    side, _, rest = landmark.partition("_")
    if side in SIDES:
        _, indonesian, english = NAMES[rest]
        return f"{indonesian}, {SIDES[side][0]}", f"{english}, {SIDES[side][1]}"
    name, indonesian, english = NAMES[landmark]
    return f"{name}, {indonesian}", f"{name}, {english}"


def marker(number: int, x: float, y: float) -> list[str]:
    """The marker's black square with its white cells; `x, y` is its top left in mm."""
    bits = cv2.aruco.generateImageMarker(cv2.aruco.getPredefinedDictionary(DICTIONARY), number, 6)
    cell = 10.0 * MARKER_CM / 6
    drawn = [f'<rect x="{x:g}" y="{y:g}" width="{6 * cell:g}" height="{6 * cell:g}" fill="#000"/>']
    drawn += [
        f'<rect x="{x + c * cell:g}" y="{y + r * cell:g}" width="{cell:g}" height="{cell:g}" fill="#fff"/>'
        for r in range(6)
        for c in range(6)
        if bits[r, c]
    ]
    return drawn


def sheet() -> str:
    """Return the sheet as SVG."""
    width, height = PAGE_MM
    side = 10.0 * MARKER_CM
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}mm" height="{height:g}mm" '
        f'viewBox="0 0 {width:g} {height:g}" shape-rendering="crispEdges" fill="#222" '
        'font-family="Noto Sans, Segoe UI, Arial, sans-serif">',
        f'<rect width="{width:g}" height="{height:g}" fill="#fff"/>',
        '<text x="13" y="19" font-size="6" font-weight="700">Pijat: penanda punggung / markers for the back</text>',
        '<text x="13" y="26" font-size="3.1">Cetak 100 % (tanpa penyesuaian), periksa penggaris, gunting, lalu tempel '
        "dengan titik tengahnya pada tempat yang tertulis.</text>",
        '<text x="13" y="31" font-size="3.1">Print at 100 % (no scaling), check the ruler, cut out, and stick each '
        "with its middle on the place it names.</text>",
    ]
    for place, (number, landmark) in enumerate(MARKER_LANDMARKS.items()):
        x = 13.0 + (place % COLUMNS) * TILE_MM[0]
        y = 40.0 + (place // COLUMNS) * (TILE_MM[1] + 4)
        inset = (TILE_MM[0] - side) / 2
        out.append(
            f'<rect x="{x:g}" y="{y:g}" width="{TILE_MM[0]:g}" height="{TILE_MM[1]:g}" fill="none" stroke="#999" '
            'stroke-width="0.2" stroke-dasharray="1.5 1.5"/>'
        )
        out += marker(number, x + inset, y + 6)
        for corner, dx, dy in (("M", -1, 0), ("M", 1, 0), ("M", 0, -1), ("M", 0, 1)):
            cx, cy = x + inset + side / 2 + dx * (side / 2 + 1), y + 6 + side / 2 + dy * (side / 2 + 1)
            out.append(
                f'<path d="{corner}{cx:g} {cy:g}l{2 * dx:g} {2 * dy:g}" stroke="#222" stroke-width="0.3"/>'
            )
        indonesian, english = words(landmark)
        middle = x + TILE_MM[0] / 2
        out.append(
            f'<text x="{middle:g}" y="{y + 44:g}" font-size="2.9" text-anchor="middle">{indonesian}</text>'
        )
        out.append(
            f'<text x="{middle:g}" y="{y + 48:g}" font-size="2.5" fill="#555" text-anchor="middle">{english}</text>'
        )
    top = 40.0 + 3 * (TILE_MM[1] + 4) + 12
    out.append(f'<path d="M30 {top:g}h150" stroke="#222" stroke-width="0.4"/>')
    for mm in range(0, 151):
        long = 6 if mm % 10 == 0 else 4 if mm % 5 == 0 else 2
        out.append(
            f'<path d="M{30 + mm} {top:g}v{long}" stroke="#222" stroke-width="{0.3 if mm % 10 == 0 else 0.15}"/>'
        )
        if mm % 10 == 0:
            out.append(
                f'<text x="{30 + mm}" y="{top + 10:g}" font-size="3" text-anchor="middle">{mm // 10}</text>'
            )
    out.append(f'<text x="30" y="{top - 3:g}" font-size="3.4">15 cm</text>')
    out.append("</svg>")
    return "\n".join(out) + "\n"


def main() -> int:
    """Write the sheet."""
    parser = argument_parser(__file__, __doc__)
    parser.add_argument("out", type=Path, metavar="FILE.svg")
    parser.parse_args().out.write_text(sheet(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
