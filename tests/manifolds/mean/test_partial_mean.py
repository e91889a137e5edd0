"""Means of matrices with unknown channels: the full mean, optimality by autograd, pyriemann's worse value, invariances, refusals."""

import numpy as np
import pytest
import torch

from erlangen.errors import ConvergenceWarning, DomainError, NotSPDError
from erlangen.manifolds import SPD, AffineInvariant, partial_mean


def sample(count=8, n=4, condition=30.0, seed=0, share=0.3):
    """Matrices with unknown channels; the first knows all."""
    X = SPD(n).random(count, rng=seed, condition=condition).numpy()
    gone = np.random.default_rng(seed).random((count, n)) < share
    gone[0] = False
    X[gone[:, :, None] | gone[:, None, :]] = np.nan
    return X


def objective(K, X, w=None):
    """The sum of squared distances on known channels; K may carry a gradient."""
    total = 0.0
    for k, x in enumerate(X):
        known = np.flatnonzero(~np.isnan(np.diag(x)))
        part = K[known][:, known]
        total = total + (1.0 if w is None else w[k]) * AffineInvariant().squared_dist(
            part, torch.tensor(x[np.ix_(known, known)])
        )
    return total


def test_with_every_channel_known_it_is_the_mean():
    X = sample(share=0.0)
    K, record = partial_mean(X, [1, 2, 0, 1, 1, 1, 3, 1], tol=1e-12, certificate=True)
    assert record.converged
    np.testing.assert_allclose(
        K, AffineInvariant().mean(X, [1, 2, 0, 1, 1, 1, 3, 1], tol=1e-13), rtol=1e-10, atol=1e-11
    )


@pytest.mark.parametrize(("n", "condition", "share"), [(4, 30.0, 0.3), (6, 1e3, 0.4), (3, 1e6, 0.2)])
def test_the_slope_of_the_sum_vanishes(n, condition, share):
    X = sample(12, n, condition, share=share)
    w = np.linspace(1, 2, 12)
    K, record = partial_mean(X, w, tol=1e-11, certificate=True)
    assert record.converged
    K = torch.tensor(K, requires_grad=True)
    (slope,) = torch.autograd.grad(objective((K + K.mT) / 2, X, w / w.sum()), K)
    C = torch.linalg.cholesky(K.detach())
    assert (C.mT @ slope @ C).abs().max() < 1e-15 * condition + 1e-10


def test_the_peers_nan_mean_is_not_the_minimum_and_ours_lies_below():
    """pyriemann 0.12, nanmean_riemann at tol=1e-12: it adds up padded logarithms instead of the gradient."""
    P = np.array([[4.0, 1, 0], [1, 3, 1], [0, 1, 2]])
    Q = np.array([[2.0, -1, 0], [-1, 5, 2], [0, 2, 3]])
    R = np.array([[1.0, 0.5, 0], [0.5, 2, 0.25], [0, 0.25, 0.5]])
    X = np.stack([P, Q, R, P + Q])
    for k, gone in ((2, 1), (3, 2)):
        X[k, gone, :] = X[k, :, gone] = np.nan
    peer = np.zeros((3, 3))
    peer[0] = 2.555026052411493, -0.07311376841838141, 0.007800780705052818
    peer[1, 1:] = 4.706193720983592, 1.2868927479496481
    peer[2, 2] = 1.4065678151147094
    peer = peer + np.triu(peer, 1).T
    ours, theirs = (float(objective(torch.tensor(K), X)) for K in (partial_mean(X), peer))
    assert ours < theirs - 1e-4
    np.testing.assert_allclose(partial_mean(X), peer, rtol=0.2, atol=0.1)


def test_orders_and_units_of_channels_do_not_matter_and_sets_are_apart():
    X = sample(10)
    K, order, units = partial_mean(X, tol=1e-12), [2, 0, 3, 1], np.array([1e-6, 1.0, 1e3, 10.0])
    np.testing.assert_allclose(
        partial_mean(X[:, order][:, :, order], tol=1e-12), K[order][:, order], rtol=1e-8, atol=1e-9
    )
    scaled = partial_mean(units[:, None] * X * units, tol=1e-12)
    np.testing.assert_allclose(scaled / np.outer(units, units), K, rtol=1e-8, atol=1e-9)
    other = sample(10, seed=3)
    both, record = partial_mean(np.stack([X, other]), certificate=True)
    assert both.shape == (2, 4, 4)
    assert record.converged
    np.testing.assert_allclose(both[1], partial_mean(other), rtol=1e-7, atol=1e-8)
    _, again = partial_mean(X, init=K, certificate=True)
    assert again.iterations <= 2


def test_refusals():
    with pytest.raises(NotImplementedError, match="X is complex"):
        partial_mean(np.eye(2, dtype=complex)[None])
    X = sample()
    broken = X.copy()
    broken[0, 0, 1] = broken[0, 1, 0] = np.nan
    with pytest.raises(DomainError, match=r"X\[0, 0, 1\] is NaN, other than the diagonal says"):
        partial_mean(broken)
    apart = np.stack([np.eye(2), 2 * np.eye(2)])
    apart[0, 0, :] = apart[0, :, 0] = apart[1, 1, :] = apart[1, :, 1] = np.nan
    with pytest.raises(DomainError, match="channels 0 and 1 are in no sample together"):
        partial_mean(apart)
    with pytest.raises(DomainError, match="channel 1 is in no sample"):
        partial_mean(apart[1:])
    bad = X.copy()
    bad[0] = -np.eye(4)
    with pytest.raises(NotSPDError) as caught:
        partial_mean(bad)
    assert caught.value.index == (0,)
    with pytest.raises(DomainError, match=r"weights\[1\] = -1"):
        partial_mean(X, [1, -1, 1, 1, 1, 1, 1, 1])
    with pytest.raises(DomainError, match="in no sample"):
        partial_mean(X, np.arange(8) == int(np.isnan(X).any(axis=(1, 2)).argmax()))  # all weight on one with gaps
    with pytest.warns(ConvergenceWarning, match="the partial mean"):
        partial_mean(X, max_iter=1)
