"""The thumb's contact follows the hand however the picture is turned, scaled, moved or mirrored."""

import numpy as np
import pytest
from hand_shapes import SHAPE
from hypothesis import given
from hypothesis import strategies as st

from trainer.errors import PijatError
from trainer.perception.contact import TIP, ContactModel, hand_shape, hand_size

MODEL = ContactModel()


def rotation(angle):
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


@given(
    angle=st.floats(-np.pi, np.pi),
    scale=st.floats(0.3, 8),
    x=st.floats(-500, 3000),
    y=st.floats(-500, 3000),
    mirror=st.booleans(),
)
def test_equivariance(angle, scale, x, y, mirror):
    def moved(points):
        return scale * (points * ((-1, 1) if mirror else (1, 1))) @ rotation(angle).T + (x, y)

    (contact,), (sigma,) = MODEL.locate([SHAPE], ["right"])
    (there,), (spread,) = MODEL.locate([moved(SHAPE)], ["left" if mirror else "right"])
    np.testing.assert_allclose(there, moved(contact), atol=0.02 * scale)
    assert spread == pytest.approx(scale * sigma, rel=1e-2)


def test_contact_of_a_plain_thumb_is_near_its_tip_and_known_well():
    (contact,), (sigma,) = MODEL.locate([SHAPE], ["right"])
    size = hand_size(SHAPE)
    assert np.hypot(*(contact - SHAPE[TIP])) < 0.35 * size
    assert 0.025 * size <= sigma < 0.25 * size


@given(st.integers(0, 2**32 - 1))
def test_no_shape_leads_far_astray(seed):
    points = np.random.default_rng(seed).uniform(0, 200, (21, 2))
    contacts, sigmas = MODEL.locate([points], ["left"])
    assert np.isfinite(contacts).all()
    assert np.hypot(*(contacts[0] - points[TIP])) <= 0.8 * hand_size(points) * 1.001
    assert sigmas[0] >= 0.025 * hand_size(points)


def test_crumpled_hand_has_finite_shape():
    assert np.isfinite(hand_shape(np.zeros((21, 2)), "left")).all()


def test_nobody_there():
    contacts, sigmas = MODEL.locate([], [])
    assert contacts.shape == (0, 2)
    assert sigmas.shape == (0,)


def test_foreign_model_is_refused_in_one_sentence(tmp_path):
    path = tmp_path / "contact.onnx"
    path.write_bytes(b"no network")
    with pytest.raises(PijatError, match=r"Expected the contact model at contact\.onnx"):
        ContactModel(path)
