"""Session folders below a folder."""

import os
from pathlib import Path

from trainer.session.model import SESSION_FILE


def find_sessions(top: Path, but: Path | None = None) -> list[Path]:
    """Return the session folders at or below a folder, by path; hidden folders, links and `but` are not looked into."""
    found: list[Path] = []
    for parent, folders, files in os.walk(top):
        if SESSION_FILE in files:
            found.append(Path(parent))
        here = Path(parent).resolve()
        folders[:] = sorted(name for name in folders if not name.startswith(".") and here / name != but)
    return sorted(found)
