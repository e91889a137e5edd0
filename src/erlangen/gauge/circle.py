"""Smooth periodic functions by their Fourier coefficients.

Definition: ``F(φ) = Σ_{|k| <= N} c_k e^{ikφ}`` with ``c_{-k} = conj(c_k)``; derivatives are exact on the coefficients.
Convention: real functions of period 2π; a callable is sampled until its coefficients have decayed to rounding.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias, final

import numpy as np
from numpy.typing import NDArray

from erlangen.errors import ConvergenceError, DomainError

__all__ = ["CircleFunction", "Periodic"]

Periodic: TypeAlias = "CircleFunction | Callable[[NDArray[np.float64]], NDArray[np.float64]] | float | int"
_LARGEST = 1 << 14
_TOLERANCE = 1e-13


@final
class CircleFunction:
    """A real smooth function on the circle.

    Parameters
    ----------
    coefficients : (N + 1,) complex array
        ``c_0 … c_N``.

    Raises
    ------
    DomainError
        If the coefficients are not finite, or ``c_0`` is not real.

    Examples
    --------
    >>> wave = CircleFunction.of(lambda phi: np.cos(2 * phi))
    >>> np.allclose(wave.derivative()(np.array([0.3])), -2 * np.sin(0.6))
    True
    """

    def __init__(self, coefficients: NDArray[np.complex128]) -> None:
        values = np.atleast_1d(np.asarray(coefficients, dtype=np.complex128))
        if values.ndim != 1 or not np.all(np.isfinite(values)):
            message = "the Fourier coefficients are not a finite vector"
            raise DomainError(message, hint="give c_0 ... c_N")
        if abs(values[0].imag) > 1e-12 * (1 + abs(values[0])):
            message = f"c_0 = {values[0]} is not real: the function is not real"
            raise DomainError(message)
        self.coefficients = values

    @classmethod
    def of(cls, function: Periodic) -> CircleFunction:
        """Return a function by its Fourier coefficients, sampled finely enough.

        Raises
        ------
        ConvergenceError
            If the coefficients have not decayed at 16,384 samples: the function is not smooth, or not periodic.
        DomainError
            If a value is not finite, or the argument is neither a real number nor a function.

        Examples
        --------
        >>> CircleFunction.of(-1.0)(np.array([0.0, 1.0]))
        array([-1., -1.])
        """
        if isinstance(function, CircleFunction):
            return function
        if isinstance(function, int | float):
            return cls(np.array([function], dtype=np.complex128))
        if not callable(function):
            message = (
                f"{function!r} is no function of the angle: give a number, a callable of arrays or a CircleFunction"
            )
            raise DomainError(message)
        count = 32
        while count <= _LARGEST:
            angles = 2 * np.pi * np.arange(count) / count
            values = np.broadcast_to(np.asarray(function(angles), dtype=np.float64), angles.shape)
            if not np.all(np.isfinite(values)):
                message = f"the function is not finite at φ = {angles[int(np.argmin(np.isfinite(values)))]:.6g}"
                raise DomainError(message)
            found = np.fft.rfft(values) / count
            size = np.max(np.abs(found))
            tail = np.max(np.abs(found[count // 3 :]))
            if tail <= _TOLERANCE * max(size, 1e-300) or size == 0:
                keep = np.flatnonzero(np.abs(found) > 1e-16 * size)
                return cls(found[: int(keep[-1]) + 1 if keep.size else 1])
            count *= 2
        message = f"the Fourier coefficients are still {tail / size:.1e} of the largest at {_LARGEST} samples"
        raise ConvergenceError(
            message, residual=float(tail / size), iterations=_LARGEST, hint="give a smooth function of period 2 pi"
        )

    def __call__(self, angle: NDArray[np.float64] | float) -> NDArray[np.float64]:
        """Return the values at angles of any shape."""
        x = np.asarray(angle, dtype=np.float64)
        k = np.arange(1, len(self.coefficients))
        waves = np.exp(1j * x[..., None] * k)
        return np.real(self.coefficients[0]) + 2 * np.real(waves @ self.coefficients[1:])

    def derivative(self, order: int = 1) -> CircleFunction:
        """Return a derivative.

        Examples
        --------
        >>> float(CircleFunction.of(3).derivative()(0.0))
        0.0
        """
        k = np.arange(len(self.coefficients))
        return CircleFunction(self.coefficients * (1j * k) ** order)

    def mean(self) -> float:
        """Return ``(1/2π) ∮ F dφ``.

        Examples
        --------
        >>> CircleFunction.of(lambda phi: 2 + np.sin(phi)).mean()
        2.0
        """
        return float(np.real(self.coefficients[0]))
