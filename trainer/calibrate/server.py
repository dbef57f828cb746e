"""The page's server: this computer only, no third party, one task, then gone."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from trainer.back.atlas import load_atlas
from trainer.back.calibration import Calibration, CalibrationSource, parse_calibration, save_calibration
from trainer.back.marks import MIN_LANDMARKS
from trainer.back.size import MeasuredDistance
from trainer.calibrate.frames import Candidate
from trainer.calibrate.overlay import overlay
from trainer.calibrate.verdict import judge
from trainer.errors import PijatError
from trainer.language import Text
from trainer.serving.guard import Guard
from trainer.serving.refusals import http_status, plain_refusals
from trainer.serving.shared_files import SHARED_FILES

_STATIC = Path(__file__).parent / "static"
_FILES = {
    "/": (_STATIC / "index.html", "text/html"),
    "/app.js": (_STATIC / "app.js", "text/javascript"),
    "/dom.js": (SHARED_FILES / "dom.js", "text/javascript"),
    "/messages.js": (_STATIC / "messages.js", "text/javascript"),
    "/style.css": (_STATIC / "style.css", "text/css"),
    "/icon.svg": (_STATIC / "icon.svg", "image/svg+xml"),
}
_MAX_BODY = 100_000


@dataclass(eq=False)
class CalibrationTask:
    """One calibration being made.

    Attributes
    ----------
    video_name : str
        Shown to the person.
    frames : list of Candidate
        To choose from.
    chosen : int
        The one to begin with.
    out : Path
        Where the calibration is written.
    guide_svg : str
        A drawn back, 40 x 47 cm around 13.5 cm below C7, in hundredths of a centimetre.
    guesses : mapping of int to mapping
        Landmarks that the program found in a frame, by its place in `frames`.
    marked : mapping of int to MeasuredDistance or None
        Frames in which printed markers gave the landmarks, by their place in `frames`, with the length that
        the markers' size gives.
    start : Calibration or None
        An earlier calibration to go on from.
    saved : Calibration or None
        What was written in the end.
    """

    video_name: str
    frames: list[Candidate]
    chosen: int
    out: Path
    guide_svg: str
    guesses: Mapping[int, Mapping[str, tuple[float, float]]] = field(default_factory=dict)
    marked: Mapping[int, MeasuredDistance | None] = field(default_factory=dict)
    start: Calibration | None = None
    saved: Calibration | None = None

    @property
    def image_size(self) -> tuple[int, int]:
        """Width and height of the frames in pixels."""
        height, width = self.frames[0].image.shape[:2]
        return width, height


def create_app(task: CalibrationTask, hosts: tuple[str, ...], finished: Callable[[], None]) -> Starlette:
    """Make the page's web application.

    Parameters
    ----------
    task : CalibrationTask
        What is to be marked.
    hosts : tuple of str
        Host headers that are this page's own, e.g. ``127.0.0.1:8750``; all others are refused, so that no
        other page can reach it under another name.
    finished : callable
        Called once the calibration is written.
    """

    async def static(request: Request) -> Response:
        path, media = _FILES[request.url.path]
        return FileResponse(path, media_type=media)

    async def guide(_: Request) -> Response:
        return Response(task.guide_svg, media_type="image/svg+xml")

    async def state(_: Request) -> Response:
        return JSONResponse(_state(task))

    async def frame(request: Request) -> Response:
        number = request.path_params["number"]
        if not 0 <= number < len(task.frames):
            return _refused(_no_frame())
        return Response(await run_in_threadpool(task.frames[number].jpeg), media_type="image/jpeg")

    async def fit(request: Request) -> Response:
        def work(document: dict[str, Any]) -> dict[str, Any]:
            registration = _calibration(task, document).register()
            return overlay(registration, load_atlas()) | {"verdict": asdict(judge(registration))}

        return await _answer(request, work)

    async def save(request: Request) -> Response:
        def work(document: dict[str, Any]) -> dict[str, Any]:
            calibration = _calibration(task, document)
            calibration.register()
            save_calibration(calibration, task.out)
            task.saved = calibration
            return {"path": str(task.out)}

        response = await _answer(request, work)
        if task.saved is not None and response.status_code == 200:
            response.background = BackgroundTask(finished)
        return response

    routes = [Route(path, static) for path in _FILES]
    routes += [
        Route("/guide.svg", guide),
        Route("/api/state", state),
        Route("/api/frame/{number:int}", frame),
        Route("/api/fit", fit, methods=["POST"]),
        Route("/api/save", save, methods=["POST"]),
    ]
    return Starlette(
        routes=routes,
        middleware=[Middleware(Guard, hosts=hosts)],
        # The page alone knows which language it is in.
        exception_handlers=plain_refusals(None),
    )


async def _answer(request: Request, work: Callable[[dict[str, Any]], dict[str, Any]]) -> Response:
    """Do `work` on the request's JSON in a thread; an error a person can mend becomes a sentence."""
    try:
        return JSONResponse(await run_in_threadpool(work, await _document(request)))
    except PijatError as error:
        return _refused(error)


