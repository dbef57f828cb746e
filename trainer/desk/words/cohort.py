"""Words of cohort."""

from trainer.protocol.score import Text

WORDS: dict[str, Text] = {}
