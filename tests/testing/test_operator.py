"""The battery of operators on matrices of every kind, a diagonal and a rotation; every sabotage is caught."""

import numpy as np
import pytest
import scipy.sparse
import scipy.sparse.linalg
import torch

from erlangen.testing import check_operator, laws_of

RNG = np.random.default_rng(0)
TALL = RNG.standard_normal((5, 3))


class Diagonal:
    """x -> d x, with d positive: symmetric, positive semidefinite, diagonal."""

    tags = frozenset({"symmetric", "psd", "diagonal"})
    dtype = np.dtype(float)

    def __init__(self, d=(1.0, 2.0, 0.0)):
        self.d = np.array(d)
        self.shape = (len(self.d), len(self.d))

    def matmul(self, x):
        return (self.d * x.T).T

    def adjoint(self):
        return self

    def to_dense(self):
        return np.diag(self.d)


class Shift(Diagonal):
    """The cyclic shift: orthogonal, not symmetric."""

    tags = frozenset({"orthogonal"})

    def __init__(self, by=1):
        self.by, self.shape = by, (4, 4)

    def matmul(self, x):
        if len(x) != 4:
            message = f"x must have length 4, got {len(x)}"
            raise ValueError(message)
        return np.roll(x, self.by, axis=0)

    def adjoint(self):
        return Shift(-self.by)

    def to_dense(self):
        return np.roll(np.eye(4), self.by, axis=0)


@pytest.mark.parametrize(
    "operator",
    [
        TALL,
        TALL.astype(np.float32),
        TALL + 1j * TALL[::-1],
        np.arange(6).reshape(2, 3),
        scipy.sparse.csr_array(TALL * (TALL > 0)),
        scipy.sparse.linalg.aslinearoperator(TALL),
        torch.as_tensor(TALL),
        torch.as_tensor(TALL, dtype=torch.float32),
        torch.as_tensor(TALL + 1j * TALL),
        1e-12 * TALL,
        1e14 * TALL,
    ],
    ids=lambda a: f"{type(a).__name__}-{a.dtype}",
)
def test_matrices_pass_as_they_are(operator):
    check_operator(operator).raise_if_failed()


def test_tagged_operators_pass():
    assert set(check_operator(Diagonal()).raise_if_failed().skipped) == {"tag orthogonal is true"}
    assert "tag psd is true" in check_operator(Shift()).raise_if_failed().skipped
    check_operator(Diagonal((1.0, 1e-12, 1e12))).raise_if_failed()
    zero = check_operator(Diagonal((0.0, 0.0))).raise_if_failed()
    assert zero["tag psd is true"].residual == 0


def test_hermitian_means_equal_to_the_conjugate_transpose():
    a = np.array([[2.0, 1j], [-1j, 1.0]])
    tagged = type("Tagged", (np.ndarray,), {"tags": ("hermitian",)})
    check_operator(a.view(tagged)).raise_if_failed()
    assert not check_operator((1j * a).view(tagged), only="tag symmetric is true").passed


def test_too_large_to_make_dense_is_said():
    report = check_operator(Diagonal(np.arange(1025.0))).raise_if_failed()
    assert "1025 > 1024 columns" in report.skipped["tag psd is true"]


def with_nan(self, x):
    return Diagonal.matmul(self, x) * np.nan


class Left:
    """An operator whose adjoint has the wrong shape."""

    shape, dtype = (5, 3), np.dtype(float)
    matmul = staticmethod(lambda x: TALL @ x)

    def adjoint(self):
        return TALL


SABOTAGE = {
    "shape": {"matmul": lambda self, x: Diagonal.matmul(self, x)[:2]},
    "dtype": {"dtype": np.dtype(np.float32), "to_dense": None},
    "a block equals its columns": {"matmul": lambda self, x: Diagonal.matmul(self, x) * x.ndim},
    "linearity": {"matmul": lambda self, x: Diagonal.matmul(self, x) + 1e-6},
    "deterministic and without side effect": {"matmul": lambda self, x: x.__imul__(1.0000001)},
    "the adjoint has the transposed shape": {"adjoint": lambda self: Diagonal((1.0, 2.0))},
    "adjoint identity": {"adjoint": lambda self: Diagonal((1.0, 2.000001, 0.0))},
    "the adjoint of the adjoint": {"adjoint": lambda self: Diagonal((1.0, 2.000001, 0.0))},
    "agreement with dense": {"to_dense": lambda self: np.diag([1.0, 2.0, 1e-6])},
    "tags are known": {"tags": ("symmetric", "toeplitz")},
    "tag symmetric is true": {"matmul": lambda self, x: np.roll(x, 1, axis=0)},
    "tag psd is true": {"matmul": lambda self, x: x - 1.001 * x.mean(axis=0)},
    "tag diagonal is true": {"matmul": lambda self, x: x + 1e-6 * x.sum(axis=0)},
    "tag orthogonal is true": {"tags": ("orthogonal",)},
    "refuses a wrong length": {"matmul": lambda self, x: (self.d * x[:3].T).T},
}


def test_every_law_has_a_sabotage():
    assert set(SABOTAGE) == set(laws_of(check_operator))


@pytest.mark.parametrize("law", SABOTAGE)
def test_sabotage_is_caught(law):
    broken = type("Broken", (Diagonal,), SABOTAGE[law])()
    assert not check_operator(broken, reference=np.zeros(1), only=[law]).passed


@pytest.mark.parametrize("law", ["linearity", "tag psd is true", "tag symmetric is true", "adjoint identity"])
def test_nan_never_passes(law):
    broken = type("Broken", (Diagonal,), {"matmul": with_nan})()
    assert not check_operator(broken, only=[law]).passed


def test_the_adjoint_of_a_tall_operator_must_be_wide():
    assert not check_operator(Left(), only="the adjoint has the transposed shape").passed


def test_a_random_operator_is_caught():
    noise = np.random.default_rng(1)
    broken = type("Noisy", (Diagonal,), {"matmul": lambda self, x: Diagonal.matmul(self, x) + noise.normal()})()
    assert not check_operator(broken, only="deterministic and without side effect").passed
