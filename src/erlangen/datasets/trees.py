"""A random tree of branches in space.

Definition: each branch is a cumulative sum of steps U(-1, 1)^p; a new branch starts at a random point of the first (Moon et al. 2019, supplement).
Convention: the truth is the shortest path in the 10-neighbour graph of the noise-free points, as the experiments of Huguet et al. 2023 have it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from erlangen.datasets.manifold_sample import ManifoldSample
from erlangen.random import RngLike, as_generator
from erlangen.validation import check_choice, check_integer, check_real

__all__ = ["neighbour_lengths", "tree"]


def tree(
    branches: int = 5,
    branch_length: int = 200,
    *,
    dim: int = 10,
    noise: float = 1.0,
    attach: str = "trunk",
    rng: RngLike = None,
) -> ManifoldSample:
    """Return a sample of a random tree.

    Parameters
    ----------
    branches : int
        Number of branches.
    branch_length : int
        Points of each branch.
    dim : int
        Dimension of the space.
    noise : float
        Standard deviation of the noise in each coordinate.
    attach : {"trunk", "anywhere"}
        Whether branches start on the first branch or at any earlier point.
    rng : seed or Generator, optional
        Source of randomness.

    Returns
    -------
    ManifoldSample
        With labels = branches, and shortest paths in the 10-neighbour graph of the noise-free points.

    Examples
    --------
    >>> tree(3, 20, rng=0)
    ManifoldSample('tree', n=60, p=10)
    """
    branches = check_integer(branches, "branches", low=1)
    branch_length = check_integer(branch_length, "branch_length", low=3)
    dim = check_integer(dim, "dim", low=1)
    noise = check_real(noise, "noise", low=0)
    check_choice(attach, "attach", ("trunk", "anywhere"))
    generator = as_generator(rng)
    parts: list[NDArray[np.float64]] = []
    for b in range(branches):
        steps = np.cumsum(generator.uniform(-1, 1, size=(branch_length, dim)), axis=0)
        if b:
            start = int(generator.integers(branch_length if attach == "trunk" else b * branch_length))
            steps += parts[start // branch_length][start % branch_length]
        parts.append(steps)
    clean = np.concatenate(parts)
    X = clean + noise * generator.normal(size=clean.shape)
    labels = np.repeat(np.arange(branches), branch_length)
    names = tuple(f"branch {b}" for b in range(branches))
    return ManifoldSample(X, "tree", skeleton=neighbour_lengths(clean, 10), labels=labels, label_names=names)


def neighbour_lengths(X: NDArray[np.float64], k: int) -> Any:
    """Return the lengths of the edges of the symmetric k-neighbour graph of ``X`` as a sparse array (n, n).

    Examples
    --------
    >>> neighbour_lengths(np.array([[0.0], [1.0], [3.0]]), 1).toarray()
    array([[0., 1., 0.],
           [1., 0., 2.],
           [0., 2., 0.]])
    """
    k = min(k, len(X) - 1)
    distances, indices = cKDTree(X).query(X, k=k + 1)
    rows = np.arange(len(X))[:, None]
    # Among k + 1 or more equal points the point itself may not be listed: then the last one gives way.
    own = indices == rows
    own[:, -1] |= ~own.any(axis=1)
    # A length of zero would be no edge at all for the shortest-path search.
    lengths = np.maximum(distances[~own], np.finfo(np.float64).tiny)
    graph = sp.csr_array((lengths, (np.repeat(rows, k), indices[~own])), shape=(len(X),) * 2)
    return sp.csr_array(graph.maximum(graph.T))
