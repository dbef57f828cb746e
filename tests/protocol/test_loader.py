"""Bad protocol files: one sentence with the right line each."""

from importlib.resources import files

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from trainer import strict_yaml
from trainer.errors import PijatError
from trainer.protocol.library import BUILTIN_IDS, builtin, load
from trainer.protocol.loader import load_bytes, load_file
from trainer.protocol.model import CirclesCheck
from trainer.protocol.yamlnodes import parse

GOOD = files("trainer.protocol").joinpath("builtin", "tegalagung-2022.yaml").read_text("utf-8")


def line_of(text, part):
    return text[: text.index(part)].count("\n") + 1


def complaint(text):
    with pytest.raises(PijatError) as caught:
        load_bytes(text.encode() if isinstance(text, str) else text, "mine.yaml")
    sentence = str(caught.value)
    assert "\n" not in sentence and sentence.endswith(".")
    return sentence


def changed(old, new):
    assert GOOD.count(old) >= 1, old
    return GOOD.replace(old, new, 1)


CASES = [
    (
        "rate_hz: {minimum: 0.5, maximum: 2}",
        "rate_hz: {minimum: 3, maximum: 2}",
        "minimum of rate_hz at or below",
    ),
    (
        "rate_hz: {minimum: 0.5, maximum: 2}",
        "rate_hz: {minimum: -0.5, maximum: 2}",
        "between 0.05 and 10 Hz, got -0.5",
    ),
    ("rate_hz: {minimum: 0.5, maximum: 2}", "rate_hz: {}", "a minimum or a maximum in rate_hz"),
    ("rate_hz: {minimum: 0.5, maximum: 2}", "rate_hz: {minimum: quick}", 'a number in minimum, got "quick"'),
    ("rate_hz: {minimum: 0.5, maximum: 2}", "rate_hz: {minimum: '0.5'}", "expected a number in minimum"),
    ("rate_hz: {minimum: 0.5, maximum: 2}", "rate_hz: {minimum: .nan}", "expected a number in minimum"),
    ("rate_hz: {minimum: 0.5, maximum: 2}", "rate_hz: {minimum: 1:30}", "expected a number in minimum"),
    ("rounds: {minimum: 3}", "rounds: {minimum: 0}", "between 1 and 1000 rounds, got 0"),
    ("rounds: {minimum: 3}", "rounds: {minimum: 2.5}", "expected whole rounds, got 2.5"),
    ("minutes: {minimum: 13, maximum: 20}", "minutes: {minimum: 13, maximum: 2}", "minimum of minutes"),
    ("pass_mark_percent: 75", "pass_mark_percent: 175", "between 0 and 100 percent, got 175"),
    ("scale: 0-2", "scale: 0-5", 'done_not_done, 0-2, 1-4, got "0-5"'),
    ("kind: circles", "kind: squares", "expected kind to be one of circles, passes, coverage"),
    (
        "direction: caudal",
        "direction: sideways",
        'expected direction to be one of caudal, cranial, got "sideways"',
    ),
    ("observer: facilitator", "observer: nobody", "expected observer to be one of"),
    (
        "strokes: [circular_pressure",
        "strokes: [kneading",
        "expected strokes[1] to be one of circular_pressure",
    ),
    (
        "weight: 3\n    critical: true",
        "weight: -3\n    critical: true",
        "expected weight between 0 and 100, got -3",
    ),
    ("critical: true", "critical: yes", 'expected true or false in critical, got "yes"'),
    ("both_thumbs: true", "bothe_thumbs: true", 'expected the field "both_thumbs"'),
    (
        "minimum_balance: 0.5",
        "minimum_balence: 0.5",
        'unknown field "minimum_balence" in check; did you mean "minimum_balance"',
    ),
    ("start_caudal_cm: {maximum: 5}", "start_caudal_cm: {maximum: 50}", "expected a pass downwards"),
    ("circles_step: f", "circles_step: g", 'name a step with a check of kind circles, got "g"'),
    ("steps: [f, g]", "steps: [f, a]", 'order steps of kind circles or passes, got "a"'),
    ("regions: [spine]", "regions: [right_paraspinal]", "regions of kind avoid"),
    (
        "regions: [right_paraspinal, left_paraspinal]",
        "regions: [right_paraspinal]",
        "with both thumbs to name regions on both",
    ),
    (
        "regions: [right_paraspinal, left_paraspinal]",
        "regions: [rigth, left_paraspinal]",
        'a region of this file, got "rigth"',
    ),
    (
        "[[1.5, -2], [6, -2], [7, 7], [7, 18], [1.5, 18]]",
        "[[1.5, -2], [6, -2]]",
        "at least 3 corners in polygon, got 2",
    ),
    (
        "[[1.5, -2], [6, -2], [7, 7], [7, 18], [1.5, 18]]",
        "[[1.5, 0], [6, 18], [6, 0], [1.5, 18]]",
        "crosses itself",
    ),
    ("[[1.5, -2], [6, -2], [7, 7], [7, 18], [1.5, 18]]", "[[1.5, 0], [6, 0], [6, 0.1]]", "at least 1 cm2"),
    (
        "[[1.5, -2], [6, -2], [7, 7], [7, 18], [1.5, 18]]",
        "[[1.5, 0], [6, 0, 2], [6, 9]]",
        "a corner [lateral_cm, caudal_cm]",
    ),
    (
        "[[1.5, -2], [6, -2], [7, 7], [7, 18], [1.5, 18]]",
        "[[-1.5, 0], [6, 0], [6, 9]]",
        "only positive lateral values",
    ),
    (
        "[[-1.2, -3], [1.2, -3], [1.2, 32], [-1.2, 32]]",
        "[[-2, -3], [2, -3], [2, 32], [-2, 32]]",
        "regions that do not overlap",
    ),
    ("schema_version: 1", "schema_version: 2", "expected schema_version 1"),
    ("version: 1.0.0", "version: first", "a version such as 1.0.0"),
    ("id: tegalagung-2022", "id: Tegal Agung", "an id of small letters"),
    ("en: Oil both palms.", "eng: Oil both palms.", 'expected the field "en" in instruction, found none'),
    ("minimum_observed: 0.6", "minimum_observed: 6", "between 0.1 and 1, got 6"),
]


