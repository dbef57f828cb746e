"""What is seen of each frame, put on disk at least once a second: a killed session can be opened up to then.

A spool is a folder beside the session that is being made: ``start.json`` says what was known at the start,
``frames.bin`` grows by one fixed-size record a frame, ``notes.jsonl`` by one line for each event noted.
A record or line that was cut off is left out when it is read. Memory does not grow with the session.
"""

import errno
import json
import os
import shutil
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from trainer.analysis.pipeline import FrameResult, ThumbSighting
from trainer.back.frame import BACK_LANDMARKS
from trainer.errors import PijatError, reason
from trainer.files import write_atomically
from trainer.language import Text
from trainer.perception.observation import HAND_KEYPOINTS, HANDS, Hand, HandObservation, HandPair, Status

SPOOL_VERSION = 2
_STATUSES = (Status.MISSING, Status.DETECTED, Status.TRACKED)
_HAND = np.dtype(
    [
        ("status", "<i1"),
        ("score", "<f4"),
        ("keypoints", "<f4", (len(HAND_KEYPOINTS), 2)),
        ("contact_px", "<f8", (2,)),
        ("contact_sigma_px", "<f4"),
        ("back_cm", "<f8", (2,)),
        ("sigma_cm", "<f8"),
        ("palm_cm", "<f8"),
    ]
)
RECORD = np.dtype(
    [
        ("index", "<i8"),
        ("time_s", "<f8"),
        ("back_seen", "?"),
        ("back_px", "<f4", (len(BACK_LANDMARKS), 2)),
        *((hand, _HAND) for hand in HANDS),
    ]
)
"""One frame on disk; pixels, seconds and cm, NaN for none."""


def spool_folder(session: Path) -> Path:
    """Return where the spool of a session folder lies while the session is being made."""
    return session.parent / f".{session.name}.partial"


class SessionSpool:
    """Puts frame results on disk as they come.

    Parameters
    ----------
    folder : Path
        See `spool_folder`; must not exist yet.
    start : mapping
        Anything that JSON can hold and that a recovery will need: protocol, calibration, models, ...
    every_s : float
        Longest time, in seconds of the wall clock, that a result stays in memory while results come in.

    Raises
    ------
    PijatError
        When the disk is full or the folder cannot be written; what was put there before stays readable.
    """

    def __init__(self, folder: Path, start: Mapping[str, Any], *, every_s: float = 0.5) -> None:
        self.folder = folder
        self._every_s = every_s
        self._waiting: list[bytes] = []
        self._size = 0
        try:
            folder.mkdir(parents=True)
            document = {"spool_version": SPOOL_VERSION, **start}
            text = json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False)
            write_atomically(folder / "start.json", text)
            flags = os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0)
            self._frames = os.open(folder / "frames.bin", flags, 0o644)
            self._notes = os.open(folder / "notes.jsonl", flags | os.O_APPEND, 0o644)
        except OSError as error:
            raise _cannot(folder, error) from error
        self._written_s = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def append(self, result: FrameResult) -> None:
        """Take the next frame's result."""
        self._waiting.append(_pack(result))
        if time.monotonic() - self._written_s >= self._every_s:
            self.flush()

    def note(self, time_s: float, kind: str, **details: Any) -> None:
        """Put down at once that something happened, such as the stop button, with its time in seconds."""
        line = json.dumps({"time_s": time_s, "kind": kind, **details}, ensure_ascii=False) + "\n"
        try:
            os.write(self._notes, line.encode("utf-8"))
            os.fsync(self._notes)
        except OSError as error:
            raise _cannot(self.folder, error) from error

    def flush(self) -> None:
        """Put on disk what waits in memory."""
        self._written_s = time.monotonic()
        if not self._waiting:
            return
        data = b"".join(self._waiting)
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(self._frames, rest) :]
            os.fsync(self._frames)
        except OSError as error:
            # Half a record would put every later one out of step.
            os.ftruncate(self._frames, self._size)
            os.lseek(self._frames, self._size, os.SEEK_SET)
            raise _cannot(self.folder, error) from error
        self._size += len(data)
        self._waiting.clear()

    def close(self) -> None:
        """Put everything on disk and close; the folder stays. Closing twice is harmless."""
        if self._frames < 0:
            return
        try:
            self.flush()
        finally:
            os.close(self._frames)
            os.close(self._notes)
            self._frames = self._notes = -1

    def discard(self) -> None:
        """Close and remove the spool, once the session folder is written."""
        self._waiting.clear()
        self.close()
        shutil.rmtree(self.folder, ignore_errors=True)


@dataclass(frozen=True, eq=False)
class SpooledSession:
    """What a spool holds.

    Attributes
    ----------
    folder : Path
        The spool.
    start : mapping
        What was known at the start.
    records : ndarray of `RECORD`, shape (n,)
        One a frame, read from disk as needed.
    notes : tuple of mapping
        ``time_s`` (seconds), ``kind`` and details, in order.
    """

    folder: Path
    start: Mapping[str, Any]
    records: NDArray[np.void]
    notes: tuple[Mapping[str, Any], ...]

    def results(self) -> Iterator[FrameResult]:
        """Yield the frame results again; the back map itself is not kept, only its landmarks."""
        for record in self.records:
            yield _unpack(record)


