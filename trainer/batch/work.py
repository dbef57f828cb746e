"""One job, done: the same function on this machine and on a cluster."""

import math
import sys
import time
from collections.abc import Callable

from trainer.batch.jobs import Job, JobOutcome, write_outcome
from trainer.errors import PijatError
from trainer.language import Text

Progress = Callable[[float], None]
"""Told the share of the video that is done, 0 to 1."""


def run_job(job: Job, progress: Progress | None = None) -> JobOutcome:
    """Analyse one video, keep the outcome on disk and return it.

    Parameters
    ----------
    job : Job
    progress : callable, optional
        Told the share done.

    Returns
    -------
    JobOutcome
        Failed, with the sentence, when the video cannot be analysed. Anything unforeseen is raised: whoever
        runs jobs keeps one job's end from being another's.
    """
    from trainer import api
    from trainer.batch.keys import settings_key

    started = time.perf_counter()

    def tell(done_s: float, total_s: float | None) -> None:
        if progress is not None and total_s:
            progress(min(1.0, done_s / total_s))

    try:
        if settings_key(job.protocol) != job.settings:
            raise PijatError(
                Text(
                    "Versi Pijat, model, atau protokol di sini lain dari saat kumpulan ini dimulai: pasang versi "
                    "yang sama di setiap komputer, lalu beri perintahnya lagi.",
                    "Expected the Pijat, models and protocol that this batch was started with, got others here: "
                    "have the same version on every machine and give the command again.",
                ),
                "conflict",
            )
        session = api.analyze(
            job.video,
            job.session,
            calibration=job.calibration,
            protocol=job.protocol,
            overwrite=True,
            progress=tell,
        )
    except PijatError as error:
        outcome = JobOutcome(job.video, job.name, job.key, "failed", str(error))
    else:
        outcome = JobOutcome(
            job.video,
            job.name,
            job.key,
            "done",
            warnings=tuple(warning.en for warning in session.meta.warnings),
            video_s=session.meta.video.duration_s,
            wall_s=round(time.perf_counter() - started, 3),
            peak_mb=peak_memory_mb(),
        )
    write_outcome(job, outcome)
    return outcome


def peak_memory_mb() -> float:
    """Return this process's peak resident set in MB; NaN where the system does not say."""
    try:
        import resource
    except ImportError:
        return math.nan
    unit = 1 if sys.platform == "darwin" else 1024
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**20, 1)
