"""Which videos are to be analysed, and which of them are done already."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from trainer.batch.keys import job_key, settings_key
from trainer.errors import UsageError
from trainer.language import Text
from trainer.session.model import SESSION_FILE

VIDEO_SUFFIXES = frozenset({".mp4", ".mkv", ".webm", ".mov", ".avi", ".m4v", ".mpg", ".mpeg", ".3gp", ".gif"})
"""What is taken for a video when a folder is given; a file named outright is tried whatever its name."""


@dataclass(frozen=True)
class Job:
    """One video to analyse; plain text throughout, so that it travels to another process or machine.

    Attributes
    ----------
    video : str
        Path of the video.
    out : str
        Folder of the whole batch.
    name : str
        Of its session: the video's name and the start of the key.
    key : str
        SHA-256 of all that decides the result: see `trainer.batch.keys`.
    settings : str
        The part of that which is the same for all videos; whoever does the job must find the same.
    calibration : str or None
        Path of its calibration file.
    protocol : str or None
        As given; None for the default one.
    """

    video: str
    out: str
    name: str
    key: str
    settings: str
    calibration: str | None
    protocol: str | None

    @property
    def session(self) -> Path:
        """The session folder."""
        return Path(self.out) / "sessions" / self.name

    @property
    def record(self) -> Path:
        """Where the outcome is kept."""
        return Path(self.out) / "jobs" / f"{self.key}.json"


@dataclass(frozen=True)
class JobOutcome:
    """What came of a job.

    Attributes
    ----------
    video, name, key : str
        As in the job.
    status : {"done", "failed"}
    reason : str
        One sentence on why it failed; empty otherwise.
    warnings : tuple of str
        Ids of the session's warnings.
    video_s, wall_s : float
        Length of the video and time it took, seconds.
    peak_mb : float
        Peak memory of the process that did it so far; NaN where unknown.
    """

    video: str
    name: str
    key: str
    status: str
    reason: str = ""
    warnings: tuple[str, ...] = ()
    video_s: float = 0.0
    wall_s: float = 0.0
    peak_mb: float = float("nan")


def find_videos(paths: Sequence[Path]) -> list[Path]:
    """Return the videos named, and those in the folders named, folders within them included, in order.

    Raises
    ------
    UsageError
        When a path is not there, or there is no video at all.
    """
    found: set[Path] = set()
    for path in paths:
        if path.is_dir():
            found |= {p for p in path.rglob("*") if p.suffix.lower() in VIDEO_SUFFIXES and p.is_file()}
        elif path.is_file():
            found.add(path)
        else:
            raise UsageError(
                Text(
                    f"Tidak ada video atau folder di {path}: periksa namanya.",
                    f"Expected a video or folder at {path}, found none.",
                ),
                "missing",
            )
    if not found:
        raise UsageError(
            Text(
                f"Tidak ada video dalam {', '.join(map(str, paths))}: pilih folder lain.",
                f"Expected videos in {', '.join(map(str, paths))}, found none.",
            ),
            "missing",
        )
    return sorted(found)


def make_jobs(videos: Sequence[Path], out: Path, calibration: Path | None, protocol: str | None) -> list[Job]:
    """Return a job for each different video; of copies of one video only the first.

    Parameters
    ----------
    videos : sequence of Path
    out : Path
        Folder of the batch.
    calibration : Path or None
        For all videos. Without it each takes the file ``NAME.calibration.json`` beside it, if there is one.
    protocol : str or None
        Id or file.
    """
    settings = settings_key(protocol)
    jobs: dict[str, Job] = {}
    for video in videos:
        marks = calibration or _beside(video)
        key = job_key(settings, video, marks)
        name = f"{video.stem}-{key[:10]}"
        place = str(marks.resolve()) if marks else None
        job = Job(str(video.resolve()), str(out.resolve()), name, key, settings, place, protocol)
        jobs.setdefault(key, job)
    return list(jobs.values())


def resume(jobs: Sequence[Job]) -> tuple[list[Job], dict[str, JobOutcome]]:
    """Return the jobs, and what came of those that are done already, by key.

    A session keeps the name under which it was made, though its video was renamed since or a copy of it that
    comes first in order was added.
    """
    done: dict[str, JobOutcome] = {}
    named: list[Job] = []
    for job in jobs:
        outcome = read_outcome(job)
        if outcome is not None and outcome.status == "done":
            done[job.key] = outcome
            job = replace(job, name=outcome.name)
        named.append(job)
    return named, done


def read_outcome(job: Job) -> JobOutcome | None:
    """Return what came of a job when it last ran; None when it never did or its session is gone."""
    try:
        document = json.loads(job.record.read_text(encoding="utf-8"))
        outcome = JobOutcome(**{**document, "warnings": tuple(document["warnings"])})
        here = outcome.name == Path(outcome.name).name
    except (OSError, ValueError, TypeError, KeyError):
        return None
    session = replace(job, name=outcome.name).session
    if outcome.status == "done" and not (here and (session / SESSION_FILE).is_file()):
        return None
    return outcome


def write_outcome(job: Job, outcome: JobOutcome) -> None:
    """Keep what came of a job."""
    from trainer.export.source import json_text, write_file

    write_file(job.record, json_text(asdict(outcome)))


def _beside(video: Path) -> Path | None:
    path = video.with_name(f"{video.stem}.calibration.json")
    return path if path.is_file() else None
