"""Words of the page on agreement."""

from trainer.protocol.score import Text

WORDS: dict[str, Text] = {
    "agreement_title": Text("Kesepakatan penilai", "Agreement of graders"),
}
