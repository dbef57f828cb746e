"""Where the camera may stand: render a grid of views, ask what could be seen from each, and what the program saw.

    PIJAT_BODY_MESH=body_mesh.npz python -m scripts.camera_grid OUT                # all of it; 20 minutes of one core
    python -m scripts.camera_grid OUT --stage measure                              # the clips are there already
    python -m scripts.camera_grid OUT --stage draw --picture docs/img/camera-places.svg --table table.md

270 views (azimuth -140 to 140, elevation 0 to 60, 80 to 220 cm; the companion seated or standing straight behind
her, or standing a step aside; small and large hands in turn), three pictures each: the back without hands, then two
places of both thumbs, each held for a second. From the truth: of 24 contacts of each view, how many thumb tips lie in
the picture and behind nothing, the companion included. From the program, which finds the back by itself: whether it
did, whether the hand was found in the picture and its thumb placed, for the drawn contacts that are visible, and the
error. About 4 s of one core a view, two thirds of it for drawing with a software driver.
Writes OUT/<view>/clip.mp4 and truth.json, OUT/sessions, OUT/measured.json. What is there already is kept.
"""

import json
import os
import sys
from pathlib import Path

from scripts.camera_places.cells import COMPANIONS, cells
from scripts.common.arguments import argument_parser


def render(out: Path) -> None:
    """Render the views that are not there yet."""
    # the mesh is read when first needed, so this comes after the environment is set
    from scripts.camera_places.rendering import render_cell

    renderer = None
    for cell in cells():
        if not (out / cell.name / "truth.json").is_file():
            renderer = render_cell(cell, out, renderer)
            sys.stderr.write(f"{cell.name} rendered\n")


def measure(out: Path) -> None:
    """Analyse the views that are not measured yet."""
    from scripts.camera_places.measuring import measure_cell

    path = out / "measured.json"
    known = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    for cell in cells():
        if cell.name in known:
            continue
        known[cell.name] = measure_cell(cell, out, out / "sessions").to_json()
        path.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")
        sys.stderr.write(f"{cell.name} measured\n")


def draw(out: Path, picture: Path | None, table: Path | None) -> None:
    """Write the picture and the table, or print the table."""
    from scripts.camera_places import drawing, summary
    from scripts.camera_places.measuring import Measured

    document = json.loads((out / "measured.json").read_text(encoding="utf-8"))
    measured = [Measured.from_json(cell) for cell in document.values()]
    if picture:
        plans = {companion: summary.plans(measured, companion) for companion in COMPANIONS}
        picture.write_text(drawing.draw(plans), encoding="utf-8")
    if table:
        table.write_text(summary.table(measured), encoding="utf-8")
    else:
        sys.stdout.write(summary.table(measured))


def main() -> int:
    """Do what the command line asks for."""
    parser = argument_parser(__file__, __doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--stage", choices=("render", "measure", "draw", "all"), default="all")
    parser.add_argument("--picture", type=Path, metavar="SVG", help="where the picture is written")
    parser.add_argument(
        "--table", type=Path, metavar="MD", help="where the table is written instead of printed"
    )
    parser.add_argument("--body-mesh", type=Path, default=None, help="instead of PIJAT_BODY_MESH")
    args = parser.parse_args()
    if args.body_mesh:
        os.environ["PIJAT_BODY_MESH"] = str(args.body_mesh)
    if args.stage in ("render", "all"):
        render(args.out)
    if args.stage in ("measure", "all"):
        measure(args.out)
    if args.stage in ("draw", "all"):
        if not (args.out / "measured.json").is_file():
            sys.stderr.write(
                f"Expected measured.json in {args.out}, found none: run --stage measure first.\n"
            )
            return 2
        draw(args.out, args.picture, args.table)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
