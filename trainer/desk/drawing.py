"""The drawn back on which the thumbs are replayed."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from trainer.back.atlas import load_atlas
from trainer.report import anatomy
from trainer.report.anatomy import UNIT
from trainer.report.palette import ACCENT, FAULT
from trainer.report.svg import element, group
from trainer.session.model import SessionRegion

LEFT_CM, TOP_CM, RIGHT_CM, BOTTOM_CM = -21.0, -7.0, 21.0, 27.0


def back_for_replay(areas: Sequence[SessionRegion], title: str) -> Markup:
    """Draw the back from behind with the protocol's areas; `anatomy.UNIT` units a centimetre, C7 at 0, 0."""
    view = (LEFT_CM, TOP_CM, RIGHT_CM - LEFT_CM, BOTTOM_CM - TOP_CM)
    return element(
        "svg",
        element("title", title),
        element("defs", anatomy.definitions()),
        anatomy.body(load_atlas(), BOTTOM_CM, "replay"),
        group(_area(area) for area in areas),
        group([], id="trails"),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=" ".join(f"{value * UNIT:g}" for value in view),
        preserveAspectRatio="xMidYMid meet",
        role="img",
        id="back",
    )


def _area(area: SessionRegion) -> Markup:
    return element(
        "polygon",
        points=" ".join(f"{x * UNIT:.0f},{y * UNIT:.0f}" for x, y in area.polygon),
        fill=ACCENT if area.wanted else "none",
        fill_opacity=0.08 if area.wanted else None,
        stroke=ACCENT if area.wanted else FAULT,
        stroke_width=16,
        stroke_dasharray="60 40" if area.wanted else "20 40",
        stroke_opacity=0.7,
        stroke_linejoin="round",
    )
