"""Draw the packages of ``trainer`` and what each imports, as the picture of docs/architecture.md.

    python -m scripts.draw_architecture

Everything but the few words in each box is read from the source: the layers from `scripts.common.code_map`, the arrows
from the imports. A test holds the committed picture to the source.
"""

import itertools
import math
import sys
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path

from scripts.common.arguments import argument_parser
from scripts.common.code_map import LAYERS, package_imports, read_modules
from scripts.common.layered_layout import Layout, place, reduced

REPOSITORY = Path(__file__).resolve().parents[1]
PICTURE = Path("docs/img/architecture.svg")

WORDS: Mapping[str, tuple[str, ...]] = {
    "language": ("Indonesian", "and English"),
    "errors": ("one sentence", "for each mistake"),
    "resources": ("where shipped", "files lie"),
    "files": ("written whole", "or not at all"),
    "progress_bar": ("how much", "is done"),
    "serving": ("address and guard", "of every page"),
    "strict_yaml": ("YAML that runs", "nothing"),
    "commit": ("which commit", "this is"),
    "capture": ("video file to frames and their true times",),
    "perception": ("frame to hands, contact points, the back",),
    "back": ("pixels to centimetres on the skin; thumb tracks",),
    "strokes": ("thumb tracks to strokes, counted",),
    "protocol": ("strokes to verdicts, points, advice",),
    "session": ("the session folder on disk, and its reader",),
    "report": ("the page drawn from a session",),
    "analysis": ("recorded video", "to session folder"),
    "export": ("other people's", "file formats"),
    "evaluation": ("agreement with", "human timelines"),
    "collection": ("own pictures", "for training"),
    "live": ("practice as it", "happens"),
    "annotation": ("human timelines", "read in"),
    "api": ("calls from a", "notebook"),
    "plots": ("figures for a", "notebook"),
    "cohort": ("statistics of", "a training"),
    "calibrate": ("page to mark", "the back"),
    "batch": ("many videos", "at once"),
    "web": ("page to practise", "with"),
    "doctor": ("is all there", "that is needed?"),
    "library": ("database of people", "and gradings"),
    "handouts": ("A4 pages and", "workbooks"),
    "desk": ("a facilitator's pages: grade, follow a cohort",),
    "commands": ("one module for each command of pijat",),
    "cli": ("the table of commands",),
    "__main__": ("python -m trainer",),
}
"""What a package is for, in lines that fit its box."""

PURE = frozenset({"language", "errors", "back", "strokes", "protocol", "cohort"})
"""What works on values only: no camera, socket or file but a table or model of its own, read once."""

WIDTH, MARGIN = 960, 12
_NARROW, _WIDE, _LANE, _GAP = 134, 330, 10, 12
_LOW, _HIGH, _BETWEEN = 44, 62, 30
_IN_A_ROW = 4
_LEGEND = 46

_STYLE = """
  text { font-family: system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; fill: #1f2328; }
  .name { font-size: 15px; font-weight: 600; }
  .words { font-size: 13px; fill: #424a53; }
  .note { font-size: 13px; fill: #424a53; }
  .box { fill: #ffffff; stroke: #818b98; stroke-width: 1.2; }
  .pure { fill: #ddf4ff; stroke: #0969da; }
  .arrow { fill: none; stroke: #59636e; stroke-width: 1.3; }
  .head { fill: #59636e; }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc; }
    .words, .note { fill: #c4ccd5; }
    .box { fill: #161b22; stroke: #6e7681; }
    .pure { fill: #12304d; stroke: #4493f8; }
    .arrow { stroke: #9198a1; }
    .head { fill: #9198a1; }
  }
"""


def picture(trainer: Path) -> str:
    """Return the picture of a package's source as SVG.

    Parameters
    ----------
    trainer : Path
        The folder of the package.

    Raises
    ------
    ValueError
        When a package has no place in the layers or no words here.
    """
    imports = package_imports(read_modules(trainer))
    lacking = sorted(set(imports) ^ {name for layer in LAYERS for name in layer}) + sorted(
        set(imports) - set(WORDS)
    )
    if lacking:
        raise ValueError(
            f"Expected every package in scripts.common.code_map.LAYERS and in WORDS here, got {lacking[0]} in one only."
        )
    # What nearly everything stands on is drawn first, without arrows: they would hide all others.
    foundation = tuple(name for layer in LAYERS[:3] for name in layer)
    rows = [tuple(name for name in layer if name in imports) for layer in LAYERS[3:]]
    rest = {name: needed - set(foundation) for name, needed in imports.items() if name not in foundation}
    arrows = [(source, name) for name, needed in reduced(rest).items() for source in sorted(needed)]
    inner = WIDTH - 2 * MARGIN
    layout = place(
        rows,
        arrows,
        boxes={name: _wide(name) for row in rows for name in row},
        lane=_LANE,
        gap=_GAP,
        width=inner,
    )
    return _svg(foundation, rows, layout)


