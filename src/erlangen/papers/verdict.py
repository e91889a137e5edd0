"""What can be said about a claim after a run: a closed list.

Definition: six verdicts; None stands for a claim no stored run has touched yet.
Convention: ``str(verdict)`` is the wording shown everywhere.
"""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Verdict"]


class Verdict(StrEnum):
    """The verdict on a claim.

    Examples
    --------
    >>> print(Verdict.BETTER)
    better than the paper
    """

    REPRODUCED = "reproduced"
    BETTER = "better than the paper"
    DIRECTION = "same direction at smaller scale"
    THEOREM = "theorem checked"
    UNAVAILABLE = "not reproducible here"
    FAILED = "failed"
