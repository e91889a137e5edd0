r"""Which method computes a heat kernel: by name, or the cheaper of those that keep the digits of every entry.

Definition: uniformisation costs (terms) x (entries of P) x (sources), squaring (terms) x (entries) x n + (squarings) x n^3 at the speed of a dense product.
Convention: ``auto`` computes :math:`e^{-tL}` itself and never picks implicit steps, which are another kernel, nor a method of absolute error.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.errors import DomainError
from erlangen.operators.graph import LAPLACIANS, Graph
from erlangen.operators.heat.chebyshev import Chebyshev
from erlangen.operators.heat.eigenbasis import Eigenbasis
from erlangen.operators.heat.implicit_euler import DEFAULT_STEPS, ImplicitEuler
from erlangen.operators.heat.krylov import Krylov
from erlangen.operators.heat.method import HeatMethod
from erlangen.operators.heat.squaring import Squaring, squaring_plan
from erlangen.operators.heat.uniformisation import Uniformisation
from erlangen.validation import available_memory, check_choice, check_integer, check_real

__all__ = ["METHODS", "check_sources", "heat_method"]

METHODS = ("auto", "euler", "uniformisation", "squaring", "chebyshev", "krylov", "eigh", "lowrank")
_DENSE_GAIN = 16.0
_LARGEST_DENSE = 8192


def heat_method(
    graph: Graph,
    t: Any,
    *,
    laplacian: str = "combinatorial",
    method: str = "auto",
    steps: int = DEFAULT_STEPS,
    rtol: float = 1e-10,
    rank: int | None = None,
    threads: int | None = None,
    sources: int | None = None,
) -> HeatMethod:
    """Return the method that computes the heat semigroup of a graph at one time.

    Raises
    ------
    DomainError
        If ``t`` is not positive, a name is unknown, or ``lowrank`` has no rank.

    Examples
    --------
    >>> heat_method(Graph([[0, 1], [1, 0]]), 1.0).name
    'squaring'
    """
    t = check_real(t, "t", low=0.0, open_low=True)
    check_choice(laplacian, "laplacian", LAPLACIANS)
    check_choice(method, "method", METHODS)
    rtol = check_real(rtol, "rtol", low=1e-15, high=1.0, open_high=True)
    steps = check_integer(steps, "steps", low=1)
    if (rank is None) == (method == "lowrank"):
        message = f"method={method!r} with rank={rank}: the rank belongs to method='lowrank', which needs it"
        raise DomainError(message, hint="pass rank=k with method='lowrank' and nowhere else")
    if method == "auto":
        method = _cheaper(graph, t, laplacian, rtol, graph.n if sources is None else sources)
    if method == "euler":
        return ImplicitEuler(graph, laplacian, t, steps=steps, threads=threads)
    if method in ("eigh", "lowrank"):
        return Eigenbasis(graph, laplacian, t, rank=rank, threads=threads)
    kinds = {"chebyshev": Chebyshev, "krylov": Krylov, "squaring": Squaring, "uniformisation": Uniformisation}
    kind: Any = kinds[method]
    way: HeatMethod = kind(graph, laplacian, t, rtol=rtol, threads=threads)
    return way


def _cheaper(graph: Graph, t: float, laplacian: str, rtol: float, sources: int) -> str:
    """Return the cheaper of uniformisation and squaring, by counted operations; uniformisation where n^2 does not fit."""
    n = graph.n
    x = t * float((graph.degrees / graph.measure(laplacian)).max(initial=0.0))
    if n > _LARGEST_DENSE or 32.0 * n * n > 0.5 * available_memory() or x == 0:
        return "uniformisation"
    entries = graph.weights.nnz + n
    terms, squarings, _ = squaring_plan(x, rtol, n, entries / n**2)
    by_rows = (x + 8 * np.sqrt(x) + 40) * entries * sources
    dense = terms * entries * n + squarings * float(n) ** 3 / _DENSE_GAIN
    return "squaring" if dense < by_rows else "uniformisation"


def check_sources(sources: Any, n: int) -> NDArray[np.int64]:
    """Return sources as vertex numbers (m,), all of them for ``None``; refuse what is not a vertex.

    Raises
    ------
    DomainError
        Naming the first offender.

    Examples
    --------
    >>> check_sources([2, 0], 3)
    array([2, 0])
    """
    if sources is None:
        return np.arange(n)
    vertices = np.atleast_1d(np.asarray(sources))
    if vertices.ndim != 1 or (vertices.size and vertices.dtype.kind not in "iu"):
        message = f"sources must be a list of vertex numbers, got shape {vertices.shape} and dtype {vertices.dtype}"
        raise DomainError(message, hint="pass integers; for a mask, np.flatnonzero(mask)")
    bad = (vertices < 0) | (vertices >= n)
    if bad.any():
        i = int(np.argmax(bad))
        message = f"sources[{i}] = {vertices[i]} is not a vertex of 0..{n - 1}"
        raise DomainError(message, hint="vertices are numbered from 0")
    return vertices.astype(np.int64)