@pytest.mark.parametrize(("old", "new", "says"), CASES, ids=[says[:40] for _, _, says in CASES])
def test_each_mistake_gets_one_sentence_with_its_line(old, new, says):
    text = changed(old, new)
    sentence = complaint(text)
    assert says in sentence
    named = int(sentence.split("line ")[1].split(":")[0])
    # The complaint names the line itself, or that at which the check begins whose parts do not go together.
    assert 0 <= line_of(text, new) - named <= 8


def test_unknown_field_at_the_top():
    sentence = complaint(GOOD + "colour: red\n")
    assert sentence.startswith(f'mine.yaml, line {GOOD.count(chr(10)) + 1}: unknown field "colour"')


def test_missing_field_at_the_top():
    assert 'expected the field "title" in the protocol, found none' in complaint(
        changed("\ntitle:", "\ntitel:")
    )


def test_camera_step_without_check_and_facilitator_step_with_one():
    start = GOOD.index("    check:\n      kind: posture")
    end = GOOD.index("    assumptions:", start)
    assert 'expected the field "check"' in complaint(GOOD[:start] + GOOD[end:])
    text = changed("observer: camera_or_facilitator", "observer: facilitator")
    assert "expected no check" in complaint(text)


def test_duplicate_ids_and_fields():
    assert 'its own id, got "a" twice' in complaint(changed("  - id: b\n", "  - id: a\n"))
    assert 'its own id, got "right_paraspinal" twice' in complaint(
        changed("  - id: left_paraspinal", "  - id: right_paraspinal")
    )
    assert 'the field "scale" once, got it twice' in complaint(
        changed("scale: 0-2", "scale: 0-2\nscale: 1-4")
    )


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "got an empty file"),
        (b"a: [1, 2", "no valid YAML"),
        (b"a:\n  b: 1\n c: 2\n", "line 3: this is no valid YAML"),
        (b"title: \x80\xff", "line 1: expected UTF-8"),
        (b"ok: 1\n\xc3\x28: 2", "line 2: expected UTF-8"),
        (b"\x00\x01", "no valid YAML"),
        (b"a: &x [1]\nb: *x\n", "line 1: anchors and aliases"),
        (b"a: 1\nb: !!python/object/apply:os.system ['true']\n", "line 2: tags"),
        (b"- 1\n- 2\n", "expected a group of fields in the protocol, got a list"),
        (b"just words", "expected a group of fields"),
        (b"a: 1\n---\nb: 2\n", "line 2: expected one document in a file"),
        (b"[" * 100_000, "line 1: expected at most 16 levels, got more"),
        (b"a:\n  - " + b"[{" * 3_000, "line 2: expected at most 16 levels, got more"),
        (b"- " * 5_000 + b"1", "line 1: expected at most 16 levels, got more"),
        (b"x: " + b"y" * 300_000, "expected at most 256 KiB"),
        (b"? [1, 2]\n: 3\n", "expected a field's name"),
    ],
    ids=lambda value: repr(value)[:24],
)
def test_files_that_are_no_protocol(content, says, monkeypatch):
    assert says in complaint(content)
    # Where PyYAML was built without its C library, the same is said.
    monkeypatch.setattr(strict_yaml, "_QUICK", yaml.SafeLoader)
    assert says in complaint(content)


