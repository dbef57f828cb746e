"""What every column of ``events.tsv`` means: the BIDS sidecar ``events.json``."""

from typing import Any

EVENTS_SIDECAR: dict[str, dict[str, Any]] = {
    "onset": {"Description": "Start of the stroke from the first frame of the video", "Units": "s"},
    "duration": {"Description": "Length of the stroke", "Units": "s"},
    "trial_type": {
        "Description": "Kind of stroke",
        "Levels": {
            "circular_pressure": "Small circles of the thumb on the skin",
            "downward_pass": "One stroke along the spine towards the feet",
            "upward_pass": "One stroke along the spine towards the head",
            "static_hold": "The thumb rests in one place",
            "other": "Any other movement on the back, such as kneading, tapping or rubbing",
        },
    },
    "hand": {
        "Description": "The practitioner's hand",
        "Levels": {"left": "left hand", "right": "right hand"},
    },
    "side": {
        "Description": "The recipient's side on which the stroke lies on average",
        "Levels": {"left": "left of the spine", "right": "right of the spine", "spine": "on the spine"},
    },
    "region": {
        "Description": "Zone of the back atlas in which the mean position lies",
        "Levels": {
            "spine": "over the spinous processes",
            "paraspinal": "beside the spine, as far as the medial border of the shoulder blade",
            "scapular": "over the shoulder blade",
            "outside": "elsewhere",
        },
    },
    "lateral_cm": {
        "Description": "Mean place along the skin from the spinous line, positive to the recipient's right",
        "Units": "cm",
    },
    "caudal_cm": {"Description": "Mean place below C7 along the spinous line", "Units": "cm"},
    "cycles": {"Description": "Revolutions of a circular stroke, fractions included", "Units": "1"},
    "rate_hz": {"Description": "Revolutions per second", "Units": "Hz"},
    "radius_cm": {"Description": "Mean radius; biased by view and scale", "Units": "cm"},
    "direction": {
        "Description": "Sense of a circle as seen by someone looking at the back, or of a pass",
        "Levels": {
            "cw": "clockwise",
            "ccw": "counter-clockwise",
            "caudal": "towards the feet",
            "cranial": "towards the head",
        },
    },
    "length_cm": {"Description": "Extent of a pass along the skin", "Units": "cm"},
    "speed_cm_s": {"Description": "Mean speed of a pass", "Units": "cm/s"},
    "confidence": {"Description": "Calibrated probability of trial_type", "Units": "1"},
    "observed": {
        "Description": "Share of the stroke's frames in which the thumb was really seen",
        "Units": "1",
    },
    "source": {"Description": "Who says so", "Levels": {"predicted": "Pijat", "human": "a person"}},
    "travel_cm": {
        "Description": "How far the centre of a circle travelled along the spine from onset to end, positive towards "
        "the feet",
        "Units": "cm",
    },
}
