"""``pijat agree``: how far two annotators, or the program and a person, agree."""

import argparse
import json
import math
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trainer.errors import PijatError, UsageError
from trainer.language import Text, number

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from trainer.evaluation.agreement import TimelineAgreement

EXAMPLE = "pijat agree timelines my-session --plots plots"
_UNITS = {"cycles": "", "rate_hz": "Hz", "strokes": ""}
_TITLES = {
    "cycles": "Revolutions of a circular stroke",
    "rate_hz": "Rate of a circular stroke",
    "strokes": "Strokes of a hand in a recording",
}


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the two kinds of agreement."""
    kinds = parser.add_subparsers(dest="kind", required=True, metavar="KIND")
    timelines = kinds.add_parser(
        "timelines",
        help="predicted against human in sessions, or two timelines of one recording",
        description="Compare timelines: of each session folder the predicted one (A) with the person's (B), "
        "or of two tables of one recording the first (A) with the second (B).",
        epilog=f"example: {EXAMPLE}",
    )
    timelines.add_argument("paths", nargs="+", type=Path, metavar="SESSION|TABLE.tsv")
    timelines.add_argument("--annotator", metavar="NAME", help="whose timeline of the sessions to take")
    timelines.add_argument("--plots", type=Path, metavar="DIR", help="write Bland-Altman plots (SVG) there")
    timelines.add_argument("--json", action="store_true", help="print JSON for a program")
    scores = kinds.add_parser(
        "scores",
        help="ICC(2,1) of scores by several raters",
        description="ICC(2,1) with its interval, from a table with one line a demonstration and one column a "
        "rater; a column without numbers names the demonstrations.",
        epilog="example: pijat agree scores raters.csv",
    )
    scores.add_argument(
        "table", type=Path, metavar="TABLE.csv", help="comma- or tab-separated, with headings"
    )
    scores.add_argument("--confidence", type=float, default=0.95, help="of the interval (default 0.95)")
    scores.add_argument("--json", action="store_true", help="print JSON for a program")


def run(args: argparse.Namespace) -> int:
    """Compare and print."""
    if args.kind == "scores":
        figures = _scores(args.table, args.confidence)
    else:
        from trainer.evaluation.agreement import compare_timelines, pool_agreement

        result = pool_agreement(compare_timelines(*pair) for pair in _pairs(args.paths, args.annotator))
        figures = result.summary()
        if args.plots:
            figures["plots"] = _plots(result, args.plots)
    if args.json:
        sys.stdout.write(json.dumps({k: _plain(v) for k, v in figures.items()}, indent=2) + "\n")
    else:
        width = max(map(len, figures))
        sys.stdout.write("".join(f"{name.ljust(width)}  {_text(value)}\n" for name, value in figures.items()))
    return 0


def _pairs(
    paths: list[Path], annotator: str | None
) -> "list[tuple[pd.DataFrame, pd.DataFrame, NDArray[np.float64] | None]]":
    from trainer.session.reader import open_thumbs, open_timeline, read_meta
    from trainer.session.table_files import read_events

    if not any(path.is_dir() for path in paths):
        if len(paths) != 2:
            raise UsageError(
                Text(
                    f"Beri folder-folder sesi, atau dua tabel dari satu rekaman; sekarang ada {len(paths)}.",
                    f"Expected session folders or two tables of one recording, got {len(paths)} paths.",
                )
            )
        return [(read_events(paths[0]), read_events(paths[1]), None)]
    pairs: list[tuple[pd.DataFrame, pd.DataFrame, NDArray[np.float64] | None]] = []
    for path in paths:
        read_meta(path)
        predicted, thumbs = open_timeline(path), open_thumbs(path)
        human = f"events_human_{annotator}.tsv" if annotator else "events_human.tsv"
        if not (path / human).is_file():
            raise PijatError(
                Text(
                    f"Tidak ada garis waktu buatan orang di {path / human}: masukkan dengan pijat import.",
                    f"Expected a person's timeline at {path / human}, found none: "
                    "bring one in with pijat import.",
                ),
                "missing",
            )
        times = thumbs["time_s"].drop_duplicates().sort_values().to_numpy(dtype=float)
        pairs.append((predicted, open_timeline(path, human), times))
    return pairs


def _plots(result: "TimelineAgreement", folder: Path) -> list[str]:
    from trainer.evaluation.bland_altman_svg import bland_altman_svg
    from trainer.export.source import write_file

    written = []
    for name, pairs in (("cycles", result.cycles), ("rate_hz", result.rate_hz), ("strokes", result.strokes)):
        first, second = [a for a, _ in pairs], [b for _, b in pairs]
        plot = bland_altman_svg(first, second, title=_TITLES[name], unit=_UNITS[name])
        written.append(str(write_file(folder / f"bland_altman_{name}.svg", plot)))
    return written


def _scores(path: Path, confidence: float) -> Mapping[str, Any]:
    import pandas as pd

    from trainer.evaluation.icc import icc_2_1

    if not 0.5 <= confidence < 1:
        raise UsageError(
            Text(
                f"Tingkat kepercayaan harus mulai dari 0,5 dan di bawah 1, bukan {number(confidence).id}.",
                f"Expected a confidence from 0.5 to below 1, got {confidence}.",
            )
        )
    try:
        table = pd.read_csv(path, sep=None, engine="python")
    except (OSError, ValueError, pd.errors.ParserError) as error:
        raise PijatError(
            Text(
                f"Tabel nilai {path} tidak dapat dibaca: periksa letaknya, dan simpan sebagai CSV.",
                f"Expected a table of scores in {path}, but could not read it ({error}).",
            )
        ) from error
    ratings = table.select_dtypes("number")
    result = icc_2_1(ratings.to_numpy(), confidence)
    return {
        "icc_2_1": result.value,
        f"interval_{confidence:g}": (result.lower, result.upper),
        "demonstrations": result.targets,
        "raters": result.raters,
        "rater_names": [str(name) for name in ratings.columns],
    }


def _plain(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return [_plain(entry) for entry in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _text(value: Any) -> str:
    if isinstance(value, tuple | list):
        return ", ".join(map(_text, value))
    if isinstance(value, float):
        return f"{value:.4g}" if math.isfinite(value) else "n/a"
    return str(value)
