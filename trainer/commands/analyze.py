"""``pijat analyze``: a recorded massage in, a scored session folder out."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from trainer.progress_bar import SECONDS_OF_VIDEO, ProgressBar

if TYPE_CHECKING:
    from trainer.language import Language
    from trainer.session.model import Session

EXAMPLE = "pijat analyze massage.mp4 --calibration back.json --protocol tegalagung-2022 --out my-session"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument(
        "video", type=Path, metavar="VIDEO", help="the recording (mp4, mov, mkv, webm, avi, gif, ...)"
    )
    parser.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="session folder to write; absent or empty"
    )
    parser.add_argument(
        "--calibration",
        type=Path,
        metavar="FILE",
        help="marked landmarks of the back, from `pijat calibrate`; without it the back is looked for",
    )
    parser.add_argument(
        "--protocol", metavar="ID|FILE", help="which protocol to score against (see `pijat protocol list`)"
    )
    parser.add_argument("--stroke-model", type=Path, metavar="FILE", help="your own stroke model (ONNX)")
    parser.add_argument(
        "--lang", choices=("id", "en"), default="id", help="language in which the report opens (default: id)"
    )
    parser.add_argument("--overwrite", action="store_true", help="replace an older session in DIR")
    parser.add_argument(
        "--open", action="store_true", help="open the report when done; without a display, name it"
    )
    parser.add_argument("--json", action="store_true", help="print the result as JSON")


def run(args: argparse.Namespace) -> int | None:
    """Analyse the video and say where the session lies."""
    from trainer.analysis.recorded import Settings, analyze
    from trainer.back.calibration import load_calibration

    settings = Settings(
        calibration=load_calibration(args.calibration) if args.calibration else None,
        protocol=args.protocol,
        stroke_model=args.stroke_model,
        language=args.lang,
        overwrite=args.overwrite,
    )
    with ProgressBar(args.video.name, SECONDS_OF_VIDEO) as bar:
        session = analyze(args.video, args.out, settings, bar.move)
    report = session.path / "report.html"
    if args.json:
        from trainer.session.score_file import score_document

        document = {
            "session": str(session.path),
            "report": str(report),
            "score": score_document(session.score),
        }
        sys.stdout.write(json.dumps(document) + "\n")
    else:
        sys.stdout.write(summary(session, args.lang))
    if args.open:
        from trainer.commands.opening import open_in_browser

        open_in_browser(report)
    return None


_WORDS = {
    "id": {
        "met": "terpenuhi",
        "partly_met": "sebagian",
        "not_met": "belum",
        "not_observed": "tidak teramati",
        "to_confirm": "menunggu fasilitator",
        "total": "Nilai: {points:g} dari {most:g} butir yang teramati ({percent:.0f} %, lulus mulai {mark:g} %)",
        "nothing": "Nilai: tidak ada butir yang teramati kamera",
        "advice": "Perbaiki lain kali:",
        "warnings": "Perhatikan:",
        "session": "Sesi:",
        "report": "Laporan:",
    },
    "en": {
        "met": "met",
        "partly_met": "partly met",
        "not_met": "not met",
        "not_observed": "not observed",
        "to_confirm": "waits for the facilitator",
        "total": "Score: {points:g} of {most:g} points that were observed ({percent:.0f} %, pass mark {mark:g} %)",
        "nothing": "Score: the camera observed no item",
        "advice": "To do better next time:",
        "warnings": "Mind:",
        "session": "Session:",
        "report": "Report:",
    },
}


def summary(session: Session, language: Language) -> str:
    """Return the verdicts, the advice, the warnings and where it all lies, as a few lines of one language."""
    words, score = _WORDS[language], session.score
    lines = [score.protocol_title.say(language)]
    lines += [f"  {words[item.state]:<26}{item.title.say(language)}" for item in score.items]
    if score.percent is None:
        lines.append(words["nothing"])
    else:
        lines.append(
            words["total"].format(
                points=score.points,
                most=score.max_points,
                percent=score.percent,
                mark=score.pass_mark_percent,
            )
        )
    for title, texts in (
        (words["advice"], [item.message.say(language) for item in score.advised]),
        (words["warnings"], [warning.say(language) for warning in session.meta.warnings]),
    ):
        if texts:
            lines += [title, *(f"  - {text}" for text in texts)]
    lines += [f"{words['session']:<9}{session.path}", f"{words['report']:<9}{session.path / 'report.html'}"]
    return "\n".join(lines) + "\n"
