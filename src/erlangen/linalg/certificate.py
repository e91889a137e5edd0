"""What an iterative routine can say of its result: how far it went, what is left, whether that was enough.

Definition: ``residual`` is the measured or estimated error in the unit that the routine names, ``tolerance`` what was asked in the same unit.
Convention: ``converged`` means ``residual <= tolerance``; where it is false the routine has given a :class:`erlangen.errors.ConvergenceWarning`.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

from erlangen.errors import ConvergenceWarning

__all__ = ["Certificate"]


@dataclass(frozen=True)
class Certificate:
    """Iterations, residual and verdict of an iterative routine.

    Parameters
    ----------
    method : str
        Which way was taken.
    iterations : int
        Products with the matrix, or solves, of one column.
    residual : float
        Largest error over the columns.
    tolerance : float
        What was asked.

    Examples
    --------
    >>> Certificate("lanczos", 12, 1e-11, 1e-10).converged
    True
    """

    method: str
    iterations: int
    residual: float
    tolerance: float

    @property
    def converged(self) -> bool:
        """Whether the residual is at most the tolerance."""
        return self.residual <= self.tolerance

    def warn(self, what: str, remedy: str) -> None:
        """Give a :class:`ConvergenceWarning` with the numbers unless converged."""
        if not self.converged:
            message = (
                f"{what}: residual {self.residual:.3g} > {self.tolerance:.3g} after {self.iterations} iterations "
                f"of {self.method} ({remedy})"
            )
            warnings.warn(message, ConvergenceWarning, stacklevel=3)
