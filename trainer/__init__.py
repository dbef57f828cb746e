"""Pijat: watches an oxytocin massage through a camera, coaches it, scores it, writes a stroke timeline."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from trainer.api import analyze, open_session

__version__ = "0.1.0"
__all__ = ["__version__", "analyze", "open_session"]


def __getattr__(name: str) -> Any:
    # Loaded when asked for, so that `pijat --help` does not wait for pandas.
    if name in ("analyze", "open_session"):
        from trainer import api

        return getattr(api, name)
    raise AttributeError(f"module 'trainer' has no attribute {name!r}")
