"""Whole session folders drawn by code: the size of real ones, with a video and without."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from scripts.common.drawn_sessions import synthetic
from trainer.protocol.library import builtin
from trainer.report.render import render_report
from trainer.report.summary import events_of
from trainer.session.folder import write_session
from trainer.session.meta_file import meta_document, meta_of
from trainer.session.score_file import score_document, score_of


def builtin_score(score: dict[str, Any], protocol_id: str = "tegalagung-2022") -> dict[str, Any]:
    """Return a drawn score under the built-in protocol's own id, version and hash, so that its scale is known."""
    protocol = builtin(protocol_id)
    return score | {
        "protocol_id": protocol.id,
        "protocol_version": protocol.version,
        "protocol_hash": protocol.hash,
    }


def write_folder(
    folder: Path,
    seconds: float = 60.0,
    *,
    seed: int = 7,
    video: Path | None = None,
    created: str | None = None,
    score: dict[str, Any] | None = None,
    **meta: Any,
) -> Path:
    """Write a whole session folder; `video` is a file to keep in it."""
    drawn = synthetic(seconds, rounds=3 if seconds > 120 else 1, seed=seed)
    document, scored = meta_document(drawn.meta), score or builtin_score(score_document(drawn.score))
    told = document["video"]
    attachments = {}
    if video is not None:
        told["name"] = "practice.webm"
        attachments["practice.webm"] = video
    told |= {"duration_s": seconds, "sha256": f"{seed:064x}"}
    document |= {"video": told} | meta
    if created:
        document["created"] = created
    session = replace(drawn, path=folder, meta=meta_of(document), score=score_of(scored))
    write_session(session, events_of(session.events), render_report(session), attachments=attachments)
    return folder
