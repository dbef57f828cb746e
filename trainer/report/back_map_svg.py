"""The maps of where the thumbs were, on a drawn back."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from trainer.back.atlas import Atlas
from trainer.language import Text
from trainer.report import anatomy
from trainer.report.anatomy import UNIT
from trainer.report.density import areas
from trainer.report.palette import ACCENT, CARD, DENSITY, FAULT, INK, STROKE_COLOURS
from trainer.report.summary import HandTrack
from trainer.report.svg import chart, element, group, path_of, words
from trainer.session.model import SessionRegion
from trainer.strokes.event import StrokeEvent

_LEFT, _TOP, _RIGHT = -18.0, -6.5, 18.0
_SHORTEST_CM, _LONGEST_CM = 25.0, 40.0
_POINT_BUDGET = 16_000
_POINTS_PER_S = 15.0
_FAULT_BUDGET = 60
_STROKES_DRAWN = 36


@dataclass(frozen=True)
class MapData:
    """What the maps draw.

    Attributes
    ----------
    tracks : tuple of HandTrack
        Both thumbs.
    events : tuple of StrokeEvent
        All strokes.
    regions : tuple of SessionRegion
        The protocol's.
    sigma_cm : float or None
        Typical standard deviation of a position.
    """

    tracks: tuple[HandTrack, ...]
    events: tuple[StrokeEvent, ...]
    regions: tuple[SessionRegion, ...]
    sigma_cm: float | None

    @property
    def bottom_cm(self) -> float:
        """How far down the drawing reaches: below the regions and nearly all positions."""
        lowest = [y for region in self.regions if region.wanted for _, y in region.polygon]
        for track in self.tracks:
            caudal = track.caudal_cm[track.placed]
            if len(caudal):
                lowest.append(float(np.percentile(caudal, 99.5)))
        return min(_LONGEST_CM, max(_SHORTEST_CM, *(low + 2.0 for low in lowest))) if lowest else _SHORTEST_CM


def stroking(track: HandTrack, events: Sequence[StrokeEvent]) -> NDArray[np.bool_]:
    """Frames of a hand that lie within one of its strokes, shape (n,)."""
    inside = np.zeros(len(track) + 1, dtype=np.int64)
    mine = [event for event in events if event.hand == track.hand]
    starts = np.searchsorted(track.time_s, [event.onset_s for event in mine])
    stops = np.searchsorted(track.time_s, [event.end_s for event in mine])
    np.add.at(inside, starts, 1)
    np.add.at(inside, stops, -1)
    return np.asarray(np.cumsum(inside)[:-1] > 0)


def density_map(data: MapData, atlas: Atlas, title: Text, description: Text) -> Markup:
    """Where the thumbs spent the time of the strokes, as areas that hold 25, 50, 75 and 95 % of it."""
    bottom = data.bottom_cm
    lateral, caudal, weight = [], [], []
    for track in data.tracks:
        chosen = stroking(track, data.events) & track.placed
        step = np.clip(np.gradient(track.time_s), 0.0, 1.0) if len(track) > 1 else np.ones(len(track))
        lateral.append(track.lateral_cm[chosen])
        caudal.append(track.caudal_cm[chosen])
        weight.append(step[chosen])
    found = areas(
        np.concatenate(lateral or [np.empty(0)]),
        np.concatenate(caudal or [np.empty(0)]),
        np.concatenate(weight or [np.empty(0)]),
        data.sigma_cm,
        (_LEFT, _TOP, _RIGHT, bottom),
    )
    layers = [
        element(
            "path",
            d="".join(path_of(((x * UNIT, y * UNIT) for x, y in loop), closed=True) for loop in area.loops),
            fill=colour,
            fill_rule="evenodd",
            fill_opacity=0.82,
            stroke=DENSITY[-1],
            stroke_width=9,
            stroke_opacity=0.5,
        )
        for area, colour in zip(found, DENSITY, strict=False)
    ]
    return _map("map-density", title, description, data, atlas, layers)


def tracks_map(data: MapData, atlas: Atlas, title: Text, description: Text) -> tuple[Markup, int]:
    """The thumbs' paths during the strokes, coloured by stroke; and which one in how many is drawn."""
    drawn, every = _thinned(data.events)
    seconds = sum(event.duration_s for event in drawn)
    per_second = min(_POINTS_PER_S, _POINT_BUDGET / max(seconds, 1.0))
    by_hand = {track.hand: track for track in data.tracks}
    lines: dict[str, list[str]] = {}
    for event in drawn:
        track = by_hand.get(event.hand)
        if track is None or not len(track):
            continue
        first, last = np.searchsorted(track.time_s, (event.onset_s, event.end_s))
        part = slice(int(first), int(last) + 1)
        time, placed = track.time_s[part], track.placed[part]
        if not placed.any():
            continue
        stride = max(1, round((len(time) - 1) / max((time[-1] - time[0]) * per_second, 1.0)))
        lateral, caudal = track.lateral_cm[part][placed][::stride], track.caudal_cm[part][placed][::stride]
        lines.setdefault(event.trial_type.value, []).append(
            path_of(zip((lateral * UNIT).tolist(), (caudal * UNIT).tolist(), strict=True))
        )
    thin = 24 if len(drawn) < 40 else 13
    layers = [
        element(
            "path",
            d="".join(lines[kind]),
            fill="none",
            stroke=STROKE_COLOURS[kind],
            stroke_width=thin,
            stroke_opacity=0.85,
            stroke_linejoin="round",
            stroke_linecap="round",
        )
        for kind in STROKE_COLOURS
        if kind in lines
    ]
    return _map("map-tracks", title, description, data, atlas, layers), every


