"""Chain maps and what they do to homology.

Definition: f_k: C^k -> D^k with d f = f d; the mapping cone's long exact sequence gives the ranks of H(f) (Weibel, sec. 1.5).
Convention: a map may raise all labels by one number, its degree; ``g @ f`` is f first.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import final

from erlangen.errors import DomainError, LawError, ShapeError
from erlangen.exact.chain_complex import ChainComplex
from erlangen.exact.ring import Element, RingLike, parse_ring
from erlangen.exact.sparse_matrix import SparseMatrix

__all__ = ["ChainMap"]


@final
class ChainMap:
    """A chain map between complexes over one ring.

    Parameters
    ----------
    source, target : ChainComplex
    matrices : mapping from degree k to SparseMatrix
        f_k, of shape (rank of the target, rank of the source); missing ones are zero.
    check : bool
        Test shapes and d f = f d.

    Raises
    ------
    ShapeError
        If a matrix has the wrong shape.
    LawError
        If d f is not f d.
    DomainError
        If rings are mixed.

    Examples
    --------
    Multiplication by 2 on the cochains of a circle is 2 on homology, so of rank 0 over F_2.

    >>> circle = ChainComplex({0: SparseMatrix.from_dense([[0]])})
    >>> f = 2 * ChainMap.identity(circle)
    >>> f.ranks("Q"), f.ranks("F2"), f.is_quasi_isomorphism("F3")
    ({(0, 0): 1, (1, 0): 1}, {}, True)
    """

    __slots__ = ("_matrices", "source", "target")

    def __init__(
        self, source: ChainComplex, target: ChainComplex, matrices: Mapping[int, SparseMatrix], *, check: bool = True
    ) -> None:
        if source.ring != target.ring:
            message = f"complexes over {source.ring} and {target.ring} have no chain map between them"
            raise DomainError(message, hint="bring both over one ring with .over(ring)")
        self.source, self.target = source, target
        self._matrices = {int(k): f for k, f in sorted(matrices.items()) if f}
        if check:
            self._check()

    def _check(self) -> None:
        for k, f in self._matrices.items():
            wanted = len(self.target.labels.get(k, ())), len(self.source.labels.get(k, ()))
            if f.shape != wanted:
                message = f"the matrix in degree {k} has shape {f.shape} where {wanted} was expected"
                raise ShapeError(message, hint="a matrix is (rank of the target, rank of the source)")
        for k in {*self._matrices, *(k - 1 for k in self._matrices)}:
            difference = self.target.differential(k) @ self.matrix(k) - self.matrix(k + 1) @ self.source.differential(k)
            for place, value in difference.items():
                message = f"d f is not f d: they differ by {value} at {place} from degree {k} to {k + 1}"
                raise LawError(message, hint="check the signs")

    @classmethod
    def identity(cls, complex_: ChainComplex) -> ChainMap:
        """Return the identity of a complex."""
        matrices = {k: SparseMatrix.identity(n, complex_.ring) for k, n in complex_.modules.items()}
        return cls(complex_, complex_, matrices, check=False)

    def matrix(self, k: int) -> SparseMatrix:
        """Return f_k, zero where it is not given."""
        if k in self._matrices:
            return self._matrices[k]
        shape = len(self.target.labels.get(k, ())), len(self.source.labels.get(k, ()))
        return SparseMatrix.zero(*shape, self.source.ring)

    @property
    def degree(self) -> int:
        """The number by which labels are raised, 0 for the zero map.

        Raises
        ------
        DomainError
            If entries raise them differently.
        """
        rises = {
            self.target.labels[k][i] - self.source.labels[k][j]
            for k, f in self._matrices.items()
            for (i, j), _ in f.items()
        }
        if len(rises) > 1:
            message = f"entries raise labels by {sorted(rises)}: the map has no degree"
            raise DomainError(message, hint="split the map into its homogeneous parts")
        return rises.pop() if rises else 0

    # -- algebra ------------------------------------------------------------------------------------------------------

    def __matmul__(self, first: ChainMap) -> ChainMap:
        if first.target != self.source:
            message = "the target of the first map is not the source of the second"
            raise DomainError(message, hint="g @ f is f first")
        matrices = {k: f @ first._matrices[k] for k, f in self._matrices.items() if k in first._matrices}
        return ChainMap(first.source, self.target, matrices, check=False)

    def _alike(self, other: ChainMap) -> None:
        if (self.source, self.target) != (other.source, other.target):
            message = "maps between different complexes have no sum"
            raise DomainError(message, hint="sums need the same source and the same target")

    def __add__(self, other: ChainMap) -> ChainMap:
        self._alike(other)
        matrices = {k: self.matrix(k) + other.matrix(k) for k in {*self._matrices, *other._matrices}}
        return ChainMap(self.source, self.target, matrices, check=False)

    def __sub__(self, other: ChainMap) -> ChainMap:
        return self + -1 * other

    def __rmul__(self, factor: Element) -> ChainMap:
        return ChainMap(self.source, self.target, {k: factor * f for k, f in self._matrices.items()}, check=False)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ChainMap):
            return NotImplemented
        mine, theirs = (self.source, self.target, self._matrices), (other.source, other.target, other._matrices)
        return mine == theirs

    def __hash__(self) -> int:
        return hash((self.source, self.target, tuple(self._matrices.items())))

    def __bool__(self) -> bool:
        """Return whether the map is not zero."""
        return bool(self._matrices)

    def __repr__(self) -> str:
        return f"ChainMap({self.source!r}, {self.target!r}, {self._matrices})"

    def over(self, ring: RingLike) -> ChainMap:
        """Return the map over another ring."""
        target = parse_ring(ring)
        matrices = {k: f.over(target) for k, f in self._matrices.items()}
        return ChainMap(self.source.over(target), self.target.over(target), matrices, check=False)

    def cone(self) -> ChainComplex:
        """Return the mapping cone, C^k = A^(k+1) + B^k."""
        return self.source.cone(self.target, self._matrices)

    # -- homology -----------------------------------------------------------------------------------------------------

    def ranks(self, ring: RingLike = "Q") -> dict[tuple[int, int], int]:
        """Return the ranks, not zero, of the induced map on homology over a field, by degree and label of the source.

        In the long exact sequence of the cone, dim H^k(cone) = dim ker H^(k+1)(f) + dim coker H^k(f).

        Raises
        ------
        DomainError
            If the map has no degree, the differentials do not keep labels, or the ring is no field.
        """
        field = parse_ring(ring)
        if not field.is_field:
            message = f"ranks of maps on homology are taken over a field, got {field}"
            raise DomainError(message, hint="use 'Q' or a prime field")
        f, rise = self.over(field), self.degree
        moved = f.source.shift(0, rise)
        parts = (f.source, f.target, moved.cone(f.target, f._matrices))
        before, after, cone = ({p: g.rank for p, g in c.bigraded_homology().items()} for c in parts)
        found: dict[tuple[int, int], int] = {}
        labels = {q for _, q in before}
        for q in labels:
            rank = 0
            degrees = sorted({k for k, label in before if label == q} | {k for k, label in after if label == q + rise})
            for k in range(degrees[0], degrees[-1] + 1):
                # dim ker_k = dim H^(k-1)(cone) - dim coker_(k-1)
                kernel = cone.get((k - 1, q + rise), 0) - (after.get((k - 1, q + rise), 0) - rank)
                rank = before.get((k, q), 0) - kernel
                if rank:
                    found[k, q] = rank
        return dict(sorted(found.items()))

    def is_quasi_isomorphism(self, ring: RingLike | None = None) -> bool:
        """Return whether the map is an isomorphism on homology over a ring (default: its own): whether the cone is acyclic."""
        f = self if ring is None else self.over(ring)
        return not any(f.cone().homology().values())
