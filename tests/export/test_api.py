"""The Python API: its entry points have examples, and importing it costs nothing."""

import doctest
import subprocess
import sys
from pathlib import Path

import matplotlib
import pytest

import trainer

matplotlib.use("Agg")


def test_the_two_entry_points_have_examples() -> None:
    from trainer import api

    finder = doctest.DocTestFinder()
    assert all(finder.find(getattr(api, name))[0].examples for name in ("open_session", "analyze"))


def test_importing_the_package_is_cheap() -> None:
    code = "import sys, trainer; print(sorted({'pandas', 'numpy', 'mediapipe'} & set(sys.modules)))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.strip() == "[]"
    with pytest.raises(AttributeError, match="no_such"):
        trainer.no_such  # noqa: B018


def test_plots_return_the_axes_they_were_given(session_folder: Path) -> None:
    from matplotlib import pyplot

    from trainer.plots import plot_back, plot_bland_altman, plot_timeline

    session = trainer.open_session(session_folder)
    for plot in (
        lambda ax: plot_timeline(session, ax),
        lambda ax: plot_back(session, ax),
        lambda ax: plot_bland_altman([1.0, 2.0], [1.5, 2.0], ax),
    ):
        figure, ax = pyplot.subplots()
        assert plot(ax) is ax
        assert ax.patches or ax.lines
        pyplot.close(figure)
    pyplot.close("all")
