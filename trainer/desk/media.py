"""What the grading page watches: the video, the thumbs' paths, the strokes, the drawn back, the report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response

from trainer.desk.blindness import refuse_hidden
from trainer.desk.calls import Call
from trainer.desk.demonstration import VIDEO_TYPES, thumbs_bytes, timeline_document
from trainer.errors import PijatError
from trainer.language import Text
from trainer.session.files import read_bytes

if TYPE_CHECKING:
    from trainer.library.records import SessionDetail

_LARGEST_REPORT = 64 * 2**20
SHUT_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; sandbox allow-scripts allow-modals"
)
"""A folder that came from elsewhere may hold any page as its report: it runs as nobody, apart from the desk, and
reaches no network. The policy that the page states itself holds too."""


def video(call: Call) -> Response:
    """Send the kept video, or the part of it that is asked for."""
    detail = call.desk.library.sessions.open(call.number("session"))
    path = playable(detail)
    if path is None:
        raise PijatError(
            Text("Tidak ada video untuk sesi ini.", "Expected a video of this session, found none."),
            "missing",
        )
    return FileResponse(path, media_type=VIDEO_TYPES[path.suffix.lower()])


def playable(detail: SessionDetail) -> Path | None:
    """Return the video that may be watched: a file of the session's own folder, whatever happened to it since."""
    path = detail.video
    if path is None or path.is_symlink() or not path.is_file() or path.suffix.lower() not in VIDEO_TYPES:
        return None
    return path if path.resolve().parent == detail.folder.resolve() else None


def thumbs(call: Call) -> Response:
    """Send both thumbs' paths for the replay; they are what is watched where no video was kept."""
    detail = call.desk.library.sessions.open(call.number("session"))
    return Response(thumbs_bytes(detail.folder), media_type="application/octet-stream")


def timeline(call: Call) -> Response:
    """Send both hands' strokes, unless the visitor grades blind."""
    detail = call.desk.library.sessions.open(call.number("session"))
    refuse_hidden(call, detail)
    return JSONResponse(timeline_document(detail.folder))


def report(call: Call) -> Response:
    """Send the session's report, shut away from the desk."""
    detail = call.desk.library.sessions.open(call.number("session"))
    refuse_hidden(call, detail)
    path = detail.folder / "report.html"
    if path.is_symlink() or not path.is_file():
        raise PijatError(
            Text(
                "Tidak ada laporan untuk sesi ini: buat dengan pijat report.",
                "Expected a report of this session, found none: write it with pijat report.",
            ),
            "missing",
        )
    return HTMLResponse(read_bytes(path, _LARGEST_REPORT), headers={"content-security-policy": SHUT_POLICY})
