r"""What the spectrum of a batch of symmetric matrices allows, in numbers and in words.

Definition: :math:`\lambda_{\max}/\lambda_{\min}`; rank: :math:`\lambda > n \varepsilon \lambda_{\max}`; effective rank: e to the entropy of the spectrum.
Convention: arrays have the batch shape; the condition of a matrix that is not definite is infinite.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from erlangen.edges import array_edge
from erlangen.linalg.spd.check_spd import symmetric_input

__all__ = ["ConditionReport", "condition_report"]


@dataclass(frozen=True, eq=False)
class ConditionReport:
    """The spectrum of a batch of symmetric matrices in summary; printing it gives the batch and the advice.

    Attributes
    ----------
    size : int
        n.
    condition, smallest_eigenvalue, largest_eigenvalue, effective_rank : ndarray (...)
        Of each matrix; eigenvalues in its unit.
    rank : ndarray (...) of int
        Eigenvalues above rounding.
    advice : str
        What to do, or that nothing is needed.

    Examples
    --------
    >>> condition_report(np.diag([1.0, 4.0])).condition
    array(4.)
    """

    size: int
    condition: NDArray[np.float64]
    smallest_eigenvalue: NDArray[np.float64]
    largest_eigenvalue: NDArray[np.float64]
    effective_rank: NDArray[np.float64]
    rank: NDArray[np.int64]
    advice: str

    @property
    def definite(self) -> NDArray[np.bool_]:
        """Which matrices are positive definite beyond rounding."""
        return np.asarray(np.isfinite(self.condition))

    def __str__(self) -> str:
        n, count = self.size, self.condition.size
        if count == 0:
            return f"no matrices of size {n} x {n}"
        worst = np.unravel_index(
            int(np.argmin(self.smallest_eigenvalue / _positive(self.largest_eigenvalue))), self.condition.shape
        )
        place = f" at {[int(i) for i in worst]}" if worst else ""
        return (
            f"{count} matri{'x' if count == 1 else 'ces'} {n} x {n}, {int(self.definite.sum())} positive definite\n"
            f"condition: median {float(np.median(self.condition)):.3g}, worst {float(self.condition.max()):.3g}{place}\n"
            f"rank {int(self.rank.min())} to {int(self.rank.max())}, effective rank median {float(np.median(self.effective_rank)):.3g}\n"
            f"smallest eigenvalue {float(self.smallest_eigenvalue.min()):.3g}, largest {float(self.largest_eigenvalue.max()):.3g}\n"
            f"{self.advice}"
        )


@array_edge("A")
def condition_report(A: Tensor) -> ConditionReport:
    r"""Return condition, rank and effective rank of each matrix of a batch, with advice.

    Parameters
    ----------
    A : Tensor or ndarray (..., n, n)
        Symmetric; definite or not.

    Returns
    -------
    ConditionReport
        NumPy arrays of the batch shape, and a text.

    Raises
    ------
    ShapeError, DomainError
        If A is not square, real, finite and symmetric.

    References
    ----------
    Roy & Vetterli, EUSIPCO (2007) for the effective rank.

    Examples
    --------
    >>> print(condition_report(np.stack([np.eye(3), np.diag([1.0, 1.0, 0.0])])))
    2 matrices 3 x 3, 1 positive definite
    condition: median inf, worst inf at [1]
    rank 2 to 3, effective rank median 2.5
    smallest eigenvalue 0, largest 1
    1 of 2 matrices are singular, at most 1 short of full rank: an average reference takes 1, ... drop channels
    """
    A = symmetric_input(A, "A").detach()
    n = int(A.shape[-1])
    values = torch.linalg.eigvalsh(A.to(torch.float64)).cpu().numpy()
    eps = float(torch.finfo(A.dtype).eps)
    if n == 0:
        values = np.ones((*values.shape[:-1], 1))
    least, most = values[..., 0], values[..., -1]
    noise = n * eps * np.abs(values).max(axis=-1, initial=0.0)
    condition = np.where(least > noise, most / np.where(least > noise, least, 1.0), np.inf)
    rank = (np.abs(values) > noise[..., None]).sum(axis=-1)
    return ConditionReport(
        n, condition, least, most, _effective_rank(values), rank, _advice(n, eps, condition, least, noise, rank)
    )


def _positive(x: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(x > 0, x, 1.0)


def _effective_rank(values: NDArray[np.float64]) -> NDArray[np.float64]:
    positive = np.clip(values, 0, None)
    total = positive.sum(axis=-1, keepdims=True)
    shares = positive / _positive(total)
    entropy = -(shares * np.log(_positive(shares))).sum(axis=-1)
    return np.asarray(np.where(total[..., 0] > 0, np.exp(entropy), 0.0))


def _advice(
    n: int,
    eps: float,
    condition: NDArray[np.float64],
    least: NDArray[np.float64],
    noise: NDArray[np.float64],
    rank: NDArray[np.int64],
) -> str:
    """Return what the worst matrix of the batch asks for."""
    count = condition.size
    indefinite = int((least < -noise).sum())
    singular = int((~np.isfinite(condition)).sum()) - indefinite
    if indefinite:
        return (
            f"{indefinite} of {count} matrices are indefinite, no covariances: nearest_spd gives the closest that are"
        )
    if singular:
        short = n - int(rank.min())
        return (
            f"{singular} of {count} matrices are singular, at most {short} short of full rank: an average reference takes 1, "
            'each duplicated channel 1, T samples leave T - 1; use covariance(X, estimator="oas") or drop channels'
        )
    worst = float(condition.max(initial=1.0))
    if worst > 1e-2 / eps**0.5:
        digits = max(0.0, -np.log10(eps * worst))
        return (
            f"all definite, but the worst condition {worst:.2g} leaves about {digits:.0f} digits to logarithms and affine-invariant "
            "distances: shrink, or use the Bures-Wasserstein metric, which feels its root"
        )
    return "all positive definite and well enough conditioned for every metric"
