"""One law, measured: what was asked, the number found, the number allowed.

Definition: a law holds if its residual is finite and at most its tolerance; a law that is yes or no has residual 0 or 1 and tolerance 0.
Convention: residuals are relative to the scale of the compared quantities unless the detail says otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["LawResult"]


@dataclass(frozen=True, slots=True)
class LawResult:
    """The outcome of one law.

    Parameters
    ----------
    law : str
        Name of the law.
    passed : bool
        Whether it holds.
    residual : float
        The measured number (largest over the samples).
    tolerance : float
        What was allowed.
    detail : str
        Where the residual was measured: the sample index, the refusal that was missing, the exception that was raised.

    Examples
    --------
    >>> print(LawResult("associativity", True, 2e-16, 1e-9, "worst at sample 3"))
    ok    associativity: 2e-16 <= 1e-09 (worst at sample 3)
    """

    law: str
    passed: bool
    residual: float
    tolerance: float
    detail: str = ""

    def __str__(self) -> str:
        sign = "<=" if self.passed else ">"
        note = f" ({self.detail})" if self.detail else ""
        return (
            f"{'ok   ' if self.passed else 'FAIL '} {self.law}: {self.residual:.2g} {sign} {self.tolerance:.2g}{note}"
        )
