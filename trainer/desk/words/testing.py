"""Words of testing."""

from trainer.protocol.score import Text

WORDS: dict[str, Text] = {}