def _refused(error: PijatError) -> Response:
    """Answer with what is wrong in both languages; the page knows which one it is in."""
    return JSONResponse({"error": asdict(error.text)}, status_code=http_status(error))


async def _document(request: Request) -> dict[str, Any]:
    wrong = PijatError(
        Text(
            "Yang dikirim bukan dari halaman ini: muat ulang halaman ini, lalu coba lagi.",
            "Expected a JSON object from this page, got something else: reload the page.",
        )
    )
    if not request.headers.get("content-type", "").startswith("application/json"):
        raise wrong
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MAX_BODY:
            raise wrong
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise wrong from error
    if not isinstance(document, dict):
        raise wrong
    return document


def _no_frame() -> PijatError:
    return PijatError(
        Text(
            "Gambar nomor itu tidak ada: muat ulang halaman ini.",
            "Expected frame to be the number of a frame, got something else.",
        ),
        "missing",
    )


def _calibration(task: CalibrationTask, document: Mapping[str, Any]) -> Calibration:
    """Build and check the calibration from what the page sent: landmarks, frame, moved, scale."""
    number = document.get("frame")
    if not isinstance(number, int) or not 0 <= number < len(task.frames):
        raise _no_frame()
    landmarks = document.get("landmarks")
    names = set(landmarks) if isinstance(landmarks, dict) else set()
    automatic = document.get("automatic", [])
    untouched = [name for name in automatic if name in names] if isinstance(automatic, list) else []
    had_guess = bool(task.guesses.get(number)) or (task.start is not None and task.start.source != "manual")
    source: CalibrationSource = "manual"
    if had_guess:
        source = "automatic" if names and set(untouched) == names else "corrected"
    written = {
        "schema_version": 1,
        "image_size": list(task.image_size),
        "time_s": task.frames[number].time_s,
        "landmarks": landmarks,
        "source": source,
        "automatic_landmarks": sorted(untouched) if source != "manual" else [],
    }
    if document.get("scale") is not None:
        written["scale"] = document["scale"]
    return parse_calibration(written)


def _state(task: CalibrationTask) -> dict[str, Any]:
    atlas = load_atlas()
    start = None
    if task.start is not None:
        start = task.start.document()
    return {
        "video": task.video_name,
        "out": str(task.out),
        "image_size": list(task.image_size),
        "frames": [
            {"time_s": round(one.time_s, 3), "sharpness": round(one.sharpness, 1)} for one in task.frames
        ],
        "chosen": task.chosen,
        "fewest": MIN_LANDMARKS,
        "landmarks": {name: list(place.at) for name, place in atlas.landmarks.items()},
        "guesses": {str(number): dict(found) for number, found in task.guesses.items()},
        "marked": {str(number): None if scale is None else scale.cm for number, scale in task.marked.items()},
        "start": start,
    }
