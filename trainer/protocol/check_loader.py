"""The `check` of a step: what the camera looks at, read from a protocol file."""

from collections.abc import Callable
from typing import Literal

from trainer.language import Text, both, number
from trainer.protocol.model import (
    AvoidCheck,
    Check,
    CirclesCheck,
    CoverageCheck,
    DurationCheck,
    HandShapeCheck,
    OrderCheck,
    PassesCheck,
    PostureCheck,
    Range,
    RoundsCheck,
    StrokesOnlyCheck,
)
from trainer.protocol.yamlnodes import CM, Fields, Node
from trainer.strokes.event import StrokeType


def load_check(node: Node) -> Check:
    """Read a check by its `kind`; a `PijatError` names what is wrong and its line."""
    fields = node.fields()
    kind = fields.take("kind").choice(_READERS)
    check = _READERS[kind](fields)
    fields.done()
    return check


def _range(fields: Fields, name: str, least: float, most: float, unit: Text) -> Range:
    node = fields.take(name)
    return read_range(node, least, most, unit)


def read_range(node: Node, least: float, most: float, unit: Text) -> Range:
    """Read ``{minimum, maximum}``, either of which may be missing, within what is possible at all."""
    inner = node.fields()
    low, high = inner.maybe("minimum"), inner.maybe("maximum")
    inner.done()
    if low is None and high is None:
        node.fail(
            Text(
                f"{node.name.id} harus punya minimum atau maximum",
                f"expected a minimum or a maximum in {node.name.en}, found none",
            )
        )
    minimum = low.number(least, most, unit) if low else None
    maximum = high.number(least, most, unit) if high else None
    if minimum is not None and maximum is not None and minimum > maximum:
        node.fail(
            Text(
                f"minimum {node.name.id} ({number(minimum).id}) tidak boleh lebih dari maximum-nya "
                f"({number(maximum).id})",
                f"expected the minimum of {node.name.en} at or below its maximum, got {minimum:g} above {maximum:g}",
            )
        )
    return Range(minimum, maximum)


def _optional_range(fields: Fields, name: str, least: float, most: float, unit: Text) -> Range:
    node = fields.maybe(name)
    return read_range(node, least, most, unit) if node else Range()


def _names(fields: Fields, name: str, least: int = 1) -> tuple[str, ...]:
    node = fields.take(name)
    names = tuple(item.identifier() for item in node.items(least=least))
    if len(set(names)) != len(names):
        node.fail(
            Text(
                f"setiap entri {name} ditulis sekali saja; ada yang dua kali",
                f"expected every entry of {name} once, got one twice",
            )
        )
    return names


def _strokes(fields: Fields) -> tuple[StrokeType, ...]:
    node = fields.take("strokes")
    options = [stroke.value for stroke in StrokeType]
    return tuple(StrokeType(item.choice(options)) for item in node.items(least=1))


def _share(fields: Fields, name: str, otherwise: float) -> float:
    node = fields.maybe(name)
    return node.number(0, 1) if node else otherwise


def _flag(fields: Fields, name: str) -> bool:
    return fields.take(name).flag()


def _circles(fields: Fields) -> Check:
    return CirclesCheck(
        regions=_names(fields, "regions"),
        both_thumbs=_flag(fields, "both_thumbs"),
        minimum_cycles=fields.take("minimum_cycles").number(1, 10_000),
        rate_hz=_optional_range(fields, "rate_hz", 0.05, 10, both(" Hz")),
        radius_cm=_optional_range(fields, "radius_cm", 0.1, 15, CM),
        minimum_inside_share=_share(fields, "minimum_inside_share", 0.8),
        minimum_balance=_share(fields, "minimum_balance", 0.5),
    )


