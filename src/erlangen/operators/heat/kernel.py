r"""The heat kernel of a graph: rows at some vertices, its action on functions, its diagonal.

Definition: :math:`H_t = e^{-tL}`; :math:`\partial_t u = -L u`, :math:`u_0 = e_i` has :math:`u_t = H_t e_i`.
Convention: rows are sources; of the random walk the rows are probabilities, :math:`e^{-t(I - D^{-1} W)} = D^{-1/2} e^{-tL_{sym}} D^{1/2}`.
"""

from __future__ import annotations

import warnings
from typing import Any, Literal, overload

import numpy as np
from numpy.typing import NDArray

from erlangen.errors import DomainWarning, ShapeError
from erlangen.operators.graph import Graph
from erlangen.operators.heat.certificate import HeatCertificate
from erlangen.operators.heat.choice import check_sources, heat_method
from erlangen.operators.heat.implicit_euler import DEFAULT_STEPS
from erlangen.operators.heat.method import HeatMethod
from erlangen.validation import check_finite, check_memory

__all__ = ["certify", "checked_columns", "heat_action", "heat_kernel", "kernel_rows", "walk_action"]

_MIXED = 1e-6


@overload
def heat_kernel(
    graph: Any,
    t: float,
    *,
    sources: Any = ...,
    laplacian: str = ...,
    method: str = ...,
    steps: int = ...,
    rtol: float = ...,
    rank: int | None = ...,
    threads: int | None = ...,
    certificate: Literal[False] = ...,
) -> NDArray[np.float64]: ...


@overload
def heat_kernel(
    graph: Any,
    t: float,
    *,
    sources: Any = ...,
    laplacian: str = ...,
    method: str = ...,
    steps: int = ...,
    rtol: float = ...,
    rank: int | None = ...,
    threads: int | None = ...,
    certificate: Literal[True],
) -> tuple[NDArray[np.float64], HeatCertificate]: ...


def heat_kernel(
    graph: Any,
    t: float,
    *,
    sources: Any = None,
    laplacian: str = "combinatorial",
    method: str = "auto",
    steps: int = DEFAULT_STEPS,
    rtol: float = 1e-10,
    rank: int | None = None,
    threads: int | None = None,
    certificate: bool = False,
) -> NDArray[np.float64] | tuple[NDArray[np.float64], HeatCertificate]:
    r"""Return rows of the heat kernel :math:`H = e^{-tL}` of a graph.

    - ``uniformisation``, ``squaring``: each entry of at least 1e-300 to a relative error of ``rtol``; row by row, or all pairs at once,
    - ``auto``: the cheaper of these two, by counted operations,
    - ``euler``: :math:`(I + \tfrac{t}{S} L)^{-S}`, S = ``steps``, each entry to some 13 digits *of this formula*, which tends to
      :math:`e^{-tL}` as 1/S near the source and has a heavier far field,
    - ``chebyshev``, ``krylov``, ``eigh``, ``lowrank``: to an absolute error; entries below it are noise and may be negative.

    Parameters
    ----------
    graph : Graph, matrix (n, n), networkx graph or edge index (2, E)
        See :meth:`Graph.coerce`.
    t : float
        Time, positive.
    sources : array_like (m,), optional
        Vertices whose rows are wanted (default: all).
    laplacian : {"combinatorial", "symmetric", "random-walk", "mass"}
        See :meth:`Graph.laplacian`.
    method : str
        See above.
    steps : int
        Implicit steps of ``euler``.
    rtol : float
        Truncation error: relative in each entry, or of ``chebyshev`` and ``krylov`` absolute.
    rank : int, optional
        Number of eigenpairs of ``lowrank``.
    threads : int, optional
        Threads of the compiled kernels.
    certificate : bool
        Return a :class:`HeatCertificate` as second result.

    Returns
    -------
    ndarray (m, n)

    Raises
    ------
    DomainError
        If ``t`` is not positive, a name is unknown, or a source is not a vertex.
    ResourceLimitError
        If rows or factor would not fit in memory.

    Warns
    -----
    DomainWarning
        If t is so large that the rows are constant up to 1e-6: distances from them mean nothing.

    Examples
    --------
    >>> H = heat_kernel([[0, 1], [1, 0]], 0.5)
    >>> np.allclose(H[0], [(1 + np.exp(-1)) / 2, (1 - np.exp(-1)) / 2])
    True
    """
    graph = Graph.coerce(graph)
    vertices = check_sources(sources, graph.n)
    check_memory(16.0 * len(vertices) * graph.n, f"{len(vertices)} rows of a heat kernel of {graph.n} vertices")
    way = heat_method(
        graph,
        t,
        laplacian=laplacian,
        method=method,
        steps=steps,
        rtol=rtol,
        rank=rank,
        threads=threads,
        sources=len(vertices),
    )
    H = way.rows(vertices)
    _warn_if_mixed(H, way, vertices)
    proof = certify(H, way, vertices) if certificate else None
    H = _to_walk(H, way, vertices)
    return H if proof is None else (H, proof)


