"""What a person marked, in their own words."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Annotation:
    """One mark, as its file has it.

    Attributes
    ----------
    onset_s, end_s : float
        Seconds from the start of the media; equal for a point in time.
    label : str
        The annotator's word.
    track : str
        What tells the hand: the tier in ELAN, the subject in BORIS, the column ``hand`` in a table.
    details : mapping of str to str
        Further columns or modifiers, e.g. ``direction``.
    """

    onset_s: float
    end_s: float
    label: str
    track: str
    details: Mapping[str, str] = field(default_factory=dict)
