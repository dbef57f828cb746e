"""From a protocol file to `trainer.protocol.model.Protocol`; docs/protocol-format.md is the field table."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import cast

from trainer.language import Text, number
from trainer.protocol import geometry
from trainer.protocol.check_loader import load_check
from trainer.protocol.faults import Fault
from trainer.protocol.model import (
    PROTOCOL_SCHEMA_VERSION,
    AvoidCheck,
    CirclesCheck,
    CoverageCheck,
    Judging,
    Observer,
    OrderCheck,
    PassesCheck,
    Protocol,
    Region,
    RoundsCheck,
    Scale,
    Step,
    StopRule,
)
from trainer.protocol.yamlnodes import CM, Fields, Node, parse, read_bytes
from trainer.strokes.event import Side

_SMALLEST_OVERLAP_CM2 = 0.01


def load_file(path: Path) -> Protocol:
    """Load a protocol file.

    Raises
    ------
    PijatError
        One sentence with the file's name and the line.
    """
    return load_bytes(read_bytes(path), path.name)


def load_bytes(content: bytes, file: str = "protocol") -> Protocol:
    """Load a protocol from the bytes of a YAML file; `file` is the name used in complaints."""
    root = parse(content, file)
    fields = root.fields()
    version = fields.take("schema_version")
    if version.integer(1, 1000) != PROTOCOL_SCHEMA_VERSION:
        version.fail(
            Text(
                f"schema_version harus {PROTOCOL_SCHEMA_VERSION}; perbarui Pijat atau berkas ini",
                f"expected schema_version {PROTOCOL_SCHEMA_VERSION}, got another; update Pijat or the file",
            )
        )
    regions = _regions(fields.take("regions"))
    steps = _steps(fields, regions)
    breathing = fields.maybe("breaths_per_minute")
    schedule = fields.maybe("schedule")
    protocol = Protocol(
        id=fields.take("id").identifier(),
        version=fields.take("version").string(
            r"[0-9]+(\.[0-9]+){0,2}", Text("versi seperti 1.0.0", "a version such as 1.0.0")
        ),
        title=fields.take("title").text(),
        summary=fields.take("summary").text(),
        source=fields.take("source").string(),
        scale=cast(Scale, fields.take("scale").choice(("done_not_done", "0-2", "1-4"))),
        pass_mark_percent=fields.take("pass_mark_percent").number(0, 100, Text(" persen", " percent")),
        regions=regions,
        steps=steps,
        stop_rules=_stop_rules(fields.maybe("stop_rules")),
        judging=_judging(fields.maybe("judging")),
        schedule=schedule.text() if schedule else None,
        breaths_per_minute=breathing.number(2, 40, Text(" napas semenit", " breaths a minute"))
        if breathing
        else None,
        assumptions=_strings(fields.maybe("assumptions")),
        hash=_canonical_hash(root),
    )
    fields.done()
    return protocol


def _canonical_hash(root: Node) -> str:
    text = json.dumps(root.plain(), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _strings(node: Node | None) -> tuple[str, ...]:
    return tuple(item.string() for item in node.items()) if node else ()


def _regions(node: Node) -> tuple[Region, ...]:
    loaded: list[tuple[Node, Region]] = []
    for item in node.items(least=1, most=40):
        fields = item.fields()
        id_node = fields.take("id")
        polygon_node = fields.take("polygon")
        region = Region(
            id=id_node.identifier(),
            name=fields.take("name").text(),
            kind="avoid" if fields.take("kind").choice(("target", "avoid")) == "avoid" else "target",
            side=cast(Side, fields.take("side").choice(("left", "right", "spine"))),
            polygon=_polygon(polygon_node),
        )
        fields.done()
        for _other_node, other in loaded:
            if other.id == region.id:
                id_node.fail(
                    Text(
                        f'setiap daerah harus punya id sendiri; "{region.id}" dipakai dua kali',
                        f'expected every region to have its own id, got "{region.id}" twice',
                    )
                )
            shared = geometry.overlap_cm2(other.polygon, region.polygon)
            if shared > _SMALLEST_OVERLAP_CM2:
                polygon_node.fail(
                    Text(
                        f'daerah tidak boleh bertumpuk; "{region.id}" dan "{other.id}" bertumpuk '
                        f"{number(shared, 1).id} cm2",
                        f'expected regions that do not overlap, got "{region.id}" and "{other.id}" '
                        f"sharing {shared:.1f} cm2",
                    )
                )
        _check_side(polygon_node, region)
        loaded.append((polygon_node, region))
    return tuple(region for _, region in loaded)


def _check_side(node: Node, region: Region) -> None:
    lateral = [corner[0] for corner in region.polygon]
    if region.side == "right" and min(lateral) < 0:
        node.fail(
            Text(
                f'nilai lateral "{region.id}" (sisi kanan) tidak boleh kurang dari 0, sekarang '
                f"{number(min(lateral)).id}",
                f'expected only positive lateral values in "{region.id}" (right side), got {min(lateral):g}',
            )
        )
    if region.side == "left" and max(lateral) > 0:
        node.fail(
            Text(
                f'nilai lateral "{region.id}" (sisi kiri) tidak boleh lebih dari 0, sekarang {number(max(lateral)).id}',
                f'expected only negative lateral values in "{region.id}" (left side), got {max(lateral):g}',
            )
        )


def _polygon(node: Node) -> tuple[tuple[float, float], ...]:
    corners = []
    for item in node.items(least=0, most=100):
        pair = item.items(least=0, most=10)
        if len(pair) != 2:
            item.fail(
                Text(
                    f"sudut {item.name.id} harus [lateral_cm, caudal_cm], bukan {len(pair)} angka",
                    f"expected a corner [lateral_cm, caudal_cm] in {item.name.en}, got {len(pair)} numbers",
                )
            )
        corners.append((pair[0].number(-40, 40, CM), pair[1].number(-20, 80, CM)))
    if len(corners) < 3:
        node.fail(
            Text(
                f"{node.name.id} harus punya sedikitnya 3 sudut, bukan {len(corners)}",
                f"expected at least 3 corners in {node.name.en}, got {len(corners)}",
            )
        )
    if geometry.crosses_itself(corners):
        node.fail(
            Text(
                f"tepi {node.name.id} saling memotong; tulis sudutnya berurutan",
                f"expected a {node.name.en} whose edges do not cross, got one that crosses itself; list them in turn",
            )
        )
    if geometry.area(corners) < 1.0:
        node.fail(
            Text(
                f"luas {node.name.id} harus sedikitnya 1 cm2, sekarang {number(geometry.area(corners)).id} "
                "cm2",
                f"expected a {node.name.en} of at least 1 cm2, got {geometry.area(corners):.2g} cm2",
            )
        )
    return tuple(corners)


def _steps(top: Fields, regions: Sequence[Region]) -> tuple[Step, ...]:
    steps_node = top.take("steps")
    loaded: list[tuple[Node, Step]] = []
    taken: set[str] = set()
    for item in steps_node.items(least=1, most=60):
        loaded.append(_step(item, taken, overall=False))
    overall = top.maybe("overall")
    for item in overall.items(most=30) if overall else []:
        loaded.append(_step(item, taken, overall=True))
    steps = [step for _, step in loaded]
    for node, step in loaded:
        _check_references(node, step, steps, regions)
    if sum(step.weight for step in steps) <= 0:
        steps_node.fail(
            Text(
                "harus ada sedikitnya satu langkah yang bobotnya lebih dari 0",
                "expected at least one step with a weight above 0, got none",
            )
        )
    return tuple(steps)


def _step(node: Node, taken: set[str], *, overall: bool) -> tuple[Node, Step]:
    """Read a step; the node returned with it is where its references stand. `taken` gathers the ids."""
    fields = node.fields()
    id_node = fields.take("id")
    step_id = id_node.identifier()
    if step_id in taken:
        id_node.fail(
            Text(
                f'setiap langkah harus punya id sendiri; "{step_id}" dipakai dua kali',
                f'expected every step to have its own id, got "{step_id}" twice',
            )
        )
    taken.add(step_id)
    observer_node = fields.take("observer")
    observer = cast(Observer, observer_node.choice(("camera", "facilitator", "camera_or_facilitator")))
    check_node = fields.maybe("check")
    if observer == "facilitator" and check_node is not None:
        check_node.fail(
            Text(
                "langkah yang dinilai fasilitator tidak boleh punya check",
                "expected no check in a step that the facilitator observes, got one",
            )
        )
    if observer != "facilitator" and check_node is None:
        observer_node.fail(
            Text(
                f'isian "check" belum ada pada langkah dengan observer {observer}',
                f'expected the field "check" in a step with observer {observer}, found none',
            )
        )
    weight = fields.maybe("weight")
    critical = fields.maybe("critical")
    praise = fields.maybe("praise")
    step = Step(
        id=step_id,
        title=fields.take("title").text(),
        instruction=fields.take("instruction").text(),
        observer=observer,
        source=fields.take("source").string(),
        weight=weight.number(0, 100) if weight else 1.0,
        critical=critical.flag() if critical else False,
        overall=overall,
        check=load_check(check_node) if check_node else None,
        praise=praise.text() if praise else None,
        messages=_messages(fields.maybe("messages")),
        assumptions=_strings(fields.maybe("assumptions")),
    )
    fields.done()
    return check_node or node, step


def _messages(node: Node | None) -> tuple[tuple[Fault, Text], ...]:
    if node is None:
        return ()
    fields = node.fields()
    found = []
    for fault in Fault:
        text = fields.maybe(fault.value)
        if text is not None:
            found.append((fault, text.text()))
    fields.done()
    return tuple(found)


def _check_references(node: Node, step: Step, steps: Sequence[Step], regions: Sequence[Region]) -> None:
    check = step.check
    by_id = {region.id: region for region in regions}
    if isinstance(check, CirclesCheck | PassesCheck | CoverageCheck | AvoidCheck):
        wanted = "avoid" if isinstance(check, AvoidCheck) else "target"
        for name in check.regions:
            if name not in by_id:
                node.fail(
                    Text(
                        f'langkah "{step.id}" harus menyebut daerah dalam berkas ini, bukan "{name}"',
                        f'expected step "{step.id}" to name a region of this file, got "{name}"',
                    )
                )
            if by_id[name].kind != wanted:
                node.fail(
                    Text(
                        f'langkah "{step.id}" harus menyebut daerah berjenis {wanted}, bukan "{name}"',
                        f'expected step "{step.id}" to name regions of kind {wanted}, got "{name}"',
                    )
                )
    if isinstance(check, CirclesCheck | PassesCheck) and check.both_thumbs:
        sides = {by_id[name].side for name in check.regions}
        if not {"left", "right"} <= sides:
            node.fail(
                Text(
                    f'"{step.id}" memakai kedua ibu jari, jadi harus menyebut daerah di kedua sisi; sekarang hanya '
                    f"{sorted(sides)}",
                    f'expected "{step.id}" with both thumbs to name regions on both sides, got {sorted(sides)}',
                )
            )
    kinds = {other.id: type(other.check) for other in steps}
    if isinstance(check, RoundsCheck):
        for name, kind in ((check.circles_step, CirclesCheck), (check.passes_step, PassesCheck)):
            if kinds.get(name) is not kind:
                word = "circles" if kind is CirclesCheck else "passes"
                node.fail(
                    Text(
                        f'langkah "{step.id}" harus menyebut langkah dengan check berjenis {word}, bukan "{name}"',
                        f'expected step "{step.id}" to name a step with a check of kind {word}, got "{name}"',
                    )
                )
    if isinstance(check, OrderCheck):
        for name in check.steps:
            if kinds.get(name) not in (CirclesCheck, PassesCheck):
                node.fail(
                    Text(
                        f'langkah "{step.id}" harus mengurutkan langkah berjenis circles atau passes, bukan "{name}"',
                        f'expected step "{step.id}" to order steps of kind circles or passes, got "{name}"',
                    )
                )


def _stop_rules(node: Node | None) -> tuple[StopRule, ...]:
    rules: list[StopRule] = []
    for item in node.items(most=20) if node else []:
        fields = item.fields()
        rule = StopRule(
            fields.take("id").identifier(), fields.take("text").text(), fields.take("source").string()
        )
        fields.done()
        if any(other.id == rule.id for other in rules):
            item.fail(
                Text(
                    f'setiap aturan berhenti harus punya id sendiri; "{rule.id}" dipakai dua kali',
                    f'expected every stop rule to have its own id, got "{rule.id}" twice',
                )
            )
        rules.append(rule)
    return tuple(rules)


def _judging(node: Node | None) -> Judging:
    default = Judging()
    if node is None:
        return default
    fields = node.fields()

    def threshold(name: str, minimum: float, maximum: float, otherwise: float) -> float:
        found = fields.maybe(name)
        return found.number(minimum, maximum) if found else otherwise

    judging = Judging(
        minimum_observed=threshold("minimum_observed", 0.1, 1.0, default.minimum_observed),
        maximum_sigma_cm=threshold("maximum_sigma_cm", 0.2, 5.0, default.maximum_sigma_cm),
        unsure_below=threshold("unsure_below", 0.0, 0.99, default.unsure_below),
        fault_confidence=threshold("fault_confidence", 0.0, 0.99, default.fault_confidence),
        radius_relative_sigma=threshold("radius_relative_sigma", 0.0, 1.0, default.radius_relative_sigma),
    )
    fields.done()
    return judging
