"""Lie algebras over Q given by structure constants: series, Killing form, radical, Levi factor.

Definition: ``[e_i, e_j] = Σ_k c_ij^k e_k``; the Killing form is ``tr(ad x ad y)`` (de Graaf, Lie Algebras: Theory and Algorithms).
Convention: subspaces are tuples of coordinate vectors in reduced row echelon form.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import TypeAlias, final

from erlangen.errors import DomainError
from erlangen.exact import echelon_form, nullspace, solve_linear

__all__ = ["LieAlgebra"]

Vector: TypeAlias = tuple[Fraction, ...]


@final
class LieAlgebra:
    """A finite-dimensional Lie algebra over Q.

    Parameters
    ----------
    dimension : int
        The number of basis elements.
    brackets : mapping of (i, j) to {k: number}
        ``[e_i, e_j]`` for ``i < j``; those left out vanish.

    Raises
    ------
    DomainError
        If a bracket is given twice, or the Jacobi identity fails; the triple is named.

    Examples
    --------
    >>> sl2 = LieAlgebra(3, {(0, 1): {1: 2}, (0, 2): {2: -2}, (1, 2): {0: 1}})
    >>> sl2.killing_form()[0][0], sl2.is_semisimple
    (Fraction(8, 1), True)
    """

    def __init__(self, dimension: int, brackets: Mapping[tuple[int, int], Mapping[int, int | Fraction]]) -> None:
        self.dimension = dimension
        table: dict[tuple[int, int], Vector] = {}
        for (i, j), value in brackets.items():
            if not 0 <= i < j < dimension:
                message = f"the bracket ({i}, {j}) is not one with 0 <= i < j < {dimension}"
                raise DomainError(message, hint="give each bracket once, the smaller index first")
            vector = tuple(Fraction(value.get(k, 0)) for k in range(dimension))
            table[i, j] = vector
            table[j, i] = tuple(-x for x in vector)
        self._table = table
        self._sparse = {
            pair: {k: entry for k, entry in enumerate(vector) if entry} for pair, vector in table.items() if any(vector)
        }
        for i in range(dimension):
            for j in range(i + 1, dimension):
                for k in range(j + 1, dimension):
                    self._check_jacobi(i, j, k)

    def _check_jacobi(self, i: int, j: int, k: int) -> None:
        total = [Fraction(0)] * self.dimension
        for a, b, c in ((i, j, k), (j, k, i), (k, i, j)):
            for m, inner in self._sparse.get((b, c), {}).items():
                for place, outer in self._sparse.get((a, m), {}).items():
                    total[place] += inner * outer
        if any(total):
            message = f"the Jacobi identity fails at e_{i}, e_{j}, e_{k}: {[str(x) for x in total]}"
            raise DomainError(message, hint="check the brackets")

    @property
    def basis(self) -> tuple[Vector, ...]:
        """The coordinate vectors of the basis.

        Examples
        --------
        >>> LieAlgebra(1, {}).basis
        ((Fraction(1, 1),),)
        """
        return tuple(tuple(Fraction(i == j) for j in range(self.dimension)) for i in range(self.dimension))

    @property
    def structure_constants(self) -> dict[tuple[int, int], dict[int, Fraction]]:
        """What does not vanish of ``c_ij^k``, by ``(i, j)`` with i before j, then by k.

        Examples
        --------
        >>> LieAlgebra(3, {(0, 1): {2: 1}}).structure_constants
        {(0, 1): {2: Fraction(1, 1)}}
        """
        return {pair: dict(value) for pair, value in sorted(self._sparse.items()) if pair[0] < pair[1]}

    def bracket(self, x: Sequence[Fraction], y: Sequence[Fraction]) -> Vector:
        """Return ``[x, y]`` in coordinates.

        Examples
        --------
        >>> heisenberg = LieAlgebra(3, {(0, 1): {2: 1}})
        >>> [int(c) for c in heisenberg.bracket(heisenberg.basis[1], heisenberg.basis[0])]
        [0, 0, -1]
        """
        total = [Fraction(0)] * self.dimension
        right = [(j, entry) for j, entry in enumerate(y) if entry]
        for i, left in enumerate(x):
            if left:
                for j, other in right:
                    for k, entry in self._sparse.get((i, j), {}).items():
                        total[k] += left * other * entry
        return tuple(total)

    def killing_form(self) -> tuple[Vector, ...]:
        """Return the matrix ``tr(ad e_i ad e_j)``.

        Examples
        --------
        >>> LieAlgebra(2, {(0, 1): {1: 1}}).killing_form()[0][0]
        Fraction(1, 1)
        """
        n = self.dimension
        ad = [
            {(m, k): entry for m in range(n) for k, entry in self._sparse.get((i, m), {}).items()} for i in range(n)
        ]  # c_im^k
        return tuple(
            tuple(sum((entry * ad[j].get((k, m), 0) for (m, k), entry in ad[i].items()), Fraction(0)) for j in range(n))
            for i in range(n)
        )

    def span(self, vectors: Iterable[Sequence[Fraction]]) -> tuple[Vector, ...]:
        """Return the reduced basis of a span.

        Examples
        --------
        >>> LieAlgebra(2, {}).span([(Fraction(2), Fraction(2))])
        ((Fraction(1, 1), Fraction(1, 1)),)
        """
        rows = [{k: entry for k, entry in enumerate(vector) if entry} for vector in vectors]
        form = echelon_form(rows, self.dimension)
        return tuple(tuple(Fraction(row.get(k, 0)) for k in range(self.dimension)) for row in form.rows.values())

    def product(self, left: Sequence[Vector], right: Sequence[Vector]) -> tuple[Vector, ...]:
        """Return the span of all brackets of two subspaces.

        Examples
        --------
        >>> algebra = LieAlgebra(2, {(0, 1): {1: 1}})
        >>> len(algebra.product(algebra.basis, algebra.basis))
        1
        """
        return self.span(self.bracket(x, y) for x in left for y in right)

    def derived_series(self) -> tuple[int, ...]:
        """Return the dimensions of the derived series, down to where it stops.

        Examples
        --------
        >>> LieAlgebra(3, {(0, 1): {2: 1}}).derived_series()
        (3, 1, 0)
        """
        return self._series(lambda last: self.product(last, last))

    def lower_central_series(self) -> tuple[int, ...]:
        """Return the dimensions of the lower central series, down to where it stops.

        Examples
        --------
        >>> LieAlgebra(2, {(0, 1): {1: 1}}).lower_central_series()
        (2, 1)
        """
        return self._series(lambda last: self.product(self.basis, last))

    def _series(self, step) -> tuple[int, ...]:  # type: ignore[no-untyped-def]
        spaces = [self.basis]
        while True:
            following = step(spaces[-1])
            if len(following) == len(spaces[-1]):
                return tuple(len(space) for space in spaces)
            spaces.append(following)

    @property
    def is_solvable(self) -> bool:
        """Whether the derived series ends in zero.

        Examples
        --------
        >>> LieAlgebra(2, {(0, 1): {1: 1}}).is_solvable
        True
        """
        return self.derived_series()[-1] == 0

    @property
    def is_nilpotent(self) -> bool:
        """Whether the lower central series ends in zero.

        Examples
        --------
        >>> LieAlgebra(2, {(0, 1): {1: 1}}).is_nilpotent
        False
        """
        return self.lower_central_series()[-1] == 0

    @property
    def is_semisimple(self) -> bool:
        """Whether the Killing form is non-degenerate (Cartan).

        Examples
        --------
        >>> LieAlgebra(1, {}).is_semisimple
        False
        """
        return self.dimension > 0 and not self.radical()

    def centre(self) -> tuple[Vector, ...]:
        """Return a basis of the centre.

        Examples
        --------
        >>> len(LieAlgebra(3, {(0, 1): {2: 1}}).centre())
        1
        """
        rows = []
        for j in range(self.dimension):
            for k in range(self.dimension):
                rows.append({i: self._table[i, j][k] for i in range(self.dimension) if (i, j) in self._table})
        return self._vectors(nullspace(rows, self.dimension))

    def radical(self) -> tuple[Vector, ...]:
        """Return a basis of the radical, the orthogonal complement of ``[g, g]`` under the Killing form.

        Examples
        --------
        >>> len(LieAlgebra(2, {(0, 1): {1: 1}}).radical())
        2
        """
        form = self.killing_form()
        derived = self.product(self.basis, self.basis)
        rows = [
            {j: sum((y[i] * form[i][j] for i in range(self.dimension)), Fraction(0)) for j in range(self.dimension)}
            for y in derived
        ]
        return self._vectors(nullspace(rows, self.dimension))

    def levi_factor(self) -> tuple[Vector, ...]:
        """Return a basis of a semisimple subalgebra complementary to the radical (Levi; de Graaf, 4.13).

        Examples
        --------
        >>> sl2 = LieAlgebra(3, {(0, 1): {1: 2}, (0, 2): {2: -2}, (1, 2): {0: 1}})
        >>> len(sl2.levi_factor())
        3
        """
        series = [self.radical()]
        while series[-1]:
            series.append(self.product(series[-1], series[-1]))
        radical = series[0]
        pivots = {next(k for k, entry in enumerate(vector) if entry) for vector in radical}
        lifted = [self.basis[k] for k in range(self.dimension) if k not in pivots]
        for upper, lower in pairwise(series):
            lifted = self._correct(lifted, upper, lower, radical)
        return self.span(lifted)

    def _correct(
        self, lifted: list[Vector], upper: tuple[Vector, ...], lower: tuple[Vector, ...], radical: tuple[Vector, ...]
    ) -> list[Vector]:
        """Move the lifts by elements of ``upper`` so that they close modulo ``lower``."""
        chosen: list[Vector] = []
        for vector in upper:
            if len(self.span([*lower, *chosen, vector])) > len(lower) + len(chosen):
                chosen.append(vector)
        if not chosen:
            return lifted
        columns = len(lifted) * len(chosen)
        functionals = self._annihilator(lower)
        rows: list[dict[int, Fraction]] = []
        for (i, j), constants in self._quotient_constants(lifted, radical).items():
            target, images = self._closing(lifted, chosen, (i, j), constants)
            for functional in functionals:
                row = {column: _dot(functional, image) for column, image in images.items()}
                rows.append({**row, columns: -_dot(functional, target)})
        found = solve_linear(rows, columns)
        if found is None:
            message = "no Levi factor was found, against Levi's theorem"
            raise DomainError(message, hint="this is an error of the library; please report the structure constants")
        moved = []
        for i, start in enumerate(lifted):
            vector = start
            for s, direction in enumerate(chosen):
                vector = _plus(vector, direction, Fraction(found[0].get(i * len(chosen) + s, 0)))
            moved.append(vector)
        return moved

    def _closing(
        self, lifted: list[Vector], chosen: list[Vector], pair: tuple[int, int], constants: list[Fraction]
    ) -> tuple[Vector, dict[int, Vector]]:
        """Return ``[x_i, x_j] - Σ c^k x_k`` and how it moves, to first order, with the lift of each element along each direction."""
        i, j = pair
        target = self.bracket(lifted[i], lifted[j])
        images: dict[int, Vector] = {}
        for k, weight in enumerate(constants):
            target = _plus(target, lifted[k], -weight)
            for s, direction in enumerate(chosen):
                image = tuple(-weight * entry for entry in direction)
                if k == j:
                    image = _plus(image, self.bracket(lifted[i], direction), Fraction(1))
                if k == i:
                    image = _plus(image, self.bracket(lifted[j], direction), Fraction(-1))
                images[k * len(chosen) + s] = image
        return target, images

    def _quotient_constants(
        self, lifted: list[Vector], radical: tuple[Vector, ...]
    ) -> dict[tuple[int, int], list[Fraction]]:
        """Return the structure constants of the lifts modulo the radical."""
        columns = [*lifted, *radical]
        found = {}
        for i in range(len(lifted)):
            for j in range(i + 1, len(lifted)):
                target = self.bracket(lifted[i], lifted[j])
                rows = []
                for k in range(self.dimension):
                    row = {c: vector[k] for c, vector in enumerate(columns)}
                    row[len(columns)] = target[k]
                    rows.append(row)
                solution = solve_linear(rows, len(columns))
                weights = {} if solution is None else solution[0]
                found[i, j] = [Fraction(weights.get(k, 0)) for k in range(len(lifted))]
        return found

    def _annihilator(self, space: tuple[Vector, ...]) -> tuple[Vector, ...]:
        return self._vectors(nullspace([dict(enumerate(vector)) for vector in space], self.dimension))

    def _vectors(self, sparse: list[dict[int, Fraction]]) -> tuple[Vector, ...]:
        return tuple(tuple(Fraction(vector.get(k, 0)) for k in range(self.dimension)) for vector in sparse)


def _dot(left: Vector, right: Vector) -> Fraction:
    return sum((a * b for a, b in zip(left, right, strict=True)), Fraction(0))


def _plus(left: Vector, right: Vector, weight: Fraction) -> Vector:
    return tuple(a + weight * b for a, b in zip(left, right, strict=True))
