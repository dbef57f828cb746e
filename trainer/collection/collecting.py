"""From session folders to one data set of pictures, and back out of it where a consent was taken back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from trainer.collection.dataset import is_dataset, prepare, remove_pictures, write_pictures
from trainer.collection.pictures import open_source, pictures
from trainer.errors import PijatError, UsageError
from trainer.language import Text
from trainer.session.consent import (
    ConsentWord,
    TrainingConsent,
    read_consent,
    take_back,
    with_collected,
    write_consent,
)
from trainer.session.finding import find_sessions

Progress = Callable[[int, int], None]
"""Told after each session: how many are done, and of how many."""
_NOBODY_ASKED = Text("belum ada persetujuan (pijat consent)", "no consent is noted (pijat consent)")
_TAKEN_BACK = Text("persetujuannya dicabut pada {date}", "its consent was taken back on {date}")
_NO_HEAD = Text(
    "letak kepala tidak diketahui pada satu gambar pun", "the head's place is known in none of its pictures"
)


@dataclass(frozen=True)
class LeftOut:
    """A session of which nothing was collected, and why; how many pictures of it were deleted; is it damaged?"""

    session: Path
    why: Text
    removed: int = 0
    damaged: bool = False


@dataclass(frozen=True)
class Collected:
    """What came of a collection: pictures by session, and what was left out."""

    dataset: Path
    pictures: tuple[tuple[Path, int], ...]
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True)
class TakenBack:
    """What came of taking a consent back.

    Attributes
    ----------
    consent : TrainingConsent
        As it stands now.
    removed : tuple of (Path, int)
        Data sets that held pictures of the session, and how many were deleted.
    left : tuple of (Path, Text)
        Data sets in which the pictures could not be deleted, and why: a person must do it.
    """

    consent: TrainingConsent
    removed: tuple[tuple[Path, int], ...]
    left: tuple[tuple[Path, Text], ...]


def collect(
    paths: Sequence[Path], out: Path, every_s: float = 2.0, progress: Progress | None = None
) -> Collected:
    """Collect pictures of the sessions whose people agreed; nothing of the others, and what there was of them goes.

    Parameters
    ----------
    paths : sequence of Path
        Session folders, or folders of them at any depth.
    out : Path
        The data set: absent, empty, or one that was collected before.
    every_s : float
        One picture for as many seconds.
    progress : callable, optional
        Told sessions done and sessions in all.

    Raises
    ------
    UsageError
        When there is no session, the time is none, or something else lies at `out`.
    PijatError
        When nothing can be written at `out`.
    """
    if not 0.1 <= every_s <= 3600.0:
        raise UsageError(
            Text(
                f"--every harus antara 0,1 dan 3600 detik, bukan {every_s:g}.",
                f"Expected --every between 0.1 and 3600 seconds, got {every_s:g}.",
            )
        )
    folders = _sessions(paths)
    out = out.resolve()
    prepare(out)
    done: list[tuple[Path, int]] = []
    left_out: list[LeftOut] = []
    words = _last_words(folders)
    for number, folder in enumerate(folders, start=1):
        one = _collect_one(folder, words, out, every_s)
        if isinstance(one, LeftOut):
            left_out.append(one)
        else:
            done.append((folder, one))
        if progress is not None:
            progress(number, len(folders))
    return Collected(out, tuple(done), tuple(left_out))


def withdraw(folder: Path, *, taken_by: str, date: dt.date) -> TakenBack:
    """Take a session's consent back and delete its pictures from the data sets that it names.

    The word is written first. Doing it again only looks for pictures that could not be deleted before.

    Raises
    ------
    UsageError
        When the name is missing or the day has not come.
    PijatError
        When nobody had agreed, or ``consent.json`` is damaged or cannot be written.
    """
    consent = read_consent(folder)
    if consent is None:
        raise PijatError(
            Text(
                f"Belum ada persetujuan di {folder}: tidak ada yang perlu dicabut.",
                f"Expected a consent in {folder}, found none: there is nothing to take back.",
            ),
            "missing",
        )
    if consent.newest.given:
        consent = take_back(folder, consent, taken_by=taken_by, date=date)
    removed, left = remove_everywhere(consent)
    consent = with_collected(consent, [path for path, _ in left])
    write_consent(folder, consent)
    return TakenBack(consent, removed, left)


def remove_everywhere(
    consent: TrainingConsent,
) -> tuple[tuple[tuple[Path, int], ...], tuple[tuple[Path, Text], ...]]:
    """Delete a session's pictures from the data sets its consent names; return those done, and those not with why."""
    removed: list[tuple[Path, int]] = []
    left: list[tuple[Path, Text]] = []
    for path in consent.collected:
        try:
            if is_dataset(path):
                removed.append((path, remove_pictures(path, consent.id)))
            else:
                left.append(
                    (
                        path,
                        Text(
                            f"folder itu tidak ada di sana lagi: bila dipindah atau disalin, hapus {consent.id}_*.jpg "
                            f"dan labels_{consent.id}.jsonl di tempatnya sekarang.",
                            f"it is not there any more: where it was moved or copied to, delete {consent.id}_*.jpg and "
                            f"labels_{consent.id}.jsonl.",
                        ),
                    )
                )
        except PijatError as error:
            left.append((path, error.text))
    return tuple(removed), tuple(left)


