"""``pijat batch``: many videos, on all cores or on a cluster; what is done is not done again."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from trainer.errors import UsageError
from trainer.language import Text
from trainer.progress_bar import VIDEOS, ProgressBar

if TYPE_CHECKING:
    from trainer.batch.jobs import Job, JobOutcome

EXAMPLE = "pijat batch recordings/ --protocol tegalagung-2022 --out study"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="videos, or folders of videos")
    parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="folder of the batch")
    parser.add_argument(
        "--calibration", type=Path, metavar="FILE",
        help="for all videos; without it each takes NAME.calibration.json beside it, if there",
    )  # fmt: skip
    parser.add_argument("--protocol", metavar="ID|FILE", help="which protocol to score against")
    parser.add_argument("--jobs", type=int, metavar="N", help="videos at a time (default: one a core)")
    parser.add_argument("--scheduler", metavar="ADDRESS", help="hand the work to this Dask scheduler")
    parser.add_argument("--json", action="store_true", help="print the outcome as JSON")


def run(args: argparse.Namespace) -> int:
    """Analyse what is not done, collect everything, and say what came of it."""
    from trainer.batch.collect import collect
    from trainer.batch.jobs import find_videos, make_jobs, resume

    if args.jobs is not None and args.jobs < 1:
        raise UsageError(
            Text(
                f"--jobs sedikitnya 1 video sekaligus, bukan {args.jobs}.",
                f"Expected at least one video at a time, got --jobs {args.jobs}.",
            )
        )
    videos = find_videos(args.paths)
    jobs, earlier = resume(make_jobs(videos, args.out, args.calibration, args.protocol))
    pending = [job for job in jobs if job.key not in earlier]
    fresh = {outcome.key: outcome for outcome in _run(pending, args)}
    outcomes = [(fresh | earlier)[job.key] for job in jobs]
    written = collect(jobs, outcomes, args.out)
    failed = [outcome for outcome in outcomes if outcome.status == "failed"]
    if args.json:
        document = {
            "videos": len(videos),
            "done": len(outcomes) - len(failed),
            "done_before": len(earlier),
            "failed": [{"video": o.video, "reason": o.reason} for o in failed],
            "files": [str(path) for path in written],
        }
        sys.stdout.write(json.dumps(document, indent=2, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write(_table(outcomes, len(earlier), len(videos) - len(jobs)))
        sys.stdout.write("".join(f"{path}\n" for path in written))
    return 1 if failed else 0


def _run(pending: Sequence[Job], args: argparse.Namespace) -> Iterator[JobOutcome]:
    from trainer.batch.cluster import run_cluster
    from trainer.batch.local import run_local

    if not pending:
        return
    shares: dict[str, float] = {}
    done = failed = 0
    with ProgressBar("", VIDEOS) as bar:

        def show() -> None:
            bar.move(done + sum(shares.values()), len(pending))

        def watch(job: Job, share: float) -> None:
            shares[job.key] = share
            show()

        show()
        if args.scheduler:
            outcomes = run_cluster(pending, args.scheduler)
        else:
            outcomes = run_local(pending, min(args.jobs or os.cpu_count() or 1, len(pending)), watch)
        for outcome in outcomes:
            shares.pop(outcome.key, None)
            done += 1
            failed += outcome.status == "failed"
            bar.retitle(f"{failed} failed " if failed else "")
            show()
            yield outcome


def _table(outcomes: Sequence[JobOutcome], earlier: int, copies: int) -> str:
    done = [outcome for outcome in outcomes if outcome.status == "done"]
    warned = [outcome for outcome in done if outcome.warnings]
    lines = [f"done    {len(done)} ({earlier} of them before)", f"failed  {len(outcomes) - len(done)}"]
    lines += [f"  {Path(o.video).name}: {o.reason}" for o in outcomes if o.status == "failed"]
    if copies:
        lines.append(f"copies  {copies} (same content as another video)")
    lines.append(f"warned  {len(warned)}")
    lines += [f"  {Path(o.video).name}: {'; '.join(o.warnings)}" for o in warned]
    return "\n".join(lines) + "\n"
