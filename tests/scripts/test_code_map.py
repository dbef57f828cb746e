"""What scripts read from the source: imports, circles, lengths, and where boxes of a picture are put."""

import ast

import pytest

from scripts.common.code_map import circles, imported, module_imports, package_imports
from scripts.common.layered_layout import place, reduced
from scripts.measure_code import body_lines, entangled, fewest_up, measure


def parsed(**sources: str) -> dict[str, ast.Module]:
    return {name.replace("__", "."): ast.parse(source) for name, source in sources.items()}


def test_imports_are_read_wherever_they_stand():
    modules = parsed(
        a__one="from trainer.b import two\ndef f():\n    import trainer.b.three\n",
        b__two="import json\n",
        b__three="from trainer.b.two import name\n",
    )
    assert module_imports(modules) == {"a.one": {"b.two", "b.three"}, "b.two": set(), "b.three": {"b.two"}}
    assert package_imports(modules) == {"a": {"b"}, "b": set()}
    with pytest.raises(ValueError, match="a relative one in line 1"):
        imported(ast.parse("from . import x"))


def test_circles_are_found_and_counted():
    tangle = {"a": {"b"}, "b": {"c", "d"}, "c": {"a"}, "d": set(), "e": {"a"}}
    assert circles(tangle) != [] and circles({"a": {"b"}, "b": set()}) == []
    assert entangled(tangle) == [("a", "b", "c")]
    assert fewest_up(tangle, ("a", "b", "c")) == 1
    both = {"a": {"b", "c"}, "b": {"a"}, "c": {"a"}}
    assert fewest_up(both, ("a", "b", "c")) == 2


def test_a_package_is_measured(tmp_path):
    package = tmp_path / "trainer"
    for name, text in {
        "__init__.py": "",
        "low/__init__.py": "",
        "low/one.py": "from trainer.high import two\n" + "x = 1\n" * 300,
        "high/__init__.py": "",
        "high/two.py": "from trainer.low import one\ndef f():\n" + '    """\n' + "    a\n" * 60 + '    """\n'
        + "    x = 1\n" * 59 + "def g():\n" + "    x = 1\n" * 60,
    }.items():  # fmt: skip
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_text(text)
    found = measure(package)
    assert (found.packages, found.modules, found.arrows, found.arrows_up) == (2, 5, 2, 1)
    assert (found.package_circles, found.module_circles) == (1, 1)
    # Without its docstring the first function has 60 lines, the second 61.
    assert (found.long_modules, found.long_functions) == (1, 1)


def test_a_docstring_is_no_line_of_a_function():
    function = ast.parse('def f():\n    """One.\n\n    Two.\n    """\n    return 1\n').body[0]
    assert isinstance(function, ast.FunctionDef) and body_lines(function) == 2


def test_boxes_keep_apart_and_what_follows_is_in_line():
    rows = [["a"], ["b", "c"], ["d"]]
    layout = place(
        rows,
        [("a", "b"), ("a", "c"), ("a", "d"), ("b", "d")],
        boxes=dict.fromkeys("abcd", 100.0),
        lane=10,
        gap=20,
        width=400,
    )
    places = [layout.centres["b"], layout.paths["a", "d"][1], layout.centres["c"]]
    assert len(layout.paths["a", "d"]) == 3 and len(layout.paths["a", "b"]) == 2
    lane = places[1]
    for box in (places[0], places[2]):
        assert abs(box - lane) >= 50 + 5 + 20 - 1e-6
    assert abs(places[0] - places[2]) >= 120 - 1e-6
    assert all(50 - 1e-6 <= centre <= 350 + 1e-6 for centre in layout.centres.values())
    with pytest.raises(ValueError, match="make the boxes narrower"):
        place(rows, [], boxes=dict.fromkeys("abcd", 100.0), lane=10, gap=20, width=150)


def test_an_import_that_follows_from_others_has_no_arrow():
    assert reduced({"a": set(), "b": {"a"}, "c": {"a", "b"}}) == {"a": set(), "b": {"a"}, "c": {"b"}}