def _sessions(paths: Sequence[Path]) -> list[Path]:
    found: dict[Path, Path] = {}
    for path in paths:
        below = find_sessions(path)
        if not below:
            raise UsageError(
                Text(
                    f"Tidak ada folder sesi di {path}: periksa letaknya.",
                    f"Expected session folders at {path}, found none.",
                ),
                "missing",
            )
        found |= {folder.resolve(): folder for folder in below}
    return list(found.values())


def _last_words(folders: Sequence[Path]) -> dict[str, ConsentWord]:
    """Return what was said last by the consents' ids.

    A copy of a session, such as a person's export, knows nothing of what was said after it was made: of several, the
    one with the most words counts.
    """
    longest: dict[str, tuple[ConsentWord, ...]] = {}
    for folder in folders:
        try:
            consent = read_consent(folder)
        except PijatError:  # said when its turn comes
            continue
        if consent is not None and len(consent.words) > len(longest.get(consent.id, ())):
            longest[consent.id] = consent.words
    return {number: words[-1] for number, words in longest.items()}


def _collect_one(folder: Path, words: Mapping[str, ConsentWord], out: Path, every_s: float) -> int | LeftOut:
    """Collect one session; return how many pictures, or why none."""
    try:
        consent = read_consent(folder)
        if consent is None:
            return LeftOut(folder, _NOBODY_ASKED)
        last = words.get(consent.id, consent.newest)
        if not (last.given and consent.newest.given):
            removed = _remove_from(folder, consent, out)
            return LeftOut(
                folder, _TAKEN_BACK.fill(date=consent.newest.date if last.given else last.date), removed
            )
    except PijatError as error:
        return LeftOut(folder, error.text, damaged=True)
    try:
        source = open_source(folder)
        # Noted first, so that taking the consent back finds whatever was written until then.
        write_consent(folder, with_collected(consent, [*consent.collected, out]))
        count = write_pictures(out, consent.id, pictures(source, consent.id, every_s))
        now = read_consent(folder)
        if count and now is not None and now.newest.given:
            return count
    except PijatError as error:
        removed = _remove_from(folder, consent, out)
        return LeftOut(folder, error.text, removed, damaged=error.kind != "missing")
    removed = _remove_from(folder, consent, out)
    return LeftOut(folder, _NO_HEAD if not count else _TAKEN_BACK.fill(date=dt.date.today()), removed)


def _remove_from(folder: Path, consent: TrainingConsent, out: Path) -> int:
    """Take a session's pictures out of a data set, and the data set off what its consent names."""
    removed = remove_pictures(out, consent.id)
    now = read_consent(folder) or consent
    if out in now.collected:
        write_consent(folder, with_collected(now, [path for path in now.collected if path != out]))
    return removed
