"""Networks on charged bodies: they start from straight motion, keep the symmetries of the bodies, learn, and the same seed gives the same bits."""

import pytest
import torch

from erlangen.datasets import charged_particles
from erlangen.errors import DomainError
from erlangen.nn.equivariant.feature_blocks import split_blocks
from erlangen.papers.gaunt_tensor_product import bodies
from erlangen.representations import Irreps

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


@pytest.mark.parametrize(("lmax", "rank"), [(1, 1), (2, 1), (2, 3)])
def test_predictions_turn_with_the_bodies(lmax, rank):
    worst, count = bodies.symmetry_of_bodies(lmax, rank)
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


@pytest.mark.parametrize(
    ("product", "rank"), [("clebsch-gordan", 1), ("gaunt", 1), pytest.param("gaunt", 2, marks=pytest.mark.slow)]
)
def test_a_short_training_predicts_better_than_straight_motion_and_repeats_itself(product, rank):
    first, again = (bodies.learn_bodies(product, 1, SIZES, COUNTS, 1, 25, 5, rank=rank) for _ in range(2))
    assert first["error"] < first["straight"]
    assert first["error"] == again["error"]
    assert len(first["course"]) == 5


@pytest.mark.parametrize(
    ("product", "lmax", "rank", "weights"),
    [
        ("clebsch-gordan", 1, 1, 21_040),
        ("gaunt", 1, 1, 16_828),
        ("gaunt", 1, 2, 21_832),
        ("clebsch-gordan", 2, 1, 43_488),
        ("gaunt", 2, 1, 25_650),
        ("gaunt", 2, 3, 42_198),
        ("gaunt", 2, 4, 50_472),
    ],
)
def test_networks_have_the_weights_that_are_stated(product, lmax, rank, weights):
    """Each product more of three layers' two brings 3 weights a degree, two of them a channel, and a matrix from each degree to it and the gates."""
    network = bodies.BodiesNetwork(product, lmax, rank=rank)
    assert sum(own.numel() for own in network.parameters()) == weights
    if product == "gaunt" and rank > 1:
        before = sum(own.numel() for own in bodies.BodiesNetwork(product, lmax, rank=rank - 1).parameters())
        C, degrees = 16, lmax + 1
        assert weights - before == 6 * (degrees * (2 * C + 1) + degrees * C * C + C * lmax * C)


@pytest.mark.parametrize(("lmax", "paths"), [(1, (2, 2)), (2, (3, 4, 4))])
def test_as_many_gaunt_products_as_paths_give_what_paths_give(lmax, paths):
    """On generic arguments the results of r products span min(r, paths) dimensions of those of all paths into a degree, of one channel."""
    signal = Irreps([(1, (degree, (-1) ** degree)) for degree in range(lmax + 1)])
    generator = torch.Generator().manual_seed(0)
    x, y = torch.randn(2, 20, signal.dim, generator=generator, dtype=torch.float64)

    def results(product, rank, degree):
        made = bodies._Product(signal, signal, signal, product, rank, generator).double()
        blocks = [
            block
            for one in made.products
            for block, (_, ir) in zip(split_blocks(one(x, y), one.irreps_out, "ir_mul"), one.irreps_out, strict=True)
            if ir.l == degree
        ]
        return torch.cat(blocks, 1).transpose(1, 2).flatten(0, 1)

    def dimension(*parts):
        return int(torch.linalg.matrix_rank(torch.cat(parts, 1), rtol=1e-9))

    for degree, count in enumerate(paths):
        every = results("clebsch-gordan", 1, degree)
        assert dimension(every) == count
        for rank in range(1, max(paths) + 2):
            some = results("gaunt", rank, degree)
            assert dimension(some) == min(rank, count)
            assert dimension(every, some) == count


def test_ranks_are_of_gaunt_products():
    with pytest.raises(DomainError, match="rank=2 counts Gaunt products; product is 'clebsch-gordan'"):
        bodies.BodiesNetwork("clebsch-gordan", 1, rank=2)
    with pytest.raises(DomainError, match="rank must be an integer"):
        bodies.BodiesNetwork("gaunt", 1, rank=0)