def kernel_rows(way: HeatMethod, vertices: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return rows (m, n) of the kernel of the Laplacian asked for, from a method, which works on the symmetric form."""
    return _to_walk(way.rows(vertices), way, vertices)


def _to_walk(H: NDArray[np.float64], way: HeatMethod, vertices: NDArray[np.int64]) -> NDArray[np.float64]:
    """Turn rows of the symmetric form into those of the random walk, where that was asked for."""
    if way.given == "random-walk":
        H *= way.root
        H /= way.root[vertices][:, None]
    return H


def walk_action(way: HeatMethod, B: NDArray[np.float64], *, transposed: bool = False) -> NDArray[np.float64]:
    """Return ``H B`` (or ``H^T B``) of the Laplacian asked for, from a method, which works on the symmetric form."""
    if way.given != "random-walk":
        return way.apply(B)
    root = way.root[:, None]
    return way.apply(B / root) * root if transposed else way.apply(B * root) / root


def certify(H: NDArray[np.float64], way: HeatMethod, vertices: NDArray[np.int64]) -> HeatCertificate:
    """Measure what rows of the symmetric form obey, and join it with the bounds of the method."""
    sums = (H @ way.root) / way.root[vertices]
    square = H[:, vertices]
    components = way.graph.components()
    missing = sum(
        int(np.count_nonzero((row == 0) & (components == components[v]))) for row, v in zip(H, vertices, strict=True)
    )
    spread = float(way.root.max() / way.root.min()) if way.given == "random-walk" and way.graph.n else 1.0
    return HeatCertificate(
        method=way.name,
        order=way.order,
        absolute_error=way.absolute_error * spread,
        relative_error=way.relative_error,
        row_sum_defect=float(np.abs(sums - 1).max(initial=0.0)),
        symmetry_defect=float(np.abs(square - square.T).max(initial=0.0)),
        negative=int(np.count_nonzero(H < 0)),
        unreached=missing,
    )


def _warn_if_mixed(H: NDArray[np.float64], way: HeatMethod, vertices: NDArray[np.int64]) -> None:
    r"""Warn where every row equals :math:`\sqrt{\mu_i \mu_j} / \sum \mu` up to 1e-6: t is too large to tell vertices apart."""
    components, worst = way.graph.components(), 0.0
    if len(vertices) == 0 or way.graph.weights.nnz == 0:
        return
    for row, v in zip(H, vertices, strict=True):
        own = components == components[v]
        ratio = row[own] / way.root[own]
        low, high = float(ratio.min()), float(ratio.max())
        if not high - low <= _MIXED * high:
            return
        worst = max(worst, (high - low) / high)
    if len(np.unique(components[vertices])) == way.graph.n:
        return
    message = (
        f"t = {way.t:g} is too large: the {len(vertices)} rows of the heat kernel are constant up to {worst:.2g}, "
        "so that distances from it mean nothing (pass a smaller t)"
    )
    warnings.warn(message, DomainWarning, stacklevel=3)


def heat_action(
    graph: Any,
    B: Any,
    t: float,
    *,
    laplacian: str = "combinatorial",
    method: str = "chebyshev",
    steps: int = DEFAULT_STEPS,
    rtol: float = 1e-10,
    rank: int | None = None,
    threads: int | None = None,
    certificate: bool = False,
) -> Any:
    r"""Return :math:`e^{-tL} B` for functions on the vertices.

    Parameters
    ----------
    graph, t, laplacian, method, steps, rtol, rank, threads
        See :func:`heat_kernel`; ``chebyshev`` and ``krylov`` are right to ``rtol`` times the norm of each column. ``krylov`` takes fewer
        products, above all for long times and smooth functions, but more memory and more work beside them.
    B : array_like (n,) or (n, m)
        Functions as columns.
    certificate : bool
        Return the bound of the error in the operator norm (absolute) as second result, as a float.

    Returns
    -------
    ndarray (n,) or (n, m)

    Raises
    ------
    ShapeError
        If ``B`` has not n rows.
    DomainError
        If ``B`` is not finite; and as :func:`heat_kernel`.

    Examples
    --------
    >>> heat_action([[0, 1], [1, 0]], [1.0, -1.0], 0.5).round(6)
    array([ 0.367879, -0.367879])
    """
    graph = Graph.coerce(graph)
    columns = checked_columns(B, graph.n)
    way = heat_method(
        graph,
        t,
        laplacian=laplacian,
        method=method,
        steps=steps,
        rtol=rtol,
        rank=rank,
        threads=threads,
        sources=columns.shape[1] if columns.ndim == 2 else 1,
    )
    out = walk_action(way, columns.reshape(graph.n, -1)).reshape(columns.shape)
    spread = float(way.root.max() / way.root.min()) if laplacian == "random-walk" and graph.n else 1.0
    return (out, way.absolute_error * spread) if certificate else out


def checked_columns(B: Any, n: int) -> NDArray[np.float64]:
    """Return functions as finite floats (n,) or (n, m), or refuse them."""
    columns = np.asarray(B, dtype=np.float64)
    if columns.ndim not in (1, 2) or columns.shape[0] != n:
        message = f"B must have shape ({n},) or ({n}, m), got {columns.shape}"
        raise ShapeError(message, hint="one row per vertex")
    check_finite(columns, "B")
    return columns
