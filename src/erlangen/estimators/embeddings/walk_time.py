r"""The number of steps of a random walk from the von Neumann entropy of its powers.

Definition: :math:`S(t) = -\sum_k p_k \ln p_k`, :math:`p_k = |\mu_k|^t / \sum_l |\mu_l|^t`, :math:`\mu` the eigenvalues of the walk; t is the knee of S
(Moon et al. 2019).
Convention: t = 1 … 100; above 2,000 vertices the 256 largest eigenvalues stand for all.
"""

from __future__ import annotations

import numpy as np
import scipy.linalg
import scipy.sparse as sp
from numpy.typing import NDArray

from erlangen.linalg import lowest_eigenpairs
from erlangen.operators import Graph, knee

__all__ = ["entropy_of_powers", "walk_steps"]

_LONGEST = 100
_DENSE = 2000
_EIGENVALUES = 256


def _spectrum(graph: Graph, self_loops: float) -> NDArray[np.float64]:
    """Return the moduli of the eigenvalues of the walk with loops, falling."""
    root = np.sqrt(graph.degrees + self_loops)
    scale = sp.diags_array(1 / np.where(root > 0, root, 1.0))
    A = sp.csr_array(scale @ (graph.weights + self_loops * sp.eye_array(graph.n)) @ scale)
    if graph.n <= _DENSE:
        values = scipy.linalg.eigvalsh(A.toarray())
    else:
        low, _ = lowest_eigenpairs(sp.csr_array(sp.eye_array(graph.n) - A), _EIGENVALUES, rtol=1e-6, lower=0.0)
        values = 1 - low
    return np.sort(np.abs(values))[::-1]


def entropy_of_powers(moduli: NDArray[np.float64], steps: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the entropies (k,) of the normalised powers of eigenvalues.

    Examples
    --------
    >>> entropy_of_powers(np.array([1.0, 0.5, 0.5]), np.array([1, 30])).round(3)
    array([1.04, 0.  ])
    """
    powers = np.power.outer(moduli, steps.astype(np.float64))
    shares = powers / powers.sum(axis=0)
    return np.asarray(-(shares * np.log(np.maximum(shares, np.finfo(np.float64).tiny))).sum(axis=0))


def walk_steps(graph: Graph, self_loops: float = 1.0) -> int:
    """Return the number of steps at the knee of the entropy.

    Examples
    --------
    >>> path = Graph(np.diag(np.ones(29), 1) + np.diag(np.ones(29), -1))
    >>> 1 < walk_steps(path) < 100
    True
    """
    steps = np.arange(1, _LONGEST + 1)
    return int(steps[knee(steps, entropy_of_powers(_spectrum(graph, self_loops), steps))])
