"""What each column of the events table means, as a BIDS sidecar says it."""

from typing import Any

EVENTS_DESCRIPTIONS: dict[str, dict[str, Any]] = {
    "onset": {"Description": "Start of the stroke, from the first frame of the video", "Units": "s"},
    "duration": {"Description": "Length of the stroke", "Units": "s"},
    "trial_type": {
        "LongName": "Stroke",
        "Description": "Entry of the stroke catalogue",
        "Levels": {
            "circular_pressure": "Small circles of the thumb under pressure",
            "downward_pass": "The thumb passes along the back towards the feet",
            "upward_pass": "The thumb passes along the back towards the head",
            "static_hold": "The thumb rests on one place",
            "other": "Kneading, tapping or anything else on the back",
        },
    },
    "hand": {
        "Description": "The practitioner's hand",
        "Levels": {"left": "Left hand", "right": "Right hand"},
    },
    "side": {
        "Description": "The recipient's side of the back, from the mean lateral position",
        "Levels": {"left": "Left of the spine", "right": "Right of the spine", "spine": "On the spine"},
    },
    "region": {"Description": "Zone of the back in which the mean position lies"},
    "lateral_cm": {
        "Description": "Mean distance from the line of the spine, positive to the recipient's right",
        "Units": "cm",
    },
    "caudal_cm": {"Description": "Mean distance below C7 along the line of the spine", "Units": "cm"},
    "cycles": {"Description": "Revolutions of a circular stroke, partial ones included"},
    "rate_hz": {"Description": "Revolutions a second", "Units": "Hz"},
    "radius_cm": {"Description": "Mean radius of the circle", "Units": "cm"},
    "direction": {
        "Description": "Sense of a circle as seen by someone looking at the back, or direction of a pass",
        "Levels": {
            "cw": "Clockwise",
            "ccw": "Counter-clockwise",
            "caudal": "Towards the feet",
            "cranial": "Towards the head",
        },
    },
    "length_cm": {"Description": "Extent of a pass along the skin", "Units": "cm"},
    "speed_cm_s": {"Description": "Mean speed of a pass", "Units": "cm/s"},
    "confidence": {"Description": "Calibrated probability of trial_type, 0 to 1"},
    "observed": {"Description": "Share of the stroke's frames in which the thumb was really seen, 0 to 1"},
    "source": {
        "Description": "Who says so",
        "Levels": {"predicted": "Recognised by the software", "human": "Annotated by a person"},
    },
}
"""Column name to BIDS description; units as BIDS writes them."""
