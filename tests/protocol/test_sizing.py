"""Places of a protocol on backs of other sizes: the same massage on a larger back is the same massage."""

import pytest
from demonstrations import Writer, verdicts

from trainer.protocol.library import BUILTIN_IDS, builtin
from trainer.protocol.scoring import score
from trainer.protocol.sizing import sized

PLACES_A = ("f", "g", "h", "spine")


def massage(ratio):
    """Three rounds at the same vertebrae of a back of this size; circles stay as wide as thumbs make them."""
    writer = Writer()
    for _ in range(3):
        for level in (2.0, 8.0, 16.5):
            writer.circles(4, lateral=5.5 * ratio, caudal=level * ratio)
        writer.passes(start=0.0, end=16.0 * ratio, lateral=5.5 * ratio)
    return writer.done(sigma=0.3)


@pytest.mark.parametrize("ratio", [0.8, 1.0, 1.3])
def test_the_same_massage_scores_the_same_on_any_back(ratio):
    found = verdicts(score(sized(builtin("tegalagung-2022"), ratio), massage(ratio)))
    assert {found[name] for name in PLACES_A} == {"met"}


def test_a_large_back_judged_as_a_usual_one_would_be_wronged():
    found = verdicts(score(builtin("tegalagung-2022"), massage(1.3)))
    assert found["f"] != "met"


@pytest.mark.parametrize("name", BUILTIN_IDS)
def test_only_places_grow(name):
    protocol, large = builtin(name), sized(builtin(name), 1.25)
    assert sized(protocol, 1.0) is protocol
    assert (large.id, large.hash, large.judging) == (protocol.id, protocol.hash, protocol.judging)
    for usual, grown in zip(protocol.regions, large.regions, strict=True):
        assert grown.polygon[1] == pytest.approx([1.25 * value for value in usual.polygon[1]])
    for usual, grown in zip(protocol.steps, large.steps, strict=True):
        for level in ("start_caudal_cm", "end_caudal_cm"):
            span = getattr(usual.check, level, None)
            if span is not None and span.minimum is not None:
                assert getattr(grown.check, level).minimum == pytest.approx(1.25 * span.minimum)
        for kept in ("rate_hz", "radius_cm", "speed_cm_s", "minutes", "minimum_cycles"):
            assert getattr(usual.check, kept, None) == getattr(grown.check, kept, None)
