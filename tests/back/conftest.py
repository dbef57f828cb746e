"""Ground truth of the rendered clips, as the tests of the back want it."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from trainer.back.frame import BACK_LANDMARKS


@dataclass(frozen=True)
class Truth:
    document: dict

    @property
    def size(self):
        return tuple(self.document["size"])

    def landmarks(self, frame, skip=()):
        names = self.document["back_landmark_names"]
        return {
            name: tuple(place)
            for name, place in zip(names, self.document["frames"][frame]["back"], strict=True)
            if name in BACK_LANDMARKS and name not in skip
        }

    def contacts(self, frame):
        """Pixels and back centimetres of the thumbs that touch the back."""
        hands = [hand for hand in self.document["frames"][frame]["hands"].values() if hand["contact"]]
        pixels = np.array([hand["contact_px"] for hand in hands]).reshape(-1, 2)
        back = np.array([[hand["lateral_cm"], hand["down_cm"]] for hand in hands]).reshape(-1, 2)
        return pixels, back

    def __len__(self):
        return len(self.document["frames"])


@pytest.fixture(scope="session")
def load_truth():
    """Read a truth.json."""
    return lambda path: Truth(json.loads(Path(path).read_text()))
