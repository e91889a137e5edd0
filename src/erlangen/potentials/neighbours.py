r"""Neighbours within a cutoff, in open or periodic space.

Definition: all ordered pairs of atoms and integer shifts S with :math:`0 < |r_i - r_j + S C| < r_c`; rows of C are the edges of the cell.
Convention: an edge leads from the sender j to the receiver i, its vector is receiver minus sender; edges are sorted by receiver, then sender, then S.
"""

from __future__ import annotations

import itertools
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from erlangen.errors import DomainError
from erlangen.validation import check_finite, check_memory, check_real, check_shape

__all__ = ["NeighbourList", "neighbour_list"]

Integers = NDArray[np.int64]
_COINCIDENT = 1e-6  # Å


class NeighbourList(NamedTuple):
    """Directed edges; each undirected pair of atoms (and image) is there twice.

    Attributes
    ----------
    senders, receivers : ndarray (E,)
        Indices of the atoms of each edge.
    shifts : ndarray (E, 3)
        Whole edges of the cell that are added to receiver minus sender.
    first : ndarray (E/2,)
        The edge that stands for each undirected pair.
    pair : ndarray (E,)
        The undirected pair of each edge.
    second : ndarray (E/2,)
        The edge that runs the other way.

    Examples
    --------
    >>> NeighbourList(*[np.zeros(0, dtype=np.int64)] * 6).pair
    array([], dtype=int64)
    """

    senders: Integers
    receivers: Integers
    shifts: Integers
    first: Integers
    pair: Integers
    second: Integers


def neighbour_list(positions: Any, cutoff: float, *, cell: Any = None, pbc: Any = False) -> NeighbourList:
    r"""Return all neighbours within a cutoff.

    .. math:: r_{ij} = r_i - r_j + S C, \qquad 0 < |r_{ij}| < r_c

    A cell smaller than the cutoff is no obstacle: an atom may be the neighbour of its own images, and of several images of another.

    Parameters
    ----------
    positions : array_like (n, 3)
        In Å; atoms need not lie inside the cell.
    cutoff : float
        In Å.
    cell : array_like (3, 3), optional
        Edges of the cell as rows.
    pbc : (bool, bool, bool) or bool
        Along which edges the cell repeats.

    Returns
    -------
    NeighbourList

    Raises
    ------
    DomainError
        If a position is not finite, two atoms coincide (the pair is named), or the cell has no volume.
    ResourceLimitError
        If the images would not fit in memory.

    Examples
    --------
    >>> found = neighbour_list([[0.0, 0, 0], [1.0, 0, 0], [9.0, 0, 0]], 2.0)
    >>> found.senders, found.receivers
    (array([1, 0]), array([0, 1]))
    >>> len(neighbour_list([[0.0, 0, 0]], 1.1, cell=np.eye(3), pbc=True).senders)  # simple cubic: six images
    6
    """
    positions = np.asarray(positions, dtype=np.float64)
    check_shape(positions, "positions", (None, 3))
    check_finite(positions, "positions")
    cutoff = check_real(cutoff, "cutoff", low=0, open_low=True)
    periodic = np.broadcast_to(np.asarray(pbc, dtype=bool), 3)
    if not len(positions):
        nothing = np.zeros(0, dtype=np.int64)
        return NeighbourList(nothing, nothing, np.zeros((0, 3), dtype=np.int64), nothing, nothing, nothing)
    edges = _full_cell(cell, periodic)
    centre, image, translation = _near_images(positions, cutoff, edges, periodic)
    tree = cKDTree(positions)
    found = tree.sparse_distance_matrix(cKDTree(image), cutoff, output_type="ndarray")
    receivers, which = found["i"].astype(np.int64), found["j"].astype(np.int64)
    senders, shifts = centre[which], -translation[which]
    proper = (senders != receivers) | shifts.any(axis=1)
    receivers, senders, shifts = receivers[proper], senders[proper], shifts[proper]
    lengths = np.linalg.norm(positions[receivers] - positions[senders] + shifts @ edges, axis=1)
    _refuse_coincident(lengths, senders, receivers)
    inside = lengths < cutoff
    return _sorted(senders[inside], receivers[inside], shifts[inside])


