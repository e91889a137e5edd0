"""LogEig, ExpEig and ReEig against closed forms, the battery of layers, and matrices they must refuse."""

import pytest
import torch

from erlangen.errors import DomainError, NotSPDError, ShapeError
from erlangen.nn import ExpEig, LogEig, ReEig
from erlangen.testing import check_layer

I3 = torch.eye(3, dtype=torch.float64)


@pytest.mark.parametrize("layer", [LogEig(), ExpEig(), ReEig(0.05), ReEig(0.05, relative=True)], ids=repr)
def test_the_battery(layer, wishart, symmetric):
    check_layer(symmetric(layer), wishart(5, 4), compiled=True).raise_if_failed()


def test_logarithm_and_exponential_are_inverse_and_right_on_commuting_matrices(wishart):
    X = wishart(6, 5, condition=1e6)
    torch.testing.assert_close(ExpEig()(LogEig()(X)), X, rtol=1e-9, atol=1e-12)
    values = torch.tensor([1e-3, 1.0, 50.0], dtype=torch.float64)
    Q = torch.linalg.qr(wishart(3, seed=4)).Q
    expected = (Q * values.log()) @ Q.mT
    torch.testing.assert_close(LogEig()((Q * values) @ Q.mT), expected, rtol=1e-11, atol=1e-11)


@pytest.mark.parametrize("layer", [LogEig(), ExpEig(), ReEig(0.5)], ids=repr)
def test_second_derivatives_at_multiples_of_the_identity(layer, symmetric):
    X = (2.0 * I3).expand(2, 3, 3).clone().requires_grad_()
    assert torch.autograd.gradcheck(symmetric(layer), X)
    assert torch.autograd.gradgradcheck(symmetric(layer), X)


def test_rectification_lifts_small_eigenvalues_only(wishart):
    X = wishart(4, 5, condition=1e4)
    low = torch.linalg.eigvalsh(ReEig(1e-2)(X))
    torch.testing.assert_close(low, torch.linalg.eigvalsh(X).clamp_min(1e-2), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("unit", [1e-12, 1.0, 1e14])
def test_a_relative_threshold_sees_no_units(unit, wishart):
    X = wishart(4, 5, condition=1e6)
    layer = ReEig(1e-2, relative=True)
    torch.testing.assert_close(layer(unit * X) / unit, layer(X), rtol=1e-12, atol=0)
    assert torch.linalg.eigvalsh(layer(unit * X)).min() > 0.9e-2 * unit * X.diagonal(dim1=-2, dim2=-1).mean(-1).min()


def test_refusals():
    singular = torch.stack([I3, torch.ones(3, 3, dtype=torch.float64)])
    with pytest.raises(NotSPDError, match=r"X\[1\] is not positive definite.*rank 1 of 3"):
        LogEig()(singular)
    with pytest.raises(DomainError, match=r"X\[1, 0, 0\] = nan is not finite"):
        ReEig()(torch.stack([I3, I3 * torch.nan]))
    with pytest.raises(DomainError, match="not symmetric"):
        ExpEig()(torch.triu(torch.ones(3, 3)))
    with pytest.raises(DomainError, match=r"X\[1\]: exp of the eigenvalue 1000 is not finite"):
        ExpEig()(torch.stack([I3, 1000 * I3]))
    torch.testing.assert_close(ReEig()(I3 + 1e-10 * torch.triu(torch.ones(3, 3).double(), 1)), I3, rtol=0, atol=1e-9)
    with pytest.raises(ShapeError, match="square"):
        ReEig()(torch.ones(3, 2))
    with pytest.raises(DomainError, match="trace that is not positive"):
        ReEig(relative=True)(-I3)
    with pytest.raises(DomainError, match="eps"):
        ReEig(0.0)
    with pytest.raises(DomainError, match="torch tensor"):
        LogEig()([[1.0]])
