"""How much fits on one sheet: estimates on the safe side, which the page's style makes the most there can be.

The style cuts every text after the lines allowed here (with an ellipsis), so that wide letters or another font
cannot make a page taller than what was counted. Heights are in CSS pixels (96 to the inch).
"""

from dataclasses import dataclass

PAGE_PX = 1037.0
"""Height of an A4 sheet inside the margins."""


@dataclass(frozen=True)
class PageDensity:
    """How tightly a page is set.

    Attributes
    ----------
    name : str
        Class of the page in its style.
    columns : int
        Of the list of steps.
    title_chars, title_lines, title_px : int, int, float
        Characters in a line of a step's title, lines it may take, and the height of one.
    comment_chars, comment_px : int, float
        The same of a comment below it, one line; 0 leaves comments out.
    advice_chars, advice_lines, advice_px : int, int, float
    note_chars, note_lines, note_px : int, int, float
        Of the facilitator's note on the whole.
    """

    name: str
    columns: int
    title_chars: int
    title_lines: int
    title_px: float
    comment_chars: int
    comment_px: float
    advice_chars: int
    advice_lines: int
    advice_px: float
    note_chars: int
    note_lines: int
    note_px: float


TIERS: tuple[PageDensity, ...] = (
    PageDensity("roomy", 1, 78, 2, 18.0, 95, 15.0, 50, 4, 17.5, 95, 5, 18.0),
    PageDensity("tight", 2, 34, 2, 15.0, 44, 13.0, 50, 3, 17.5, 95, 3, 18.0),
    PageDensity("dense", 2, 40, 1, 14.0, 0, 0.0, 56, 2, 15.5, 95, 2, 18.0),
)
_ROW_GAP = 5.0
_MASTHEAD, _NAME_LINE = 96.0, 31.0
_BANNER, _LAUREL, _LAUREL_LINE = 33.0, 66.0, 23.0
_HERO_LEAST, _HERO_FRAME, _ADVICE_FRAME = 136.0, 54.0, 22.0
_STEPS_FRAME, _MORE = 98.0, 18.0
_UNSEEN_LINE, _UNSEEN_CHARS, _UNSEEN_LINES = 17.5, 100, 2
_FOOTER = 146.0


@dataclass(frozen=True)
class Contents:
    """What a page is to hold, as texts.

    Attributes
    ----------
    name : str
    banners : int
    certified : bool
    advice : tuple of str
    steps : tuple of (str, str)
        Title and comment.
    unseen : tuple of str
    note : str
    """

    name: str
    banners: int
    certified: bool
    advice: tuple[str, ...]
    steps: tuple[tuple[str, str], ...]
    unseen: tuple[str, ...]
    note: str


def lines(text: str, characters: int, most: int) -> int:
    """Return how many lines a text takes at most, wide letters counting for more; none for no text."""
    if not text:
        return 0
    wide = sum(
        1.0 + 0.7 * (letter.isupper() or letter in "mwMW@%" or ord(letter) > 0x2E7F) for letter in text
    )
    # A line breaks at words, so the last word of each may not fit: a tenth more.
    return min(most, -int(-1.1 * wide // characters))


def fit(contents: Contents) -> tuple[PageDensity, int]:
    """Choose the roomiest setting in which all steps fit; else the densest, and how many steps fit in it."""
    for tier in TIERS:
        if _rest(contents, tier) >= _steps_px(contents, tier, len(contents.steps)):
            return tier, len(contents.steps)
    dense = TIERS[-1]
    room = _rest(contents, dense) - _MORE
    shown = len(contents.steps)
    while shown and _steps_px(contents, dense, shown) > room:
        shown -= 1
    return dense, shown


def _rest(contents: Contents, tier: PageDensity) -> float:
    """Height that is left for the list of steps."""
    used = _MASTHEAD + _NAME_LINE * (lines(contents.name, 40, 2) - 1)
    used += _BANNER * contents.banners
    if contents.certified:
        used += _LAUREL + _LAUREL_LINE * lines(contents.name + "." * 110, 70, 4)
    advice = sum(
        tier.advice_px * lines(text, tier.advice_chars, tier.advice_lines) + _ADVICE_FRAME
        for text in contents.advice
    )
    used += max(_HERO_LEAST, _HERO_FRAME + advice)
    used += sum(_UNSEEN_LINE * lines(text, _UNSEEN_CHARS, _UNSEEN_LINES) for text in contents.unseen) + 12
    note = lines(contents.note, tier.note_chars, tier.note_lines)
    used += tier.note_px * note + (10 if note else 0)
    return PAGE_PX - used - _FOOTER - (_STEPS_FRAME if contents.steps else 0)


def _steps_px(contents: Contents, tier: PageDensity, shown: int) -> float:
    heights = [
        tier.title_px * lines(title + "." * 12, tier.title_chars, tier.title_lines)
        + (tier.comment_px if comment and tier.comment_chars else 0.0)
        + _ROW_GAP
        for title, comment in contents.steps[:shown]
    ]
    rows = [heights[i : i + tier.columns] for i in range(0, len(heights), tier.columns)]
    return sum(max(row) for row in rows)
