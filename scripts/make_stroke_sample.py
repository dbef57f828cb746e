"""Make the small sample data set from analysed rendered clips: our own renders, tracked by the product itself.

    python -m scripts.make_stroke_sample SESSIONS ../shared/clips/dev/dev_[45] --out datasets/strokes/sample

``SESSIONS`` is where ``python -m scripts.evaluate CLIPS --out SESSIONS`` left the sessions.
"""

import json
import sys
from pathlib import Path

import pandas as pd

from scripts.common.arguments import argument_parser
from trainer.evaluation.truth import read_truth
from trainer.perception.observation import HANDS


def main() -> int:
    """Do what the command line asks for."""
    parser = argument_parser(__file__, __doc__)
    parser.add_argument("sessions", type=Path)
    parser.add_argument("clips", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    for folder in ("tracks", "events"):
        (args.out / folder).mkdir(parents=True, exist_ok=True)
    recordings = []
    for clip in args.clips:
        name = f"rendered_{clip.name}"
        thumbs = pd.read_parquet(args.sessions / clip.name / "thumbs.parquet")
        columns = ["time_s", "hand", "lateral_cm_raw", "caudal_cm_raw"]
        table = thumbs[columns].rename(columns=lambda column: column.removesuffix("_raw"))
        table = table.round({"time_s": 4, "lateral_cm": 3, "caudal_cm": 3})
        table.to_csv(args.out / "tracks" / f"{name}.csv", index=False, na_rep="n/a")
        truth = read_truth(clip / "truth.json")
        rows = [
            {
                "onset": round(event.onset_s, 3),
                "duration": round(event.end_s - event.onset_s, 3),
                "trial_type": event.label,
                "hand": hand,
                "direction": event.direction or "n/a",
                "cycles": round(event.cycles, 2) if event.cycles is not None else "n/a",
            }
            for hand in HANDS
            for event in truth.hands[hand].events
        ]
        pd.DataFrame(rows).sort_values(["onset", "hand"]).to_csv(
            args.out / "events" / f"{name}.tsv", sep="\t", index=False
        )
        recordings.append(
            {"id": name, "group": name, "track": f"tracks/{name}.csv", "events": f"events/{name}.tsv"}
        )
    document = {
        "schema_version": 1,
        "name": "Rendered sample",
        "description": "Rendered massage clips with ground truth, tracked by pijat analyze; no real person.",
        "licence": "Apache-2.0",
        "recordings": recordings,
    }
    (args.out / "dataset.json").write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
