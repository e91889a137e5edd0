r"""The heat-geodesic dissimilarity: Varadhan's distance with the volume term of the parabolic Harnack inequality.

Definition: :math:`d^2 = -4t \ln H_{ij} + 4t\sigma \ln \tfrac{H_{ii} + H_{jj}}{2}` (Huguet et al. 2023, definition 4.1; Saloff-Coste 1992).
Convention: :math:`V = 2 / (H_{ii} + H_{jj})` stands for the volume; negative radicands become zero and are counted; unreached pairs are at infinity.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any, Literal, overload

import numpy as np
from numpy.typing import NDArray

from erlangen.errors import DomainWarning
from erlangen.operators.distances.checks import check_kernel, check_lengths, own_vertices, zero_own
from erlangen.validation import check_memory, check_real

__all__ = ["HarnackReport", "harnack_distance"]

_BLOCK_ENTRIES = 2**22
_ROUNDING = 1e-9


@dataclass(frozen=True)
class HarnackReport:
    r"""What was lost in the roots.

    Parameters
    ----------
    pairs : int
        Pairs with a finite radicand; a vertex with itself is left out where that is known.
    clipped : int
        Those among them whose radicand was below -4e-9 t and became zero.
    lowest : float
        Least radicand over 4 t.
    unreached : int
        Pairs at infinity.

    Examples
    --------
    >>> HarnackReport(pairs=10, clipped=5, lowest=-0.25, unreached=0).fraction
    0.5
    """

    pairs: int
    clipped: int
    lowest: float
    unreached: int

    @property
    def fraction(self) -> float:
        """Clipped pairs over all finite ones."""
        return self.clipped / self.pairs if self.pairs else 0.0


@overload
def harnack_distance(
    H: Any,
    t: float,
    *,
    row_diagonal: Any = ...,
    column_diagonal: Any = ...,
    sigma: float = ...,
    sources: Any = ...,
    report: Literal[False] = ...,
) -> NDArray[np.float64]: ...


@overload
def harnack_distance(
    H: Any,
    t: float,
    *,
    row_diagonal: Any = ...,
    column_diagonal: Any = ...,
    sigma: float = ...,
    sources: Any = ...,
    report: Literal[True],
) -> tuple[NDArray[np.float64], HarnackReport]: ...


def harnack_distance(
    H: Any,
    t: float,
    *,
    row_diagonal: Any = None,
    column_diagonal: Any = None,
    sigma: float = 1.0,
    sources: Any = None,
    report: bool = False,
) -> NDArray[np.float64] | tuple[NDArray[np.float64], HarnackReport]:
    r"""Return :math:`\big[-4t \ln H_{ij} + 4t\sigma \ln \tfrac{H_{ii} + H_{jj}}{2}\big]_+^{1/2}` with zeros for the vertices themselves.

    For :math:`\sigma = 0` it is :func:`varadhan_distance`; for :math:`\sigma \le 1` and H <= 1 no radicand is negative.

    Parameters
    ----------
    H : array_like (m, n)
        Rows of a symmetric heat kernel, non-negative.
    t : float
        Its time.
    row_diagonal : array_like (m,), optional
        :math:`H_{ii}` of the rows; may be left away where H is square.
    column_diagonal : array_like (n,), optional
        :math:`H_{jj}` of the columns; likewise.
    sigma : float
        Weight of the volume term, 0 to 2.
    sources : array_like (m,), optional
        Vertices of the rows, see :func:`varadhan_distance`.
    report : bool
        Return a :class:`HarnackReport` as second result.

    Returns
    -------
    ndarray (m, n)

    Raises
    ------
    DomainError
        If an entry is negative, t is not positive, or sigma is outside [0, 2].
    ShapeError
        If a diagonal does not fit.

    Warns
    -----
    DomainWarning
        If sigma > 1, with the fraction of negative radicands: points collapse.

    Examples
    --------
    >>> H = np.array([[0.75, 0.25], [0.25, 0.75]])
    >>> np.allclose(harnack_distance(H, 0.25), [[0, np.sqrt(np.log(3))], [np.sqrt(np.log(3)), 0]])
    True
    """
    rows = check_kernel(H)
    t = check_real(t, "t", low=0.0, open_low=True)
    sigma = check_real(sigma, "sigma", low=0.0, high=2.0)
    m, n = rows.shape
    own = rows.diagonal() if m == n else None
    left = check_lengths(own if row_diagonal is None else row_diagonal, "row_diagonal", m)
    right = check_lengths(own if column_diagonal is None else column_diagonal, "column_diagonal", n)
    check_memory(8.0 * rows.size, f"distances {rows.shape}")
    D = np.empty_like(rows)
    vertices = own_vertices(sources, m, n)
    clipped, lowest, unreached = 0, np.inf, 0
    size = max(1, _BLOCK_ENTRIES // max(1, n))
    for start in range(0, m, size):
        block = slice(start, start + size)
        with np.errstate(divide="ignore"):
            radicand = -np.log(rows[block])
        if sigma:
            radicand += sigma * np.log((left[block, None] + right) / 2)
        if vertices is not None:
            radicand[np.arange(len(radicand)), vertices[block]] = np.inf
        clipped += int(np.count_nonzero(radicand < -_ROUNDING))
        lowest = min(lowest, float(radicand.min(initial=np.inf)))
        unreached += int(np.count_nonzero(np.isinf(radicand)))
        np.maximum(radicand, 0.0, out=radicand)
        radicand *= 4.0 * t
        np.sqrt(radicand, out=D[block])
    found = HarnackReport(rows.size - unreached, clipped, float(lowest), unreached - (0 if vertices is None else m))
    if sigma > 1:
        message = (
            f"sigma = {sigma:g} > 1: {found.clipped} of {found.pairs} radicands are negative and became zero "
            f"({found.fraction:.1%}), the lowest {found.lowest:.3g} * 4t; points collapse (take sigma <= 1)"
        )
        warnings.warn(message, DomainWarning, stacklevel=2)
    D = zero_own(D, sources)
    return (D, found) if report else D
