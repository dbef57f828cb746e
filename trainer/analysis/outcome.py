"""From what was seen of each frame to a scored session folder: the same for recorded video and live practice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trainer import __version__
from trainer.analysis.frame_columns import FrameColumns
from trainer.errors import PijatError
from trainer.language import Language, Text
from trainer.perception.observation import HANDS
from trainer.protocol.score import Score, Verdict
from trainer.session.meta_file import meta_as_written
from trainer.session.model import (
    CalibrationSource,
    LiveMeta,
    ProtocolMeta,
    Session,
    SessionMeta,
    SessionRegion,
    VideoMeta,
)
from trainer.session.score_file import score_as_written

if TYPE_CHECKING:
    from trainer.protocol.model import Protocol
    from trainer.strokes.event import StrokeEvent


@dataclass(frozen=True)
class RecordingFacts:
    """What ``session.json`` says of one recording beyond what holds for all.

    Attributes
    ----------
    video, calibration, calibration_source, complete, warnings, live
        As in `SessionMeta`.
    created : str or None
        ISO 8601; None for now.
    """

    video: VideoMeta
    calibration: Mapping[str, Any] | None
    calibration_source: CalibrationSource
    complete: bool
    warnings: tuple[Text, ...] = ()
    created: str | None = None
    live: LiveMeta | None = None


@dataclass(frozen=True, eq=False)
class Outcome:
    """A demonstration, read with all of its context and scored.

    Attributes
    ----------
    session : Session
        As it will lie in its folder.
    events : tuple of StrokeEvent
        The strokes of both hands.
    protocol : Protocol
        What it was scored against, its places on a back of this size.
    scored : Score
        By the camera alone, before any facilitator's word.
    """

    session: Session
    events: tuple[StrokeEvent, ...]
    protocol: Protocol
    scored: Score


def conclude(
    folder: Path,
    columns: FrameColumns,
    protocol: Protocol,
    facts: RecordingFacts,
    *,
    models: Mapping[str, str],
    stroke_model: Path | None = None,
    stopped_s: float | None = None,
    pauses_s: Sequence[tuple[float, float]] = (),
) -> Outcome:
    """Read the strokes with full context and score them.

    Parameters
    ----------
    folder : Path
        Where the session will lie; nothing is written yet.
    columns : FrameColumns
        At least one frame.
    protocol : Protocol
        To score against.
    facts : RecordingFacts
        Of this recording.
    models : mapping of str to str
        SHA-256 of the models that looked at the frames, by file name; the stroke model's is added.
    stroke_model : Path, optional
        In place of the shipped one.
    stopped_s : float, optional
        When STOP was pressed for pain, in seconds from the first frame.
    pauses_s : sequence of (float, float)
        Start and end of each announced pause, in seconds from the first frame.
    """
    from trainer.protocol.demonstration import Demonstration
    from trainer.protocol.scoring import score
    from trainer.protocol.sizing import sized
    from trainer.session.tables import events_frame, thumbs_frame
    from trainer.strokes.recogniser import recognise

    if not len(columns):
        raise PijatError(
            Text(
                "Belum ada gambar pijatan sama sekali: memijatlah sebentar.",
                "Expected at least one frame of the massage, got none: practise for a moment.",
            )
        )
    tracks = {hand: columns.track(hand) for hand in HANDS}
    ratio = _back_size_ratio(facts.calibration)
    events = tuple(_named(event, ratio) for event in recognise(tracks, stroke_model).events)
    protocol = sized(protocol, ratio)
    times = columns.time_s
    demonstration = Demonstration(
        events, tracks, float(times[0]), float(times[-1]), stopped_s=stopped_s, pauses_s=tuple(pauses_s)
    )
    scored = score(protocol, demonstration)
    session = Session(
        path=folder,
        meta=_meta(facts, protocol, {**models, **_stroke_model(stroke_model)}, ratio),
        landmarks=columns.landmarks_frame(),
        thumbs=thumbs_frame(tracks, columns.index),
        events=events_frame(events),
        score=score_as_written(scored),
    )
    return Outcome(session, events, protocol, scored)


def confirmed(outcome: Outcome, confirmations: Mapping[str, bool]) -> Outcome:
    """Enter what a facilitator confirmed: True for done, False for not done, by item id."""
    from trainer.protocol.facilitator import with_confirmations

    known = {item.id for item in outcome.scored.items}
    verdicts = {
        item: Verdict.MET if done else Verdict.NOT_MET
        for item, done in confirmations.items()
        if item in known
    }
    scored = with_confirmations(outcome.protocol, outcome.scored, verdicts)
    session = replace(
        outcome.session,
        score=score_as_written(scored),
        meta=replace(outcome.session.meta, confirmations=dict(confirmations)),
    )
    return replace(outcome, session=session)


def write_outcome(
    outcome: Outcome,
    *,
    language: Language = "id",
    overwrite: bool = False,
    attachments: Mapping[str, Path] | None = None,
) -> Session:
    """Write the session folder with its report; `attachments` are files to lie in it, by name.

    Raises
    ------
    PijatError
        As `trainer.session.folder.write_session`.
    """
    from trainer.report.render import render_report
    from trainer.session.folder import write_session

    report = render_report(outcome.session, language=language)
    write_session(outcome.session, outcome.events, report, overwrite=overwrite, attachments=attachments or {})
    return outcome.session


def _back_size_ratio(calibration: Mapping[str, Any] | None) -> float:
    """Return real cm per cm of the atlas; 1 unless the calibration holds a measured distance."""
    if calibration is None or calibration.get("scale") is None:
        return 1.0
    from trainer.back.atlas import load_atlas
    from trainer.back.calibration import parse_calibration
    from trainer.back.size import back_size

    return back_size(parse_calibration(calibration).scale, load_atlas()).ratio


def _named(event: StrokeEvent, back_size_ratio: float) -> StrokeEvent:
    """Name side and region of a stroke on a back of this size; the recogniser names them on the atlas's."""
    if back_size_ratio == 1.0 or event.lateral_cm is None or event.caudal_cm is None:
        return event
    from trainer.strokes.measure import place_names

    side, region = place_names(event.lateral_cm, event.caudal_cm, back_size_ratio)
    return replace(event, side=side, region=region)


