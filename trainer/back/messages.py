"""The landmarks of the back in plain words."""

from collections.abc import Mapping

from trainer.language import Text

LANDMARK_NAMES: Mapping[str, Text] = {
    "C7": Text("C7 (tonjolan leher)", "C7 (bump of the neck)"),
    "T3": Text("T3 (tulang belakang)", "T3 (spine)"),
    "T7": Text("T7 (tulang belakang)", "T7 (spine)"),
    "T12": Text("T12 (tulang belakang)", "T12 (spine)"),
    "left_acromion": Text("puncak bahu kiri", "top of the left shoulder"),
    "right_acromion": Text("puncak bahu kanan", "top of the right shoulder"),
    "left_scapula_spine_root": Text("pangkal belikat kiri", "root of the left blade's ridge"),
    "right_scapula_spine_root": Text("pangkal belikat kanan", "root of the right blade's ridge"),
    "left_scapula_inferior_angle": Text("ujung bawah belikat kiri", "lower tip of the left blade"),
    "right_scapula_inferior_angle": Text("ujung bawah belikat kanan", "lower tip of the right blade"),
    "left_rib_angle": Text("lengkung rusuk 5–6 kiri", "bend of ribs 5–6 on the left"),
    "right_rib_angle": Text("lengkung rusuk 5–6 kanan", "bend of ribs 5–6 on the right"),
}
"""By the names of `trainer.back.frame.BACK_LANDMARKS`; left and right are the recipient's."""
