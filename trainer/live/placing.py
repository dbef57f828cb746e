"""Where a person says that the back lies, read from the page's message."""

from collections.abc import Mapping

import numpy as np

from trainer.back.frame import BACK_LANDMARKS
from trainer.language import Text
from trainer.live.model import LiveError


def known_landmarks(document: object) -> dict[str, tuple[float, float]]:
    """Return landmarks of a message, checked: names of the back, pairs of finite numbers.

    Raises
    ------
    LiveError
        Saying what is wrong.
    """
    wrong = LiveError(
        Text(
            "Letak titik punggung tidak terbaca.", "Expected landmarks as {name: [x, y]}, got something else."
        ),
        "landmarks",
    )
    if not isinstance(document, Mapping) or not 0 < len(document) <= len(BACK_LANDMARKS):
        raise wrong
    places: dict[str, tuple[float, float]] = {}
    for name, at in document.items():
        numbers = (
            isinstance(at, list)
            and len(at) == 2
            and all(
                isinstance(value, int | float) and not isinstance(value, bool) and np.isfinite(value)
                for value in at
            )
        )
        if name not in BACK_LANDMARKS or not numbers:
            raise wrong
        places[str(name)] = (float(at[0]), float(at[1]))
    return places


def known_size(document: object) -> tuple[int, int] | None:
    """Return the size of the pictures in which a message's landmarks are meant, checked; None where it says none.

    Raises
    ------
    LiveError
        Saying what is wrong.
    """
    if document is None:
        return None
    if (
        isinstance(document, list)
        and len(document) == 2
        and all(
            isinstance(side, int) and not isinstance(side, bool) and 0 < side < 10_000 for side in document
        )
    ):
        return document[0], document[1]
    raise LiveError(
        Text("Ukuran gambar tidak terbaca.", "Expected the size of the pictures as [width, height] in px."),
        "landmarks",
    )
