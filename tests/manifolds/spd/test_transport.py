"""Transport under Bures–Wasserstein: the closed form, the ladder's order and the equation agree; each refuses what it cannot do."""

import numpy as np
import pytest
import torch

from erlangen.errors import DomainError
from erlangen.manifolds import SPD, AffineInvariant, BuresWasserstein
from erlangen.manifolds.spd.bures_transport import commutator, transport_ode
from erlangen.manifolds.spd.sum_root import sum_root

BURES = BuresWasserstein()


def ends(n=4, seed=0, commuting=False, condition=10.0):
    x = SPD(n).random(rng=seed, condition=condition).numpy()
    y = SPD(n).random(rng=seed + 1, condition=condition).numpy()
    if commuting:
        values, vectors = np.linalg.eigh(x)
        y = (vectors * values[::-1] ** 1.3) @ vectors.T
    v = np.random.default_rng(seed).normal(size=(n, n))
    return x, (y + y.T) / 2, 0.05 * (v + v.T)


def test_closed_form_of_commuting_ends():
    p, q = np.array([1.0, 2.0, 5.0]), np.array([3.0, 3.0, 0.5])
    v = np.random.default_rng(0).normal(size=(3, 3))
    v = v + v.T
    exact = v * np.sqrt(np.add.outer(q, q) / np.add.outer(p, p))
    np.testing.assert_allclose(BURES.transport(np.diag(p), np.diag(q), v, method="closed"), exact, rtol=1e-13)
    np.testing.assert_allclose(BURES.transport(np.diag(p), np.diag(q), v, method="ode"), exact, rtol=1e-9, atol=1e-10)


@pytest.mark.parametrize("commuting", [True, False])
@pytest.mark.parametrize("condition", [10.0, 1e4])
def test_equation_is_an_isometry_that_returns(commuting, condition):
    x, y, v = ends(commuting=commuting, condition=condition)
    v = v * BURES.norm(x, v) ** -1.0
    moved = BURES.transport(x, y, v, method="ode")
    assert BURES.norm(y, moved) == pytest.approx(1.0, rel=1e-9)
    back = BURES.transport(y, x, moved, method="ode")
    assert BURES.norm(x, back - v) < 1e-8
    if commuting:
        assert BURES.norm(y, BURES.transport(x, y, v, method="closed") - moved) < 1e-8


def test_pole_ladder_converges_with_order_two():
    x, y, v = ends()
    exact = BURES.transport(x, y, v, method="ode")
    errors = [np.linalg.norm(BURES.transport(x, y, v, method="pole_ladder", rungs=k) - exact) for k in (4, 8, 16)]
    orders = np.log2(np.divide(errors[:-1], errors[1:]))
    assert (orders > 1.8).all()
    assert errors[-1] < 1e-3 * np.linalg.norm(exact)


def test_ladder_is_exact_on_a_symmetric_space():
    x, y, v = ends()
    metric = AffineInvariant()
    np.testing.assert_allclose(
        metric.transport(x, y, v, method="pole_ladder", rungs=1), metric.transport(x, y, v), atol=1e-10
    )


def test_closed_form_is_refused_where_it_does_not_hold():
    x, y, v = ends()
    with pytest.raises(DomainError, match="relative commutator is 0"):
        BURES.transport(x, y, v, method="closed")
    with pytest.raises(DomainError, match="method"):
        AffineInvariant().transport(x, y, v, method="ode")


def test_a_batch_of_both_kinds_equals_its_elements():
    first, second = ends(commuting=True), ends(seed=5)
    x, y, v = (np.stack(pair) for pair in zip(first, second, strict=True))
    moved = BURES.transport(x, y, v)
    np.testing.assert_allclose(moved[0], BURES.transport(*first), atol=1e-9)
    np.testing.assert_allclose(moved[1], BURES.transport(*second), atol=1e-9)


def test_commutator_sees_a_small_block():
    """Blocks of size 1e-10 that do not commute are found, free of scale and of condition."""
    small = np.array([[2.0, 1.0], [1.0, 3.0]])
    x, y = np.eye(4), np.eye(4)
    x[2:, 2:] = 1e-10 * np.diag([1.0, 4.0])
    y[2:, 2:] = 1e-10 * small
    value = float(commutator(torch.tensor(x), torch.tensor(y)))
    assert value == pytest.approx(3 / 5 / np.sqrt(6), rel=1e-6)
    assert float(commutator(1e9 * torch.tensor(x), torch.tensor(x))) == 0


