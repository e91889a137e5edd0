"""Weights of graphs that come in foreign forms: networkx graphs, edge indices, sparse and dense matrices.

Definition: a networkx graph is read through its public methods (``nodes``, ``edges``); an edge index is an integer array ``(2, E)``.
Convention: vertices keep the order of the source; loops are dropped; an edge index names each edge once or in both directions, with weight one.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from erlangen.errors import DomainError, ShapeError

__all__ = ["read_weights"]


def read_weights(graph: Any) -> Any:
    """Return the weights of a foreign graph as a matrix (n, n), unchecked beyond what reading needs.

    Raises
    ------
    DomainError
        If a networkx graph is directed, or an edge index holds a negative vertex.
    ShapeError
        If the rows of a list have different lengths.

    Examples
    --------
    >>> read_weights([[0, 1, 2], [1, 2, 0]]).toarray()
    array([[0., 1., 1.],
           [1., 0., 1.],
           [1., 1., 0.]])
    """
    if sp.issparse(graph):
        return graph
    if all(hasattr(graph, name) for name in ("adjacency", "edges", "nodes")):
        return _from_networkx(graph)
    try:
        array = np.asarray(graph)
    except ValueError as error:
        message = f"graph is not a rectangular array: {error}"
        raise ShapeError(message, hint="pass weights (n, n) or an edge index (2, E)") from error
    return _from_edge_index(array) if _is_edge_index(array) else array


def _is_edge_index(array: NDArray[Any]) -> bool:
    """Whether an array is an edge index; of the integer arrays (2, 2) those that cannot be weights, for their diagonal or asymmetry."""
    if array.ndim != 2 or array.shape[0] != 2 or array.dtype.kind not in "iu":
        return False
    return array.shape[1] != 2 or bool(array.trace() != 0) or bool(array[0, 1] != array[1, 0])


def _from_networkx(graph: Any) -> Any:
    """Weights of an undirected networkx graph in the order of its nodes; parallel edges add up."""
    if graph.is_directed():
        message = "the networkx graph is directed; its heat has no symmetric kernel"
        raise DomainError(message, hint="pass graph.to_undirected()")
    place = {node: i for i, node in enumerate(graph.nodes)}
    edges = [(place[a], place[b], float(data.get("weight", 1.0))) for a, b, data in graph.edges(data=True) if a != b]
    rows, columns, values = (np.array(x) for x in zip(*edges, strict=True)) if edges else (np.empty(0, int),) * 3
    upper = sp.coo_array((values, (rows, columns)), shape=(len(place),) * 2)
    return sp.csr_array(upper + upper.T)


def _from_edge_index(edges: NDArray[Any]) -> Any:
    """Unit weights of an edge index, each edge once however often and in whatever direction it is named."""
    if (edges < 0).any():
        row, column = np.argwhere(edges < 0)[0]
        message = f"edge_index[{row}, {column}] = {edges[row, column]} is negative"
        raise DomainError(message, hint="vertices are numbered from 0")
    n = int(edges.max()) + 1 if edges.size else 0
    pairs = edges[:, edges[0] != edges[1]].astype(np.int64)
    W = sp.coo_array((np.ones(pairs.shape[1]), tuple(pairs)), shape=(n, n)).tocsr()
    W = sp.csr_array(W + W.T)
    W.data[:] = 1.0
    return W
