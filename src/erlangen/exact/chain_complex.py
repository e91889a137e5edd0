"""Bounded cochain complexes of finitely generated free modules whose generators carry a second grading.

Definition: modules C^k with differentials d: C^k -> C^(k+1), d d = 0; labels are a grading that d keeps or a filtration that d raises.
Convention: cohomological, ``differential(k)`` is (rank of k+1, rank of k); for a mapping cone, C(f)^k = A^(k+1) + B^k with d = (-d, 0; f, d).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar, final

from erlangen.errors import DomainError, LawError, ShapeError
from erlangen.exact import complex_algebra, complex_homology
from erlangen.exact.abelian_group import AbelianGroup
from erlangen.exact.cancellation import cancel
from erlangen.exact.laurent_polynomial import LaurentPolynomial
from erlangen.exact.ring import Ring, RingLike, Z, parse_ring
from erlangen.exact.sparse_matrix import Coordinates, SparseMatrix
from erlangen.exact.spectral_sequence import SpectralSequence

if TYPE_CHECKING:
    from erlangen.exact.complex_homology import Cocycle

__all__ = ["ChainComplex"]


@final
class ChainComplex:
    """A bounded cochain complex of free modules over Z, Q or F_p.

    Parameters
    ----------
    differentials : mapping from degree k to SparseMatrix
        ``d_k`` of shape (rank of k+1, rank of k); a degree that is missing has the zero differential.
    labels : mapping from degree to sequence of int, optional
        A label for each generator: the quantum degree of a bigraded complex, the level of a filtered one. Default 0.
    ring : Ring or str, optional
        Default: that of the matrices (Z where there is none).
    check : bool
        Test shapes, labels and d d = 0.

    Raises
    ------
    ShapeError
        If shapes do not fit.
    LawError
        If d d is not 0, with the first entry that is not.
    DomainError
        If rings are mixed.

    Examples
    --------
    The complex of a circle with two vertices and two edges; the real projective plane's has torsion.

    >>> circle = ChainComplex({0: SparseMatrix.from_dense([[-1, 1], [1, -1]])})
    >>> circle.betti(0), circle.betti(1)
    (1, 1)
    >>> plane = ChainComplex({0: SparseMatrix.from_dense([[0]]), 1: SparseMatrix.from_dense([[2]])})
    >>> print(plane.homology()[2], plane.betti(2, "F2"))
    Z/2 1
    """

    degree: ClassVar[int] = 1

    __slots__ = ("_differentials", "labels", "ring")

    def __init__(
        self,
        differentials: Mapping[int, SparseMatrix],
        labels: Mapping[int, Sequence[int]] | None = None,
        *,
        ring: RingLike | None = None,
        check: bool = True,
    ) -> None:
        first = next(iter(differentials.values()), None)
        self.ring: Ring = parse_ring(ring) if ring is not None else first.ring if first is not None else Z
        ranks: dict[int, int] = {int(k): len(names) for k, names in (labels or {}).items()}
        for k, d in differentials.items():
            for degree, rank in ((int(k) + 1, d.shape[0]), (int(k), d.shape[1])):
                if ranks.setdefault(degree, rank) != rank:
                    message = f"differential({k}) has shape {d.shape}, yet degree {degree} has rank {ranks[degree]}"
                    raise ShapeError(message, hint="differential(k) is (rank of k+1, rank of k)")
        given = labels or {}
        self.labels: dict[int, tuple[int, ...]] = {
            k: tuple(map(int, given[k])) if k in given else (0,) * ranks[k] for k in sorted(ranks)
        }
        self._differentials = {int(k): d for k, d in sorted(differentials.items()) if d}
        if check:
            self._check()

    def _check(self) -> None:
        for k, d in self._differentials.items():
            if d.ring != self.ring:
                message = f"differential({k}) is over {d.ring}, the complex over {self.ring}"
                raise DomainError(message, hint="bring all over one ring with .over(ring)")
            if k + 1 in self._differentials:
                square = self._differentials[k + 1] @ d
                for place, value in square.items():
                    message = (
                        f"d d is not 0: (differential({k + 1}) differential({k}))[{place[0]}, {place[1]}] = {value}"
                    )
                    raise LawError(message, hint="check the signs")

    # -- reading ------------------------------------------------------------------------------------------------------

    @property
    def modules(self) -> dict[int, int]:
        """Ranks of the modules, by degree."""
        return {k: len(names) for k, names in self.labels.items()}

    def differential(self, k: int) -> SparseMatrix:
        """Return d: C^k -> C^(k+1), zero where it is not given."""
        if k in self._differentials:
            return self._differentials[k]
        return SparseMatrix.zero(len(self.labels.get(k + 1, ())), len(self.labels.get(k, ())), self.ring)

    def coordinates(self) -> dict[int, Coordinates]:
        """Return the differentials as arrays of rows, columns and values."""
        return {k: self.differential(k).tocoo() for k in self.labels if k + 1 in self.labels}

    @property
    def is_graded(self) -> bool:
        """Whether the differentials keep the labels."""
        return all(
            self.labels[k + 1][i] == self.labels[k][j]
            for k, d in self._differentials.items()
            for (i, j), _ in d.items()
        )

    @property
    def euler_characteristic(self) -> int:
        """The alternating sum of the ranks."""
        return sum(-n if k % 2 else n for k, n in self.modules.items())

    def graded_euler(self, variable: str = "q") -> LaurentPolynomial:
        """Return the sum of (-1)^k variable^label over the generators."""
        total: Counter[int] = Counter()
        for k, names in self.labels.items():
            for label in names:
                total[label] += -1 if k % 2 else 1
        return LaurentPolynomial({(label,): n for label, n in total.items()}, (variable,))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ChainComplex):
            return NotImplemented
        return (self.ring, self.labels, self._differentials) == (other.ring, other.labels, other._differentials)

    def __hash__(self) -> int:
        return hash((self.ring, tuple(self.labels.items()), tuple(self._differentials.items())))

    def __repr__(self) -> str:
        return f"ChainComplex({self._differentials}, {self.labels}, ring={self.ring!r})"

    def __str__(self) -> str:
        if not self.labels:
            return "complex 0"
        low, high = min(self.labels), max(self.labels)
        ranks = " -> ".join(f"{self.ring}^{len(self.labels.get(k, ()))}" for k in range(low, high + 1))
        return f"complex {ranks} in degrees {low}..{high}"

    # -- homology -----------------------------------------------------------------------------------------------------

    def homology(self, ring: RingLike | None = None) -> dict[int, AbelianGroup]:
        """Return the homology in each degree, over Z with its torsion, over a field as a group of that rank.

        Over Q ranks are exact: they come from eliminations over Z.
        """
        target = self.ring if ring is None else parse_ring(ring)
        return complex_homology.homology(self.over(target))

    def bigraded_homology(self, ring: RingLike | None = None) -> dict[tuple[int, int], AbelianGroup]:
        """Return the homology at each (degree, label), trivial groups left out.

        Raises
        ------
        DomainError
            If the differentials do not keep the labels.

        Examples
        --------
        >>> d = SparseMatrix.from_dense([[2, 0]])
        >>> c = ChainComplex({0: d}, {0: [7, 5], 1: [7]})
        >>> {place: str(group) for place, group in c.bigraded_homology().items()}
        {(0, 5): 'Z', (1, 7): 'Z/2'}
        """
        target = self.ring if ring is None else parse_ring(ring)
        return complex_homology.bigraded_homology(self.over(target))

    def betti(self, k: int, ring: RingLike = "Q") -> int:
        """Return the dimension of the homology in degree k over a field."""
        target = parse_ring(ring)
        rank = self.differential(k).rank(target) + self.differential(k - 1).rank(target)
        return len(self.labels.get(k, ())) - rank

    def cocycles(self, k: int) -> list[Cocycle]:
        """Return cocycles whose classes generate the homology in degree k, each with its order (0 = infinite)."""
        return complex_homology.cocycles(self, k)

    def spectral_sequence(self, unit: int = 1) -> SpectralSequence:
        """Return the spectral sequence of the filtration by labels.

        Parameters
        ----------
        unit : int
            The step of the labels that counts as one page.

        Raises
        ------
        DomainError
            If the ring is no field, a differential lowers a label, or raises it by no multiple of the unit.
        """
        return complex_homology.spectral_sequence(self, unit)

    # -- algebra ------------------------------------------------------------------------------------------------------

    def over(self, ring: RingLike) -> ChainComplex:
        """Return the complex over another ring."""
        target = parse_ring(ring)
        if target == self.ring:
            return self
        images = {k: d.over(target) for k, d in self._differentials.items()}
        return ChainComplex(images, self.labels, ring=target, check=False)

    def reduce(self) -> ChainComplex:
        """Return a homotopy equivalent complex without units between equal labels, by Gaussian elimination.

        Examples
        --------
        >>> c = ChainComplex({0: SparseMatrix.from_dense([[1, 2], [3, 4]])})
        >>> c.reduce().differential(0)
        SparseMatrix({(0, 0): -2}, (1, 1), Z)
        """
        columns = {k: dict(enumerate(d.transpose().rows())) for k, d in self._differentials.items()}
        kept, left = cancel(columns, self.labels, self.ring)
        labels = {k: [self.labels[k][j] for j in names] for k, names in kept.items()}
        matrices = {}
        for k, work in left.items():
            if work:
                row = {old: new for new, old in enumerate(kept[k + 1])}
                column = {old: new for new, old in enumerate(kept[k])}
                entries = {(row[i], column[j]): value for j, c in work.items() for i, value in c.items()}
                matrices[k] = SparseMatrix(entries, (len(row), len(column)), self.ring)
        return ChainComplex(matrices, {k: names for k, names in labels.items() if names}, ring=self.ring, check=False)

    def laplacian(self, k: int) -> SparseMatrix:
        r"""Return :math:`d_k^T d_k + d_{k-1} d_{k-1}^T`, whose kernel over Q is the homology (Hodge; Eckmann 1944)."""
        above, below = self.differential(k), self.differential(k - 1)
        return above.transpose() @ above + below @ below.transpose()

    def shift(self, degree: int = 0, label: int = 0) -> ChainComplex:
        """Return the complex with degrees and labels raised; the differentials change sign with every degree."""
        return complex_algebra.shift(self, degree, label)

    def dual(self) -> ChainComplex:
        """Return Hom(C, ring): degrees and labels change sign, differentials are transposed."""
        return complex_algebra.dual(self)

    def __add__(self, other: ChainComplex) -> ChainComplex:
        return complex_algebra.direct_sum(self, other)

    def tensor(self, other: ChainComplex) -> ChainComplex:
        """Return the tensor product, d(a b) = (d a) b + (-1)^degree(a) a (d b); labels add."""
        return complex_algebra.tensor(self, other)

    def cone(self, target: ChainComplex, chain_map: Mapping[int, SparseMatrix]) -> ChainComplex:
        """Return the mapping cone of a chain map from this complex.

        Parameters
        ----------
        target : ChainComplex
        chain_map : mapping from degree k to SparseMatrix
            f_k: C^k -> D^k with d f = f d; missing degrees are zero.

        Raises
        ------
        LawError
            If f is no chain map (the cone's d d is not 0).

        Examples
        --------
        >>> point = ChainComplex({}, {0: [0]})
        >>> print(point.cone(point, {0: SparseMatrix.identity(1) * 3}).homology()[0])
        Z/3
        """
        return complex_algebra.cone(self, target, chain_map)
