"""From a video to figures in a notebook or script, on the bundled sample.

    python docs/examples/explore_session.py SESSION_FOLDER

Analyses the sample into the folder (or opens the session that is there), prints what a researcher asks first, and
draws the two figures beside this file.
"""

import sys
from dataclasses import asdict
from pathlib import Path

import matplotlib
import pandas as pd

import trainer
from trainer.plots import plot_back, plot_timeline
from trainer.resources import resource_path

matplotlib.use("Agg")
HERE = Path(__file__).parent


def main(folder: Path) -> None:
    """Print and draw."""
    say = sys.stdout.write
    if (folder / "session.json").is_file():
        session = trainer.open_session(folder)
    else:
        session = trainer.analyze(
            resource_path("datasets/samples/oxytocin-demo.mp4"),
            folder,
            calibration=resource_path("datasets/samples/oxytocin-demo.calibration.json"),
        )

    strokes = session.events.groupby(["hand", "trial_type"]).agg(
        strokes=("onset", "size"),
        seconds=("duration", "sum"),
        turns=("cycles", "sum"),
        rate_hz=("rate_hz", "median"),
    )
    say(f"{strokes.round(2).to_string()}\n\n")

    seen = session.thumbs["status"].isin(["detected", "tracked"]).groupby(session.thumbs["hand"]).mean()
    say(f"share of frames in which the hand was seen: {seen.round(3).to_dict()}\n\n")

    items = pd.DataFrame([asdict(item) for item in session.score.items])
    say(items[["id", "observer", "verdict", "points", "max_points"]].to_string(index=False) + "\n")

    plot_timeline(session).figure.savefig(HERE / "timeline.png", dpi=110)
    plot_back(session).figure.savefig(HERE / "back.png", dpi=110)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
