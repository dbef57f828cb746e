"""Colours that meet must be told apart by people who see little contrast."""

import pytest

from trainer.report import palette


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two ``#RRGGBB`` colours, 1 to 21, as WCAG 2.1 defines it."""
    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_contrast_of_known_pairs():
    # figures of the WCAG 2.1 definition
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21.0)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.478, abs=1e-3)


@pytest.mark.parametrize("ground", [palette.PAPER, palette.CARD, palette.LANE, "#FFFFFF"])
@pytest.mark.parametrize("ink", [palette.INK, palette.MUTED, palette.ACCENT])
def test_text_on_its_grounds(ink, ground):
    assert contrast(ink, ground) >= 4.5


@pytest.mark.parametrize("tone", [*palette.VERDICT_TONES.values(), *palette.OUTCOME_TONES.values()])
def test_verdicts(tone):
    assert contrast(tone.foreground, tone.background) >= 4.5
    assert contrast(tone.foreground, palette.CARD) >= 4.5
    assert tone.icon


@pytest.mark.parametrize("colour", palette.STROKE_COLOURS.values())
def test_strokes(colour):
    assert contrast(palette.ON_COLOUR, colour) >= 4.5  # the words on the bars
    assert contrast(colour, palette.LANE) >= 3.0
    assert contrast(colour, palette.SKIN) >= 3.0


def test_marks_on_the_drawn_back():
    assert contrast(palette.FAULT, palette.SKIN) >= 3.0
    assert contrast("#5A4632", palette.SKIN) >= 4.5
    assert contrast("#6B4F35", palette.BONE) >= 4.5
    steps = [contrast(colour, palette.SKIN) for colour in palette.DENSITY]
    assert steps == sorted(steps)
