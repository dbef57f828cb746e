"""Files that several pages of Pijat are served with."""

from pathlib import Path

SHARED_FILES = Path(__file__).parent / "static"
"""The folder of them; each page's server offers them beside its own."""