def _thinned(events: Sequence[StrokeEvent]) -> tuple[list[StrokeEvent], int]:
    """At most 36 strokes of each kind and hand, evenly spread, and the largest step between those kept."""
    groups: dict[tuple[str, str], list[StrokeEvent]] = {}
    for event in events:
        groups.setdefault((event.trial_type.value, event.hand), []).append(event)
    steps = {key: math.ceil(len(group) / _STROKES_DRAWN) for key, group in groups.items()}
    kept = [event for key, group in groups.items() for event in group[:: steps[key]]]
    return kept, max(steps.values(), default=1)


def _map(
    name: str, title: Text, description: Text, data: MapData, atlas: Atlas, layers: Sequence[Markup]
) -> Markup:
    bottom = data.bottom_cm
    width, height = (_RIGHT - _LEFT) * UNIT, (bottom - _TOP) * UNIT
    clip = element(
        "clipPath",
        element("rect", x=_LEFT * UNIT, y=_TOP * UNIT, width=width, height=height, rx=120),
        id=f"{name}-clip",
    )
    return chart(
        name,
        title,
        description,
        width,
        height,
        clip,
        group(
            [
                anatomy.body(atlas, bottom, name),
                _regions(data.regions),
                group(layers, class_="map-data"),
                _on_spine(data.events),
            ],
            clip_path=f"url(#{name}-clip)",
        ),
        anatomy.labels(atlas, _LEFT, _RIGHT, _TOP, bottom),
        _scale(bottom, data.sigma_cm),
        x=_LEFT * UNIT,
        y=_TOP * UNIT,
        class_="chart map",
    )


def _regions(regions: Sequence[SessionRegion]) -> Markup:
    return group(
        element(
            "polygon",
            points=" ".join(f"{x * UNIT:.0f},{y * UNIT:.0f}" for x, y in region.polygon),
            fill=ACCENT if region.wanted else "none",
            fill_opacity=0.1 if region.wanted else None,
            stroke=ACCENT if region.wanted else FAULT,
            stroke_width=24 if region.wanted else 16,
            stroke_dasharray="70 45" if region.wanted else "20 40",
            stroke_linejoin="round",
            stroke_opacity=1 if region.wanted else 0.75,
        )
        for region in regions
    )


def _on_spine(events: Sequence[StrokeEvent]) -> Markup:
    """A ring with a cross at each stroke whose mean position lies on the spine."""
    places = [
        (event.lateral_cm, event.caudal_cm)
        for event in events
        if event.side == "spine" and event.lateral_cm is not None and event.caudal_cm is not None
    ]
    return group(
        [
            group(
                [
                    element("circle", r=58, fill=CARD, stroke=FAULT, stroke_width=26),
                    element(
                        "path",
                        d="M-27 -27L27 27M27 -27L-27 27",
                        stroke=FAULT,
                        stroke_width=24,
                        stroke_linecap="round",
                    ),
                ],
                transform=f"translate({x * UNIT:.0f} {y * UNIT:.0f})",
            )
            for x, y in places[:: max(1, math.ceil(len(places) / _FAULT_BUDGET))]
        ],
        class_="map-faults",
    )


def _scale(bottom_cm: float, sigma_cm: float | None) -> Markup:
    """A bar of 5 cm, and a ring as wide as the positions are uncertain."""
    right, low = _RIGHT * UNIT - 90, bottom_cm * UNIT - 90
    parts = [
        element(
            "path",
            d=f"M{right - 500:.0f} {low - 45:.0f}v45h500v-45",
            fill="none",
            stroke=INK,
            stroke_width=18,
        ),
        words(right - 250, low - 70, "5 cm", text_anchor="middle", class_="map-level"),
    ]
    if sigma_cm is not None:
        radius = min(sigma_cm, 3.0) * UNIT
        x = _LEFT * UNIT + 90 + radius
        parts += [
            element(
                "circle",
                cx=x,
                cy=low - radius,
                r=radius,
                fill=CARD,
                fill_opacity=0.8,
                stroke=INK,
                stroke_width=14,
                stroke_dasharray="36 26" if radius > 60 else None,
            ),
            element("circle", cx=x, cy=low - radius, r=14, fill=INK),
            words(
                x + radius + 60,
                low - radius + 45,
                Text(f"± {sigma_cm:.1f} cm".replace(".", ","), f"± {sigma_cm:.1f} cm"),
                class_="map-level",
            ),
        ]
    return group(parts)
