"""Networks on charged bodies: they start from straight motion, keep the symmetries of the bodies, learn, and the same seed gives the same bits."""

import pytest
import torch

from erlangen.datasets import charged_particles
from erlangen.papers.gaunt_tensor_product import bodies

SIZES, COUNTS = {"channels": 4, "layers": 1}, {"train": 60, "valid": 20, "test": 20}


@pytest.fixture
def sample():
    made = charged_particles(2, steps=0, spread=1.0, rng=0)
    parts = (made.charges, made.positions, made.velocities, made.final_positions)
    return bodies._Trajectories(*(torch.tensor(part) for part in parts))


@pytest.mark.parametrize("product", bodies.BODY_PRODUCTS)
def test_a_network_starts_from_straight_motion_in_one_second(product, sample):
    network = bodies.BodiesNetwork(product, 1, channels=4, layers=1, dtype=torch.float64)
    assert torch.equal(network(sample), sample.positions + 1.0 * sample.velocities)


@pytest.mark.parametrize("lmax", [1, 2])
def test_predictions_turn_with_the_bodies(lmax):
    worst, count = bodies.symmetry_of_bodies(lmax)
    assert worst < 1e-12
    assert count == 8


def test_symmetry_broken_on_purpose_is_seen(monkeypatch):
    whole = bodies.spherical_harmonics
    monkeypatch.setattr(bodies, "spherical_harmonics", lambda *a, **k: whole(*a, **k) + 0.01)
    assert bodies.symmetry_of_bodies(1)[0] > 1e-5


def test_bodies_have_no_order(sample):
    network = bodies.BodiesNetwork("gaunt", 2, channels=4, layers=1, dtype=torch.float64)
    torch.nn.init.ones_(network.readout.weight)
    order = torch.tensor([3, 0, 4, 1, 2])
    moved = bodies._Trajectories(*(part[:, order] for part in sample))
    torch.testing.assert_close(network(moved), network(sample)[:, order], rtol=0, atol=1e-12)
    assert (network(sample) - sample.straight()).abs().min() > 1e-6


@pytest.mark.parametrize("product", bodies.BODY_PRODUCTS)
def test_a_short_training_predicts_better_than_straight_motion_and_repeats_itself(product):
    first, again = (bodies.learn_bodies(product, 1, SIZES, COUNTS, 1, 25, 5) for _ in range(2))
    assert first["error"] < first["straight"]
    assert first["error"] == again["error"]
    assert len(first["course"]) == 5
