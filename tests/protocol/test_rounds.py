"""The definition of a round, case by case."""

import pytest

from trainer.protocol.rounds import Part, count_rounds


def parts(script):
    """One letter a part: C five circles, c one circle, P a pass, B circles that travel (both at once)."""
    made = {"C": (5.0, False), "c": (1.0, False), "P": (0.0, True), "B": (5.0, True)}
    return [Part((float(i), i + 0.9), *made[letter]) for i, letter in enumerate(script)]


@pytest.mark.parametrize(
    ("script", "done", "in_order", "open_cycles"),
    [
        ("", 0, 0, 0),
        ("C", 0, 0, 5),
        ("P", 0, 0, 0),
        ("CP", 1, 1, 0),
        ("CPCPCP", 3, 3, 0),
        ("CCCPCCCP", 2, 2, 0),
        ("CPPPCPPP", 2, 2, 0),
        ("CPPPP", 1, 1, 0),
        ("PCPCPC", 3, 0, 0),
        ("CPC", 1, 1, 5),
        ("cP", 0, 0, 0),
        ("ccP", 1, 1, 0),
        ("cPcP", 1, 1, 0),
        ("B", 1, 1, 0),
        ("BBB", 3, 3, 0),
        ("PPP", 0, 0, 0),
    ],
)
def test_rounds(script, done, in_order, open_cycles):
    rounds = count_rounds(parts(script), 2.0)
    assert (len(rounds.done), rounds.in_order, rounds.open_cycles) == (done, in_order, open_cycles)


def test_a_round_spans_its_first_to_its_last_stroke():
    assert count_rounds(parts("CCPP"), 2.0).done == ((0.0, 3.9),)


def test_order_of_the_list_does_not_matter():
    assert count_rounds(parts("CPCP")[::-1], 2.0) == count_rounds(parts("CPCP"), 2.0)
