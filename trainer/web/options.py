"""What a page may choose, checked."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from trainer.language import Text
from trainer.live.model import Choices, LiveError
from trainer.protocol.model import Protocol

Json = dict[str, Any]


def chosen(choices: Choices, document: Json, protocols: Mapping[str, tuple[Protocol, str]]) -> Choices:
    """Return choices with what a ``configure`` message changes.

    Raises
    ------
    LiveError
        When it asks for something that is not offered.
    """
    wrong = LiveError(
        Text("Pilihan tidak dikenal.", "Expected choices that Pijat offers, got others."), "choices"
    )
    changes: Json = {}
    for name, value in document.items():
        match name, value:
            case "type", _:
                continue
            case "protocol", str() if value in protocols:
                changes["protocol"], changes["protocol_ref"] = protocols[value]
                if value != choices.protocol.id:
                    changes["confirmed"] = {}
            case "language", "id" | "en":
                changes[name] = value
            case "mode", "coach" | "assess":
                changes[name] = value
            case (("keep_video" | "blur_head"), bool()):
                changes[name] = value
            case _:
                raise wrong
    return replace(choices, **changes)