def read_spool(folder: Path) -> SpooledSession:
    """Open what a session left that did not come to its end.

    Raises
    ------
    PijatError
        When the folder is no spool or was written by another version of Pijat.
    """
    try:
        start = json.loads((folder / "start.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise PijatError(
            Text(
                f"Isi {folder} bukan latihan yang terputus: pindahkan folder itu.",
                f"Expected an unfinished session in {folder}, got something else ({error}).",
            )
        ) from error
    version = start.get("spool_version") if isinstance(start, dict) else None
    if version != SPOOL_VERSION:
        raise PijatError(
            Text(
                f"Latihan yang terputus di {folder} ditulis Pijat versi lain ({version!r}): buka dengan versi "
                "itu.",
                f"Expected an unfinished session of version {SPOOL_VERSION} in {folder}, got {version!r}: open "
                "it with the version of Pijat that made it.",
            )
        )
    try:
        size = (folder / "frames.bin").stat().st_size
        notes = (folder / "notes.jsonl").read_bytes()
    except FileNotFoundError:
        size, notes = 0, b""
    count = size // RECORD.itemsize
    records: NDArray[np.void] = (
        np.memmap(folder / "frames.bin", dtype=RECORD, mode="r", shape=(count,))
        if count
        else np.empty(0, RECORD)
    )
    whole = notes.split(b"\n")[:-1]
    return SpooledSession(folder, start, records, tuple(json.loads(line) for line in whole))


def find_spools(parent: Path) -> list[Path]:
    """Return the spools of unfinished sessions in a folder, oldest first."""
    found = [path.parent for path in parent.glob(".*.partial/start.json")]
    return sorted(found, key=lambda path: (path / "start.json").stat().st_mtime)


def _pack(result: FrameResult) -> bytes:
    record = np.zeros((), RECORD)
    record["index"], record["time_s"] = result.index, result.time_s
    record["back_seen"] = result.back_px is not None
    record["back_px"] = np.nan if result.back_px is None else result.back_px
    for hand in HANDS:
        seen, thumb = result.hands.get(hand), result.thumbs.get(hand)
        if seen is None or thumb is None:
            continue
        part = record[hand]
        part["status"] = _STATUSES.index(thumb.status)
        part["score"], part["keypoints"] = seen.score, seen.keypoints
        part["contact_px"], part["contact_sigma_px"] = thumb.image_px, seen.contact_sigma_px
        part["back_cm"], part["sigma_cm"], part["palm_cm"] = thumb.back_cm, thumb.sigma_cm, thumb.palm_cm
    return record.tobytes()


def _unpack(record: Any) -> FrameResult:
    hands: dict[Hand, HandObservation | None] = {}
    thumbs: dict[Hand, ThumbSighting] = {}
    for hand in HANDS:
        part = record[hand]
        status = _STATUSES[int(part["status"])]
        if status is Status.MISSING:
            hands[hand] = None
            continue
        x, y = (float(value) for value in part["contact_px"])
        hands[hand] = HandObservation(
            hand=hand,
            keypoints=np.array(part["keypoints"], dtype=float),
            score=float(part["score"]),
            status=status,
            contact_px=np.array([x, y]),
            contact_sigma_px=float(part["contact_sigma_px"]),
        )
        lateral, caudal = (float(value) for value in part["back_cm"])
        sizes = float(part["sigma_cm"]), status, float(part["palm_cm"])
        thumbs[hand] = ThumbSighting((x, y), (lateral, caudal), *sizes)
    back_px = np.array(record["back_px"], dtype=float) if record["back_seen"] else None
    pair = HandPair(left=hands["left"], right=hands["right"])
    return FrameResult(int(record["index"]), float(record["time_s"]), pair, None, back_px, thumbs)


def _cannot(folder: Path, error: OSError) -> PijatError:
    if error.errno == errno.ENOSPC:
        return PijatError(
            Text(
                f"Disk penuh: sediakan tempat; yang sudah tersimpan ada di {folder}.",
                f"The disk is full: free some room; what was kept so far is in {folder}.",
            ),
            "busy",
        )
    if error.errno == errno.EEXIST:
        return PijatError(
            Text(
                f"Sudah ada latihan yang terputus di {folder}: selamatkan atau hapus dahulu.",
                f"Expected no unfinished session at {folder}, got one: recover or remove it first.",
            ),
            "conflict",
        )
    why = reason(error)
    return PijatError(
        Text(
            f"{folder} tidak dapat ditulis ({why.id}): pilih folder lain.",
            f"Could not write {folder}: {why.en}; choose another folder.",
        ),
        "busy",
    )