def _full_cell(cell: Any, periodic: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Edges of the cell, those that do not repeat replaced by unit vectors beside the others."""
    if cell is None:
        if periodic.any():
            message = "pbc is set, but there is no cell"
            raise DomainError(message, hint="give the edges of the cell as rows, or pbc=False")
        return np.eye(3)
    edges = np.array(cell, dtype=np.float64)
    check_shape(edges, "cell", (3, 3))
    check_finite(edges, "cell")
    if not periodic.all():
        _, _, complement = np.linalg.svd(edges[periodic]) if periodic.any() else (None, None, np.eye(3))
        edges[~periodic] = complement[periodic.sum() :]
    volume = abs(np.linalg.det(edges))
    if not volume > 1e-10 * np.prod(np.linalg.norm(edges, axis=1)):
        message = f"the periodic edges of cell are linearly dependent (volume {volume:.3g})"
        raise DomainError(message, hint="give edges that span the directions that repeat")
    return edges


def _near_images(
    positions: NDArray[np.float64], cutoff: float, edges: NDArray[np.float64], periodic: NDArray[np.bool_]
) -> tuple[Integers, NDArray[np.float64], Integers]:
    """Atom, position and translation of every image that can lie within the cutoff of an atom."""
    inverse = np.linalg.inv(edges)
    fractional = positions @ inverse
    reach = cutoff * np.linalg.norm(inverse, axis=0) + (fractional.max(axis=0) - fractional.min(axis=0))
    counts = np.where(periodic, np.floor(reach + 1e-9), 0).astype(np.int64)
    total = int(np.prod(2 * counts + 1)) * len(positions)
    check_memory(
        120.0 * total, f"the images of {len(positions)} atoms within {cutoff:g} Å", hint="use a shorter cutoff"
    )
    grid = np.array(list(itertools.product(*(range(-k, k + 1) for k in counts))), dtype=np.int64)
    image = (positions[None] + (grid @ edges)[:, None]).reshape(-1, 3)
    low, high = positions.min(axis=0) - cutoff, positions.max(axis=0) + cutoff
    near = np.flatnonzero(((image >= low) & (image <= high)).all(axis=1))
    return near % len(positions), image[near], grid[near // len(positions)]


def _refuse_coincident(lengths: NDArray[np.float64], senders: Integers, receivers: Integers) -> None:
    """Refuse two atoms in one place."""
    if lengths.size and lengths.min() < _COINCIDENT:
        k = int(lengths.argmin())
        pair = sorted((int(senders[k]), int(receivers[k])))
        message = f"atoms {pair[0]} and {pair[1]} coincide: their distance is {lengths[k]:.3g} Å"
        raise DomainError(message, hint="remove one of them, or check the cell")


def _sorted(senders: Integers, receivers: Integers, shifts: Integers) -> NeighbourList:
    """Edges in order, with the pairs that they belong to."""
    order = np.lexsort((*shifts.T[::-1], senders, receivers))
    senders, receivers, shifts = senders[order], receivers[order], shifts[order]
    code = _code(receivers, senders, shifts)
    mirror = np.searchsorted(code, _code(senders, receivers, -shifts, like=(receivers, shifts)))
    here = np.arange(len(code))
    first = np.flatnonzero(here < mirror)
    pair = np.empty(len(code), dtype=np.int64)
    pair[first] = pair[mirror[first]] = np.arange(len(first))
    return NeighbourList(senders, receivers, shifts, first, pair, mirror[first])


def _code(a: Integers, b: Integers, shifts: Integers, like: tuple[Integers, Integers] | None = None) -> Integers:
    """A number for (a, b, S) that grows in their lexicographic order."""
    atoms, range_of = like or (a, shifts)
    if not atoms.size:
        return np.zeros(0, dtype=np.int64)
    n, most = int(atoms.max()) + 1, int(np.abs(range_of).max())
    width = 2 * most + 1
    code = a * n + b
    for k in range(3):
        code = code * width + (shifts[:, k] + most)
    return code
