"""The energy that a drawing minimises: even triangles, smooth strands, upright crossings.

Definition: sum over triangles of |J|^2 / det J + m log(det J)^2, over strands of squared second and third differences, over crossings of cot^2.
Convention: J maps the equilateral triangle of side 1; collar triangles have no size. A triangle that turned over would cost infinitely much.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import NDArray

from erlangen.topology.drawing.diagram_mesh import DiagramMesh, doubled_areas
from erlangen.topology.drawing.layered_inverse import DENSE, LayeredInverse
from erlangen.topology.drawing.minimiser import minimise

__all__ = ["relax"]

Array = NDArray[np.float64]
_REFERENCE = np.linalg.inv(np.array([[1.0, 0.5], [0.0, 0.75**0.5]]))
_SIZE, _UPRIGHT, _STEPS, _TOLERANCE, _ROUNDS, _ENOUGH = 0.7, 10.0, 40, 1e-6, 14, 1e-3


@final
@dataclass(frozen=True, eq=False)
class _Energy:
    mesh: DiagramMesh
    runs: NDArray[np.int64]  # (s, 4): four successive nodes of a strand
    sides: NDArray[np.int64]  # (n, 4): the nodes before and after each crossing on its two strands
    second: float
    third: float

    def __call__(self, places: Array) -> tuple[float, Array]:
        """Return the energy and its gradient."""
        gradient = np.zeros_like(places)
        value = self._triangles(places, gradient)
        if np.isfinite(value):
            value += self._strands(places, gradient) + self._crossings(places, gradient)
        gradient[list(self.mesh.fixed)] = 0
        return value, gradient

    def _triangles(self, places: Array, gradient: Array) -> float:
        a, b, c = self.mesh.triangles.T
        J = np.stack([places[b] - places[a], places[c] - places[a]], axis=2) @ _REFERENCE
        det = J[:, 0, 0] * J[:, 1, 1] - J[:, 0, 1] * J[:, 1, 0]
        if det.min() <= 0:
            return np.inf
        square = (J**2).sum(axis=(1, 2))
        logarithm = np.where(self.mesh.inner, np.log(det), 0.0)
        cofactor = J[:, ::-1, ::-1] * np.array([[1.0, -1.0], [-1.0, 1.0]])
        by_det = -square / det**2 + 2 * _SIZE * logarithm / det
        force = ((2 / det)[:, None, None] * J + by_det[:, None, None] * cofactor) @ _REFERENCE.T
        np.add.at(gradient, b, force[:, :, 0])
        np.add.at(gradient, c, force[:, :, 1])
        np.add.at(gradient, a, -force.sum(axis=2))
        return float((square / det + _SIZE * logarithm**2).sum())

    def _strands(self, places: Array, gradient: Array) -> float:
        p, q, r, s = (places[nodes] for nodes in self.runs.T)
        total = 0.0
        for weight, signs in ((self.second, (0, 1, -2, 1)), (self.third, (-1, 3, -3, 1))):
            difference = signs[0] * p + signs[1] * q + signs[2] * r + signs[3] * s
            total += weight * float((difference**2).sum())
            for nodes, sign in zip(self.runs.T, signs, strict=True):
                np.add.at(gradient, nodes, 2 * weight * sign * difference)
        return total

    def _crossings(self, places: Array, gradient: Array) -> float:
        a, b, c, d = self.sides.T
        u, v = places[b] - places[a], places[d] - places[c]
        along, across = (u * v).sum(axis=1), u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0]
        by_along, by_across = 2 * _UPRIGHT * along / across**2, -2 * _UPRIGHT * along**2 / across**3
        turned = np.array([1.0, -1.0])
        by_u = by_along[:, None] * v + by_across[:, None] * v[:, ::-1] * turned
        by_v = by_along[:, None] * u - by_across[:, None] * u[:, ::-1] * turned
        for nodes, force in ((b, by_u), (a, -by_u), (d, by_v), (c, -by_v)):
            np.add.at(gradient, nodes, force)
        return _UPRIGHT * float((along**2 / across**2).sum())

    def inverse_hessian(self, places: Array) -> Array | LayeredInverse:
        """Return the inverse of the strands' squares and a Laplacian for the triangles, stiff where they are small."""
        n = self.mesh.n_nodes
        a, b, c = self.mesh.triangles.T
        rows, columns = np.concatenate([a, b, c]), np.concatenate([b, c, a])
        det = doubled_areas(places, self.mesh.triangles) / 0.75**0.5
        weights = np.tile(2 / det, 3)
        joined = np.asarray(np.bincount(rows * n + columns, weights, n * n), dtype=np.float64).reshape(n, n)
        matrix = -(joined + joined.T)
        matrix[np.diag_indices(n)] += 1e-3 - matrix.sum(axis=1)
        for weight, signs in ((self.second, (0, 1, -2, 1)), (self.third, (-1, 3, -3, 1))):
            for i, first in zip(self.runs.T, signs, strict=True):
                for j, other in zip(self.runs.T, signs, strict=True):
                    if first * other:
                        np.add.at(matrix, (i, j), 2 * weight * first * other)
        free = np.setdiff1d(np.arange(n), self.mesh.fixed)
        if n > DENSE:
            return LayeredInverse(matrix, free)
        inverse = np.zeros((n, n))
        inverse[np.ix_(free, free)] = np.linalg.inv(matrix[np.ix_(free, free)])
        return inverse


def _sides(mesh: DiagramMesh) -> NDArray[np.int64]:
    found: list[list[int]] = [[] for _ in mesh.crossings]
    for strand in mesh.strands:
        for before, node, after in zip((strand[-1], *strand[:-1]), strand, (*strand[1:], strand[0]), strict=True):
            if node < len(found):
                found[node] += [before, after]
    return np.array(found, dtype=np.int64).reshape(-1, 4)


def relax(mesh: DiagramMesh, places: Array, *, per_edge: int) -> Array:
    """Return positions ``(n, 2)`` near a minimum of the energy, with all triangles still in their orientation; others are returned as they are.

    Examples
    --------
    >>> from erlangen.topology.diagrams.link import Link
    >>> from erlangen.topology.drawing.circle_packing import pack_circles
    >>> from erlangen.topology.drawing.diagram_mesh import build_mesh
    >>> mesh = build_mesh(Link.from_braid([1, 1, 1]), (0, 1, 2), per_edge=2)
    >>> relax(mesh, pack_circles(mesh), per_edge=2).shape == (mesh.n_nodes, 2)
    True
    """
    runs = np.array(
        [
            (s[k - 2], s[k - 1], s[k], s[(k + 1) % len(s)])
            for s in mesh.strands
            for k in (range(len(s)) if mesh.is_closed(s) else range(2, len(s) - 1))
        ],
        dtype=np.int64,
    ).reshape(-1, 4)
    fineness = per_edge / 3
    energy = _Energy(mesh, runs, _sides(mesh), 2.0 * fineness**2, 90.0 * fineness**4)
    areas = doubled_areas(places, mesh.triangles[mesh.inner]) / 0.75**0.5
    if areas.min() <= 0:
        return places  # circles so unequal that rounding has turned triangles over
    middle = areas.mean() if mesh.fixed else np.exp(np.log(areas).mean())
    places = places / float(middle) ** 0.5
    value = energy(places)[0]
    for _ in range(_ROUNDS):
        places = minimise(
            energy, places, energy.inverse_hessian(places), steps=_STEPS, tolerance=_TOLERANCE, longest=2.0
        )
        before, value = value, energy(places)[0]
        if before - value < _ENOUGH * value:
            break
    return places
