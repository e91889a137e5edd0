"""Circle packings of a triangulated disc: a first drawing without crossings of its lines.

Definition: circles around the nodes, tangent where nodes are joined; the angles around each inner node sum to 2 pi (Koebe, Andreev, Thurston).
Convention: all circles on the boundary have radius 1; Newton's method in the logarithms of the others, where the problem is convex.
"""

from __future__ import annotations

from collections import deque

import numpy as np
from numpy.typing import NDArray

from erlangen.errors import ConvergenceError
from erlangen.topology.drawing.diagram_mesh import DiagramMesh
from erlangen.topology.drawing.layered_inverse import DENSE, LayeredInverse

__all__ = ["pack_circles"]

Array = NDArray[np.float64]
_STEPS, _TOLERANCE, _LONGEST = 80, 1e-10, 2.0


def _angle_sums(mesh: DiagramMesh, radii: Array) -> Array:
    x, y, z = radii[mesh.triangles.T]
    first = 2 * np.arcsin(np.sqrt(y * z / ((x + y) * (x + z))))
    second = 2 * np.arcsin(np.sqrt(x * z / ((y + x) * (y + z))))
    angles = np.concatenate([first, second, np.pi - first - second])
    return np.asarray(np.bincount(mesh.triangles.T.ravel(), angles, mesh.n_nodes), dtype=np.float64)


def _derivative(mesh: DiagramMesh, radii: Array) -> Array:
    """Return minus the derivative of the angle sums by the logarithms of the radii: a Laplacian with positive weights."""
    n = mesh.n_nodes
    x, y, z = radii[mesh.triangles.T]
    height = np.sqrt(x * y * z / (x + y + z))
    weights = np.concatenate([height / (x + y), height / (y + z), height / (z + x)])
    a, b, c = mesh.triangles.T
    rows, columns = np.concatenate([a, b, c]), np.concatenate([b, c, a])
    matrix = np.asarray(np.bincount(rows * n + columns, weights, n * n), dtype=np.float64).reshape(n, n)
    matrix = matrix + matrix.T
    laplacian = -matrix
    laplacian[np.diag_indices(n)] += matrix.sum(axis=1)
    return laplacian


def _radii(mesh: DiagramMesh) -> Array:
    free = np.setdiff1d(np.arange(mesh.n_nodes), mesh.boundary)
    logarithms = np.zeros(mesh.n_nodes)
    excess = np.inf
    for _ in range(_STEPS):
        radii = np.exp(logarithms)
        surplus = _angle_sums(mesh, radii)[free] - 2 * np.pi
        excess = float(np.abs(surplus).max())
        if excess < _TOLERANCE:
            return radii
        step = _solved(_derivative(mesh, radii), free, surplus)
        logarithms[free] += step * min(1.0, _LONGEST / float(np.abs(step).max()))
    message = f"the circle packing of {mesh.n_nodes} nodes did not close: angle sums are off by {excess:.2g}"
    raise ConvergenceError(message, residual=excess, iterations=_STEPS, hint="choose another outer face")


def _solved(matrix: Array, free: NDArray[np.int64], values: Array) -> Array:
    """Return the solution on the free nodes."""
    if len(matrix) <= DENSE:
        return np.asarray(np.linalg.solve(matrix[np.ix_(free, free)], values))
    whole = np.zeros(len(matrix))
    whole[free] = values
    return (LayeredInverse(matrix, free) @ whole)[free]


def pack_circles(mesh: DiagramMesh) -> Array:
    """Return positions ``(n, 2)`` of the nodes, the centres of their circles; every triangle keeps its orientation.

    Raises
    ------
    ConvergenceError
        If the angles do not close.

    References
    ----------
    Collins & Stephenson, Comput. Geom. 25 (2003); Bobenko & Springborn, Trans. AMS 356 (2004).

    Examples
    --------
    >>> from erlangen.topology.diagrams.link import Link
    >>> from erlangen.topology.drawing.diagram_mesh import build_mesh
    >>> pack_circles(build_mesh(Link.from_braid([1, 1]), (0, 1), per_edge=2)).shape[1]
    2
    """
    radii = _radii(mesh)
    third: dict[tuple[int, int], int] = {}
    for a, b, c in mesh.triangles.tolist():
        third[a, b], third[b, c], third[c, a] = c, a, b
    r = radii.tolist()
    a, b = mesh.triangles[0, :2].tolist()
    centres: dict[int, complex] = {a: 0j, b: complex(r[a] + r[b])}
    waiting, seen = deque([(a, b), (b, a)]), set()
    while waiting:
        a, b = waiting.popleft()
        if (a, b) in seen or (a, b) not in third:
            continue
        c = third[a, b]
        seen |= {(a, b), (b, c), (c, a)}
        waiting += [(a, c), (c, b)]
        if c not in centres:
            along, towards, across = r[a] + r[b], r[a] + r[c], r[b] + r[c]
            cosine = min(1.0, max(-1.0, (along**2 + towards**2 - across**2) / (2 * along * towards)))
            turn = complex(cosine, (1 - cosine**2) ** 0.5)
            centres[c] = centres[a] + (centres[b] - centres[a]) / along * towards * turn
    places = np.array([centres[node] for node in range(mesh.n_nodes)])
    return np.stack([places.real, places.imag], axis=1)
