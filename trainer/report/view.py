"""What the page shows: every chart drawn and every sentence chosen, ready for the template."""

from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from trainer.back.atlas import load_atlas
from trainer.language import Text, both, join, join_with, number
from trainer.perception.observation import HANDS
from trainer.protocol.score import Score
from trainer.report.back_map_svg import MapData, density_map, tracks_map
from trainer.report.bullet_svg import bullet, gauge, share_bar
from trainer.report.checklist import bounded, safe_to_show, within
from trainer.report.formats import clock, date, duration, quantity, with_sigma
from trainer.report.messages import OUTCOME_SENTENCES, STATUS_NAMES, TEXTS
from trainer.report.palette import OUTCOME_TONES, STROKE_COLOURS
from trainer.report.provenance import parameters, provenance, warnings_of
from trainer.report.regions import areas_of
from trainer.report.summary import HandSummary, events_of, session_seconds, summarise, track_of
from trainer.report.timeline_svg import FaultMark, timeline
from trainer.session.model import Session, SessionMeta, SessionRegion
from trainer.strokes.event import StrokeEvent
from trainer.strokes.names import STROKE_TITLES
from trainer.strokes.recogniser import UNSURE_BELOW

_BULLETS = 5


@dataclass(frozen=True)
class Bullet:
    """A small chart with the words beside it."""

    label: Text
    words: Text
    inside: bool | None
    svg: Markup


@dataclass(frozen=True)
class StrokeRow:
    """One line of the legend: a stroke, and how much of it each hand did."""

    kind: str
    name: Text
    hands: tuple[Text, ...]


@dataclass(frozen=True)
class Seen:
    """How much of one hand was seen."""

    name: Text
    words: Text
    gap: Text
    svg: Markup


@dataclass(frozen=True)
class ReportView:
    """Everything the template writes."""

    title: Text
    subtitle: Text
    complete: bool
    pain: Text | None
    score: Score
    outcome_sentence: Text
    gauge: Markup
    points: Text
    good: tuple[Text, ...]
    density: Markup
    tracks: Markup
    tracks_note: Text | None
    placed: bool
    regions: tuple[SessionRegion, ...]
    on_spine: Text | None
    sigma: Text | None
    bullets: tuple[Bullet, ...]
    timeline: Markup
    timeline_note: Text | None
    faults: bool
    strokes: tuple[StrokeRow, ...]
    unsure: bool
    seen: tuple[Seen, ...]
    warnings: tuple[Text, ...]
    provenance: tuple[tuple[Text, Text], ...]
    parameters: tuple[str, ...]


def build_view(session: Session) -> ReportView:
    """Work out what the page shows."""
    meta, score = session.meta, safe_to_show(session.score)
    tracks = tuple(track_of(session.thumbs, hand) for hand in HANDS)
    events = tuple(events_of(session.events))
    seconds = session_seconds(session, tracks, events)
    unsure_below = UNSURE_BELOW if meta.unsure_below is None else meta.unsure_below
    hands = tuple(summarise(track, events, seconds, unsure_below) for track in tracks)
    sigma = _sigma(hands)
    data = MapData(tracks, events, areas_of(meta), sigma[0] if sigma else None)
    placed = any(track.placed.any() for track in tracks)
    faults = [
        FaultMark(e.start_s, e.end_s, e.hand, item.title)
        for item in score.items
        for e in item.evidence
        if e.kind == "fault"
    ]
    drawn, column_s = timeline(
        events,
        {hand.hand: hand.gaps for hand in hands},
        faults,
        seconds,
        TEXTS["timeline"],
        _timeline_words(hands, seconds),
        unsure_below,
    )
    atlas = load_atlas().sized(meta.back_size_ratio)
    tracks_svg, every = tracks_map(data, atlas, TEXTS["tracks"], _map_words(data, placed))
    title = score.protocol_title if score.protocol_title.en else TEXTS["document_title"]
    return ReportView(
        title=title,
        subtitle=join(date(meta.created), "  ·  ", duration(seconds)),
        complete=meta.complete,
        pain=_pain(meta),
        score=score,
        outcome_sentence=_outcome_words(score),
        gauge=gauge(
            "score",
            score.percent,
            score.pass_mark_percent,
            OUTCOME_TONES[score.outcome].foreground,
            TEXTS["result"],
            _score_words(score),
        ),
        points=TEXTS["no_points"]
        if not score.max_points
        else join(number(score.points), " / ", number(score.max_points), " ", TEXTS["points"]),
        good=tuple(item.title for item in score.items if item.state == "met")[:4],
        density=density_map(data, atlas, TEXTS["density"], _map_words(data, placed)),
        tracks=tracks_svg,
        tracks_note=Text(
            f"Jejak: hanya sebagian gerakan digambar (sampai satu dari {every}).",
            f"Paths: only some of the movements are drawn (down to one in {every}).",
        )
        if every > 1
        else None,
        placed=placed,
        regions=data.regions,
        on_spine=_on_spine(events),
        sigma=_sigma_words(sigma),
        bullets=_bullets(score, events),
        timeline=drawn,
        timeline_note=join(
            Text(
                "Gerakan terlalu banyak untuk digambar satu-satu: tiap kolom = ",
                "Too many movements to draw one by one: each column = ",
            ),
            duration(column_s),
            Text(", tingginya bagian waktu.", ", its height the share of that time."),
        )
        if column_s
        else None,
        faults=bool(faults),
        strokes=tuple(
            StrokeRow(kind, STROKE_TITLES[kind], tuple(_stroke_words(hand, kind) for hand in hands))
            for kind in STROKE_COLOURS
            if any(kind in hand.strokes for hand in hands)
        ),
        unsure=any(count.unsure for hand in hands for count in hand.strokes.values()),
        seen=tuple(_seen(hand) for hand in hands),
        warnings=warnings_of(meta, hands, score),
        provenance=provenance(meta, score),
        parameters=parameters(meta.parameters),
    )