def _stroke_model(path: Path | None) -> dict[str, str]:
    from trainer.perception.sources import STROKES_FILE
    from trainer.strokes.network import load_network

    return {STROKES_FILE if path is None else path.name: load_network(path).sha256}


def _meta(facts: RecordingFacts, protocol: Protocol, models: Mapping[str, str], ratio: float) -> SessionMeta:
    from trainer.back.trajectory import TrajectorySettings
    from trainer.commit import this_commit
    from trainer.perception.tracker import TrackerSettings
    from trainer.strokes.recogniser import UNSURE_BELOW

    meta = SessionMeta(
        software_version=__version__,
        software_commit=this_commit(),
        created=facts.created or dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        models=models,
        protocol=ProtocolMeta(
            id=protocol.id,
            version=protocol.version,
            sha256=protocol.hash,
            scale=protocol.scale,
            regions=tuple(
                SessionRegion(region.id, region.name, region.kind, region.polygon)
                for region in protocol.regions
            ),
        ),
        parameters={
            "hands": asdict(TrackerSettings()),
            "trajectory": asdict(TrajectorySettings()),
            "strokes": {"unsure_below": UNSURE_BELOW},
        },
        complete=facts.complete,
        video=facts.video,
        calibration=facts.calibration,
        calibration_source=facts.calibration_source,
        warnings=facts.warnings,
        back_size_ratio=round(ratio, 4),
        live=facts.live,
    )
    return meta_as_written(meta)
