"""The drawn back of the lessons, as one picture that the page animates the thumbs over."""

from functools import cache

from trainer.back.atlas import load_atlas
from trainer.report import anatomy
from trainer.report.anatomy import UNIT
from trainer.report.svg import element

_LEFT_CM, _TOP_CM, _WIDTH_CM, _BOTTOM_CM = -19.0, -6.5, 38.0, 34.0


@cache
def back_drawing() -> str:
    """Return the back seen from behind as SVG; `trainer.report.anatomy.UNIT` units a centimetre, C7 at 0, 0."""
    view = (_LEFT_CM, _TOP_CM, _WIDTH_CM, _BOTTOM_CM - _TOP_CM)
    return str(
        element(
            "svg",
            element("defs", anatomy.definitions()),
            anatomy.body(load_atlas(), _BOTTOM_CM, "lesson"),
            xmlns="http://www.w3.org/2000/svg",
            viewBox=" ".join(f"{value * UNIT:g}" for value in view),
        )
    )
