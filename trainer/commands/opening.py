"""What commands that serve a page share: its port checked, and the person's browser opened, where there is one."""

import os
import sys
import webbrowser
from pathlib import Path

from trainer.errors import PijatError, UsageError
from trainer.language import Text


def check_port(port: int | None, *, lowest: int = 1) -> None:
    """Refuse a port that there is not; None stands for the first free one.

    Raises
    ------
    UsageError
        When it is below `lowest` or above 65535.
    """
    if port is not None and not lowest <= port <= 65535:
        raise UsageError(
            Text(
                f"--port harus antara {lowest} dan 65535, bukan {port}.",
                f"Expected --port between {lowest} and 65535, got {port}.",
            )
        )


def open_in_browser(path: Path) -> bool:
    """Open `path` in the browser; return False when there is no display, so that the caller only names it."""
    if not _has_display():
        return False
    try:
        return webbrowser.open(path.resolve().as_uri())
    except webbrowser.Error:
        return False


def open_address(url: str) -> None:
    """Open a served page in the browser; do nothing where there is no display.

    Raises
    ------
    PijatError
        When there is a display and no browser that starts.
    """
    if not _has_display():
        return
    try:
        webbrowser.open(url)
    except webbrowser.Error as error:
        raise PijatError(
            Text(
                f"Peramban tidak dapat dibuka: buka sendiri {url}.",
                f"Could not open a browser ({error}): open {url} yourself.",
            ),
            "busy",
        ) from error


def _has_display() -> bool:
    return not sys.platform.startswith("linux") or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )
