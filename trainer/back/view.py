"""What a camera's view of the back lacks: the thresholds, and what to say, for recorded video, practice and marking."""

import numpy as np

from trainer.back.registration import Registration
from trainer.language import Text
from trainer.perception.setup_advice import Advice

OBLIQUE_DEG = 50.0
"""Beyond this the hand hides the far thumb too often: on an unseen clip at 55 degrees it is put up to 8 cm off, and its
sigma does not tell (docs/results.md); at 60 degrees 14 % of thumbs are hidden."""
HIGH_OBLIQUE_DEG = 65.0
"""The same for a camera that looks down over the hands (`HIGH_DEG`): from 75 degrees to the side and 45 up, 62 in all,
both thumbs are in sight, and from where it would be less oblique the companion hides them (docs/camera-places.md)."""
HIGH_DEG = 25.0
"""Elevation (`trainer.back.registration.Registration`) from which a camera looks down over the hands. It is measured
from the skin, which slopes: of a rendered mother who leans forward, cameras 45 degrees up from 75 degrees to the side
measure 31, cameras 30 degrees up 18."""
ADVISED_DEG = 45
"""What a person is told to stay within, so that a small move of the back does not pass `OBLIQUE_DEG`."""
LOW_DEG = 12.0
"""Elevation below which a camera that does not see a hand is best raised: of the same mother, cameras 15 degrees up
measure -6 to 4 from 50 and 75 degrees to the side, those 30 degrees up 7 to 18, those 45 degrees up 21 to 31."""
STRAIGHT_DEG = 30.0
"""Azimuth up to which a companion behind the recipient sits between the camera and the hands."""
MIN_COVERAGE = 0.75
"""Share of the back in view below which it is cut off; see `trainer.back.registration.Registration`."""
FAR_CM_PER_PX = 0.35


def oblique_advice(view_angle_deg: float, elevation_deg: float) -> Advice | None:
    """Say that the camera looks too much from the side; None where it does not.

    Parameters
    ----------
    view_angle_deg, elevation_deg : float
        Of the view, as in `trainer.back.registration.Registration`.

    Examples
    --------
    >>> oblique_advice(57.2, 10.0).code
    'oblique'
    >>> oblique_advice(57.2, 30.0) is None
    True
    """
    limit = HIGH_OBLIQUE_DEG if elevation_deg >= HIGH_DEG else OBLIQUE_DEG
    if not view_angle_deg > limit:  # nor where it is not known
        return None
    words = Text(
        "Kamera terlalu menyamping ({angle} derajat): taruh lebih tinggi dari kepala pemijat, "
        "atau geser ke arah belakang ibu, paling jauh {most} derajat.",
        "The camera looks too much from the side ({angle} degrees): put it higher than the companion's head, "
        "or move it towards the mother's back, {most} degrees at most.",
    )
    off = (view_angle_deg - limit) / (90.0 - limit)
    return Advice("oblique", words.fill(angle=round(view_angle_deg), most=ADVISED_DEG), off)


def unhide_advice(azimuth_deg: float, elevation_deg: float) -> Text:
    """Say what most likely hides a hand that the camera does not see, and what to do about it.

    Parameters
    ----------
    azimuth_deg, elevation_deg : float
        Of the view, as in `trainer.back.registration.Registration`; NaN where not known.

    Examples
    --------
    >>> unhide_advice(40.0, -10.0).say("en")
    'The camera is too low: put it higher than your head.'
    """
    if abs(azimuth_deg) < STRAIGHT_DEG:
        return Text(
            "Mungkin tertutup badan Anda: taruh kamera di samping ibu, lebih tinggi dari kepala Anda.",
            "Your body may hide it: put the camera to the mother's side, higher than your head.",
        )
    if elevation_deg < LOW_DEG:
        return Text(
            "Kamera terlalu rendah: taruh lebih tinggi dari kepala Anda.",
            "The camera is too low: put it higher than your head.",
        )
    return Text(
        "Mungkin tertutup lengan Anda: geser siku, atau naikkan kamera.",
        "Your arm may hide it: move the elbow aside, or put the camera higher.",
    )


def view_advice(registration: Registration) -> list[Advice]:
    """Say what to change about the camera's place, the most important first; empty when all is well.

    Parameters
    ----------
    registration : Registration
        Of the view that is judged.

    Returns
    -------
    list of Advice
        With the codes ``oblique``, ``cut_off`` or ``too_far``.
    """
    advice: list[Advice] = []
    oblique = oblique_advice(registration.view_angle_deg, registration.elevation_deg)
    if oblique is not None:
        advice.append(oblique)
    elif registration.coverage < MIN_COVERAGE:
        words = Text(
            "Hanya {share} % punggung yang terlihat: mundurkan kamera sampai leher dan pinggang masuk gambar.",
            "Only {share} % of the back is in view: move the camera back until neck and waist are in the picture.",
        )
        advice.append(Advice("cut_off", words.fill(share=round(100 * registration.coverage))))
    middle = registration.to_image(np.array([[0.0, 12.0]]) * registration.size.ratio)
    size = float(registration.cm_per_px(middle)[0])
    if np.isfinite(size) and size > FAR_CM_PER_PX:
        advice.append(
            Advice(
                "too_far",
                Text(
                    "Kamera terlalu jauh: dekatkan sampai punggung memenuhi separuh gambar.",
                    "The camera is too far away: bring it closer until the back fills half of the picture.",
                ),
            )
        )
    return advice
