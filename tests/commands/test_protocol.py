"""``pijat protocol`` as a person and a program meet it."""

import json

import pytest

from trainer.cli import main


def test_list_names_all_and_the_default(capsys):
    assert main(["protocol", "list", "--lang", "id"]) == 0
    out = capsys.readouterr().out
    assert "tegalagung-2022" in out and "(default)" in out and "Pijat oksitosin" in out
    assert main(["protocol", "list", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert [p["id"] for p in listed] == ["tegalagung-2022", "bulukumba-2023", "jabodetabek-2025"]
    assert all(len(p["hash"]) == 64 for p in listed)


def test_show_for_people_and_programs(capsys):
    assert main(["protocol", "show", "jabodetabek-2025"]) == 0
    out = capsys.readouterr().out
    assert "3-5 minutes on each side" in out and "assumed:" in out and "STOP" in out
    assert main(["protocol", "show", "tegalagung-2022", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    step = next(step for step in document["steps"] if step["id"] == "f")
    assert step["check"]["kind"] == "circles" and step["check"]["rate_hz"] == {"minimum": 0.5, "maximum": 2.0}
    assert step["messages"]["on_spine"]["id"]
    assert set(step["motion"]["thumbs"]) == {"left", "right"} and document["steps"][0]["motion"] is None


def test_check_a_good_and_a_bad_file(tmp_path, capsys):
    good = tmp_path / "good.yaml"
    from importlib.resources import files

    text = files("trainer.protocol").joinpath("builtin", "bulukumba-2023.yaml").read_text("utf-8")
    good.write_text(text, "utf-8")
    assert main(["protocol", "check", str(good)]) == 0
    assert "is a valid protocol" in capsys.readouterr().out
    bad = tmp_path / "bad.yaml"
    bad.write_text(text.replace("scale: done_not_done", "scale: maybe"), "utf-8")
    assert main(["protocol", "check", str(bad)]) == 1
    error = capsys.readouterr().err
    assert error.startswith("pijat: bad.yaml, line ") and error.count("\n") == 1


@pytest.mark.parametrize("words", [["show"], ["check"], ["list", "x"]])
def test_bad_usage(words, capsys):
    assert main(["protocol", *words]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_unknown_protocol(capsys):
    assert main(["protocol", "show", "nowhere"]) == 1
    assert "tegalagung-2022" in capsys.readouterr().err