def _wide(name: str) -> float:
    return _WIDE if len(WORDS[name]) == 1 else _NARROW


def _svg(foundation: Sequence[str], rows: Sequence[Sequence[str]], layout: Layout) -> str:
    under_foundation = MARGIN + math.ceil(len(foundation) / _IN_A_ROW) * (_HIGH + _GAP) - _GAP + 24
    top = under_foundation + _LEGEND
    tops, heights = [], []
    for row in rows:
        heights.append(_HIGH if any(len(WORDS[name]) > 1 for name in row) else _LOW)
        tops.append(top)
        top += heights[-1] + _BETWEEN
    height = top - _BETWEEN + MARGIN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        'role="img" aria-labelledby="title description">',
        '<title id="title">The packages of trainer</title>',
        '<desc id="description">'
        + escape("From top to bottom: " + "; ".join(", ".join(row) for row in [foundation, *rows]) + ".")
        + "</desc>",
        f"<style>{_STYLE}</style>",
        '<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
        '<path class="head" d="M0,0 L8,4 L0,8 Z"/></marker></defs>',
    ]
    parts += _foundation(foundation)
    parts += _legend(under_foundation)
    rank = {name: index for index, row in enumerate(rows) for name in row}
    for (start, end), path in sorted(layout.paths.items()):
        parts.append(_arrow(rank[start], rank[end], path, tops, heights))
    parts += [
        _box(name, MARGIN + layout.centres[name], tops[index], _wide(name), heights[index])
        for name, index in rank.items()
    ]
    return "\n".join([*parts, "</svg>", ""])


def _foundation(names: Sequence[str]) -> Iterator[str]:
    """Yield the rows that everything stands on."""
    wide = (WIDTH - 2 * MARGIN - _GAP * (_IN_A_ROW - 1)) / _IN_A_ROW
    for index, name in enumerate(names):
        row, column = divmod(index, _IN_A_ROW)
        centre = MARGIN + wide / 2 + column * (wide + _GAP)
        yield _box(name, centre, MARGIN + row * (_HIGH + _GAP), wide, _HIGH)


def _legend(top: float) -> Iterator[str]:
    lines = (
        (0, "box pure", "pure functions (a table or model that ships is read once)"),
        (430, "box", "files, models, cameras, sockets"),
    )
    yield _note(MARGIN, top + 2, "Above: what any package may import, drawn without arrows.")
    for right, kind, words in lines:
        x = MARGIN + right
        yield f'<rect class="{kind}" x="{x}" y="{top + 14}" width="22" height="14" rx="4"/>'
        yield _note(x + 30, top + 26, words)


def _note(x: float, y: float, words: str) -> str:
    return f'<text class="note" x="{x}" y="{y}">{escape(words)}</text>'


def _box(name: str, centre: float, top: float, wide: float, high: float) -> str:
    lines = WORDS[name]
    kind = "box pure" if name in PURE else "box"
    rect = f'<rect class="{kind}" x="{centre - wide / 2:.1f}" y="{top:.1f}" width="{wide:.1f}" height="{high}" rx="7"/>'
    first = top + high / 2 - 8 * len(lines) + 5
    text = [f'<text class="name" text-anchor="middle" x="{centre:.1f}" y="{first:.1f}">{escape(name)}</text>']
    text += [
        f'<text class="words" text-anchor="middle" x="{centre:.1f}" y="{first + 16 * (index + 1):.1f}">'
        f"{escape(line)}</text>"
        for index, line in enumerate(lines)
    ]
    return "\n".join([rect, *text])


def _arrow(
    first: int, last: int, path: Sequence[float], tops: Sequence[float], heights: Sequence[float]
) -> str:
    """Return an arrow that bends only between rows, from the lower edge of a box to the upper edge of another."""
    drawn = [f"M{MARGIN + path[0]:.1f},{tops[first] + heights[first]:.1f}"]
    for row, (before, after) in zip(range(first, last), itertools.pairwise(path), strict=True):
        upper, lower = tops[row] + heights[row], tops[row + 1]
        middle = (upper + lower) / 2
        drawn.append(
            f"C{MARGIN + before:.1f},{middle:.1f} {MARGIN + after:.1f},{middle:.1f} {MARGIN + after:.1f},{lower:.1f}"
        )
        if row + 1 < last:
            drawn.append(f"V{lower + heights[row + 1]:.1f}")
    return f'<path class="arrow" marker-end="url(#head)" d="{" ".join(drawn)}"/>'


def main() -> int:
    """Do what the command line asks for."""
    parser = argument_parser(__file__, __doc__)
    parser.add_argument("--out", type=Path, default=REPOSITORY / PICTURE, help="the file to write")
    args = parser.parse_args()
    args.out.write_text(picture(REPOSITORY / "trainer"), encoding="utf-8")
    sys.stdout.write(f"{args.out}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
