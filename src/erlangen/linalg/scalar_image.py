r"""A scalar function as the kernels apply it to eigenvalues.

Definition: log, sqrt, exp, :math:`x^{-1/2}`, :math:`x^{-1}` and powers :math:`x^p`, each with the set on which it is defined.
Convention: an eigenvalue below zero by no more than rounding counts as zero where zero is allowed; elsewhere it is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.errors import DomainError, NotSPDError
from erlangen.validation import check_choice, check_real

__all__ = ["ScalarImage", "scalar_image"]

_DOMAINS = ("real", "nonnegative", "positive")


@dataclass(frozen=True)
class ScalarImage:
    """A function of eigenvalues: how messages and the kernels call it, where it is defined, and its values.

    Parameters
    ----------
    name : str
        As messages call it.
    kind : int
        As the kernels call it.
    domain : {"real", "nonnegative", "positive"}
        Where it is defined.
    function : callable
        Its values on an array.
    power : float
        The exponent, for powers.
    """

    name: str
    kind: int
    domain: str
    function: Callable[[NDArray[Any]], NDArray[Any]]
    power: float = 0.0

    @property
    def kernel_domain(self) -> int:
        """The domain as the kernels call it."""
        return _DOMAINS.index(self.domain)

    def checked(self, values: NDArray[Any], name: str, index: tuple[int, ...] = ()) -> NDArray[Any]:
        """Return f of one matrix's ascending eigenvalues, refused outside the domain or where it overflows.

        Raises
        ------
        NotSPDError, DomainError
            Naming the matrix and its eigenvalue.

        Examples
        --------
        >>> scalar_image("sqrt").checked(np.array([-1e-20, 4.0]), "A")
        array([0., 2.])
        """
        if not values.size:
            return values
        least = float(values[0])
        noise = len(values) * float(np.finfo(values.dtype).eps) * float(np.abs(values).max())
        if (self.domain == "nonnegative" and least < -4 * noise) or (self.domain == "positive" and not least > 0):
            law, kind = (">= 0", "semidefinite") if self.domain == "nonnegative" else ("> 0", "definite")
            message = f"{name} is not positive {kind}: its smallest eigenvalue is {least:.6g}"
            remedy = f"{self.name} needs eigenvalues {law}; add a multiple of the identity or repair the matrix"
            rank = int(np.count_nonzero(values > noise))
            raise NotSPDError(message, index=index, smallest_eigenvalue=least, rank=rank, hint=remedy)
        with np.errstate(all="ignore"):
            image = self.function(np.maximum(values, 0) if self.domain == "nonnegative" else values).astype(
                values.dtype
            )
        if not np.isfinite(image).all():
            worst = float(values[int(np.argmin(np.isfinite(image)))])
            message = f"{name}: {self.name} of the eigenvalue {worst:.6g} is not finite in {values.dtype}"
            raise DomainError(message, hint="rescale the matrix")
        return image


_NAMED = {
    "log": ScalarImage("log", 0, "positive", np.log),
    "sqrt": ScalarImage("sqrt", 1, "nonnegative", np.sqrt),
    "exp": ScalarImage("exp", 2, "real", np.exp),
    "inv-sqrt": ScalarImage("inv-sqrt", 3, "positive", lambda x: 1 / np.sqrt(x)),
    "inverse": ScalarImage("inverse", 4, "positive", lambda x: 1 / x),
}


def scalar_image(f: str | float) -> ScalarImage:
    """Return the function of a name, or the power of an exponent.

    Raises
    ------
    DomainError
        If there is no such function.

    Examples
    --------
    >>> scalar_image(-0.5).function(np.array([4.0]))
    array([0.5])
    """
    if isinstance(f, str):
        return _NAMED[check_choice(f, "f", _NAMED)]
    p = check_real(f, "f")
    return ScalarImage(f"power {p:g}", 5, "positive", lambda x: x.astype(np.float64) ** p, power=p)
