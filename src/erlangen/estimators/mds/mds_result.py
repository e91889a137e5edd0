"""What metric scaling returns: the points, and how well they keep the distances.

Definition: ``stress`` is Σ w (d − |z|)² / Σ w d² over the pairs, with the weights that were minimised.
Convention: ``embedding`` is (n, d), centred at its mean; it is not rescaled, so that its distances are in the units of D.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = ["MDSResult"]


@dataclass(frozen=True, eq=False)
class MDSResult:
    """Points (n, d), their normalised stress, and how the iteration ended.

    Parameters
    ----------
    embedding : ndarray or Tensor (n, d)
        The points, centred, in the units of the distances.
    stress : float
        Normalised stress, between 0 (all distances kept) and about 1.
    iterations : int
        Majorisation steps, or epochs.
    converged : bool
        Whether the last step changed the stress by no more than the tolerance.
    method : str
        ``smacof`` or ``sgd``.

    Examples
    --------
    >>> MDSResult([[0.0], [1.0]], 0.0, 3, True, "smacof").method
    'smacof'
    """

    embedding: Any
    stress: float
    iterations: int
    converged: bool
    method: str
