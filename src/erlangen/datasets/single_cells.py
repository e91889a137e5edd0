"""Simulated single-cell counts on a known tree of differentiation.

Definition: log-means follow Brownian paths along the tree; counts are Poisson of gamma rates (negative binomial), thinned by library size and dropout
(the model of Zappia, Phipson, Oshlack, Genome Biol. 18:174 (2017), with paths instead of groups).
Convention: X = log(1 + counts scaled to the median library); geodesics are path lengths on the tree, where each branch has length one.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from erlangen.datasets.manifold_sample import ManifoldSample
from erlangen.random import RngLike, as_generator
from erlangen.validation import check_integer, check_real

__all__ = ["single_cell_tree"]

_KNOTS = 64


def single_cell_tree(
    n: int = 1000,
    *,
    genes: int = 300,
    branches: int = 5,
    library: float = 2000.0,
    dispersion: float = 0.1,
    dropout: float = 0.1,
    effect: float = 1.0,
    rng: RngLike = None,
) -> ManifoldSample:
    """Return log-normalised counts of cells on a random tree, with the true path distances.

    Parameters
    ----------
    n, genes, branches : int
        Cells, genes and branches of the tree; branch b > 0 starts at the end of a random earlier one.
    library : float
        Median number of counts of a cell; library sizes are log-normal with standard deviation 0.3.
    dispersion : float
        Variance of the gamma factor of each count (0: Poisson counts).
    dropout : float
        Share of the counts of an average gene that are lost; more of faint genes, fewer of strong ones.
    effect : float
        Standard deviation of the change of a log-mean along one branch.
    rng : seed or Generator, optional
        Source of randomness.

    Returns
    -------
    ManifoldSample
        X (n, genes), labels = branches, times = depth on the tree, exact path distances.

    Examples
    --------
    >>> cells = single_cell_tree(200, genes=50, rng=0)
    >>> bool(np.allclose(cells.geodesics(), cells.geodesics().T))
    True
    """
    n = check_integer(n, "n", low=3)
    genes = check_integer(genes, "genes", low=2)
    branches = check_integer(branches, "branches", low=1)
    library = check_real(library, "library", low=0, open_low=True)
    dispersion = check_real(dispersion, "dispersion", low=0)
    dropout = check_real(dropout, "dropout", low=0, high=1, open_high=True)
    effect = check_real(effect, "effect", low=0)
    generator = as_generator(rng)
    parents = [-1] + [int(generator.integers(b)) for b in range(1, branches)]
    branch = generator.integers(branches, size=n)
    position = generator.random(n)
    means = _log_means(parents, branch, position, genes, effect, generator)
    counts = _counts(means, library, dispersion, dropout, generator)
    total = np.maximum(counts.sum(axis=1, keepdims=True), 1.0)
    X = np.log1p(counts / total * np.median(total))
    depth = np.zeros(branches)
    for b in range(1, branches):
        depth[b] = depth[parents[b]] + 1
    names = tuple(f"branch {b}" for b in range(branches))
    skeleton = _skeleton(parents, branch, position)
    labels, times = branch.astype(np.int64), depth[branch] + position
    return ManifoldSample(X, "single_cell_tree", skeleton=skeleton, labels=labels, label_names=names, times=times)


def _log_means(
    parents: list[int],
    branch: NDArray[np.int64],
    position: NDArray[np.float64],
    genes: int,
    effect: float,
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    """Log-means (n, genes): a base level of each gene plus a Brownian path along the tree."""
    base = rng.normal(0.0, 1.0, size=genes)
    grid = np.linspace(0.0, 1.0, _KNOTS + 1)
    out = np.empty((len(branch), genes))
    ends: list[NDArray[np.float64]] = []
    for b, parent in enumerate(parents):
        steps = rng.normal(0.0, effect / np.sqrt(_KNOTS), size=(_KNOTS, genes))
        start = base if parent < 0 else ends[parent]
        path = start + np.concatenate([np.zeros((1, genes)), np.cumsum(steps, axis=0)])
        ends.append(path[-1])
        own = np.flatnonzero(branch == b)
        low = np.minimum((position[own] * _KNOTS).astype(np.int64), _KNOTS - 1)
        part = ((position[own] - grid[low]) * _KNOTS)[:, None]
        out[own] = (1 - part) * path[low] + part * path[low + 1]
    return out


def _counts(
    log_means: NDArray[np.float64], library: float, dispersion: float, dropout: float, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Counts (n, genes) of gamma–Poisson type with log-normal library sizes and intensity-dependent dropout."""
    share = np.exp(log_means)
    share /= share.sum(axis=1, keepdims=True)
    rate = share * library * rng.lognormal(0.0, 0.3, size=(len(share), 1))
    if dispersion:
        rate = rate * rng.gamma(1 / dispersion, dispersion, size=rate.shape)
    counts = rng.poisson(rate).astype(np.float64)
    if dropout:
        relative = np.log(share * share.shape[1])
        lost = 1 / (1 + (1 - dropout) / dropout * np.exp(relative))
        counts[rng.random(counts.shape) < lost] = 0.0
    return counts


def _skeleton(parents: list[int], branch: NDArray[np.int64], position: NDArray[np.float64]) -> Any:
    """Edge lengths of the tree on the n cells and, after them, the start and the end of each branch."""
    n = len(branch)
    rows, columns, lengths = [], [], []
    for b, parent in enumerate(parents):
        own = np.flatnonzero(branch == b)
        own = own[np.argsort(position[own], kind="stable")]
        start = n if parent < 0 else n + 1 + parent
        chain = np.concatenate([[start], own, [n + 1 + b]])
        place = np.concatenate([[0.0], position[own], [1.0]])
        rows.append(chain[:-1])
        columns.append(chain[1:])
        lengths.append(np.maximum(np.diff(place), np.finfo(np.float64).tiny))
    size = n + 1 + len(parents)
    pairs = (np.concatenate(rows), np.concatenate(columns))
    graph = sp.csr_array((np.concatenate(lengths), pairs), shape=(size, size))
    return sp.csr_array(graph + graph.T)
