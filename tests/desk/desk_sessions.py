"""Session folders to grade: drawn by code, the size of real ones, with a video and without."""

import json
import sys
from pathlib import Path

from trainer.report.render import render_report
from trainer.session.folder import write_session

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "report"))
import report_sessions as made

HOSTILE = "<script>alert(1)</script>"


def builtin_score(score, protocol_id="tegalagung-2022"):
    """A drawn score under the built-in protocol's own id, version and hash, so that its scale is known."""
    from trainer.protocol.library import builtin

    protocol = builtin(protocol_id)
    return score | {
        "protocol_id": protocol.id,
        "protocol_version": protocol.version,
        "protocol_hash": protocol.hash,
    }


def write_folder(folder, seconds=60.0, *, seed=7, video=None, created=None, score=None, **meta):
    """Write a whole session folder; `video` is a file to keep in it."""
    from dataclasses import replace

    drawn = made.synthetic(seconds, rounds=3 if seconds > 120 else 1, seed=seed)
    told = dict(drawn.meta["video"])
    attachments = {}
    if video is not None:
        told["name"] = "practice.webm"
        attachments["practice.webm"] = Path(video)
    told |= {"duration_s": seconds, "sha256": f"{seed:064x}"}
    meta = dict(drawn.meta) | {"video": told} | meta
    if created:
        meta["created"] = created
    session = replace(drawn, path=Path(folder), meta=meta, score=score or builtin_score(dict(drawn.score)))
    from trainer.report.summary import events_of

    write_session(session, events_of(session), render_report(session), attachments=attachments)
    return Path(folder)


def read_score(folder):
    return json.loads((Path(folder) / "score.json").read_text(encoding="utf-8"))
