"""The blank daftar tilik: every item, boxes of the protocol's own scale, room to sign."""

import re

import pytest
import yaml
from handout_samples import HOSTILE

from trainer.handouts.render import checklist_page
from trainer.protocol.library import BUILTIN_IDS, builtin
from trainer.protocol.loader import load_bytes

BOXES = {"done_not_done": 2, "0-2": 3, "1-4": 4}


def own(**changes) -> object:
    """A facilitator's protocol on the scale 1-4."""
    from importlib.resources import files

    document = yaml.safe_load(
        files("trainer.protocol").joinpath("builtin", "bulukumba-2023.yaml").read_text(encoding="utf-8")
    )
    document["id"], document["version"], document["scale"] = "own", "1.0.0", "1-4"
    document.update(changes)
    return load_bytes(yaml.safe_dump(document, allow_unicode=True).encode())


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("protocol", [*(builtin(i) for i in BUILTIN_IDS), own()], ids=lambda p: p.id)
def test_every_item_has_the_boxes_of_the_scale(protocol, language):
    page = checklist_page(protocol, language=language)
    for step in protocol.steps:
        words = step.title.id if language == "id" else step.title.en
        assert words.replace("'", "&#39;") in page
    rows = re.findall(r'<span class="boxes">(.*?)</td>', page, re.S)
    assert len(rows) == len(protocol.steps)
    # The boxes of the scale and one more for "not observed".
    assert {row.count('class="box"') for row in rows} == {BOXES[protocol.scale] + 1}
    assert page.count('class="required"') >= sum(step.critical for step in protocol.steps)
    for rule in protocol.stop_rules:
        assert (rule.text.id if language == "id" else rule.text.en) in page
    for field in (
        ("Nama atau kode peserta", "Tanggal") if language == "id" else ("Name or code of trainee", "Date")
    ):
        assert field in page
    assert page.count("<script") == 1 and "default-src &#39;none&#39;" in page


def test_the_highest_sum_is_printed():
    protocol = builtin("tegalagung-2022")
    most = 2 * sum(step.weight for step in protocol.steps)
    assert f"Paling banyak {most:g};" in checklist_page(protocol)


def test_a_facilitators_own_words_stay_words():
    long = "Langkah " * 60
    protocol = own(title={"id": HOSTILE, "en": HOSTILE}, summary={"id": long, "en": long})
    page = checklist_page(protocol)
    assert "<script>alert" not in page and "&lt;script&gt;" in page
