"""The ratings of each scale, and what each is worth in words."""

from trainer.language import Text
from trainer.protocol.model import Scale

RATINGS: dict[Scale, tuple[tuple[int, Text], ...]] = {
    "done_not_done": (
        (0, Text("tidak dilakukan", "not done")),
        (1, Text("dilakukan", "done")),
    ),
    "0-2": (
        (0, Text("tidak dilakukan", "not done")),
        (1, Text("sebagian", "partly")),
        (2, Text("benar", "done properly")),
    ),
    "1-4": (
        (1, Text("tidak dilakukan", "not done")),
        (2, Text("kurang", "poor")),
        (3, Text("cukup", "fair")),
        (4, Text("baik", "good")),
    ),
}
"""Lowest first."""
