r"""The number of steps of a random walk from the von Neumann entropy of its powers.

Definition: :math:`S(t) = -\sum_k p_k \ln p_k`, :math:`p_k = |\mu_k|^t / \sum_l |\mu_l|^t`, :math:`\mu` the eigenvalues of the walk; t is the knee of S
(Moon et al. 2019).
Convention: t = 1 … 100; above 2,000 vertices the 256 largest eigenvalues stand for all, and their density is that of Lanczos quadrature from
random signs (Ubaru, Chen & Saad 2017).
"""

from __future__ import annotations

import numpy as np
import scipy.linalg
import scipy.sparse as sp
from numpy.typing import NDArray

from erlangen.linalg import spmm
from erlangen.linalg.lanczos import Lanczos
from erlangen.operators import Graph, knee

__all__ = ["entropy_of_powers", "walk_steps"]

_LONGEST = 100
_DENSE = 2000
_EIGENVALUES = 256
_PROBES = 32
_ORDER = 60


def _spectrum(graph: Graph, self_loops: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return moduli of eigenvalues of the walk with loops, and how many eigenvalues each of them stands for."""
    root = np.sqrt(graph.degrees + self_loops)
    scale = sp.diags_array(1 / np.where(root > 0, root, 1.0))
    A = sp.csr_array(scale @ (graph.weights + self_loops * sp.eye_array(graph.n)) @ scale)
    if graph.n <= _DENSE:
        return np.abs(scipy.linalg.eigvalsh(A.toarray())), np.ones(graph.n)
    signs = np.random.default_rng(0).choice([-1.0, 1.0], size=(_PROBES, graph.n))
    process = Lanczos(lambda B: spmm(A, B), signs, stored=False)
    for _ in range(_ORDER):
        process.step()
    values, vectors = process.eigen()
    return _leading(np.abs(values).ravel(), (graph.n / _PROBES * vectors[:, 0] ** 2).ravel(), _EIGENVALUES)


def _leading(
    moduli: NDArray[np.float64], counts: NDArray[np.float64], k: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the largest moduli, falling, with counts that add up to k."""
    order = np.argsort(-moduli)
    moduli, counts = moduli[order], counts[order]
    counts = np.clip(k - (np.cumsum(counts) - counts), 0.0, counts)
    return moduli[counts > 0], counts[counts > 0]


def entropy_of_powers(
    moduli: NDArray[np.float64], steps: NDArray[np.int64], counts: NDArray[np.float64] | None = None
) -> NDArray[np.float64]:
    r"""Return the entropies (k,) of the normalised powers of eigenvalues, each counted once or as often as ``counts`` says.

    .. math:: S(t) = \ln Z - \frac{t}{Z} \sum_k c_k |\mu_k|^t \ln |\mu_k|, \qquad Z = \sum_k c_k |\mu_k|^t

    Examples
    --------
    >>> entropy_of_powers(np.array([1.0, 0.5, 0.5]), np.array([1, 30])).round(3)
    array([1.04, 0.  ])
    >>> entropy_of_powers(np.array([1.0, 0.5]), np.array([1]), np.array([1.0, 2.0])).round(3)
    array([1.04])
    """
    counts = np.ones(len(moduli)) if counts is None else counts
    logarithms = np.log(np.maximum(moduli, np.finfo(np.float64).tiny))
    powers = np.power.outer(moduli, steps.astype(np.float64))
    total = counts @ powers
    return np.asarray(np.log(total) - steps * ((counts * logarithms) @ powers) / total)


def walk_steps(graph: Graph, self_loops: float = 1.0) -> int:
    """Return the number of steps at the knee of the entropy.

    Examples
    --------
    >>> path = Graph(np.diag(np.ones(29), 1) + np.diag(np.ones(29), -1))
    >>> 1 < walk_steps(path) < 100
    True
    """
    steps = np.arange(1, _LONGEST + 1)
    moduli, counts = _spectrum(graph, self_loops)
    return int(steps[knee(steps, entropy_of_powers(moduli, steps, counts))])
