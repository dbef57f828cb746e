"""Agreement against published worked examples."""

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pandas as pd
import pytest

from trainer.cli import main
from trainer.errors import PijatError
from trainer.evaluation.agreement import compare_timelines, pool_agreement
from trainer.evaluation.bland_altman import limits_of_agreement
from trainer.evaluation.bland_altman_svg import bland_altman_svg
from trainer.evaluation.icc import icc_2_1
from trainer.evaluation.kappa import AgreementTable, merged_agreement
from trainer.evaluation.timeline import TimedEvent
from trainer.session.model import EVENTS_COLUMNS

SHROUT_FLEISS = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
"""Shrout and Fleiss 1979, table 2: six targets, four judges."""
# Bland and Altman 1986, table 1: peak expiratory flow rate (l/min), first reading by either meter.
WRIGHT = [494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427]
MINI = [512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451]


def test_icc_of_shrout_and_fleiss() -> None:
    """Their table 4: ICC(2,1) = .29; interval as McGraw and Wong's formulas give it in other software."""
    result = icc_2_1(SHROUT_FLEISS)
    assert result.value == pytest.approx(0.29, abs=0.005)
    assert (result.lower, result.upper) == (pytest.approx(0.019, abs=0.001), pytest.approx(0.761, abs=0.001))
    assert (result.targets, result.raters) == (6, 4)


def test_icc_of_raters_who_agree_fully_and_not_at_all() -> None:
    assert icc_2_1([[1, 1], [2, 2], [3, 3]]).value == 1.0
    stricter = icc_2_1([[1, 3], [2, 4], [3, 5]])
    assert stricter.value < 0.5, "a rater who is always stricter must cost agreement"
    with pytest.raises(PijatError, match="missing"):
        icc_2_1([[1, np.nan], [2, 2]])
    with pytest.raises(PijatError, match="two"):
        icc_2_1([[1, 2]])


def test_limits_of_bland_and_altman() -> None:
    """Their example: bias -2.1 (-22.0 to 17.8), SD 38.8, limits -79.7 and 75.5, drawn at two SD."""
    result = limits_of_agreement(MINI, WRIGHT)
    assert result.bias == pytest.approx(-2.1, abs=0.05)
    assert result.sd == pytest.approx(38.8, abs=0.05)
    assert result.bias_interval == (pytest.approx(-22.0, abs=0.1), pytest.approx(17.8, abs=0.1))
    assert result.lower - 0.04 * result.sd == pytest.approx(-79.7, abs=0.1)
    assert result.upper + 0.04 * result.sd == pytest.approx(75.5, abs=0.1)
    # The paper: lower limit -114.3 to -45.1, that is 34.6 to either side.
    assert (result.lower_interval[1] - result.lower_interval[0]) / 2 == pytest.approx(34.6, abs=0.15)


def test_limits_of_too_few_pairs_are_not_made_up() -> None:
    assert np.isnan(limits_of_agreement([], []).bias)
    one = limits_of_agreement([1.0, np.nan], [2.0, 3.0])
    assert (one.n, one.bias) == (1, 1.0)
    assert np.isnan(one.lower)


def test_kappa_of_a_textbook_table() -> None:
    """Fifty proposals judged by two readers, 20 and 15 times alike: observed .7, expected .5, kappa .4."""
    table = AgreementTable({("yes", "yes"): 20, ("yes", "no"): 5, ("no", "yes"): 10, ("no", "no"): 15})
    assert table.observed == pytest.approx(0.7)
    assert table.expected == pytest.approx(0.5)
    assert table.kappa == pytest.approx(0.4)


def test_kappa_of_cohen_1960() -> None:
    """Cohen's table 1, three categories: observed .29, expected .35, kappa -.09."""
    proportions = [[0.25, 0.13, 0.12], [0.12, 0.02, 0.16], [0.03, 0.15, 0.02]]
    table = AgreementTable({(str(i), str(j)): proportions[i][j] for i in range(3) for j in range(3)})
    assert table.expected == pytest.approx(0.35)
    assert table.kappa == pytest.approx(-0.09, abs=0.005)


def test_kappa_agrees_with_a_fine_time_grid() -> None:
    """Merged intervals are the limit of ever finer time units: scikit-learn on a 1 ms grid is near."""
    from sklearn import metrics

    generator = np.random.default_rng(3)

    def timeline() -> list[TimedEvent]:
        cuts = np.sort(np.round(generator.uniform(0, 20, 24), 3))
        labels = generator.choice(["circle", "pass", "hold"], 12)
        return [TimedEvent(str(label), *cuts[2 * i : 2 * i + 2]) for i, label in enumerate(labels)]

    first, second = timeline(), timeline()
    grid = np.arange(0, 20, 0.001) + 0.0005

    def at(events: list[TimedEvent]) -> list[str]:
        return [
            "+".join(sorted({e.label for e in events if e.onset_s <= t < e.end_s})) or "none" for t in grid
        ]

    expected = metrics.cohen_kappa_score(at(first), at(second))
    assert merged_agreement(first, second, (0.0, 20.0)).kappa == pytest.approx(expected, abs=2e-4)


