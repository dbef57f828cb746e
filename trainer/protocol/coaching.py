"""What to say to a trainee while they practise: one cue at a time, the most useful one, and never a nagging one.

Live, faults are looked for in the stroke that a hand is doing now, with the limits that the protocol sets and a
margin for what live measuring cannot know. The score is made afterwards, from everything (`trainer.protocol.scoring`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from trainer.language import Text
from trainer.perception.observation import HANDS, Hand
from trainer.protocol.faults import DEFAULT_MESSAGES, FAULT_RANK, Fault
from trainer.protocol.geometry import signed_distance_cm
from trainer.protocol.model import (
    AvoidCheck,
    CirclesCheck,
    DurationCheck,
    PassesCheck,
    Protocol,
    Region,
    Step,
    StrokesOnlyCheck,
)
from trainer.strokes.event import StrokeEvent, StrokeType

LEAST_GAP_S = 5.0
"""Between any two cues."""
LASTS_S = 1.0
"""A fault must have lasted this long to be spoken of."""
REPEAT_S = 15.0
"""Before the same fault is spoken of again."""
MOST_REPEATS = 3
"""After as many cues in vain, the same words do not help: that fault is left to the summary."""
MENDED_S = 2.5
"""Doing it right for this long after a cue is worth praise."""
_MARGIN = 1.15
"""Live measures of rate and radius may be off by this factor before a limit counts as passed."""
_MARGIN_CM = 0.7
"""A thumb may seem this far outside a region before it is said."""
_ENOUGH_S = 1.0
"""A stroke is judged once it has lasted this long."""
_IDLE_S = 3.0

CueKind = Literal["correct", "praise"]
_CIRCLING = StrokeType.CIRCULAR_PRESSURE
_PASSES = {"caudal": StrokeType.DOWNWARD_PASS, "cranial": StrokeType.UPWARD_PASS}
_MENDED = Text("Bagus, sudah benar. Pertahankan.", "Good, that is right now. Keep it up.")


@dataclass(frozen=True)
class Cue:
    """One thing to say.

    Attributes
    ----------
    id : str
        The fault's code, with the step where there is one: ``f:on_spine``; praise ends with ``:mended``.
    kind : {"correct", "praise"}
        What it is.
    text : Text
        What to do, or what is well done.
    target : tuple of (float, float)
        Where the thumbs should go: corners of a region, or the two ends of a pass, in back cm; empty for
        no drawing.
    """

    id: str
    kind: CueKind
    text: Text
    target: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True)
class _Finding:
    fault: Fault
    step: Step | None
    target: tuple[tuple[float, float], ...] = ()

    @property
    def id(self) -> str:
        return self.fault.value if self.step is None else f"{self.step.id}:{self.fault.value}"


@dataclass
class _Spoken:
    times: int = 0
    last_s: float = -1e9
    right_since_s: float | None = None
    awaiting: bool = field(default=False)


class Coach:
    """Chooses what to say; one instance per session.

    Parameters
    ----------
    protocol : Protocol
        What is practised.
    """

    def __init__(self, protocol: Protocol) -> None:
        self._protocol = protocol
        self._circles = protocol.first_check(CirclesCheck)
        self._passes = protocol.first_check(PassesCheck)
        self._since: dict[str, float] = {}
        self._spoken: dict[str, _Spoken] = {}
        self._spoke_s = -1e9
        self._active_s: dict[Hand, float] = {}
        self._began_s: float | None = None

    def advise(self, time_s: float, hands: Mapping[Hand, StrokeEvent | None]) -> Cue | None:
        """Say what is most useful now, if anything.

        Parameters
        ----------
        time_s : float
            Session time; call once a frame, in order.
        hands : mapping of hand to StrokeEvent or None
            The stroke each hand was doing a moment ago, measured so far; None for none. A hand that was not
            seen is left out.
        """
        if self._began_s is None:
            self._began_s = time_s
        findings = self._findings(time_s, hands)
        for gone in set(self._since) - set(findings):
            del self._since[gone]
        for key in findings:
            self._since.setdefault(key, time_s)
        praise = self._praise(time_s, findings, hands)
        if time_s - self._spoke_s < LEAST_GAP_S:
            return None
        due = [
            finding
            for key, finding in findings.items()
            if time_s - self._since[key] >= LASTS_S and self._may_speak(key, time_s)
        ]
        if due:
            return self._speak(min(due, key=lambda finding: FAULT_RANK[finding.fault]), time_s)
        if praise is not None:
            self._spoken[praise.id].awaiting = False
            self._spoke_s = time_s
            text = praise.step.praise if praise.step is not None and praise.step.praise else _MENDED
            return Cue(f"{praise.id}:mended", "praise", text)
        return None

    def _may_speak(self, key: str, time_s: float) -> bool:
        spoken = self._spoken.get(key)
        return spoken is None or (spoken.times < MOST_REPEATS and time_s - spoken.last_s >= REPEAT_S)

    def _speak(self, finding: _Finding, time_s: float) -> Cue:
        spoken = self._spoken.setdefault(finding.id, _Spoken())
        spoken.times += 1
        spoken.last_s = self._spoke_s = time_s
        spoken.right_since_s, spoken.awaiting = None, True
        own = dict(finding.step.messages) if finding.step is not None else {}
        text = own.get(finding.fault, DEFAULT_MESSAGES[finding.fault])
        return Cue(finding.id, "correct", text, finding.target)

    def _praise(
        self, time_s: float, findings: Mapping[str, _Finding], hands: Mapping[Hand, StrokeEvent | None]
    ) -> _Finding | None:
        """Return a fault that was spoken of and has since been put right for long enough."""
        busy = {stroke.trial_type for stroke in hands.values() if stroke is not None}
        for key, spoken in self._spoken.items():
            if not spoken.awaiting:
                continue
            step = self._step_of(key)
            kinds = _kinds(step)
            if key in findings or not (busy & kinds):
                spoken.right_since_s = None
                continue
            if spoken.right_since_s is None:
                spoken.right_since_s = time_s
            if time_s - spoken.right_since_s >= MENDED_S:
                return _Finding(Fault(key.rpartition(":")[2]), step)
        return None

    def _step_of(self, key: str) -> Step | None:
        step_id = key.rpartition(":")[0]
        return self._protocol.step(step_id) if step_id else None

    def _findings(self, time_s: float, hands: Mapping[Hand, StrokeEvent | None]) -> dict[str, _Finding]:
        found: list[_Finding] = []
        for hand in HANDS:
            stroke = hands.get(hand)
            if stroke is None:
                continue
            self._active_s[hand] = time_s
            sure = stroke.confidence >= self._protocol.judging.fault_confidence
            if sure and stroke.duration_s >= _ENOUGH_S:
                found += self._of_stroke(stroke)
        found += self._of_both(time_s, hands)
        return {finding.id: finding for finding in found}

    def _of_stroke(self, stroke: StrokeEvent) -> list[_Finding]:
        if stroke.trial_type == _CIRCLING and self._circles is not None:
            step, check = self._circles
            return self._place(stroke, step, check.regions) + _circle_faults(stroke, step, check)
        if stroke.trial_type in _PASSES.values() and self._passes is not None:
            step, pass_check = self._passes
            found = self._place(stroke, step, pass_check.regions)
            if stroke.trial_type != _PASSES[pass_check.direction]:
                found.append(_Finding(Fault.WRONG_DIRECTION, step, self._pass_line(stroke, pass_check)))
            return found
        only = self._protocol.first_check(StrokesOnlyCheck)
        if only is not None and stroke.trial_type not in only[1].strokes:
            return [_Finding(Fault.OTHER_STROKES, only[0])]
        return []

    def _place(self, stroke: StrokeEvent, step: Step, region_ids: tuple[str, ...]) -> list[_Finding]:
        if stroke.lateral_cm is None or stroke.caudal_cm is None:
            return []
        at = (stroke.lateral_cm, stroke.caudal_cm)
        regions = [self._protocol.region(region) for region in region_ids]
        nearest = max(regions, key=lambda region: _inside_by(region, at))
        avoid = self._protocol.first_check(AvoidCheck)
        if avoid is not None:
            for region_id in avoid[1].regions:
                if _inside_by(self._protocol.region(region_id), at) > 0:
                    return [_Finding(Fault.ON_SPINE, step, nearest.polygon)]
        if _inside_by(nearest, at) < -_MARGIN_CM:
            return [_Finding(Fault.WRONG_REGION, step, nearest.polygon)]
        return []

    def _pass_line(self, stroke: StrokeEvent, check: PassesCheck) -> tuple[tuple[float, float], ...]:
        region = self._protocol.region(check.regions[0])
        lateral = sum(corner[0] for corner in region.polygon) / len(region.polygon)
        if stroke.lateral_cm is not None and stroke.lateral_cm * lateral < 0:
            lateral = -lateral
        levels = sorted(corner[1] for corner in region.polygon)
        ends = ((lateral, levels[0]), (lateral, levels[-1]))
        return ends if check.direction == "caudal" else ends[::-1]

    def _of_both(self, time_s: float, hands: Mapping[Hand, StrokeEvent | None]) -> list[_Finding]:
        assert self._began_s is not None
        strokes = {hand: stroke for hand, stroke in hands.items() if stroke is not None}
        if len(strokes) == 1:
            ((busy, stroke),) = strokes.items()
            other: Hand = "left" if busy == "right" else "right"
            step = self._both_thumbs(stroke)
            idle_s = time_s - max(self._active_s.get(other, self._began_s), self._began_s)
            # A hand that is not in view is not known to be idle.
            if step is not None and other in hands and idle_s >= _IDLE_S and stroke.duration_s >= _IDLE_S:
                return [_Finding(Fault.ONE_THUMB_IDLE, step)]
        pause = self._protocol.first_check(DurationCheck)
        if not strokes and pause is not None and hands:
            last = max([self._began_s, *self._active_s.values()])
            if time_s - last >= 0.6 * pause[1].maximum_pause_s:
                return [_Finding(Fault.LONG_PAUSE, pause[0])]
        return []

    def _both_thumbs(self, stroke: StrokeEvent) -> Step | None:
        pair = self._circles if stroke.trial_type == _CIRCLING else self._passes
        return pair[0] if pair is not None and pair[1].both_thumbs else None


def _circle_faults(stroke: StrokeEvent, step: Step, check: CirclesCheck) -> list[_Finding]:
    found: list[_Finding] = []
    if stroke.cycles is None or stroke.cycles < 1.0:
        return found
    for value, span, below, above in (
        (stroke.rate_hz, check.rate_hz, Fault.CIRCLES_TOO_SLOW, Fault.CIRCLES_TOO_FAST),
        (stroke.radius_cm, check.radius_cm, Fault.CIRCLES_TOO_SMALL, Fault.CIRCLES_TOO_WIDE),
    ):
        if value is None:
            continue
        if span.maximum is not None and value > span.maximum * _MARGIN:
            found.append(_Finding(above, step))
        elif span.minimum is not None and value < span.minimum / _MARGIN:
            found.append(_Finding(below, step))
    return found


def _kinds(step: Step | None) -> frozenset[StrokeType]:
    """Return the strokes in which doing a step right can be seen."""
    if step is not None and isinstance(step.check, CirclesCheck):
        return frozenset({_CIRCLING})
    if step is not None and isinstance(step.check, PassesCheck):
        return frozenset(_PASSES.values())
    return frozenset({_CIRCLING, *_PASSES.values()})


def _inside_by(region: Region, at: tuple[float, float]) -> float:
    """Return how far inside a region a point lies, in cm; negative outside."""
    return float(signed_distance_cm(np.array([at]), region.polygon)[0])
