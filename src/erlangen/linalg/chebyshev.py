r"""Chebyshev series of a function and their action on blocks of vectors, :math:`p(A) B`, by products with A alone.

Definition: three-term recurrence :math:`T_{k+1} = 2 \hat A T_k - T_{k-1}` (Trefethen, Approximation Theory and Practice, ch. 3; Druskin & Knizhnerman 1989).
Convention: the error is ABSOLUTE, relative to the norm of B; entries of the result far below that norm carry no correct digit.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from erlangen.errors import DomainError, ShapeError
from erlangen.linalg.chebyshev_series import ChebyshevSeries
from erlangen.linalg.product import as_columns, as_product, is_tensor, one_kind
from erlangen.validation import check_finite, check_integer, check_real

__all__ = ["chebyshev_action", "chebyshev_coefficients", "heat_coefficients"]

_BLOW_UP = 1e3
_LARGEST_TIME = 1e10


def _check_interval(interval: tuple[float, float]) -> tuple[float, float]:
    """Return the ends of a proper interval, as floats."""
    low = check_real(interval[0], "interval[0]")
    high = check_real(interval[1], "interval[1]", low=low, open_low=True)
    return low, high


def chebyshev_coefficients(
    f: Callable[[NDArray[np.float64]], Any], order: int, interval: tuple[float, float] = (-1.0, 1.0)
) -> ChebyshevSeries:
    r"""Return the Chebyshev series of a function on an interval, truncated after a given order.

    .. math:: c_k = \frac{2 - \delta_{k0}}{\pi} \int_0^\pi f(x(\cos\theta)) \cos(k\theta)\, d\theta

    by the discrete cosine transform on ``4 (order + 1)`` points; exact up to rounding for polynomials of degree at most ``order``.

    Parameters
    ----------
    f : callable
        Maps an array (m,) to an array (m,).
    order : int
        Degree of the last term kept.
    interval : tuple of float
        Its ends, lower first.

    Returns
    -------
    ChebyshevSeries
        Its ``truncation`` is the estimate :math:`\sum_{k > order} |c_k|` over the coefficients the points resolve.

    Raises
    ------
    DomainError
        If the interval is empty, the order negative, or ``f`` is not finite there.

    Examples
    --------
    >>> chebyshev_coefficients(lambda x: x**2, 2).coefficients.round(15) + 0.0
    array([0.5, 0. , 0.5])
    """
    order = check_integer(order, "order", low=0, high=10**7)
    low, high = _check_interval(interval)
    count = max(4 * (order + 1), 16)
    nodes = np.cos(np.pi * (np.arange(count) + 0.5) / count)
    values = np.asarray(f(0.5 * (low + high) + 0.5 * (high - low) * nodes), dtype=np.float64)
    if values.shape != nodes.shape:
        message = f"f must map an array (m,) to an array (m,), got {values.shape} for {nodes.shape}"
        raise ShapeError(message, hint="write f with NumPy's elementwise functions")
    check_finite(values, "f(x)")
    coefficients = scipy.fft.dct(values, type=2) / count
    coefficients[0] /= 2
    cut = float(np.abs(coefficients[order + 1 :]).sum())
    return ChebyshevSeries(coefficients[: order + 1], (low, high), cut, rigorous=False)


def _chernoff(k: float, tau: float) -> float:
    r"""Return the logarithm of an upper bound of :math:`e^{-\tau} \sum_{j \ge k} I_j(\tau)` (Chernoff, for a difference of Poisson variables)."""
    root = math.hypot(k, tau)
    return (k * k / (root + tau)) - k * math.asinh(k / tau)


def _scaled_bessel(tau: float, rtol: float) -> tuple[NDArray[np.float64], float]:
    r"""Return :math:`e^{-\tau} I_k(\tau)`, k = 0 … N, and a bound of :math:`2 \sum_{k > N}`: Miller's backward recurrence.

    The ratios :math:`r_k = I_k / I_{k-1} = 1 / (2k/\tau + r_{k+1})` have positive terms only, and the sum of all is 1: no digit is lost.
    """
    target = math.log(min(rtol, 1e-16)) - 8.0  # the sum of all is 1 to rounding, however coarse the cut
    last = 1
    while _chernoff(last, tau) > target:
        last = 2 * last
    low = last // 2
    while last - low > 1:
        middle = (low + last) // 2
        low, last = (middle, last) if _chernoff(middle, tau) > target else (low, middle)
    ratios = np.empty(last + 1)
    ratio = 0.0
    for k in range(last + 64 + int(math.sqrt(tau)), 0, -1):
        ratio = 1.0 / (2.0 * k / tau + ratio)
        if k <= last:
            ratios[k] = ratio
    ratios[0] = 1.0
    masses = np.cumprod(ratios)
    rest = 2.0 * math.exp(_chernoff(last + 1, tau))
    return masses / (masses[0] + 2 * masses[1:].sum()), rest


def heat_coefficients(tau: float, rtol: float = 1e-15) -> ChebyshevSeries:
    r"""Return the Chebyshev series of :math:`e^{-\tau (1 + x)}` on [-1, 1], cut where a proved bound allows.

    .. math:: e^{-\tau(1 + x)} = e^{-\tau} I_0(\tau) + 2 \sum_{k \ge 1} (-1)^k e^{-\tau} I_k(\tau) T_k(x)

    For a Laplacian with spectrum in :math:`[0, \lambda]` and time t, :math:`e^{-tL}` is this series with
    :math:`\tau = t\lambda/2` on the interval :math:`(0, \lambda)`. The order is at most about
    :math:`\sqrt{2 \tau \ln(2/\text{rtol})} + \ln(1/\text{rtol})`.

    Parameters
    ----------
    tau : float
        Half the time multiplied by the length of the spectrum, without unit; 0 to 1e10.
    rtol : float
        Largest error by truncation, relative to the function's largest value, which is 1.

    Returns
    -------
    ChebyshevSeries
        Its ``truncation`` is proved: :math:`2 \sum_{k > K} e^{-\tau} I_k(\tau)`, with Chernoff's bound for the far tail.

    Raises
    ------
    DomainError
        If ``tau`` or ``rtol`` is outside its range.

    References
    ----------
    DLMF 10.35.2 (the series) and 10.74(iv) (backward recurrence).

    Examples
    --------
    >>> series = heat_coefficients(50.0, rtol=1e-10)
    >>> series.order, series.truncation <= 1e-10
    (47, True)
    """
    tau = check_real(tau, "tau", low=0.0, high=_LARGEST_TIME)
    rtol = check_real(rtol, "rtol", low=1e-300, high=1.0, open_high=True)
    if tau < 1e-300:
        return ChebyshevSeries(np.ones(1), (-1.0, 1.0), 2 * tau, rigorous=True)
    masses, rest = _scaled_bessel(tau, rtol)
    tails = 2 * np.cumsum(masses[::-1])[::-1] + rest
    tails = np.append(tails[1:], rest) * (1 + 1e-10)
    order = int(np.argmax(tails <= rtol))
    signs = np.where(np.arange(order + 1) % 2, -2.0, 2.0)
    signs[0] = 1.0
    return ChebyshevSeries(signs * masses[: order + 1], (-1.0, 1.0), float(tails[order]), rigorous=True)


def _weights(coefficients: ChebyshevSeries | NDArray[Any]) -> NDArray[np.float64]:
    """Return the coefficients as finite float64 of shape (order + 1,) or (functions, order + 1)."""
    if isinstance(coefficients, ChebyshevSeries):
        return coefficients.coefficients
    weights = np.asarray(coefficients, dtype=np.float64)
    if weights.ndim not in (1, 2) or weights.shape[-1] == 0:
        message = f"coefficients must have shape (order + 1,) or (functions, order + 1), got {weights.shape}"
        raise ShapeError(message, hint="pass at least one coefficient")
    check_finite(weights, "coefficients")
    return weights


def _check_growth(last: Any, first: Any, interval: tuple[float, float]) -> None:
    """Refuse where the recurrence grew, which proves that the spectrum leaves the interval."""
    blocks = (block.detach() if is_tensor(block) else block for block in (last, first))
    largest, start = (float(abs(block).max()) if math.prod(block.shape) else 0.0 for block in blocks)
    if not largest <= _BLOW_UP * start * math.sqrt(max(first.shape[0], 1)):
        message = f"the spectrum of A is not inside {interval}: the recurrence grew from {start:.3g} to {largest:.3g}"
        raise DomainError(message, hint="take the upper end from largest_eigenvalue_bound, and check that A is finite")


def chebyshev_action(
    A: Any,
    B: Any,
    coefficients: ChebyshevSeries | NDArray[Any],
    interval: tuple[float, float] | None = None,
    *,
    threads: int | None = None,
) -> Any:
    r"""Return :math:`p(A) B` for a Chebyshev series p and a matrix with real spectrum inside the interval.

    .. math:: p(A) B = \sum_k c_k T_k(\hat A) B, \qquad \hat A = (2A - a - b)/(b - a)

    The accuracy is absolute: truncation plus some ``order`` rounding units, both times the norm of ``B``. It is not
    relative for each entry: an entry of :math:`e^{-tL}` smaller than that is noise and may be negative. For logarithms
    of the heat kernel use implicit steps with :class:`erlangen.linalg.MMatrixFactor`.

    Parameters
    ----------
    A : sparse matrix, ndarray, Tensor, operator or callable
        Matrix (n, n), an operator with ``matmul``, or the function ``B -> A B``.
    B : ndarray or Tensor (n,) or (n, m)
        Columns; float32 and float64 are kept, torch keeps its gradient, and one tensor makes the result a tensor.
    coefficients : ChebyshevSeries or array (order + 1,) or (functions, order + 1)
        One series, or several that share the products.
    interval : tuple of float, optional
        Holds the spectrum; by default that of the series.
    threads : int, optional
        Threads of the sparse product.

    Returns
    -------
    ndarray or Tensor (n,) or (n, m), or a tuple of them, one for each row of coefficients

    Raises
    ------
    ShapeError
        If the shapes do not fit.
    DomainError
        If no interval is known, input is not finite, or the recurrence shows that the spectrum leaves the interval.

    Examples
    --------
    >>> L = np.array([[1.0, -1.0], [-1.0, 1.0]])
    >>> chebyshev_action(L, np.eye(2), heat_coefficients(1.0), (0.0, 2.0)).round(12)
    array([[0.56766764, 0.43233236],
           [0.43233236, 0.56766764]])
    """
    weights = _weights(coefficients)
    if interval is None:
        if not isinstance(coefficients, ChebyshevSeries):
            message = "interval is missing: plain coefficients do not say on which interval they hold"
            raise DomainError(message, hint="pass interval=(low, high)")
        interval = coefficients.interval
    low, high = _check_interval(interval)
    A, columns = one_kind(A, as_columns(A, B))
    total = _recur(as_product(A, threads=threads), columns, np.atleast_2d(weights), (low, high))
    return total[0] if weights.ndim == 1 else tuple(total)


def _recur(product: Any, B: Any, weights: NDArray[np.float64], interval: tuple[float, float]) -> list[Any]:
    """Return the sums for each row of weights; NumPy blocks are updated in place, torch ones are not (for their gradient)."""
    low, high = interval
    scale, shift = 2.0 / (high - low), (high + low) / (high - low)
    plain = isinstance(B, np.ndarray)
    before, now = None, B
    total = [B * float(row[0]) for row in weights]
    for k in range(1, weights.shape[1]):
        factor = 1.0 if before is None else 2.0
        image = product(now)
        if plain and image.dtype == B.dtype and image is not now:
            image *= factor * scale
            image -= (factor * shift) * now
            if before is not None:
                image -= before
        else:
            image = (factor * scale) * image - (factor * shift) * now
            image = image if before is None else image - before
        before, now = now, image
        for i, row in enumerate(weights):
            if row[k]:
                total[i] = total[i] + float(row[k]) * now
    _check_growth(now, B, interval)
    return total
