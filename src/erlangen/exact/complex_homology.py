"""Homology of complexes: groups with torsion, bigraded groups, cocycles that generate, spectral sequences.

Definition: H^k = ker d_k / im d_(k-1); over Z it is Z^b + sum of Z/d over the diagonal entries d of d_(k-1) in Smith's form.
Convention: torsion is read from eliminations over Z alone, never guessed from ranks over prime fields.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from erlangen.errors import DomainError
from erlangen.exact.abelian_group import AbelianGroup
from erlangen.exact.elimination import diagonal_entries
from erlangen.exact.flint_later import fmpz_mat, nmod_mat
from erlangen.exact.graded_smith import graded_pivots
from erlangen.exact.ring import Ring, Z
from erlangen.exact.sparse_matrix import SparseMatrix
from erlangen.exact.spectral_sequence import SpectralSequence

if TYPE_CHECKING:
    from erlangen.exact.chain_complex import ChainComplex

__all__ = ["Cocycle", "bigraded_homology", "cocycles", "homology", "spectral_sequence"]

Place = tuple[int, int]


class Cocycle(NamedTuple):
    """A cocycle and the order of its class: 0 where no multiple is a coboundary.

    ``vector`` has one coefficient for each generator of its degree.

    Examples
    --------
    >>> from erlangen.exact import ChainComplex, SparseMatrix
    >>> ChainComplex({0: SparseMatrix.from_dense([[2], [2]])}).cocycles(1)
    [Cocycle(order=2, vector=(1, 1)), Cocycle(order=0, vector=(0, 1))]
    """

    order: int
    vector: tuple[int, ...]


def _diagonal(matrix: SparseMatrix) -> tuple[int, tuple[int, ...]]:
    """Return the rank of a matrix and, over Z, the diagonal entries that are no units."""
    if matrix.ring != Z:
        return matrix.rank(), ()
    entries = diagonal_entries(matrix.rows())
    return len(entries), tuple(d for d in entries if d > 1)


def homology(c: ChainComplex) -> dict[int, AbelianGroup]:
    """Return the homology in each degree."""
    diagonal = {k: _diagonal(c.differential(k)) for k in c.labels}
    nothing: tuple[int, tuple[int, ...]] = (0, ())
    return {
        k: AbelianGroup(n - diagonal[k][0] - diagonal.get(k - 1, nothing)[0], diagonal.get(k - 1, nothing)[1])
        for k, n in c.modules.items()
    }


def _blocks(c: ChainComplex, k: int) -> dict[int, list[dict[int, Any]]]:
    """Return the rows of the differential for each label."""
    parts: dict[int, list[dict[int, Any]]] = {}
    if k + 1 not in c.labels:
        return parts
    names, sources = c.labels[k + 1], c.labels[k]
    for i, row in enumerate(c.differential(k).rows()):
        bad = next((j for j in row if sources[j] != names[i]), None)
        if bad is not None:
            message = (
                f"differential({k})[{i}, {bad}] goes from label {sources[bad]} to {names[i]}: it does not keep labels"
            )
            raise DomainError(message, hint="a filtered complex has a spectral_sequence() instead")
        parts.setdefault(names[i], []).append(row)
    return parts


def bigraded_homology(c: ChainComplex) -> dict[Place, AbelianGroup]:
    """Return the homology at each degree and label."""
    count: dict[Place, int] = {}
    for k, names in c.labels.items():
        for label in names:
            count[k, label] = count.get((k, label), 0) + 1
    torsion: dict[Place, tuple[int, ...]] = {}
    for k in c.labels:
        for label, rows in _blocks(c, k).items():
            rank, factors = _diagonal(SparseMatrix.from_rows(rows, len(c.labels[k]), c.ring))
            count[k, label] = count.get((k, label), 0) - rank
            count[k + 1, label] -= rank
            torsion[k + 1, label] = factors
    groups = {place: AbelianGroup(n, torsion.get(place, ())) for place, n in sorted(count.items())}
    return {place: group for place, group in groups.items() if group}


def spectral_sequence(c: ChainComplex, unit: int) -> SpectralSequence:
    """Return the pairs and survivors of the filtration by labels."""
    pairs: list[tuple[Place, Place]] = []
    count: dict[Place, int] = {}
    for k, names in c.labels.items():
        for label in names:
            count[k, label] = count.get((k, label), 0) + 1
    for k in c.labels:
        if k + 1 not in c.labels:
            continue
        columns = dict(enumerate(c.differential(k).transpose().rows()))
        for pivot in graded_pivots(columns, c.labels[k], c.labels[k + 1], c.ring):
            if pivot.exponent % unit:
                message = f"a differential raises the label by {pivot.exponent}, no multiple of unit={unit}"
                raise DomainError(message, hint="choose a smaller unit")
            pairs.append(((k, c.labels[k][pivot.source]), (k + 1, c.labels[k + 1][pivot.target])))
            for place in pairs[-1]:
                count[place] -= 1
    survivors = tuple(place for place, n in sorted(count.items()) for _ in range(n))
    return SpectralSequence(c.ring, unit, survivors, tuple(sorted(pairs)))


def _integral_cocycles(above: SparseMatrix, below: SparseMatrix) -> list[Cocycle]:
    """Return generators over Z: a basis of the kernel adapted to the image by a second Smith form."""
    n = above.shape[1]
    form = above.smith_form()
    rank = len(form.diagonal)
    inverse = _integral_inverse(form.right)
    coordinates = (inverse @ below).to_dense()[rank:]  # the image lies in the kernel, the last n - rank columns of V
    inner = SparseMatrix.from_dense(coordinates, n_columns=below.shape[1]).smith_form()
    kernel = SparseMatrix.from_dense([row[rank:] for row in form.right.to_dense()], n_columns=n - rank)
    basis = (kernel @ _integral_inverse(inner.left)).transpose().to_dense()
    orders = [*inner.diagonal, *([0] * (n - rank - len(inner.diagonal)))]
    return [Cocycle(order, tuple(vector)) for order, vector in zip(orders, basis, strict=True) if order != 1]


def _integral_inverse(unimodular: SparseMatrix) -> SparseMatrix:
    n = unimodular.shape[0]
    if n == 0:
        return unimodular
    inverse = fmpz_mat(unimodular.to_dense()).inv()
    return SparseMatrix.from_dense([[int(inverse[i, j].p) for j in range(n)] for i in range(n)])


def _pivot_columns(matrix: Any) -> list[int]:
    """Return the columns in which the rows of the reduced echelon form begin."""
    echelon, rank = matrix.rref()
    table = echelon.tolist() if hasattr(echelon, "tolist") else echelon.table()
    return [next(j for j, value in enumerate(row) if int(value)) for row in table[:rank]]


def _modular_cocycles(above: SparseMatrix, below: SparseMatrix, p: int) -> list[Cocycle]:
    """Return generators over F_p: vectors of a basis of the kernel that are independent of the image."""
    n, images = above.shape[1], below.shape[1]
    if n == 0:
        return []
    basis, nullity = nmod_mat(fmpz_mat(above.to_dense() or [[0] * n]), p).nullspace()
    vectors = [[int(basis[i, j]) for i in range(n)] for j in range(nullity)]
    columns = below.transpose().to_dense() + vectors
    if not columns:
        return []
    table = nmod_mat(fmpz_mat([list(row) for row in zip(*columns, strict=True)]), p)
    chosen = [j - images for j in _pivot_columns(table) if j >= images]
    return [Cocycle(0, tuple(vectors[j])) for j in chosen]


def cocycles(c: ChainComplex, k: int) -> list[Cocycle]:
    """Return cocycles whose classes generate the homology in degree k; over Q they are integral."""
    above, below = c.differential(k), c.differential(k - 1)
    if c.ring.characteristic:
        return _modular_cocycles(above, below, c.ring.characteristic)
    if c.ring == Z:
        return _integral_cocycles(above, below)
    free = _integral_cocycles(_integral(above), _integral(below.transpose()).transpose())
    return [cocycle for cocycle in free if cocycle.order == 0]


def _integral(matrix: SparseMatrix) -> SparseMatrix:
    """Return a matrix over Q with the denominators of each row cleared, which keeps its kernel."""
    ring: Ring = Z
    return SparseMatrix.from_rows(matrix.integer_rows(), matrix.shape[1], ring)