def test_kappa_spans_the_coded_time_by_default() -> None:
    """As in BORIS: from the first boundary to the last, what nobody codes in between counts as agreement."""
    first = [TimedEvent("a", 10, 11), TimedEvent("b", 11, 12)]
    assert merged_agreement(first, first).kappa == 1.0
    assert merged_agreement(first, first).seconds == 2.0
    assert merged_agreement(first, first, (0.0, 20.0)).seconds == 20.0
    assert np.isnan(merged_agreement([], []).kappa)
    alone = [TimedEvent("a", 0, 1)]
    assert np.isnan(merged_agreement(alone, alone).kappa), "one label alone leaves nothing to chance"


def events(rows: list[tuple[str, float, float, str, float | None, float | None]]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"hand": h, "onset": o, "duration": d, "trial_type": t, "cycles": c, "rate_hz": r}
            for h, o, d, t, c, r in rows
        ],
        columns=list(EVENTS_COLUMNS),
    )


A = [
    ("left", 1.0, 4.0, "circular_pressure", 4.0, 1.0),
    ("left", 6.0, 2.0, "downward_pass", None, None),
    ("right", 1.0, 4.0, "circular_pressure", 6.0, 1.5),
]
B = [
    ("left", 1.2, 3.8, "circular_pressure", 5.0, 1.1),
    ("left", 6.0, 2.0, "downward_pass", None, None),
    ("right", 1.0, 4.0, "circular_pressure", 6.0, 1.5),
]


def test_timelines_of_two_people() -> None:
    result = pool_agreement([compare_timelines(events(A), events(B))])
    figures = result.summary()
    assert figures["f1_50"] == figures["edit"] == figures["event_f1_250ms"] == 1.0
    assert figures["event_f1_100ms"] == pytest.approx(2 / 3)
    assert figures["cycles_bias"] == pytest.approx(0.5)
    assert figures["rate_hz_pairs"] == 2
    # Both hands together are coded for 7 + 4 s, of which 0.2 s differ.
    assert figures["agreement"] == pytest.approx(1 - 0.2 / 11)
    assert figures["strokes_bias"] == 0.0


def test_plot_is_sound_svg_and_holds_what_it_shows() -> None:
    plot = bland_altman_svg(MINI, WRIGHT, title="Peak <flow>", unit="l/min")
    root = ET.fromstring(plot)
    assert len(root.findall("{http://www.w3.org/2000/svg}circle")) == 17
    assert "bias -2.12" in plot
    assert "17 pairs" in plot
    for few in ([], [1.0]):
        ET.fromstring(bland_altman_svg(few, few, title="few", unit=""))


def test_command_compares_tables_and_scores(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, rows in (("a.tsv", A), ("b.tsv", B)):
        events(rows).to_csv(tmp_path / name, sep="\t", na_rep="n/a", index=False)
    plots = tmp_path / "plots"
    status = main(
        [
            "agree",
            "timelines",
            str(tmp_path / "a.tsv"),
            str(tmp_path / "b.tsv"),
            "--plots",
            str(plots),
            "--json",
        ]
    )
    figures = json.loads(capsys.readouterr().out)
    assert status == 0
    assert figures["cycles_bias"] == 0.5
    assert len(list(plots.glob("*.svg"))) == 3
    table = tmp_path / "scores.csv"
    pd.DataFrame(SHROUT_FLEISS, columns=list("wxyz")).assign(who=list("abcdef")).to_csv(table, index=False)
    assert main(["agree", "scores", str(table), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["icc_2_1"] == pytest.approx(0.29, abs=0.005)
    assert main(["agree", "timelines", str(tmp_path / "a.tsv")]) == 2
    assert "two tables" in capsys.readouterr().err


def test_the_boris_test_cases_of_weighted_kappa() -> None:
    """Perfect agreement of two states one after the other gives 1, as in BORIS's own test."""
    states = [TimedEvent("S|A", 0.0, 1.0), TimedEvent("S|B", 1.0, 2.0)]
    assert merged_agreement(states, states).kappa == pytest.approx(1.0)


def test_metrics_cost_no_heavy_import() -> None:
    code = "import sys, trainer.evaluation.kappa, trainer.evaluation.segmental; print('scipy' in sys.modules)"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.strip() == "False"
