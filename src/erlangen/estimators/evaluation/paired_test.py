r"""Is one pipeline better than another? Paired one-sided tests over subjects, combined over data sets.

Definition: sign-flip permutation test of the mean difference (exact for few subjects), Wilcoxon's signed ranks for many; then Stouffer's weighted Z.
Convention: as ``moabb.analysis.meta_analysis`` of MOABB 1.7.2: scores are averaged over sessions first; p is that of "first better than second".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from erlangen.errors import DomainError
from erlangen.random import RngLike, as_generator
from erlangen.validation import check_finite, check_integer

__all__ = ["PairedTest", "paired_test", "permutation_test", "standardised_mean_difference", "stouffer"]

_EXACT = 13
_BLOCK = 1 << 12


@dataclass(frozen=True)
class PairedTest:
    """The outcome of a comparison: ``p`` one-sided and ``smd`` combined, and (dataset, subjects, p, smd) one by one."""

    first: str
    second: str
    p: float
    smd: float
    datasets: tuple[tuple[str, int, float, float], ...]


def paired_test(
    rows: Iterable[Mapping[str, Any]],
    first: str,
    second: str,
    *,
    permutation_below: int = 20,
    n_permutations: int = 10_000,
    rng: RngLike = 0,
) -> PairedTest:
    r"""Test whether pipeline ``first`` scores higher than ``second``.

    Parameters
    ----------
    rows : ResultTable or iterable of dict
        With keys ``score``, ``subject``, ``dataset``, ``pipeline``; scores of one subject are averaged over sessions.
    first, second : str
        Names of pipelines.
    permutation_below : int
        Data sets with fewer subjects take the permutation test (exact up to 13 subjects), others Wilcoxon's.
    n_permutations : int
        Sign flips drawn where there are more than 13 subjects.
    rng : int or Generator
        Their seed.

    Returns
    -------
    PairedTest

    Raises
    ------
    DomainError
        If a pipeline is missing, or was not scored on a subject of the other, or a score is not finite.

    References
    ----------
    Jayaram & Barachant, MOABB: trustworthy algorithm benchmarking for BCIs, J. Neural Eng. 15 (2018), sec. 2.4.

    Examples
    --------
    >>> rows = [{"score": s, "subject": i, "dataset": "toy", "pipeline": name}
    ...         for name, scores in {"A": [0.75, 0.875, 0.5], "B": [0.5, 0.75, 0.375]}.items() for i, s in enumerate(scores)]
    >>> paired_test(rows, "A", "B").p
    0.125
    """
    scores = _by_dataset(rows, first, second)
    generator = as_generator(rng)
    found = []
    for name, pairs in scores.items():
        gap = pairs[:, 0] - pairs[:, 1]
        if len(gap) < check_integer(permutation_below, "permutation_below", low=0):
            p = permutation_test(gap, n_permutations=n_permutations, rng=generator)
        else:
            p = _wilcoxon(gap)
        found.append((name, len(gap), p, standardised_mean_difference(gap)))
    counts = np.array([row[1] for row in found], dtype=float)
    weights = np.sqrt(counts)
    effect = float(np.sum(weights / weights.sum() * np.array([row[3] for row in found])))
    return PairedTest(first, second, stouffer([row[2] for row in found], counts), effect, tuple(found))


def permutation_test(gap: Any, *, n_permutations: int = 10_000, rng: RngLike = 0) -> float:
    r"""Return the one-sided p of the sum of differences under random signs.

    .. math:: p = 2^{-n}\, \#\{ s \in \{-1, 1\}^n : \textstyle\sum_i s_i d_i \ge \sum_i d_i \}

    up to n = 13, for more subjects from ``n_permutations`` draws with :math:`(1 + \#) / N`; never 1, so that it may be combined.

    Examples
    --------
    >>> permutation_test([0.1, 0.2])
    0.25
    """
    d = _differences(gap)
    n = len(d)
    level = d.sum() - 1e-12 * np.abs(d).sum()  # sums that are equal but for rounding count
    if n <= _EXACT:
        count, total = 0, 2**n
        for start in range(0, total, _BLOCK):
            signs = 1 - 2 * ((np.arange(start, min(start + _BLOCK, total))[:, None] >> np.arange(n)) & 1)
            count += int(np.count_nonzero(signs @ d >= level))
    else:
        total = check_integer(n_permutations, "n_permutations", low=2)
        signs = 1 - 2 * as_generator(rng).integers(0, 2, size=(total, n))
        count = 1 + int(np.count_nonzero(signs @ d >= level))
    return min(count, total - 1) / total


def standardised_mean_difference(gap: Any) -> float:
    """Return the mean of differences over their standard deviation (n − 1); constant ones give 0 or infinity with their sign.

    Examples
    --------
    >>> standardised_mean_difference([1.0, 3.0])
    1.414213562373095
    """
    d = _differences(gap)
    if (d == d[0]).all():
        return 0.0 if d[0] == 0 else float(np.copysign(np.inf, d[0]))
    return float(d.mean() / d.std(ddof=1))


def stouffer(p: Any, counts: Any) -> float:
    r"""Combine one-sided p-values, :math:`1 - \Phi(\sum_d \sqrt{n_d}\, \Phi^{-1}(1 - p_d) / \sqrt{\sum_d n_d})`.

    Examples
    --------
    >>> round(stouffer([0.05, 0.05], [10, 10]), 6)
    0.010005
    """
    values, weights = np.asarray(p, dtype=float), np.sqrt(np.asarray(counts, dtype=float))
    if len(values) == 1:
        return float(values[0])
    return float(stats.norm.sf(np.sum(weights * stats.norm.isf(values)) / np.sqrt(np.sum(weights**2))))


def _wilcoxon(gap: NDArray[np.float64]) -> float:
    """Return half the two-sided p of Wilcoxon's signed ranks, turned to the side of the mean, inside (0, 1)."""
    d = _differences(gap)
    if not d.any():
        return 0.5
    p = float(stats.wilcoxon(d)[1]) / 2
    if d.mean() < 0:
        p = 1 - p
    return float(np.clip(p, np.nextafter(0.0, 1.0), np.nextafter(1.0, 0.0)))


def _differences(gap: Any) -> NDArray[np.float64]:
    d = np.asarray(gap, dtype=float).ravel()
    if not len(d):
        message = "there are no differences to test"
        raise DomainError(message, hint="score both pipelines on the same subjects")
    check_finite(d, "differences")
    return d


def _by_dataset(rows: Iterable[Mapping[str, Any]], first: str, second: str) -> dict[str, NDArray[np.float64]]:
    """Return scores (subjects, 2) of both pipelines, averaged over sessions, by data set."""
    kept: dict[str, dict[Any, dict[str, list[float]]]] = {}
    for row in rows:
        if row["pipeline"] in (first, second):
            subjects = kept.setdefault(str(row["dataset"]), {})
            subjects.setdefault(row["subject"], {}).setdefault(row["pipeline"], []).append(float(row["score"]))
    if not kept:
        message = f"there are no scores of {first!r} or {second!r}"
        raise DomainError(message, hint="check the names of the pipelines")
    found = {}
    for name, subjects in kept.items():
        for subject, scores in subjects.items():
            missing = [pipeline for pipeline in (first, second) if pipeline not in scores]
            if missing:
                message = f"data set {name!r}, subject {subject!r}: there is no score of {missing[0]!r}"
                raise DomainError(message, hint="score both pipelines on the same subjects")
        pairs = [[float(np.mean(scores[p])) for p in (first, second)] for scores in subjects.values()]
        found[name] = np.array(pairs)
    return found
