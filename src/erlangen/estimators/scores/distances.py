r"""Scores of a distance matrix against the true one: correlation of rows, shared neighbours, norms of the difference.

Definition: row by row, averaged over the rows, as in the tables of Huguet et al. (2023).
Convention: D is judged, G is the truth; (m, n) rows are allowed with ``sources``; pairs infinite in either are left out, see ``saturated_fraction``.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from erlangen.errors import DomainError
from erlangen.estimators.scores.rankings import checked_pair, checked_rows, neighbour_order, own_columns
from erlangen.validation import check_choice, check_finite, check_integer

__all__ = ["NormErrors", "distance_correlation", "norm_errors", "precision_at_k", "saturated_fraction"]

Array = NDArray[np.float64]


def distance_correlation(
    D: Any, G: Any, kind: str = "pearson", *, skip_diagonal: bool = True, sources: Any = None
) -> float:
    r"""Return the mean over the rows of the correlation of distances with true distances.

    .. math:: \frac1m \sum_i \operatorname{corr}\big( (D_{ij})_j, (G_{ij})_j \big)

    over the columns j where both are finite; Spearman's takes mean ranks of ties. A constant row correlates with nothing and counts 0.

    Parameters
    ----------
    D, G : array_like (m, n)
        Distances, and the true ones.
    kind : {"pearson", "spearman"}
        The correlation.
    skip_diagonal : bool
        Leave the pair of a point with itself out. (The tables of Huguet et al. keep it in.)
    sources : array_like (m,), optional
        The column of each row's own point, needed where ``skip_diagonal`` is set and m != n.

    Raises
    ------
    ShapeError, DomainError
        If the shapes differ, an entry is NaN or negative, or a row has fewer than two finite pairs.

    References
    ----------
    Huguet et al., NeurIPS 2023, section 5.

    Examples
    --------
    >>> G = np.array([[0.0, 1.0, 2.0], [1.0, 0.0, 3.0], [2.0, 3.0, 0.0]])
    >>> round(distance_correlation(5 * G, G), 12)
    1.0
    """
    check_choice(kind, "kind", ("pearson", "spearman"))
    D, G = checked_pair(D, G)
    usable = np.isfinite(D) & np.isfinite(G)
    if skip_diagonal:
        usable[np.arange(len(D)), own_columns(D.shape, sources)] = False
    counts = usable.sum(axis=1)
    if len(D) == 0 or counts.min() < 2:
        row = int(counts.argmin()) if len(D) else 0
        message = (
            f"row {row} has {int(counts[row]) if len(D) else 0} pairs that are finite in both; a correlation needs 2"
        )
        raise DomainError(message, hint="leave unreached rows out, see saturated_fraction")
    if usable.all() or (skip_diagonal and bool((counts == D.shape[1] - 1).all())):
        a, b = D[usable].reshape(len(D), -1), G[usable].reshape(len(D), -1)
        return float(_correlations(a, b, kind).mean())
    each = [_correlations(D[i, u][None], G[i, u][None], kind)[0] for i, u in enumerate(usable)]
    return float(np.mean(each))


def _correlations(a: Array, b: Array, kind: str) -> Array:
    """Return the correlation of each row of a with the same row of b."""
    if kind == "spearman":
        a, b = rankdata(a, axis=1), rankdata(b, axis=1)
    x, y = _unit_rows(a), _unit_rows(b)
    return np.asarray(np.clip((x * y).sum(axis=1), -1.0, 1.0))


def _unit_rows(a: Array) -> Array:
    """Return centred rows of length one; a constant row is zero."""
    scale = np.abs(a).max(axis=1, keepdims=True)
    centred = a / np.where(scale > 0, scale, 1.0)
    centred = centred - centred.mean(axis=1, keepdims=True)
    length = np.sqrt(np.square(centred).sum(axis=1, keepdims=True))
    level = 8 * np.finfo(np.float64).eps * np.sqrt(a.shape[1])
    return np.asarray(np.divide(centred, length, out=np.zeros_like(centred), where=length > level))


def saturated_fraction(D: Any) -> float:
    """Return the share of pairs off the diagonal, or of all entries of rows (m, n), whose distance is infinite: not reached.

    Examples
    --------
    >>> saturated_fraction([[0.0, np.inf, 1.0], [np.inf, 0.0, 1.0], [1.0, 1.0, 0.0]])
    0.3333333333333333
    """
    D = checked_rows(D, "D")
    pairs = D.size - (len(D) if D.shape[0] == D.shape[1] else 0)
    return float(np.count_nonzero(np.isinf(D)) / pairs) if pairs else 0.0


def precision_at_k(D: Any, G: Any, k: int, *, sources: Any = None) -> float:
    r"""Return the mean share of the k nearest true neighbours that are among the k nearest by D.

    .. math:: \frac1m \sum_i \frac{|N_k^D(i) \cap N_k^G(i)|}{k}

    Parameters
    ----------
    D, G : array_like (m, n)
        Distances, and the true ones; a point is not its own neighbour.
    k : int
        1 <= k < n.
    sources : array_like (m,), optional
        The column of each row's own point, needed where m != n.

    Raises
    ------
    ShapeError, DomainError
        If the shapes differ, an entry is NaN or negative, or k is out of range.

    Examples
    --------
    >>> precision_at_k([[0, 1, 2], [1, 0, 2], [1, 2, 0]], [[0, 1, 2], [1, 0, 2], [2, 1, 0]], 1)
    0.6666666666666666
    """
    D, G = checked_pair(D, G)
    k = check_integer(k, "k", low=1, high=D.shape[1] - 1)
    own = own_columns(D.shape, sources)
    found, true = neighbour_order(D, own)[:, :k], neighbour_order(G, own)[:, :k]
    marks = np.zeros(D.shape, dtype=bool)
    np.put_along_axis(marks, true, True, axis=1)
    return float(np.take_along_axis(marks, found, axis=1).mean())


class NormErrors(NamedTuple):
    """Frobenius and infinity norms of D - G: relative to those of G, and divided by the number of entries."""

    frobenius_relative: float
    infinity_relative: float
    frobenius_mean: float
    infinity_mean: float


def norm_errors(D: Any, G: Any) -> NormErrors:
    r"""Return the errors of distances in two norms.

    .. math:: \frac{\|D - G\|}{\|G\|}, \qquad \frac{\|D - G\|}{n^2}, \qquad
        \|A\|_F = \Big(\sum A_{ij}^2\Big)^{1/2}, \quad \|A\|_\infty = \max_i \sum_j |A_{ij}|

    Parameters
    ----------
    D, G : array_like (m, n)
        Finite distances, and the true ones, in the same units.

    Raises
    ------
    ShapeError, DomainError
        If the shapes differ, an entry is not finite or negative, or G is zero.

    Examples
    --------
    >>> norm_errors([[0.0, 3.0], [3.0, 0.0]], [[0.0, 2.0], [2.0, 0.0]]).infinity_relative
    0.5
    """
    D, G = checked_pair(D, G)
    check_finite(D, "D")
    check_finite(G, "G")
    own = float(np.linalg.norm(G))
    if own == 0:
        message = "G is zero: a relative error has no scale"
        raise DomainError(message, hint="check the true distances")
    gap = D - G
    frobenius, infinity = float(np.linalg.norm(gap)), float(np.linalg.norm(gap, np.inf))
    return NormErrors(
        frobenius / own, infinity / float(np.linalg.norm(G, np.inf)), frobenius / D.size, infinity / D.size
    )
