"""Jobs on this machine: one process a core, each job's end its own."""

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path

from trainer.batch.jobs import Job, JobOutcome, write_outcome

JOBS_PER_PROCESS = 50
"""After so many a process is replaced, so that nothing that leaks somewhere below adds up."""
Watch = Callable[[Job, float], None]
"""Told of a job and the share of it that is done."""


@dataclass(eq=False)
class _Worker:
    process: BaseProcess
    pipe: Connection
    job: Job | None = None
    served: int = 0


def run_local(jobs: Sequence[Job], processes: int, watch: Watch | None = None) -> Iterator[JobOutcome]:
    """Run jobs in so many processes; yield each outcome as it comes.

    A process that dies, by a fault below Python or by somebody's hand, fails its own job only; another takes
    its place. When the iterator is closed, by Ctrl-C for one, the processes end with it.

    Parameters
    ----------
    jobs : sequence of Job
    processes : int
        At least 1.
    watch : callable, optional
        Told of progress within jobs.
    """
    waiting = deque(jobs)
    workers: list[_Worker] = []
    try:
        while waiting or any(worker.job for worker in workers):
            while waiting and (worker := _free(workers, processes)) is not None:
                worker.job = waiting.popleft()
                worker.pipe.send(worker.job)
            for pipe in wait([worker.pipe for worker in workers if worker.job]):
                worker = next(w for w in workers if w.pipe is pipe)
                outcome = _hear(worker, watch)
                if outcome is not None:
                    worker.job = None
                    worker.served += 1
                    if not worker.process.is_alive() or worker.served >= JOBS_PER_PROCESS:
                        _end(worker)
                        workers.remove(worker)
                    yield outcome
    finally:
        for worker in workers:
            _end(worker)


def _free(workers: list[_Worker], processes: int) -> _Worker | None:
    for worker in workers:
        if worker.job is None:
            return worker
    if len(workers) >= processes:
        return None
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs,), daemon=True)
    process.start()
    theirs.close()
    workers.append(_Worker(process, ours))
    return workers[-1]


def _hear(worker: _Worker, watch: Watch | None) -> JobOutcome | None:
    """Take one message; return the outcome when the job is over."""
    job = worker.job
    assert job is not None
    try:
        said = worker.pipe.recv()
    except (EOFError, OSError):
        worker.process.join(10)
        outcome = JobOutcome(job.video, job.name, job.key, "failed", _obituary(job, worker.process.exitcode))
        write_outcome(job, outcome)
        return outcome
    if isinstance(said, JobOutcome):
        return said
    if watch is not None:
        watch(job, float(said))
    return None


def _end(worker: _Worker) -> None:
    worker.pipe.close()
    if worker.job is None:
        worker.process.join(5)
    if worker.process.is_alive():
        worker.process.terminate()
        worker.process.join(10)


def _log_of(job: Job) -> Path:
    return Path(job.out) / "logs" / f"{job.name}.log"


def _obituary(job: Job, exitcode: int | None) -> str:
    log = _log_of(job)
    try:
        last = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-1:]
    except OSError:
        last = []
    how = f"signal {-exitcode}" if exitcode is not None and exitcode < 0 else f"exit status {exitcode}"
    return f"The process ended unforeseen ({how}): {' '.join(last) or 'it left no word'} (see {log})."


def _serve(pipe: Connection) -> None:
    """Do jobs until the other side hangs up; what a job says on stderr goes to its log."""
    # Before anything heavy is imported: as many processes as cores leave each one thread.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    from trainer.batch.work import run_job

    while True:
        try:
            job: Job = pipe.recv()
        except (EOFError, KeyboardInterrupt):
            return
        log = _log_of(job)
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("w", encoding="utf-8") as file:
            os.dup2(file.fileno(), 2)
        told = 0.0

        def tell(share: float) -> None:
            nonlocal told
            if share - told >= 0.01:
                told = share
                pipe.send(share)

        try:
            outcome = run_job(job, tell)
        except KeyboardInterrupt:
            return
        pipe.send(outcome)
        if outcome.status == "done":
            log.unlink(missing_ok=True)
