r"""What is known of a computed heat kernel: how it was computed, and how far it can be from :math:`e^{-tL}`.

Definition: ``absolute_error`` bounds every entry of the difference, ``relative_error`` every entry's difference over that entry (largest over all asked).
Convention: bounds hold in exact arithmetic plus the rounding that each method states; ``inf`` means that nothing is claimed.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["HeatCertificate"]


@dataclass(frozen=True)
class HeatCertificate:
    r"""Method, order, error bounds and measured defects of a heat kernel.

    Parameters
    ----------
    method : str
        ``euler``, ``uniformisation``, ``squaring``, ``chebyshev``, ``krylov``, ``eigh`` or ``lowrank``.
    order : int
        Steps, terms, degree, or eigenpairs.
    absolute_error, relative_error : float
        Bounds of the entrywise distance to :math:`e^{-tL}`; the relative one is over entries of at least 1e-300.
    row_sum_defect : float
        Largest :math:`|\sum_j H_{ij} \sqrt{\mu_j} / \sqrt{\mu_i} - 1|` over the rows: heat made or lost.
    symmetry_defect : float
        Largest :math:`|H_{ij} - H_{ji}|` among the sources, for the symmetric form.
    negative : int
        Entries below zero.
    unreached : int
        Pairs of one component whose entry is zero, below the smallest number or beyond the hops taken.

    Examples
    --------
    >>> HeatCertificate("euler", 5, 0.054, float("inf"), 1e-15, 0.0, 0, 0).trusts_logarithms
    True
    """

    method: str
    order: int
    absolute_error: float
    relative_error: float
    row_sum_defect: float
    symmetry_defect: float
    negative: int
    unreached: int

    @property
    def trusts_logarithms(self) -> bool:
        """Whether each entry carries correct digits of its own, so that its logarithm means something."""
        return self.method in ("euler", "uniformisation", "squaring")
