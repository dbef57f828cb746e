"""What the marking page says of a person's marks."""

import pytest

from trainer.back.registration import register
from trainer.back.size import MeasuredDistance
from trainer.calibrate.verdict import judge


def test_marks_that_agree_are_good_and_say_how_exact(scene):
    verdict = judge(register(scene.landmarks, 1.0, scene.size))
    assert verdict.level == "good"
    assert f"±{verdict.sigma_cm:.1f} cm".replace(".", ",") in verdict.fit.id.rstrip(".")
    assert ["rata-rata orang (±7 %)" in text.id for text in verdict.advice] == [True]


def test_a_measured_back_is_not_said_to_be_guessed(scene):
    measured = register(scene.landmarks, 1.0, scene.size, MeasuredDistance("C7", "T7", 18.0))
    assert judge(measured).advice == ()


def test_unsure_marks_are_only_fair(scene):
    verdict = judge(register(scene.landmarks, 40.0, scene.size))
    assert verdict.level == "fair"
    assert "Tambah atau rapikan" in verdict.fit.id and "Fair" in verdict.fit.en


@pytest.mark.parametrize("far", [120, -120])
def test_a_mark_that_the_others_put_elsewhere_is_named_in_plain_words(scene, far):
    x, y = scene.landmarks["left_scapula_inferior_angle"]
    wrong = scene.landmarks | {"left_scapula_inferior_angle": (x, y + far)}
    verdict = judge(register(wrong, 2.0, scene.size))
    assert verdict.level == "bad"
    assert "ujung bawah belikat kiri" in verdict.advice[0].id
    assert "lower tip of the left blade" in verdict.advice[0].en
