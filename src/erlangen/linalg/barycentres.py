r"""Means of small SPD matrices, all steps in one call of a kernel.

Definition: affine-invariant, :math:`K = CC^T \leftarrow C e^{\nu J} C^T`, :math:`J = \sum_i w_i \log(C^{-1} X_i C^{-T})`; Bures–Wasserstein,
:math:`K = AA^T \leftarrow \bar T K \bar T`, :math:`\bar T A = A^{-T} \sum_i w_i (A^T X_i A)^{1/2}`.
Convention: the residual is the norm of J, or of :math:`\bar T - I`; the twins are the iterations in :mod:`erlangen.manifolds.mean`, n <= 32.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from erlangen import native
from erlangen.linalg.symmetric_eigen import lanes_pay

__all__ = ["Descent", "descend", "plain_spd"]

Array = NDArray[np.float64]

LARGEST = 32
_VERDICTS = ("converged", "limited", "stalled", "lost", "trusted")


class Descent(NamedTuple):
    """Where a descent ended: a factor of the mean, the residual there, the steps, and why it ended.

    ``verdict`` is "converged"; "limited", by the number of steps; "stalled", the residual no longer fell; "lost", rounding left no positive
    eigenvalue; "trusted", a last step was taken whose residual nobody measured.
    """

    factor: Array
    residual: float
    iterations: int
    verdict: str


def descend(
    kind: str,
    X: Array,
    w: Array,
    start: Array,
    tol: float,
    max_iter: int,
    *,
    patience: int,
    trust: bool = False,
    threads: int | None = None,
    level: str = "auto",
) -> Descent | None:
    r"""Return where the descent to a mean of SPD matrices ends, or nothing where the kernel does not serve.

    Parameters
    ----------
    kind : {"affine", "bures"}
        Which mean.
    X : ndarray (N, n, n)
        Symmetric positive definite, n <= 32.
    w : ndarray (N,)
        Weights of sum one.
    start : ndarray (n, n)
        Lower triangular factor of the point to start from.
    tol : float
        Largest residual.
    max_iter, patience : int
        Most steps, and most steps without a smaller residual.
    trust : bool
        Let the affine-invariant descent end with a step that a tenth of its usual gain would bring below ``tol``.
    threads, level
        As :func:`erlangen.linalg.eigh`; the result does not depend on the threads.

    Returns
    -------
    Descent or None

    Examples
    --------
    >>> X = np.array([[[1.0]], [[4.0]]])
    >>> found = descend("affine", X, np.array([0.5, 0.5]), np.array([[1.5]]), 1e-12, 50, patience=8)
    >>> found is None or (found.verdict, float(np.round(found.factor[0, 0] ** 2, 12)))
    ('converged', 2.0)
    """
    module: Any = native.kernels()
    if module is None or X.shape[-1] > LARGEST or not lanes_pay(len(X), X.shape[-1], "auto"):
        return None
    factor = np.array(start, dtype=np.float64, order="C")
    A, weights = np.ascontiguousarray(X, dtype=np.float64), np.ascontiguousarray(w, dtype=np.float64)
    count = native.default_threads(threads)
    residual, steps, verdict = module.barycentre(
        A, weights, factor, kind == "bures", tol, max_iter, patience, trust, count, level
    )
    return Descent(factor, residual, steps, _VERDICTS[verdict])


def plain_spd(A: Array, *, level: str = "auto") -> bool:
    r"""Return whether matrices (N, n, n) are finite, exactly symmetric and safely positive definite; ``False`` also where there is no kernel.

    Safely: each pivot of Cholesky's factorisation exceeds :math:`4 n \varepsilon` of its diagonal entry, see :func:`erlangen.linalg.check_spd`,
    which is to be asked where the answer is no.

    Examples
    --------
    >>> plain_spd(np.array([[[1.0, 2.0], [2.0, 1.0]]]))
    False
    """
    module: Any = native.kernels()
    if module is None or A.dtype != np.float64 or A.ndim != 3 or A.size == 0 or not A.flags.c_contiguous:
        return False
    if A.shape[1] != A.shape[2] or not lanes_pay(len(A), A.shape[-1], "auto"):
        return False
    status = np.empty(len(A), np.int8)
    module.plain_matrices(A, status, native.default_threads(None), level)
    return not status.any()
