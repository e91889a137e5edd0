"""Oracles: the Gaussian kernel of flat space, the geodesic of a cycle."""

import numpy as np
import pytest

from erlangen.errors import DomainError, ShapeError
from erlangen.operators import heat_kernel, varadhan_distance


def test_a_gaussian_gives_its_distance():
    r, t = np.array([[0.0, 0.3, 5.0, 80.0]]), 2.5
    assert np.allclose(varadhan_distance(np.exp(-(r**2) / (4 * t)), t), r, rtol=1e-13)


def test_unreached_pairs_are_at_infinity_and_never_floored(pieces):
    D = varadhan_distance(heat_kernel(pieces, 1e-3), 1e-3)
    label = pieces.components()
    assert np.array_equal(np.isinf(D), label[:, None] != label)
    assert np.all(D.diagonal() == 0)
    assert np.allclose(D[~np.isinf(D)], D.T[~np.isinf(D)], rtol=1e-9)


def test_far_pairs_stay_apart_to_1e_minus_300(cycle):
    """Every further hop is farther, down to the smallest entries."""
    D = varadhan_distance(heat_kernel(cycle(400), 1e-2, sources=[0]), 1e-2, sources=[0])[0]
    reached = np.isfinite(D[:200])
    assert reached.sum() > 90
    assert np.all(np.diff(D[:200][reached]) > 0)


def test_the_diagonal_of_a_chunk_is_known_by_its_sources(cycle):
    H = heat_kernel(cycle(10), 1.0, sources=[7, 2])
    D = varadhan_distance(H, 1.0, sources=[7, 2])
    assert (D[0, 7], D[1, 2]) == (0, 0)
    kept = varadhan_distance(H, 1.0)
    assert kept[0, 7] == pytest.approx(np.sqrt(-4 * np.log(H[0, 7])))


def test_the_argument_is_left_as_it_is(cycle):
    H = heat_kernel(cycle(10), 1.0)
    before = H.copy()
    varadhan_distance(H, 1.0)
    assert np.array_equal(H, before)


@pytest.mark.parametrize(
    ("H", "t", "error", "words"),
    [
        ([[1.0, -1e-18], [0.0, 1.0]], 1.0, DomainError, r"H\[0, 1\] = -1e-18 is negative"),
        ([[1.0, np.nan]], 1.0, DomainError, r"H\[0, 1\] = nan is not finite"),
        ([[1.0, np.inf]], 1.0, DomainError, r"H\[0, 1\] = inf is not finite"),
        ([1.0], 1.0, ShapeError, r"\(m, n\)"),
        ([[1.0]], 0.0, DomainError, "t must be"),
        ([[1.0]], np.nan, DomainError, "t must be"),
    ],
)
def test_refusals(H, t, error, words):
    with pytest.raises(error, match=words):
        varadhan_distance(H, t)


def test_refuses_sources_that_do_not_fit():
    with pytest.raises(ShapeError, match="2 vertices"):
        varadhan_distance(np.ones((2, 3)), 1.0, sources=[0])
    with pytest.raises(DomainError, match="not a vertex"):
        varadhan_distance(np.ones((1, 3)), 1.0, sources=[3])
