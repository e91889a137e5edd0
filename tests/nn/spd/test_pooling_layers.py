"""BiMap, CovPool and Vectorise against NumPy, their isometries, the battery of layers."""

import numpy as np
import pytest
import torch

from erlangen.errors import DomainError, ShapeError
from erlangen.nn import BiMap, CovPool, Vectorise
from erlangen.testing import check_layer


@pytest.mark.parametrize("channels", [None, (2, 3)])
def test_bimap_passes_the_battery(channels, wishart):
    X = wishart(4, 5) if channels is None else wishart(4, 2, 5)
    check_layer(BiMap(5, 3, channels=channels, rng=0), X, compiled=True).raise_if_failed()


def test_bimap_on_two_ranks(wishart):
    check_layer(BiMap(4, 2, rng=0), wishart(4, 4), distributed=True, only="gradients on two ranks").raise_if_failed()


def test_bimap_compresses_by_columns_that_are_orthonormal(wishart):
    X, layer = wishart(4, 5), BiMap(5, 3, rng=1)
    W = layer.weight.detach().numpy()
    np.testing.assert_allclose(W.T @ W, np.eye(3), atol=1e-14)
    np.testing.assert_allclose(layer(X).detach().numpy(), W.T @ X.numpy() @ W, atol=1e-14)
    assert torch.equal(BiMap(5, 3, rng=1).weight, layer.weight)
    assert not torch.equal(BiMap(5, 3, rng=2).weight, layer.weight)
    low, high = torch.linalg.eigvalsh(X).aminmax(dim=-1)
    inside = torch.linalg.eigvalsh(layer(X))
    assert ((inside >= low[:, None] - 1e-12) & (inside <= high[:, None] + 1e-12)).all()  # Cauchy's interlacing


def test_bimap_sums_over_the_channels_that_come_in(wishart):
    X, layer = wishart(4, 2, 5), BiMap(5, 3, channels=(2, 3), rng=1)
    W = layer.weight.detach()
    expected = torch.stack([sum(W[o, i].T @ X[:, i] @ W[o, i] for i in range(2)) for o in range(3)], dim=1)
    torch.testing.assert_close(layer(X), expected)


def test_float32_features_enter_a_double_layer_as_doubles(wishart):
    assert BiMap(5, 3, rng=0)(wishart(2, 5, dtype=torch.float32)).dtype == torch.float64
    assert BiMap(5, 3, rng=0)(wishart(2, 5).half()).dtype == torch.float64


def test_cov_pool_is_the_covariance_of_numpy():
    X = torch.randn(3, 4, 50, generator=torch.Generator().manual_seed(0), dtype=torch.float64) + 7
    expected = np.stack([np.cov(x) for x in X.numpy()])
    np.testing.assert_allclose(CovPool(shrinkage=0.0)(X), expected, rtol=1e-13)
    mixed = 0.9 * expected + 0.1 * np.trace(expected, axis1=1, axis2=2)[:, None, None] / 4 * np.eye(4)
    np.testing.assert_allclose(CovPool(shrinkage=0.1)(X), mixed, rtol=1e-13)
    volts = CovPool()(1e-6 * X)
    np.testing.assert_allclose(1e12 * volts, CovPool()(X), rtol=1e-9)
    assert CovPool("oas")(X.float()).dtype == torch.float64
    check_layer(CovPool(dtype=None), X, compiled=True).raise_if_failed()


def test_vectors_keep_inner_products_and_lead_back(wishart):
    A, B, v = wishart(3, 4), wishart(3, 4, seed=1), Vectorise()
    torch.testing.assert_close((v(A) * v(B)).sum(-1), (A * B).sum((-2, -1)))
    assert torch.equal(v.inverse(v(A)).round(decimals=14), A.round(decimals=14))
    rows, columns = np.triu_indices(4)
    np.testing.assert_allclose(v(A), A.numpy()[:, rows, columns] * np.where(rows == columns, 1, 2**0.5))
    check_layer(v, A, compiled=True).raise_if_failed()


def test_refusals(wishart):
    with pytest.raises(DomainError, match="n_out"):
        BiMap(3, 4)
    with pytest.raises(ShapeError, match=r"BiMap takes matrices \(..., 5, 5\), got shape \(2, 4, 4\)"):
        BiMap(5, 3)(wishart(2, 4))
    with pytest.raises(ShapeError, match=r"\(N, 2, 5, 5\)"):
        BiMap(5, 3, channels=(2, 1))(wishart(2, 3, 5))
    with pytest.raises(ShapeError, match="T >= 2"):
        CovPool()(torch.ones(3, 1))
    with pytest.raises(ShapeError, match="length 4"):
        Vectorise().inverse(torch.ones(4))
