"""A weighted undirected graph and its Laplacians.

Definition: symmetric weights W >= 0 with zero diagonal, degrees d = W 1, masses m > 0; every Laplacian is positive semi-definite (Chung 1997, ch. 1).
Convention: combinatorial D - W; symmetric I - D^{-1/2} W D^{-1/2}; random walk I - D^{-1} W; mass M^{-1/2} (D - W) M^{-1/2}. An isolated vertex has a zero row.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from erlangen.errors import DomainError, ShapeError
from erlangen.linalg import elimination_order, row_arrays
from erlangen.operators.graph_reading import read_weights
from erlangen.validation import check_choice, check_finite

__all__ = ["LAPLACIANS", "Graph"]

LAPLACIANS = ("combinatorial", "symmetric", "random-walk", "mass")


@dataclass(frozen=True, eq=False, repr=False)
class Graph:
    """A weighted undirected graph; treat it as a value, its arrays are read-only.

    Parameters
    ----------
    weights : sparse array or ndarray (n, n)
        Symmetric, non-negative; the diagonal must be zero.
    mass : array_like (n,), optional
        Positive masses of the vertices (default: ones).

    Raises
    ------
    ShapeError
        If ``weights`` is not square or ``mass`` has another length.
    DomainError
        If a weight is negative, not finite or asymmetric, a diagonal entry is not zero, or a mass is not positive.

    Examples
    --------
    >>> path = Graph([[0, 1, 0], [1, 0, 2], [0, 2, 0]])
    >>> path
    Graph(n=3, edges=2, components=1)
    >>> path.laplacian().toarray()
    array([[ 1., -1.,  0.],
           [-1.,  3., -2.],
           [ 0., -2.,  2.]])
    """

    weights: Any
    mass: Any = None

    def __post_init__(self) -> None:
        W = _checked(self.weights)
        masses = _checked_mass(self.mass, W.shape[0])
        for array in (W.data, W.indices, W.indptr, masses):
            array.flags.writeable = False
        object.__setattr__(self, "weights", W)
        object.__setattr__(self, "mass", masses)

    def __repr__(self) -> str:
        return f"Graph(n={self.n}, edges={self.weights.nnz // 2}, components={self.n_components})"

    def __hash__(self) -> int:
        return hash(self.digest)

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Graph) and self.digest == other.digest)

    @cached_property
    def digest(self) -> str:
        """Fingerprint of weights and masses, 32 hexadecimal digits; equal graphs are those of equal digest."""
        state = hashlib.blake2b(digest_size=16)
        for array in (*row_arrays(self.weights), self.mass):
            state.update(np.ascontiguousarray(array).tobytes() if array.size else b"|")
        return state.hexdigest()

    @property
    def n(self) -> int:
        """Number of vertices."""
        return int(self.weights.shape[0])

    @cached_property
    def degrees(self) -> NDArray[np.float64]:
        """Weighted degrees (n,)."""
        return np.asarray(self.weights.sum(axis=1)).ravel()

    def components(self) -> NDArray[np.int32]:
        """Return the number of the component each vertex lies in (n,); components are numbered by their first vertex."""
        return self._components[1]

    @property
    def n_components(self) -> int:
        """Number of connected components."""
        return self._components[0]

    @cached_property
    def _components(self) -> tuple[int, NDArray[np.int32]]:
        count, label = sp.csgraph.connected_components(self.weights, directed=False)
        label.flags.writeable = False
        return int(count), label

    @cached_property
    def elimination_order(self) -> NDArray[np.int32]:
        """Order (n,) in which a factor of a Laplacian has few entries, by nested dissection; it serves all times."""
        order = elimination_order(self.weights)
        order.flags.writeable = False
        return order

    @property
    def is_connected(self) -> bool:
        """Whether there is one component."""
        return self.n_components == 1

    def measure(self, laplacian: str) -> NDArray[np.float64]:
        """Return the measure mu (n,) for which the Laplacian is mu^{-1} (D - W), up to similarity: ones, degrees or masses."""
        check_choice(laplacian, "laplacian", LAPLACIANS)
        if laplacian == "combinatorial":
            return np.ones(self.n)
        return self.mass if laplacian == "mass" else np.where(self.degrees > 0, self.degrees, 1.0)

    def laplacian(self, kind: str = "combinatorial") -> Any:
        """Return a Laplacian as a sparse array (n, n): ``combinatorial``, ``symmetric``, ``random-walk`` or ``mass``.

        Raises
        ------
        DomainError
            If ``kind`` is none of these.
        """
        mu = self.measure(kind)
        plain = sp.diags_array(self.degrees) - self.weights
        if kind == "random-walk":
            return sp.csr_array(sp.diags_array(1 / mu) @ plain)
        half = sp.diags_array(1 / np.sqrt(mu))
        return sp.csr_array(half @ plain @ half)

    def induced(self, vertices: Any) -> Graph:
        """Return the graph induced on some vertices, in the order given.

        Examples
        --------
        >>> Graph([[0, 1, 0], [1, 0, 2], [0, 2, 0]]).induced([2, 1]).weights.toarray()
        array([[0., 2.],
               [2., 0.]])
        """
        index = np.asarray(vertices)
        return Graph(self.weights[index][:, index], mass=self.mass[index])

    @classmethod
    def coerce(cls, graph: Any) -> Graph:
        """Return a ``Graph`` from a graph, a sparse or dense weight matrix, a networkx graph or an edge index ``(2, E)``.

        Raises
        ------
        ShapeError, DomainError
            As the constructor; or if a networkx graph is directed or an edge index holds a negative vertex.

        Examples
        --------
        >>> Graph.coerce(np.array([[0, 1], [1, 2]]))
        Graph(n=3, edges=2, components=1)
        """
        return graph if isinstance(graph, cls) else cls(read_weights(graph))


def _checked_mass(mass: Any, n: int) -> NDArray[np.float64]:
    """Return masses as an array (n,), ones where none were given."""
    masses = np.ones(n) if mass is None else np.array(mass, dtype=np.float64)
    if masses.shape != (n,):
        message = f"mass must have shape ({n},), got {masses.shape}"
        raise ShapeError(message, hint="one mass per vertex")
    check_finite(masses, "mass")
    if not (masses > 0).all():
        i = int(np.argmax(masses <= 0))
        message = f"mass[{i}] = {masses[i]:g} is not positive"
        raise DomainError(message, hint="masses are positive")
    return masses


def _checked(weights: Any) -> Any:
    """Return weights as sorted compressed rows in float64, or refuse them naming the first offender."""
    if getattr(getattr(weights, "dtype", None), "kind", "f") == "c":
        message = f"weights are complex ({weights.dtype}); real weights are needed"
        raise DomainError(message, hint="take their absolute values")
    try:
        W = sp.csr_array(weights, dtype=np.float64, copy=True)
    except (TypeError, ValueError) as error:
        message = f"weights cannot be read as a matrix: {error}"
        raise ShapeError(message, hint="pass an array or sparse array (n, n)") from error
    if W.ndim != 2 or W.shape[0] != W.shape[1]:
        message = f"weights must be square, got shape {W.shape}"
        raise ShapeError(message, hint="pass an array or sparse array (n, n)")
    W.sum_duplicates()
    rows = np.repeat(np.arange(W.shape[0]), np.diff(W.indptr))
    laws = (
        (~np.isfinite(W.data), "is not finite", "remove or impute it"),
        (W.data < 0, "is negative", "weights are non-negative"),
        ((rows == W.indices) & (W.data != 0), "lies on the diagonal", "set the diagonal to zero"),
    )
    for bad, law, hint in laws:
        if bad.any():
            p = int(np.argmax(bad))
            message = f"weights[{rows[p]}, {W.indices[p]}] = {W.data[p]:g} {law}"
            raise DomainError(message, hint=hint)
    W.eliminate_zeros()
    return _symmetric(W)


def _symmetric(W: Any) -> Any:
    """Return W with its rounding asymmetry removed; refuse more than that."""
    gap = abs(W - W.T).tocoo()
    if gap.nnz and gap.data.max() > 1e-10 * W.data.max():
        p = int(np.argmax(gap.data))
        i, j = sorted((int(gap.row[p]), int(gap.col[p])))
        message = f"weights are not symmetric: weights[{i}, {j}] = {W[i, j]:g}, weights[{j}, {i}] = {W[j, i]:g}"
        raise DomainError(message, hint="symmetrise them, e.g. (W + W.T) / 2")
    if gap.nnz:
        W = sp.csr_array((W + W.T) / 2)
    W.sort_indices()
    return W
