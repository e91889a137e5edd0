r"""The trace of a function of a symmetric matrix from random probes, with the standard error and that of the quadrature.

Definition: :math:`\operatorname{tr} f(A) = E[z^T f(A) z]`, z of random signs; each form by Gauss quadrature of Lanczos (Ubaru, Chen & Saad 2017).
Convention: the standard error is that of the mean over the probes; the quadrature adds a bias, which is estimated apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.linalg.certificate import Certificate
from erlangen.linalg.krylov import norm_from_below
from erlangen.linalg.krylov_columns import block_width
from erlangen.linalg.lanczos import Lanczos
from erlangen.linalg.product import as_product, as_symmetric, one_kind
from erlangen.linalg.scalar_function import ScalarFunction, as_scalar_function
from erlangen.random import RngLike, as_generator
from erlangen.validation import check_integer, check_real

__all__ = ["TraceEstimate", "trace_estimate"]

_STRIDE = 4


@dataclass(frozen=True)
class TraceEstimate:
    """An estimate of a trace and what is known of it.

    Parameters
    ----------
    value : float
        Mean over the probes.
    standard_error : float
        Standard deviation of that mean, from the spread of the probes.
    quadrature_error : float
        Estimated bias by the finite number of Lanczos steps.
    probes, iterations : int
        Random vectors, and products with A for each.

    Examples
    --------
    >>> TraceEstimate(10.2, 0.1, 1e-9, 30, 12).standard_error
    0.1
    """

    value: float
    standard_error: float
    quadrature_error: float
    probes: int
    iterations: int


def trace_estimate(
    A: Any,
    function: Any,
    *,
    t: float | None = None,
    probes: int = 32,
    rtol: float = 1e-6,
    max_iterations: int = 200,
    n: int | None = None,
    rng: RngLike = 0,
    threads: int | None = None,
) -> TraceEstimate:
    r"""Return an estimate of :math:`\operatorname{tr} f(A)` for a symmetric matrix, by products with A alone.

    .. math:: \operatorname{tr} f(A) \approx \frac{n}{s} \sum_{j=1}^{s} \sum_{k=1}^{m} \tau_{jk}^2 f(\theta_{jk})

    :math:`\theta_{jk}` are the Ritz values of probe j, :math:`\tau_{jk}` the first entries of the eigenvectors of its tridiagonal matrix.
    The variance is :math:`\tfrac{2}{s} (\|f(A)\|_F^2 - \sum_i f(A)_{ii}^2)`; there is none where f(A) is diagonal.

    Parameters
    ----------
    A, function, t, threads
        See :func:`krylov_action`; ``log`` gives the logarithm of the determinant.
    probes : int
        Random vectors s, at least 2; the standard error falls as :math:`s^{-1/2}`.
    rtol : float
        Largest change of the value over the last four steps, relative to it.
    max_iterations : int
        Lanczos steps at most.
    n : int, optional
        Size, for a callable without ``shape``.
    rng : seed or Generator
        Of the probes; fixed by default.

    Returns
    -------
    TraceEstimate

    Raises
    ------
    ShapeError, DomainError, ResourceLimitError
        As :func:`krylov_action`.

    Warns
    -----
    ConvergenceWarning
        If the quadrature did not reach ``rtol``.

    References
    ----------
    Ubaru, Chen and Saad, SIAM J. Matrix Anal. 38 (2017), algorithm 1; Hutchinson, Commun. Stat. 18 (1989), for the variance.

    Examples
    --------
    >>> found = trace_estimate(np.diag([1.0, 2.0, 4.0]), "log")
    >>> round(found.value, 12), round(found.standard_error, 12)
    (2.07944154168, 0.0)
    """
    chosen = as_scalar_function(function, t)
    count = check_integer(probes, "probes", low=2)
    rtol = check_real(rtol, "rtol", low=0.0, high=1.0, open_low=True, open_high=True)
    most = check_integer(max_iterations, "max_iterations", low=1)
    A = as_symmetric(np.asarray(A) if isinstance(A, (list, tuple)) else A)
    product = as_product(A, threads=threads)
    rows = int(A.shape[0]) if hasattr(A, "shape") else check_integer(n, "n", low=1)
    size = norm_from_below(A)
    generator = as_generator(rng)
    forms, error, steps = np.zeros(count), 0.0, 0
    width = block_width(rows, True)
    for first in range(0, count if rows else 0, width):
        part = slice(first, min(count, first + width))
        signs = generator.choice(np.array([-1.0, 1.0]), size=(rows, part.stop - first))
        process = Lanczos(product, one_kind(A, signs)[1].T, size=size)
        forms[part], defect = _quadrature(process, chosen, rtol, min(most, rows))
        error, steps = max(error, defect), max(steps, process.steps)
    value, spread = float(forms.mean()), float(forms.std(ddof=1)) / count**0.5
    limit = rtol * float(np.abs(forms).mean())
    Certificate("Lanczos quadrature", steps, error, limit).warn("trace_estimate", "raise max_iterations or rtol")
    return TraceEstimate(value, spread, error, count, steps)


def _quadrature(
    process: Lanczos, function: ScalarFunction, rtol: float, most: int
) -> tuple[NDArray[np.float64], float]:
    """Return the quadratic forms (c,) and the mean change of them over the last steps, zero where every space is exhausted."""
    before: NDArray[np.float64] | None = None
    while True:
        process.step()
        ended = bool(process.exhausted.all())
        if process.steps % _STRIDE and process.steps < most and not ended:
            continue
        values, vectors = process.eigen()
        weights = (vectors[:, 0] * process.norms[:, None]) ** 2
        now = (weights * function(values, process.size, process.unit)).sum(axis=1)
        error = float("inf") if before is None else float(np.abs(now - before).mean())
        if ended or error <= rtol * float(np.abs(now).mean()) or process.steps >= most:
            return now, 0.0 if ended else error
        before = now
