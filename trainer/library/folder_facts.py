"""What a session folder tells the library: read and checked, nothing of it believed."""

import datetime as dt
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn, cast

from trainer.errors import PijatError
from trainer.language import Text
from trainer.library.clean_text import NAME_LIMIT, title_text
from trainer.library.digest import VIDEO_SUFFIXES, FileDigest, folder_files, manifest_digest
from trainer.library.records import MeasureRecord, VerdictRecord, VerdictWord
from trainer.session.model import SESSION_SCHEMA_VERSION

SESSION_FILE, SCORE_FILE = "session.json", "score.json"
VERDICTS: tuple[VerdictWord, ...] = ("met", "partly_met", "not_met", "not_observed")
_LARGEST_DOCUMENT = 32 * 1024 * 1024
_MOST_ITEMS = 500


@dataclass(frozen=True)
class FolderFacts:
    """A session folder as the library keeps it; `recording` tells one recording from another.

    Attributes
    ----------
    recording : str
        The video's SHA-256 where it is known, else when the session was made: a recording that is analysed anew
        stays the same one.
    """

    title: str
    files: tuple[FileDigest, ...]
    digest: str
    recording: str
    protocol_id: str
    protocol_version: str
    protocol_hash: str
    recorded_at: dt.datetime
    duration_s: float | None
    complete: bool
    percent: float | None
    passed: bool | None
    verdicts: tuple[VerdictRecord, ...]
    measures: tuple[MeasureRecord, ...]

    @property
    def has_video(self) -> bool:
        """Whether a video lies in the folder."""
        return any(file.name.lower().endswith(VIDEO_SUFFIXES) for file in self.files)


def read_folder(folder: Path) -> FolderFacts:
    """Read a session folder.

    Raises
    ------
    PijatError
        One sentence, when it is no session, was written by a newer program, or holds something impossible.
    """
    meta, score = _document(folder / SESSION_FILE), _document(folder / SCORE_FILE)
    version = meta.get("schema_version")
    if not isinstance(version, int) or version > SESSION_SCHEMA_VERSION:
        raise PijatError(
            Text(
                "Sesi ini ditulis Pijat yang lebih baru: pasang Pijat versi terbaru.",
                f"Expected a session of schema version {SESSION_SCHEMA_VERSION} or older, got {str(version)[:20]}: "
                "use a newer pijat.",
            )
        )
    files = folder_files(folder)
    made = _time(meta.get("created"))
    video = meta.get("video")
    video = video if isinstance(video, Mapping) else {}
    verdicts, measures = _items(score, _confirmed(meta))
    passed = score.get("passed")
    return FolderFacts(
        title=title_text(folder.name) or "session",
        files=files,
        digest=manifest_digest(files),
        recording=title_text(str(video.get("sha256") or made.isoformat())),
        protocol_id=_word(score, "protocol_id"),
        protocol_version=_word(score, "protocol_version"),
        protocol_hash=_word(score, "protocol_hash", 64),
        recorded_at=made,
        duration_s=_number(video, "duration_s", 0, 7 * 24 * 3600),
        complete=meta.get("complete") is not False,
        percent=_number(score, "percent", 0, 100),
        passed=passed if isinstance(passed, bool) else None,
        verdicts=verdicts,
        measures=measures,
    )


def _confirmed(meta: Mapping[str, Any]) -> frozenset[str]:
    """Return the items that a person ticked while the massage was practised."""
    ticked = meta.get("confirmations")
    return frozenset(ticked) if isinstance(ticked, Mapping) else frozenset()


def _items(
    score: Mapping[str, Any], confirmed: frozenset[str]
) -> tuple[tuple[VerdictRecord, ...], tuple[MeasureRecord, ...]]:
    items = score.get("items")
    if not isinstance(items, list) or len(items) > _MOST_ITEMS:
        _impossible("items", "a list of checklist items", items)
    verdicts: dict[str, VerdictRecord] = {}
    measures: dict[tuple[str, str], MeasureRecord] = {}
    for item in items:
        if not isinstance(item, Mapping):
            _impossible("items", "objects", item)
        name, verdict = _word(item, "id"), item.get("verdict")
        if verdict not in VERDICTS:
            _impossible("verdict", " or ".join(VERDICTS), verdict)
        if name in verdicts:
            _impossible("items", "each item once", name)
        most = _number(item, "max_points", 0, 1e6) or 0.0
        verdicts[name] = VerdictRecord(
            name,
            cast(VerdictWord, verdict),
            _number(item, "points", 0, most) or 0.0,
            most,
            item.get("to_be_confirmed") is True,
            item.get("observer") == "camera" and name not in confirmed,
        )
        listed = item.get("measures")
        for measure in listed if isinstance(listed, list) else []:
            if not isinstance(measure, Mapping):
                _impossible("measures", "objects", measure)
            key = (name, _word(measure, "name"))
            value, sigma = _number(measure, "value"), _number(measure, "sigma", 0)
            measures[key] = MeasureRecord(*key, value, sigma, title_text(str(measure.get("unit", "")), 40))
            if len(measures) > 20 * _MOST_ITEMS:
                _impossible("measures", "a few each item", len(measures))
    return tuple(verdicts.values()), tuple(measures.values())


def _document(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > _LARGEST_DOCUMENT:
            raise PijatError(
                Text(
                    f"{path.name} terlalu besar ({path.stat().st_size} byte): analisis videonya lagi.",
                    f"Expected a small {path.name}, got {path.stat().st_size} bytes.",
                )
            )
        document = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise PijatError(
            Text(
                f"{path.name} tidak ada: analisis videonya lagi.",
                f"Expected {path.name}, found none: analyse the video again.",
            ),
            "missing",
        ) from None
    except (ValueError, RecursionError, OSError) as error:
        raise PijatError(
            Text(
                f"{path.name} bukan JSON yang utuh: analisis videonya lagi.",
                f"Expected JSON in {path.name}, got something else: analyse the video again.",
            )
        ) from error
    if not isinstance(document, dict):
        raise PijatError(
            Text(
                f"{path.name} bukan JSON yang utuh: analisis videonya lagi.",
                f"Expected a JSON object in {path.name}, got something else: analyse the video again.",
            )
        )
    return document


def _word(document: Mapping[str, Any], key: str, limit: int = NAME_LIMIT) -> str:
    value = document.get(key)
    if not isinstance(value, str) or not value or title_text(value, limit) != value:
        _impossible(key, f"a word of at most {limit} characters", value)
    return value


def _number(
    document: Mapping[str, Any], key: str, least: float = -math.inf, most: float = math.inf
) -> float | None:
    value = document.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        _impossible(key, "a number", value)
    # A rounding error above the most is none; Python's integers may be too large for a float.
    if abs(value) > 1e300 or not math.isfinite(value) or not least <= value <= most * (1 + 1e-9):
        _impossible(key, f"a number from {least:g} to {most:g}", value)
    return float(value)


def _time(value: object) -> dt.datetime:
    try:
        made = dt.datetime.fromisoformat(str(value))
    except ValueError:
        _impossible("created", "a date and time", value)
    aware = made if made.tzinfo is not None else made.replace(tzinfo=dt.UTC)
    try:
        return aware.astimezone(dt.UTC)
    except OverflowError:
        _impossible("created", "a date and time", value)


def _impossible(key: str, expected: str, value: object) -> NoReturn:
    got = title_text(repr(value), 60)
    raise PijatError(
        Text(
            f"Isi {key} tidak mungkin ({got}): analisis videonya lagi.",
            f"Expected {expected} in {key}, got {got}: analyse the video again.",
        )
    )
