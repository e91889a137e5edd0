import numpy as np
import pytest
import torch
from scipy.spatial.distance import cdist

from erlangen.errors import DomainError
from erlangen.estimators.mds import smacof

devices = ["cpu", pytest.param("cuda", marks=pytest.mark.skipif(not torch.cuda.is_available(), reason="no GPU"))]


def example(n=60, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 4))
    R = rng.random((n, n))
    return cdist(X, X), rng.normal(size=(n, 2)), R + R.T


@pytest.mark.parametrize("device", devices)
@pytest.mark.parametrize("weighted", [False, True])
def test_tensors_take_the_same_steps_as_arrays(device, weighted):
    D, X, W = example()
    W = W if weighted else None
    ours = smacof(D, init=X, weights=W, rtol=1e-4)
    given = None if W is None else torch.from_numpy(W).to(device)
    theirs = smacof(
        torch.from_numpy(D).to(device), init=torch.from_numpy(X).to(device), weights=given, rtol=1e-4, rng=0
    )
    assert theirs.embedding.device.type == device
    assert theirs.iterations == ours.iterations
    assert np.isclose(theirs.stress, ours.stress, rtol=1e-9)
    assert np.allclose(theirs.embedding.cpu().numpy(), ours.embedding, atol=1e-8)


def test_the_dtype_is_kept_and_no_gradient_flows():
    D, _, _ = example()
    tensor = torch.from_numpy(D).float().requires_grad_()
    result = smacof(tensor)
    assert result.embedding.dtype == torch.float32
    assert not result.embedding.requires_grad
    assert np.isclose(result.stress, smacof(D).stress, rtol=1e-3)
    assert smacof(torch.tensor([[0, 2, 2], [2, 0, 2], [2, 2, 0]])).embedding.dtype == torch.float64


def test_the_same_refusals():
    D, X, _ = example(20)
    D[3, 4] = -1
    with pytest.raises(DomainError, match="symmetric"):
        smacof(torch.from_numpy(D))
    W = np.ones((20, 20))
    W[:10, 10:] = W[10:, :10] = 1e-18
    with pytest.raises(DomainError, match="not positive definite"):
        smacof(torch.from_numpy(cdist(X, X)), init=X, weights=torch.from_numpy(W))
