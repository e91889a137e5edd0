"""Riemannian Gaussians: the dispersion that the normalising constant gives, both ways of proposing, the mean, congruences, seeds, refusals."""

import math

import numpy as np
import pytest
import torch

from erlangen.errors import DomainError, NotSPDError, ResourceLimitError, ShapeError
from erlangen.manifolds import AffineInvariant, riemannian_gaussian
from erlangen.manifolds.spd import gaussian

N = 20000


def squares(sigma, n, count=N, rng=0):
    return (
        AffineInvariant()
        .squared_dist(riemannian_gaussian(torch.eye(n), sigma, count, rng=rng), torch.eye(n).double())
        .numpy()
    )


@pytest.mark.parametrize("way", ["narrow", "wide"])
@pytest.mark.parametrize("sigma", [0.3, 1.0, 1.6])
def test_dispersion_of_two_by_two_matrices(sigma, way, monkeypatch):
    """Z = (2 pi)^(3/2) sigma^2 e^(sigma^2/4) erf(sigma/2) (Said et al. 2017, eq. 15): E d^2 = sigma^3 (log Z)'."""
    monkeypatch.setattr(gaussian, "_NARROW", 1e9 if way == "narrow" else 0.0)
    slope = 2 / sigma + sigma / 2 + math.exp(-(sigma**2) / 4) / (math.sqrt(math.pi) * math.erf(sigma / 2))
    d = squares(sigma, 2)
    assert abs(d.mean() - sigma**3 * slope) < 4 * d.std() / N**0.5


def test_numbers_are_log_normal():
    x = riemannian_gaussian(np.array([[3.0]]), 0.7, N, rng=1).log().flatten().numpy() - math.log(3)
    assert abs(x.mean()) < 4 * 0.7 / N**0.5
    assert abs(x.var() - 0.49) < 4 * 0.49 * (2 / N) ** 0.5


@pytest.mark.parametrize("n", [3, 4])
def test_both_proposals_agree(n, monkeypatch):
    sigma, found = 1.1, []
    for narrow in (1e9, 0.0):
        monkeypatch.setattr(gaussian, "_NARROW", narrow)
        found.append(squares(sigma, n, 4000))
    gap = found[0].mean() - found[1].mean()
    assert abs(gap) < 4 * (found[0].var() + found[1].var()) ** 0.5 / 4000**0.5


def test_small_sigma_is_flat_and_the_mean_is_the_centre():
    d = squares(0.01, 4, 4000)
    assert abs(d.mean() / 1e-4 - 10) < 0.3  # n (n + 1) / 2 directions
    M = torch.tensor([[4.0, 1, 0], [1, 3, 1], [0, 1, 2]], dtype=torch.float64)
    X = riemannian_gaussian(M, 0.4, 4000, rng=3)
    assert AffineInvariant().dist(AffineInvariant().mean(X), M) < 4 * 0.4 * 6**0.5 / 4000**0.5
    C = torch.linalg.cholesky(M)
    torch.testing.assert_close(X, C @ riemannian_gaussian(torch.eye(3), 0.4, 4000, rng=3) @ C.mT)


def test_seeds_sizes_and_refusals():
    assert torch.equal(
        riemannian_gaussian(torch.eye(2), 1.0, 5, rng=7), riemannian_gaussian(torch.eye(2), 1.0, 5, rng=7)
    )
    assert riemannian_gaussian(torch.eye(2), 1.0, 0).shape == (0, 2, 2)
    with pytest.raises(DomainError, match="sigma"):
        riemannian_gaussian(torch.eye(2), 0.0, 1)
    with pytest.raises(NotSPDError):
        riemannian_gaussian(-torch.eye(2), 1.0, 1)
    with pytest.raises(ShapeError, match="mean must have shape"):
        riemannian_gaussian(torch.eye(2)[None], 1.0, 1)
    with pytest.raises(ResourceLimitError, match="too rare to sample"):
        riemannian_gaussian(torch.eye(12), 0.8, 1, rng=0)


@pytest.mark.parametrize(
    ("n", "sigma", "what"), [(2, 6.0, "condition number"), (3, 1e6, "condition number"), (1, 1e4, "eigenvalue of size")]
)
def test_spectra_that_float64_cannot_hold_are_refused(n, sigma, what):
    with pytest.raises(DomainError, match=f"sigma = .* is too large: sample \\d+ has .*{what}"):
        riemannian_gaussian(torch.eye(n), sigma, 200, rng=0)
