"""Jobs on a cluster: an existing Dask scheduler hands them to its workers."""

import hashlib
import importlib
from collections.abc import Iterator, Sequence
from typing import Any

from trainer.batch.jobs import Job, JobOutcome, write_outcome
from trainer.batch.work import run_job
from trainer.errors import PijatError
from trainer.language import Text

RETRIES = 2
"""How often a job whose worker died is given to another before it counts as failed."""


def run_cluster(jobs: Sequence[Job], address: str, timeout_s: float = 20.0) -> Iterator[JobOutcome]:
    """Run jobs on the workers of a Dask scheduler; yield each outcome as it comes.

    Every worker needs Pijat installed and the videos and the output folder under the same paths.

    Parameters
    ----------
    jobs : sequence of Job
    address : str
        Of the scheduler, e.g. ``tcp://10.0.0.1:8786``.
    timeout_s : float
        How long to wait for the scheduler.

    Raises
    ------
    PijatError
        When Dask is not installed or the scheduler does not answer.
    """
    try:
        distributed: Any = importlib.import_module("distributed")
    except ImportError as error:
        raise PijatError(
            Text(
                '--scheduler memerlukan Dask, yang belum terpasang: pip install "pijat-trainer[cluster]".',
                'Expected Dask for --scheduler, found none: pip install "pijat-trainer[cluster]".',
            ),
            "missing",
        ) from error
    try:
        client = distributed.Client(address, timeout=timeout_s, set_as_default=False)
    except (OSError, ValueError) as error:
        raise PijatError(
            Text(
                f"Penjadwal Dask di {address} tidak menjawab: periksa alamatnya, dan apakah sudah berjalan.",
                f"Expected a Dask scheduler at {address}, got no answer ({error}).",
            ),
            "busy",
        ) from error
    with client:
        by_future = {
            client.submit(run_job, job, key=_task_key(job), retries=RETRIES, pure=False): job for job in jobs
        }
        for future in distributed.as_completed(list(by_future), loop=client.loop):
            yield future.result() if future.status == "finished" else _given_up(by_future[future], future)


def _task_key(job: Job) -> str:
    """Name the task: a scheduler does what has one name once, and the same video may go to two folders at once."""
    folder = hashlib.sha256(job.out.encode()).hexdigest()
    return f"pijat-{job.key}-{folder[:16]}"


def _given_up(job: Job, future: Any) -> JobOutcome:
    fault = future.exception() if future.status == "error" else future.status
    reason = f"The cluster gave it up: {fault}.".replace("\n", " ")
    outcome = JobOutcome(job.video, job.name, job.key, "failed", reason)
    write_outcome(job, outcome)
    return outcome