def test_alias_bomb_is_refused_at_once():
    bomb = "a0: &a0 [x, x]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]\n" for i in range(1, 60))
    assert "anchors and aliases" in complaint(bomb)


def test_no_surprise_coercion():
    text = changed("  id: Oleskan minyak pada kedua telapak tangan.\n", "  id: no\n")
    text = text.replace("      en: Oil both palms.", "      en: 1.50", 1)
    instruction = load_bytes(text.encode()).step("d").instruction
    assert (instruction.id, instruction.en) == ("no", "1.50")


def test_missing_file_and_folder(tmp_path):
    for path in (tmp_path / "none.yaml", tmp_path):
        with pytest.raises(PijatError, match="Expected a protocol file"):
            load_file(path)
    with pytest.raises(PijatError, match="tegalagung-2022"):
        load("no-such-protocol")


def test_hash_is_of_the_content_not_of_the_layout():
    same = "# a comment\n" + GOOD.replace("scale: 0-2", "scale:   '0-2'  # quoted").replace(
        "minimum: 13", "minimum: 13.0"
    )
    original = load_bytes(GOOD.encode())
    assert load_bytes(same.encode()).hash == original.hash == builtin("tegalagung-2022").hash
    assert (
        load_bytes(changed("pass_mark_percent: 75", "pass_mark_percent: 76").encode()).hash != original.hash
    )


def test_a_facilitators_file_loads_from_disk(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(
        changed("maximum: 2.5", "maximum: 1.5").replace("id: tegalagung-2022", "id: mine"), "utf-8-sig"
    )
    check = load(str(path)).step("f").check
    assert isinstance(check, CirclesCheck) and check.radius_cm.maximum == 1.5


@pytest.mark.parametrize("protocol_id", BUILTIN_IDS)
def test_built_in_protocols_speak_both_languages_and_cite(protocol_id):
    protocol = builtin(protocol_id)
    assert protocol.id == protocol_id
    for step in protocol.steps:
        assert step.source
        texts = [step.title, step.instruction, *dict(step.messages).values()]
        assert all(text.id != text.en for text in texts)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_damage_to_a_file_is_a_protocol_or_a_sentence(data):
    lines = GOOD.splitlines(keepends=True)
    index = data.draw(st.integers(0, len(lines) - 1))
    action = data.draw(st.sampled_from(["drop", "double", "garble", "indent"]))
    line = lines[index]
    lines[index] = {
        "drop": "",
        "double": line * 2,
        "indent": "   " + line,
        "garble": data.draw(st.text(max_size=20)) + line,
    }[action]
    try:
        load_bytes("".join(lines).encode("utf-8", "surrogatepass"), "x.yaml")
    except PijatError as error:
        assert "\n" not in str(error)


def test_both_readers_of_pyyaml_give_the_same_protocol(monkeypatch):
    monkeypatch.setattr(strict_yaml, "_QUICK", yaml.SafeLoader)
    assert load_bytes(GOOD.encode()) == builtin("tegalagung-2022")


def test_the_field_table_names_every_field_check_and_fault(repository):
    text = (repository / "docs" / "protocol-format.md").read_text("utf-8")
    from trainer.protocol import check_loader
    from trainer.protocol.faults import Fault
    from trainer.protocol.model import Judging

    names = {*check_loader._READERS, *Fault, *Judging.__dataclass_fields__}
    for protocol_id in BUILTIN_IDS:
        plain = parse(
            files("trainer.protocol").joinpath("builtin", f"{protocol_id}.yaml").read_bytes(), "x"
        ).plain()
        names |= set(plain) | {key for step in plain["steps"] + plain["overall"] for key in step}
        names |= {key for step in plain["steps"] for key in step.get("check", {})}
    assert sorted(name for name in names if f"`{name}`" not in text) == []
