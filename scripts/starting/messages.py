"""What a start may say, Indonesian first."""

from typing import NoReturn


def say(indonesian: str, english: str) -> None:
    """Print a sentence in both languages."""
    print(f"{indonesian}\n{english}", flush=True)


def fail(indonesian: str, english: str) -> NoReturn:
    """End with a sentence in both languages on standard error, exit code 1."""
    raise SystemExit(f"\n{indonesian}\n{english}")
