r"""Two classes of SPD matrices with a condition number, means and dispersion that are known exactly.

Definition: :math:`X = M^{1/2} \exp(S) M^{1/2}`, S centred Gaussian in the symmetric matrices with :math:`E\|S\|_F^2 = \delta^2`: its law is
symmetric about M, so that M is the affine-invariant Fréchet mean and :math:`\delta` the dispersion, without approximation.
Convention: eigenvalues of M_0 run geometrically from 1 down to 1/condition; M_1 has the same eigenvectors, first and last eigenvalue.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from erlangen.datasets.matrix_sample import MatrixSample
from erlangen.errors import DomainError
from erlangen.random import RngLike, as_generator
from erlangen.validation import check_choice, check_integer, check_real

__all__ = ["conditioned_spd"]

Array = NDArray[np.float64]


def conditioned_spd(
    n_matrices: int = 100,
    n: int = 10,
    *,
    condition: float = 1e4,
    separation: float = 1.0,
    dispersion: float = 1.0,
    noise: str = "full",
    rng: RngLike = None,
) -> MatrixSample:
    """Return matrices of two classes, half of each.

    Parameters
    ----------
    n_matrices, n : int
        Number and size of the matrices, n >= 3.
    condition : float
        Condition number of both means, up to 1e12.
    separation : float
        Affine-invariant distance of the means.
    dispersion : float
        Root mean square distance of a matrix from the mean of its class.
    noise : {"full", "same eigenbasis"}
        Whether S is a full symmetric matrix, or diagonal in the eigenbasis of the means.
    rng : seed or Generator, optional
        Source of randomness.

    Raises
    ------
    DomainError
        If the separation would carry an inner eigenvalue of M_1 past the outer ones.

    Examples
    --------
    >>> sample = conditioned_spd(20, 5, condition=1e6, rng=0)
    >>> [f"{np.linalg.cond(M):.3e}" for M in sample.means]
    ['1.000e+06', '1.000e+06']
    """
    n_matrices = check_integer(n_matrices, "n_matrices", low=2)
    n = check_integer(n, "n", low=3)
    condition = check_real(condition, "condition", low=1, open_low=True, high=1e12)
    separation = check_real(separation, "separation", low=0)
    dispersion = check_real(dispersion, "dispersion", low=0, high=50)
    check_choice(noise, "noise", ("full", "same eigenbasis"))
    generator = as_generator(rng)
    logs = _log_eigenvalues(n, float(np.log(condition)), separation)
    Q = np.linalg.qr(generator.normal(size=(n, n)))[0]
    y = np.arange(n_matrices) % 2
    S = _symmetric_noise(n_matrices, n, noise == "full", generator) * dispersion
    values, vectors = np.linalg.eigh(S)
    # A factor F with F F^T = M^{1/2} exp(S) M^{1/2} keeps the product positive definite in the last digit.
    F = Q @ (np.exp(logs[y] / 2)[:, :, None] * vectors * np.exp(values / 2)[:, None, :])
    X = F @ F.swapaxes(1, 2)
    means = (Q * np.exp(logs)[:, None, :]) @ Q.T
    return MatrixSample(
        (X + X.swapaxes(1, 2)) / 2,
        y,
        "conditioned_spd",
        means=(means + means.swapaxes(1, 2)) / 2,
        dispersion=np.full(2, dispersion),
    )


def _log_eigenvalues(n: int, span: float, separation: float) -> Array:
    """Logarithms (2, n) of the eigenvalues of the means."""
    logs = np.tile(np.linspace(0.0, -span, n), (2, 1))
    signs = np.where(np.arange(n - 2) % 2, 1.0, -1.0)
    logs[1, 1:-1] += separation / np.sqrt(n - 2) * signs
    if logs[1].max() > 0 or logs[1].min() < -span:
        most = span / (n - 1) * np.sqrt(n - 2)
        message = (
            f"separation = {separation:g} carries an eigenvalue past the outer ones at condition {np.exp(span):.3g}"
        )
        raise DomainError(message, hint=f"separation <= {most:.3g} always fits here")
    return logs


def _symmetric_noise(count: int, n: int, full: bool, rng: np.random.Generator) -> Array:
    """Centred Gaussian symmetric matrices with E‖S‖² = 1, invariant under rotations where they are full."""
    if not full:
        diagonal = rng.normal(size=(count, n)) / np.sqrt(n)
        return diagonal[:, :, None] * np.eye(n)
    G = rng.normal(size=(count, n, n)) / np.sqrt(n * (n + 1))
    return (G + G.swapaxes(1, 2)) / np.sqrt(2)
