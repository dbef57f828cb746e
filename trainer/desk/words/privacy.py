"""Words of privacy."""

from trainer.protocol.score import Text

WORDS: dict[str, Text] = {}
