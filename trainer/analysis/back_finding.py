"""Where the back is at the start: from a calibration, or found by Pijat itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from trainer.errors import PijatError
from trainer.language import Text

if TYPE_CHECKING:
    from trainer.back.calibration import Calibration
    from trainer.back.following import BackFollower
    from trainer.back.registration import Registration
    from trainer.capture.frame import Frame
    from trainer.capture.video import VideoFile
    from trainer.perception.back_detection import BackDetection
    from trainer.perception.back_landmarks import BackLandmarkDetector

    Sighting = tuple[Frame, BackDetection]

CalibrationSource = Literal["manual", "automatic", "corrected", "none"]
LOOK_FOR_S = 20.0
"""How far into a recording the back is looked for, in seconds."""
LOOKS = 12
"""How many frames of that stretch are looked at."""
_CLOSER_S, _CLOSER_LOOKS = 0.5, 8
"""Where the back is seen in less than half of them, it is looked for in so many frames within so many seconds of a
sighting, which is believed when three quarters of those show it."""
_CLOSER_SHARE = 0.75
_TRIED = 3
"""At so many sightings, those with the greatest presence first."""


@dataclass(frozen=True, eq=False)
class FoundBack:
    """The back at the start of a stream.

    Attributes
    ----------
    follower : BackFollower or None
        Follows the back from its registered frame; None when it was not found.
    calibration : Calibration or None
        What the registration rests on.
    source : {"manual", "automatic", "corrected", "none"}
        Who placed the landmarks.
    warnings : tuple of Text
        What the person should know about it.
    """

    follower: BackFollower | None
    calibration: Calibration | None
    source: CalibrationSource
    warnings: tuple[Text, ...]


NOT_FOUND = Text(
    id="Punggung tidak ditemukan, jadi letak ibu jari tidak dinilai. Tandai punggung dengan `pijat calibrate VIDEO` "
    "lalu ulangi dengan --calibration.",
    en="The back was not found, so that the thumbs' places are not judged. Mark it with `pijat calibrate VIDEO` and "
    "run again with --calibration.",
)
AUTOMATIC = Text(
    id="Punggung ditemukan secara otomatis; letaknya kurang teliti daripada jika ditandai dengan "
    "`pijat calibrate VIDEO`.",
    en="The back was found automatically; places are less exact than when it is marked with `pijat calibrate VIDEO`.",
)

MARKED = Text(
    id="Punggung ditemukan lewat penanda cetak; ukurannya diambil dari penanda itu.",
    en="The back was found by its printed markers; its size was taken from them.",
)


def find_back(video: VideoFile, calibration: Calibration | None, hand_model: bytes) -> FoundBack:
    """Register the back of a recording and make ready to follow it.

    Parameters
    ----------
    video : VideoFile
        Read from its start as far as needed; iterate again afterwards.
    calibration : Calibration or None
        Marked landmarks; None looks for the back.
    hand_model : bytes
        The hand landmarker's bundle: hands on the registered frame are no part of the back.

    Raises
    ------
    PijatError
        When the calibration does not fit the video.
    """
    if calibration is not None:
        return _from_calibration(video, calibration, hand_model)
    return _by_itself(video, hand_model)


def _from_calibration(video: VideoFile, calibration: Calibration, hand_model: bytes) -> FoundBack:
    fitted = calibration.for_video((video.width, video.height))
    registration = fitted.register()
    warnings = tuple(_suspect(name) for name in registration.suspects)
    frame = _frame_at(video, fitted.time_s)
    return FoundBack(_follow(registration, frame, hand_model), fitted, fitted.source, warnings)


def _by_itself(video: VideoFile, hand_model: bytes) -> FoundBack:
    frames = _spread_frames(video)
    return _by_markers(frames, hand_model) or _by_network(video, frames, hand_model)


def _by_markers(frames: list[Frame], hand_model: bytes) -> FoundBack | None:
    """Register by printed markers (calibration/marker-sheet-a4.svg), which also give the size; None without them."""
    from trainer.back.markers import detect_markers, find_marked_back, on_landmarks

    frame = max(frames, key=lambda frame: len(on_landmarks(detect_markers(frame.image))), default=None)
    marked = None if frame is None else find_marked_back(frame.image)
    if frame is None or marked is None:
        return None
    follower = _follow(marked.registration, frame, hand_model)
    return FoundBack(follower, marked.calibration(frame.time_s), "automatic", (MARKED,))


def _by_network(video: VideoFile, frames: list[Frame], hand_model: bytes) -> FoundBack:
    from trainer.back.automatic import register_automatic
    from trainer.back.calibration import Calibration
    from trainer.back.view import view_advice
    from trainer.perception.back_landmarks import BackLandmarkDetector, combine

    detector = BackLandmarkDetector()
    sightings = [(frame, found) for frame in frames if (found := detector.detect(frame.image)) is not None]
    seen = sightings if 2 * len(sightings) >= len(frames) else _confirmed(video, sightings, detector)
    if not seen:
        return FoundBack(None, None, "none", (NOT_FOUND,))
    together = combine([found for _, found in seen])
    registration = register_automatic(together)
    if registration is None:
        return FoundBack(None, None, "none", (NOT_FOUND,))
    frame, _ = max(seen, key=lambda pair: pair[1].presence)
    calibration = Calibration(
        image_size=(video.width, video.height),
        time_s=frame.time_s,
        landmarks=together.landmarks,
        source="automatic",
        automatic_landmarks=tuple(together.landmarks),
    )
    advice = tuple(one.text for one in view_advice(registration))
    return FoundBack(_follow(registration, frame, hand_model), calibration, "automatic", (AUTOMATIC, *advice))


def _confirmed(video: VideoFile, sightings: list[Sighting], detector: BackLandmarkDetector) -> list[Sighting]:
    """Return the sighting that the frames around it confirm; none when there is none.

    A back may be in sight for a part of the time only. What is no back looks like one in a frame now and then, never
    in nearly all of a second. The camera may move, so that a single sighting is used and not their median.
    """
    by_presence = sorted(sightings, key=lambda sighting: -sighting[1].presence)
    for frame, found in by_presence[:_TRIED]:
        around = _frames_near(video, frame.time_s)
        again = sum(detector.detect(other.image) is not None for other in around)
        if again >= _CLOSER_SHARE * len(around):
            return [(frame, found)]
    return []


def _follow(registration: Registration, frame: Frame, hand_model: bytes) -> BackFollower:
    from trainer.back.following import BackFollower
    from trainer.perception.tracker import HandTracker

    with HandTracker(hand_model) as tracker:
        hands = tracker.update(frame)
    return BackFollower(registration, frame, hands)


def _suspect(landmark: str) -> Text:
    return Text(
        id=f"Tanda {landmark} tidak cocok dengan tanda lainnya: periksa lagi dengan `pijat calibrate`.",
        en=f"The mark {landmark} does not agree with the others: look at it again with `pijat calibrate`.",
    )


def _frame_at(video: VideoFile, time_s: float) -> Frame:
    """Return the frame on show at `time_s`; the last one when the video is shorter."""
    shown: Frame | None = None
    for frame in video:
        if shown is not None and frame.time_s > time_s + 1e-3:
            break
        shown = frame
    if shown is None:
        raise PijatError(
            Text(
                f"Tidak ada gambar yang terbaca dalam {video.path.name}: rekam lagi.",
                f"Expected pictures in {video.path.name}, found none that can be decoded: record it again.",
            )
        )
    return shown


def _frames_near(video: VideoFile, time_s: float) -> list[Frame]:
    """Return frames spread evenly over the second around a moment."""
    kept: list[Frame] = []
    start, step = max(0.0, time_s - _CLOSER_S), 2 * _CLOSER_S / _CLOSER_LOOKS
    for frame in video:
        if frame.time_s > time_s + _CLOSER_S:
            break
        if frame.time_s >= start + len(kept) * step:
            kept.append(frame)
    return kept


def _spread_frames(video: VideoFile) -> list[Frame]:
    """Return frames spread evenly over the start of a recording."""
    span = min(LOOK_FOR_S, video.duration_s or LOOK_FOR_S)
    kept: list[Frame] = []
    for frame in video:
        if frame.time_s >= len(kept) * span / LOOKS:
            kept.append(frame)
        if len(kept) == LOOKS:
            break
    return kept
