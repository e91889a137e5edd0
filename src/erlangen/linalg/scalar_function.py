r"""A function of the spectrum by name or given by the caller, with where it is defined and which error bound holds for it.

Definition: names stand for :math:`e^{tx}, \sqrt x, 1/\sqrt x, \ln x, 1/x`; all but the first come from Stieltjes functions (Frommer & Schweitzer 2016).
Convention: a value below zero by rounding alone counts as zero; anything lower is refused with the value.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.errors import DomainError, ShapeError
from erlangen.validation import check_choice, check_real

__all__ = ["NAMES", "ScalarFunction", "as_scalar_function"]

NAMES = ("exp", "sqrt", "inverse-sqrt", "log", "inverse")
_SLACK = 64.0

Array = NDArray[np.float64]


@dataclass(frozen=True)
class ScalarFunction:
    """A function of real numbers.

    Parameters
    ----------
    name : str
        What messages call it.
    f : callable
        Maps an array (m,) to an array (m,).
    domain : {"real", "nonnegative", "positive"}
        Where it is defined.
    end : {"low", "high"}, optional
        The end of the spectrum from which the error of Lanczos is bounded, see :func:`erlangen.linalg.krylov_action`.
    t : float
        Time of an exponential.

    Examples
    --------
    >>> as_scalar_function("sqrt")(np.array([-1e-17, 4.0]), 4.0)
    array([0., 2.])
    """

    name: str
    f: Callable[[Array], Any]
    domain: str = "real"
    end: str | None = None
    t: float = 1.0

    def __call__(self, x: Array, scale: float, unit: float = 2.3e-16) -> Array:
        """Return the values at eigenvalues or Ritz values of a matrix of norm ``scale`` known to rounding units ``unit``.

        Raises
        ------
        DomainError
            If a value lies outside the domain, or the function is not finite there.
        ShapeError
            If the function does not keep the shape.
        """
        x = self._inside(x, _SLACK * unit * scale)
        with np.errstate(all="ignore"):
            values = np.asarray(self.f(x.ravel()), dtype=np.float64)
        if values.shape != (x.size,):
            message = f"function must map an array (m,) to an array (m,), got {values.shape} for {(x.size,)}"
            raise ShapeError(message, hint="write it with NumPy's elementwise functions")
        if not np.isfinite(values).all():
            i = int(np.argmin(np.isfinite(values)))
            message = f"function {self.name!r} is {values[i]} at the Ritz value {x.ravel()[i]:.6g} of A"
            raise DomainError(message, hint="the spectrum of A must lie where the function is finite")
        return values.reshape(x.shape)

    def _inside(self, x: Array, slack: float) -> Array:
        """Return the values with rounding below zero removed, or refuse the lowest."""
        if self.domain == "real" or x.size == 0:
            return x
        lowest = float(x.min())
        law = "positive definite" if self.domain == "positive" else "positive semi-definite"
        limit = slack / _SLACK if self.domain == "positive" else -slack
        if lowest < limit or (self.domain == "positive" and lowest == limit):
            message = f"{self.name} needs A {law}, but it has the Ritz value {lowest:.6g}, the limit is {limit:.2g}"
            remedy = "shift it, A + s I" if self.domain == "positive" else "check the sign of A"
            raise DomainError(message, hint=remedy)
        return np.maximum(x, 0.0)

    def admits(self, bound: float) -> bool:
        """Return whether the function is finite at a bound of the spectrum and beyond it towards the spectrum."""
        return bool(np.isfinite(bound)) and {"real": True, "nonnegative": bound >= 0}.get(self.domain, bound > 0)


def as_scalar_function(function: Any, t: float | None = None) -> ScalarFunction:
    """Return a function by its name, with time ``t`` for ``exp`` (default 1), or wrap a callable.

    Raises
    ------
    DomainError
        If the name is unknown, ``function`` no callable, or ``t`` given for another function.
    """
    if t is not None and function != "exp":
        message = f"t={t!r} belongs to function='exp', got function={function!r}"
        raise DomainError(message, hint="leave t away, or put it into the callable")
    if callable(function):
        return ScalarFunction(getattr(function, "__name__", "f"), function)
    name = check_choice(function, "function", NAMES)
    if name == "exp":
        time = 1.0 if t is None else check_real(t, "t")
        return ScalarFunction("exp", lambda x: np.exp(time * x), "real", "low" if time < 0 else "high", time)
    if name == "sqrt":
        return ScalarFunction("sqrt", np.sqrt, "nonnegative", "low")
    if name == "inverse-sqrt":
        return ScalarFunction("inverse-sqrt", lambda x: 1 / np.sqrt(x), "positive", "low")
    return ScalarFunction(name, np.log if name == "log" else np.reciprocal, "positive", "low")
