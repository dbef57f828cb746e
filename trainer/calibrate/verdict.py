"""How well a person's marks agree, and what to mend, in the words that the page shows."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from trainer.back.messages import LANDMARK_NAMES
from trainer.back.registration import Registration
from trainer.back.view import view_advice
from trainer.language import Text, join, join_with, number

FAIR_SIGMA_CM = 0.9
"""A map less certain than this is worth more points, or tidier ones."""
MAX_COST = 2.5
"""Robust misfit per landmark above which a person's marks contradict each other; one that agree has about 1."""
_ASKED_CM = np.array([[-4.0, 3.0], [4.0, 3.0], [-4.0, 10.0], [4.0, 10.0], [-4.0, 17.0], [4.0, 17.0]])

Level = Literal["good", "fair", "bad"]


@dataclass(frozen=True)
class MarksVerdict:
    """What the page says about the marks.

    Attributes
    ----------
    sigma_cm : float or None
        Median standard deviation of the map beside the spine, cm, without that of the back's size; None where none of
        it is in view.
    level : {"good", "fair", "bad"}
        How well they agree.
    fit : Text
        The same in a sentence.
    advice : tuple of Text
        What to mend about marks and camera.
    """

    sigma_cm: float | None
    level: Level
    fit: Text
    advice: tuple[Text, ...]


def judge(registration: Registration) -> MarksVerdict:
    """Say how well marks agree.

    Parameters
    ----------
    registration : Registration
        What the marks give.
    """
    sigma = registration.map_sigma(registration.to_image(_ASKED_CM * registration.size.ratio))
    known = sigma[np.isfinite(sigma)]
    sigma_cm = float(np.median(known)) if len(known) else None
    advice = [one.text for one in view_advice(registration)]
    if registration.suspects:
        names = join_with("; ", [LANDMARK_NAMES[name] for name in registration.suspects])
        # What is marked wrongly makes the view look wrong as well.
        advice = [join(Text("Periksa lagi: ", "Look again at: "), names, ".")]
    if registration.suspects or registration.cost > MAX_COST or sigma_cm is None:
        contradicted = Text(
            "Titik-titik ini tidak cocok satu sama lain.", "These points do not agree with each other."
        )
        return MarksVerdict(sigma_cm, "bad", contradicted, tuple(advice))
    if not registration.size.measured:
        guessed = Text(
            "Ukuran punggung dikira dari rata-rata orang (±{percent} %).",
            "The size of the back is that of people in general (±{percent} %).",
        )
        advice.append(guessed.fill(percent=round(100 * registration.size.sigma)))
    good = sigma_cm <= FAIR_SIGMA_CM
    fit = (
        Text(
            "Cocok. Letak di punggung teliti sampai ±{cm} cm.",
            "A good fit. Places on the back are exact to ±{cm} cm.",
        )
        if good
        else Text(
            "Cukup (±{cm} cm). Tambah atau rapikan titik agar lebih teliti.",
            "Fair (±{cm} cm). More points, or tidier ones, make it more exact.",
        )
    )
    return MarksVerdict(sigma_cm, "good" if good else "fair", fit.fill(cm=number(sigma_cm, 1)), tuple(advice))
