r"""Powers of the random walk on a graph: the discrete heat of PHATE and of diffusion maps.

Definition: :math:`P = D^{-1} K`, :math:`K = W + \ell I`, :math:`D = \mathrm{diag}(K 1)`; rows of :math:`P^t`.
Convention: nothing is subtracted, so that every entry keeps its digits down to 1e-300; an isolated vertex without loop stays where it is.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from erlangen.linalg import spmm
from erlangen.operators.graph import Graph
from erlangen.operators.heat.choice import check_sources
from erlangen.validation import check_choice, check_integer, check_memory, check_real

__all__ = ["random_walk_kernel"]

FORMS = ("transition", "symmetric", "density")
_DENSE_GAIN = 16.0
_LARGEST_DENSE = 8192
_BLOCK = 256


def random_walk_kernel(
    graph: Any,
    steps: int,
    *,
    sources: Any = None,
    form: str = "transition",
    self_loops: float = 0.0,
    threads: int | None = None,
) -> NDArray[np.float64]:
    r"""Return rows of a power of the random walk.

    Parameters
    ----------
    graph : Graph or what :meth:`Graph.coerce` takes
        The graph.
    steps : int
        t >= 1.
    sources : array_like (m,), optional
        Vertices (default: all).
    form : {"transition", "symmetric", "density"}
        :math:`P^t`, whose rows sum to one; :math:`D^{1/2} P^t D^{-1/2}`; or :math:`P^t D^{-1} \operatorname{tr} D`, symmetric and tending to one.
    self_loops : float
        Weight :math:`\ell` of a loop at each vertex; PHATE's kernel has 1.
    threads : int, optional
        Threads of the products.

    Returns
    -------
    ndarray (m, n)

    Raises
    ------
    DomainError
        If ``steps`` is not positive, a name is unknown, or a source is not a vertex.
    ResourceLimitError
        If the rows would not fit in memory.

    Examples
    --------
    >>> random_walk_kernel([[0, 1], [1, 0]], 3, self_loops=1.0)
    array([[0.5, 0.5],
           [0.5, 0.5]])
    """
    graph = Graph.coerce(graph)
    steps = check_integer(steps, "steps", low=1)
    check_choice(form, "form", FORMS)
    loops = check_real(self_loops, "self_loops", low=0.0)
    vertices = check_sources(sources, graph.n)
    n, m = graph.n, len(vertices)
    check_memory(24.0 * m * n, f"{m} rows of a random walk on {n} vertices")
    stays = np.where(graph.degrees + loops > 0, loops, 1.0)
    degrees = graph.degrees + stays
    root = np.sqrt(degrees)
    half = sp.diags_array(1 / root)
    S = sp.csr_array(half @ (graph.weights + sp.diags_array(stays)) @ half)
    S.eliminate_zeros()
    squared = 2 * math.log2(steps + 1) * float(n) ** 3 / _DENSE_GAIN
    dense = n <= _LARGEST_DENSE and squared < steps * S.nnz * m
    H = _dense_power(S, steps)[vertices] if dense else _rows(S, steps, vertices, threads)
    if form == "transition":
        H *= root
        H /= root[vertices][:, None]
    elif form == "density":
        H *= degrees.sum() / root
        H /= root[vertices][:, None]
    return H


def _rows(S: Any, steps: int, vertices: NDArray[np.int64], threads: int | None) -> NDArray[np.float64]:
    """Rows of S^t by repeated sparse products, in blocks."""
    n = S.shape[0]
    out = np.empty((len(vertices), n))
    for start in range(0, len(vertices), _BLOCK):
        block = vertices[start : start + _BLOCK]
        x = np.zeros((n, len(block)))
        x[block, np.arange(len(block))] = 1.0
        for _ in range(steps):
            x = spmm(S, x, threads=threads)
        out[start : start + _BLOCK] = x.T
    return out


def _dense_power(S: Any, steps: int) -> NDArray[np.float64]:
    """S^t by binary powers of the dense symmetric matrix."""
    n = S.shape[0]
    check_memory(32.0 * n * n, f"powers of a dense random walk on {n} vertices")
    power = S.toarray()
    out: NDArray[np.float64] | None = None
    while steps:
        if steps & 1:
            out = power.copy() if out is None else out @ power
        steps >>= 1
        if steps:
            power = power @ power.T
    return np.eye(n) if out is None else out