def test_certificate_of_the_equation():
    x, _, v = (torch.tensor(a) for a in ends())
    A = torch.linalg.cholesky(x)
    _, record = transport_ode(x, A, torch.zeros_like(A), v)
    assert record.converged
    assert record.residual == 0


def test_derivatives_of_both_ways():
    x, y, v = (torch.tensor(a, requires_grad=True) for a in ends(3))

    def by_ode(x, y, v):
        return BURES.transport((x + x.mT) / 2, (y + y.mT) / 2, (v + v.mT) / 2, method="ode")

    assert torch.autograd.gradcheck(by_ode, (x, y, v), rtol=1e-4, atol=1e-6, fast_mode=True)
    one = torch.diag(torch.tensor([2.0, 2.0, 3.0], dtype=torch.float64)).requires_grad_()
    for inverse in (False, True):

        def root(p, u, inverse=inverse):
            return sum_root((p + p.mT) / 2, (u + u.mT) / 2, inverse=inverse)

        assert torch.autograd.gradcheck(root, (one, v))
        assert torch.autograd.gradgradcheck(root, (one, v))


@pytest.mark.parametrize("ends", ["multiples of the identity", "one multiple", "one repeated pair"])
def test_second_derivatives_of_the_closed_transport(ends):
    """Both ends move while both are multiples of I; one moves while the other is a multiple."""
    x = torch.diag(torch.tensor([2.0, 2.0, 2.0 if ends.startswith("m") else 5.0])).double().requires_grad_()
    y = (3 * torch.eye(3).double()).requires_grad_(ends.startswith("m"))
    v = torch.tensor([[0.1, 0.2, 0.0], [0.2, -0.1, 0.3], [0.0, 0.3, 0.2]], dtype=torch.float64, requires_grad=True)
    if ends == "one repeated pair":
        y = torch.eye(3).double()

    def moved(*given):
        a, b, u = ((A + A.mT) / 2 for A in (given if len(given) == 3 else (given[0], y, given[1])))
        return BURES.transport(a, b, u)

    given = [A for A in (x, y, v) if A.requires_grad]
    assert torch.autograd.gradcheck(moved, given, atol=1e-6)
    assert torch.autograd.gradgradcheck(moved, given, atol=1e-5, fast_mode=True)


def test_second_derivatives_of_the_equation():
    x, y, v = (torch.tensor(a, requires_grad=True) for a in ends(2))

    def by_ode(x, y, v):
        return BURES.transport((x + x.mT) / 2, (y + y.mT) / 2, (v + v.mT) / 2, method="ode")

    assert torch.autograd.gradgradcheck(by_ode, (x, y, v), eps=1e-4, rtol=1e-3, atol=1e-5, fast_mode=True)


def test_a_third_derivative_of_the_closed_transport_is_refused():
    one = (2 * torch.eye(2).double()).requires_grad_()
    found = sum_root(one, torch.eye(2).double() + 1).sum()
    for _ in range(2):
        (found,) = torch.autograd.grad(found.sum(), one, create_graph=True)
    with pytest.raises(DomainError, match="a third one was asked for"):
        torch.autograd.grad(found.sum(), one)


def test_derivative_at_commuting_ends_is_that_of_the_transport():
    """Ends that move stop commuting: the slope of the closed form would miss that."""
    x, y = torch.diag(torch.tensor([1.0, 2.0, 4.0]).double()), torch.diag(torch.tensor([3.0, 1.0, 2.0]).double())
    v = torch.ones(3, 3, dtype=torch.float64) / 10
    for metric in (BuresWasserstein(), BuresWasserstein(M=np.array([[2.0, 0, 1], [0, 1, 0], [1, 0, 3]]))):
        ends = (x, y) if metric.M is None else (2 * torch.eye(3).double(), 3 * torch.eye(3).double())

        def moved(a, b, u, metric=metric):
            return metric.transport((a + a.mT) / 2, (b + b.mT) / 2, (u + u.mT) / 2)

        given = [item.clone().requires_grad_() for item in (*ends, v)]
        assert torch.autograd.gradcheck(moved, given, atol=1e-6, fast_mode=True)