def _pain(meta: SessionMeta) -> Text | None:
    moment = None if meta.live is None else meta.live.stopped_for_pain_s
    return None if moment is None else join(TEXTS["pain"], clock(moment), ".")


def _outcome_words(score: Score) -> Text:
    if score.outcome == "not_yet" and score.failed_critical:
        return OUTCOME_SENTENCES["critical"]
    return OUTCOME_SENTENCES[score.outcome]


def _score_words(score: Score) -> Text:
    if score.percent is None:
        return TEXTS["no_points"]
    return join(
        number(score.percent, 0),
        Text(" %, ", "%, "),
        TEXTS["pass_mark"],
        " ",
        number(score.pass_mark_percent, 0),
        Text(" %", "%"),
    )


def _timeline_words(hands: tuple[HandSummary, ...], seconds: float) -> Text:
    parts = [join(Text("Lama rekaman ", "Length of the recording "), duration(seconds), ".")]
    for hand in hands:
        name = TEXTS[f"{hand.hand}_hand"]
        done = [join(STROKE_TITLES[kind], f" {count.count}×") for kind, count in hand.strokes.items()]
        parts.append(join(name, ": ", join_with(", ", done) if done else both("–"), "."))
    return join_with(" ", parts)


def _map_words(data: MapData, placed: bool) -> Text:
    """What the map shows, in a sentence for those who do not see it."""
    if not placed:
        return TEXTS["map_empty"]
    parts = []
    for track in data.tracks:
        if track.placed.any():
            lateral, caudal = track.lateral_cm[track.placed], track.caudal_cm[track.placed]
            low, middle, high = (float(v) for v in np.percentile(caudal, (5, 50, 95)))
            aside = float(abs(np.median(lateral)))
            parts.append(
                join(
                    TEXTS[f"{track.hand}_hand"],
                    Text(": kira-kira ", ": about "),
                    quantity(round(aside, 1), "cm"),
                    Text(" di samping tulang belakang, ", " beside the spine, "),
                    number(round(low, 1)),
                    "–",
                    quantity(round(high, 1), "cm"),
                    Text(" di bawah C7 (tengah ", " below C7 (middle "),
                    quantity(round(middle, 1), "cm"),
                    ").",
                )
            )
    return join_with(" ", parts)


def _sigma(hands: tuple[HandSummary, ...]) -> tuple[float, float] | None:
    known = [
        (h.sigma_median_cm, h.sigma_p95_cm) for h in hands if h.sigma_median_cm is not None and h.sigma_p95_cm
    ]
    if not known:
        return None
    return max(m for m, _ in known if m is not None), max(p for _, p in known if p is not None)


def _sigma_words(sigma: tuple[float, float] | None) -> Text | None:
    if sigma is None:
        return None
    return join(
        "± ",
        quantity(round(sigma[0], 1), "cm", 1),
        Text(" (terburuk ± ", " (at worst ± "),
        quantity(round(sigma[1], 1), "cm", 1),
        ")",
    )


def _on_spine(events: tuple[StrokeEvent, ...]) -> Text | None:
    on = [event for event in events if event.side == "spine"]
    if not on:
        return None
    return join(TEXTS["spine_legend"], f": {len(on)}× (", duration(sum(e.duration_s for e in on)), ")")


def _bullets(score: Score, events: tuple[StrokeEvent, ...]) -> tuple[Bullet, ...]:
    rates = [event.rate_hz for event in events if event.rate_hz is not None]
    return tuple(
        Bullet(
            measure.label,
            with_sigma(measure.value or 0.0, measure.sigma, measure.unit),
            within(measure),
            bullet(f"bullet-{i}", measure, rates if measure.unit == "Hz" else ()),
        )
        for i, measure in enumerate(bounded(score.items, _BULLETS))
    )


def _stroke_words(hand: HandSummary, kind: str) -> Text:
    count = hand.strokes.get(kind)
    if count is None:
        return both("–")
    parts = [join(f"{count.count}×"), duration(count.seconds)]
    if count.cycles is not None:
        parts.append(join(number(round(count.cycles), 0), " ", TEXTS["circles_word"]))
    words = join_with(" · ", parts)
    return join(words, f" ({count.unsure}× ", TEXTS["unsure"], ")") if count.unsure else words


def _seen(hand: HandSummary) -> Seen:
    fills = {
        "detected": STROKE_COLOURS["circular_pressure"],
        "tracked": "#6FA8A3",
        "interpolated": "bridged",
        "missing": "unseen",
    }
    shares = [(hand.shares[status], fills[status], STATUS_NAMES[status]) for status in fills]
    name = TEXTS[f"{hand.hand}_hand"]
    svg = share_bar(f"seen-{hand.hand}", name, shares)
    if not hand.frames:
        return Seen(name, TEXTS["no_frames"], both(""), svg)
    listed = [join(number(100 * s, 0), Text(" % ", "% "), label) for s, _, label in shares if s >= 0.005]
    if hand.longest_gap is None:
        gap = TEXTS["never_lost"]
    else:
        start, end = hand.longest_gap
        gap = join(TEXTS["longest_gap"], " ", duration(end - start), f" ({clock(start)}–{clock(end)})")
    return Seen(name, join_with(", ", listed), gap, svg)