def _passes(fields: Fields) -> Check:
    direction: Literal["caudal", "cranial"] = (
        "caudal" if fields.take("direction").choice(("caudal", "cranial")) == "caudal" else "cranial"
    )
    check = PassesCheck(
        regions=_names(fields, "regions"),
        direction=direction,
        both_thumbs=_flag(fields, "both_thumbs"),
        minimum_passes=fields.take("minimum_passes").integer(1, 1000),
        start_caudal_cm=_range(fields, "start_caudal_cm", -20, 80, CM),
        end_caudal_cm=_range(fields, "end_caudal_cm", -20, 80, CM),
        speed_cm_s=_optional_range(fields, "speed_cm_s", 0.1, 100, both(" cm/s")),
        minimum_inside_share=_share(fields, "minimum_inside_share", 0.8),
        minimum_balance=_share(fields, "minimum_balance", 0.5),
    )
    start, end = check.start_caudal_cm, check.end_caudal_cm
    above, below = (start, end) if direction == "caudal" else (end, start)
    if above.maximum is None or below.minimum is None or above.maximum >= below.minimum:
        word = "down" if direction == "caudal" else "up"
        fields.fail(
            Text(
                f"usapan ke {'bawah' if direction == 'caudal' else 'atas'}: maximum ujung atasnya harus kurang "
                f"dari minimum ujung bawahnya (dalam cm), sekarang awal {_shown(start).id} dan akhir {_shown(end).id}",
                f"expected a pass {word}wards with the maximum of its upper end above (in cm: less "
                f"than) the minimum of its lower end, got start {_shown(start).en} and end {_shown(end).en}",
            )
        )
    return check


def _shown(span: Range) -> Text:
    free = Text("berapa pun", "any")
    low = free if span.minimum is None else number(span.minimum)
    high = free if span.maximum is None else number(span.maximum)
    return Text("{low} sampai {high} cm", "{low} to {high} cm").fill(low=low, high=high)


def _coverage(fields: Fields) -> Check:
    check = CoverageCheck(
        regions=_names(fields, "regions"),
        strokes=_strokes(fields),
        from_caudal_cm=fields.take("from_caudal_cm").number(-20, 80, CM),
        to_caudal_cm=fields.take("to_caudal_cm").number(-20, 80, CM),
        minimum_inside_share=_share(fields, "minimum_inside_share", 0.8),
    )
    if check.from_caudal_cm >= check.to_caudal_cm:
        fields.fail(
            Text(
                f"from_caudal_cm harus di atas to_caudal_cm pada punggung, sekarang {number(check.from_caudal_cm).id} "
                f"dan {number(check.to_caudal_cm).id} cm di bawah C7",
                f"expected from_caudal_cm above to_caudal_cm on the back, got {check.from_caudal_cm:g} and "
                f"{check.to_caudal_cm:g} cm below C7",
            )
        )
    return check


def _rounds(fields: Fields) -> Check:
    node = fields.take("rounds")
    span = read_range(node, 1, 1000, Text(" rangkaian", " rounds"))
    for value in (span.minimum, span.maximum):
        if value is not None and value != int(value):
            node.fail(
                Text(
                    f"rounds harus bilangan bulat, bukan {number(value).id}",
                    f"expected whole rounds, got {value:g}",
                )
            )
    return RoundsCheck(
        circles_step=fields.take("circles_step").identifier(),
        passes_step=fields.take("passes_step").identifier(),
        rounds=span,
        minimum_cycles=fields.take("minimum_cycles").number(1, 10_000),
    )


def _duration(fields: Fields) -> Check:
    pause = fields.maybe("maximum_pause_s")
    return DurationCheck(
        minutes=_range(fields, "minutes", 0.05, 240, Text(" menit", " minutes")),
        scope="whole" if fields.take("scope").choice(("whole", "per_side")) == "whole" else "per_side",
        maximum_pause_s=pause.number(1, 3600, Text(" detik", " s")) if pause else 20.0,
    )


def _order(fields: Fields) -> Check:
    return OrderCheck(_names(fields, "steps", least=2))


def _avoid(fields: Fields) -> Check:
    return AvoidCheck(_names(fields, "regions"), _share(fields, "maximum_share", 0.05))


def _strokes_only(fields: Fields) -> Check:
    return StrokesOnlyCheck(_strokes(fields), _share(fields, "maximum_share", 0.1))


def _posture(fields: Fields) -> Check:
    return PostureCheck(_range(fields, "lean_deg", -30, 120, Text(" derajat", " degrees")))


def _hand_shape(fields: Fields) -> Check:
    fields.take("shape").choice(("fist_thumb_forward",))
    return HandShapeCheck("fist_thumb_forward", _share(fields, "minimum_share", 0.7))


_READERS: dict[str, Callable[[Fields], Check]] = {
    "circles": _circles,
    "passes": _passes,
    "coverage": _coverage,
    "rounds": _rounds,
    "duration": _duration,
    "order": _order,
    "avoid": _avoid,
    "strokes_only": _strokes_only,
    "posture": _posture,
    "hand_shape": _hand_shape,
}
