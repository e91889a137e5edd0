"""Tensor fields in a chart, with sparse exact components.

Definition: ``T^{a…}_{b…}`` by its components in the coordinate basis; variance is a word of ``u`` (upper) and ``d`` (lower).
Convention: indices are numbers of coordinates; a new covariant index stands last.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import permutations, product
from math import factorial
from typing import TypeAlias, final

from erlangen.errors import DomainError, ShapeError
from erlangen.exact import DifferentialElement, DifferentialRing, dot

__all__ = ["Tensor"]

Index: TypeAlias = tuple[int, ...]


@final
class Tensor:
    """A tensor field on a chart whose coordinates are those of a differential ring.

    Parameters
    ----------
    ring : DifferentialRing
        Its coordinates are the chart's.
    variance : str
        One letter an index: ``u`` or ``d``.
    components : mapping of index to element
        What does not vanish.

    Raises
    ------
    ShapeError
        If an index does not fit the variance or the chart.

    Examples
    --------
    >>> ring = DifferentialRing("x y")
    >>> field = Tensor(ring, "u", {(0,): -ring["y"], (1,): ring["x"]})
    >>> field.lie_derivative(field).components
    {}
    """

    __slots__ = ("components", "ring", "variance")

    def __init__(
        self, ring: DifferentialRing, variance: str, components: Mapping[Index, DifferentialElement | int | Fraction]
    ) -> None:
        if set(variance) - {"u", "d"}:
            message = f"variance is a word of u and d, got {variance!r}"
            raise ShapeError(message)
        n = len(ring.coordinates)
        kept: dict[Index, DifferentialElement] = {}
        for index, value in components.items():
            if len(index) != len(variance) or not all(0 <= i < n for i in index):
                message = f"the index {index} does not fit a tensor of variance {variance!r} in {n} coordinates"
                raise ShapeError(message, hint=f"give {len(variance)} numbers from 0 to {n - 1}")
            element = value if isinstance(value, DifferentialElement) else ring.constant(value)
            if element:
                kept[index] = element
        self.ring = ring
        self.variance = variance
        self.components = kept

    def __repr__(self) -> str:
        return f"Tensor({self.variance!r}, {self.components!r})"

    def __getitem__(self, index: Index | int) -> DifferentialElement:
        key = (index,) if isinstance(index, int) else index
        return self.components.get(key, self.ring.constant(0))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Tensor):
            return NotImplemented
        return (self.ring, self.variance, self.components) == (other.ring, other.variance, other.components)

    __hash__ = None  # type: ignore[assignment]

    def __bool__(self) -> bool:
        return bool(self.components)

    def _same(self, other: Tensor) -> None:
        if other.ring is not self.ring or other.variance != self.variance:
            message = f"tensors of variance {self.variance!r} and {other.variance!r} cannot be added, nor can those of two rings"
            raise ShapeError(message)

    def __add__(self, other: Tensor) -> Tensor:
        self._same(other)
        total = dict(self.components)
        for index, value in other.components.items():
            total[index] = total[index] + value if index in total else value
        return Tensor(self.ring, self.variance, total)

    def __neg__(self) -> Tensor:
        return self * -1

    def __sub__(self, other: Tensor) -> Tensor:
        return self + -other

    def __mul__(self, factor: DifferentialElement | int | Fraction) -> Tensor:
        return Tensor(self.ring, self.variance, {index: value * factor for index, value in self.components.items()})

    __rmul__ = __mul__

    def outer(self, other: Tensor) -> Tensor:
        """Return the tensor product.

        Examples
        --------
        >>> ring = DifferentialRing("x")
        >>> Tensor(ring, "u", {(0,): 1}).outer(Tensor(ring, "d", {(0,): ring["x"]})).components
        {(0, 0): x}
        """
        pairs = product(self.components.items(), other.components.items())
        return Tensor(self.ring, self.variance + other.variance, {i + j: a * b for (i, a), (j, b) in pairs})

    def contract(self, first: int, second: int) -> Tensor:
        """Return the trace over an upper and a lower index.

        Raises
        ------
        ShapeError
            If the two places are not one upper and one lower index.

        Examples
        --------
        >>> ring = DifferentialRing("x y")
        >>> Tensor(ring, "ud", {(0, 0): 1, (1, 1): 1}).contract(0, 1)[()]
        2
        """
        if {self.variance[first], self.variance[second]} != {"u", "d"}:
            message = f"places {first} and {second} of {self.variance!r} are not one upper and one lower index"
            raise ShapeError(message, hint="raise or lower one of them with a metric")
        keep = [k for k in range(len(self.variance)) if k not in (first, second)]
        terms: dict[Index, list[tuple[int, DifferentialElement, None]]] = {}
        for index, value in self.components.items():
            if index[first] == index[second]:
                terms.setdefault(tuple(index[k] for k in keep), []).append((1, value, None))
        return Tensor(
            self.ring,
            "".join(self.variance[k] for k in keep),
            {index: dot(self.ring, parts) for index, parts in terms.items()},
        )

    def transpose(self, *places: int) -> Tensor:
        """Return the tensor with its indices in another order: new place k holds the old place ``places[k]``.

        Raises
        ------
        ShapeError
            If the places are no permutation.

        Examples
        --------
        >>> ring = DifferentialRing("x y")
        >>> Tensor(ring, "dd", {(0, 1): 1}).transpose(1, 0).components
        {(1, 0): 1}
        """
        if sorted(places) != list(range(len(self.variance))):
            message = f"{places} is no permutation of the {len(self.variance)} indices"
            raise ShapeError(message)
        components = {tuple(index[k] for k in places): value for index, value in self.components.items()}
        return Tensor(self.ring, "".join(self.variance[k] for k in places), components)

    def symmetrised(self, *, sign: int = 1) -> Tensor:
        """Return the symmetric part, or with ``sign=-1`` the antisymmetric part.

        Raises
        ------
        ShapeError
            If upper and lower indices are mixed.

        Examples
        --------
        >>> ring = DifferentialRing("x y")
        >>> Tensor(ring, "dd", {(0, 1): 2}).symmetrised(sign=-1).components
        {(0, 1): 1, (1, 0): -1}
        """
        if len(set(self.variance)) > 1:
            message = f"the indices of {self.variance!r} are not of one kind"
            raise ShapeError(message, hint="raise or lower them first")
        total = Tensor(self.ring, self.variance, {})
        for places in permutations(range(len(self.variance))):
            part = self.transpose(*places)
            total = total + (part if sign == 1 else part * _parity(places))
        return total * Fraction(1, factorial(len(self.variance)))

    def lie_derivative(self, vector: Tensor) -> Tensor:
        """Return ``L_ξ T``.

        Raises
        ------
        ShapeError
            If ξ is no vector field.

        Examples
        --------
        >>> ring = DifferentialRing("x y")
        >>> flat = Tensor(ring, "dd", {(0, 0): 1, (1, 1): 1})
        >>> flat.lie_derivative(Tensor(ring, "u", {(0,): ring["x"]})).components
        {(0, 0): 2}
        """
        if vector.variance != "u":
            message = f"a Lie derivative is along a vector field, not along a tensor of variance {vector.variance!r}"
            raise ShapeError(message)
        names = self.ring.coordinates
        terms: dict[Index, list[tuple[int, DifferentialElement, DifferentialElement]]] = {}
        slopes = {
            (k, i): slope
            for (k,), value in vector.components.items()
            for i, name in enumerate(names)
            if (slope := value.derivative(name))
        }
        for index, value in self.components.items():
            for (k,), component in vector.components.items():
                slope = value.derivative(names[k])
                if slope:
                    terms.setdefault(index, []).append((1, component, slope))
            for place, kind in enumerate(self.variance):
                for (k, i), slope in slopes.items():
                    # lower: T_k ∂_i ξ^k goes to place i; upper: -T^i ∂_i ξ^k goes to place k
                    old, new, sign = (k, i, 1) if kind == "d" else (i, k, -1)
                    if index[place] == old:
                        target = (*index[:place], new, *index[place + 1 :])
                        terms.setdefault(target, []).append((sign, value, slope))
        return Tensor(self.ring, self.variance, {index: dot(self.ring, parts) for index, parts in terms.items()})

    def exterior_derivative(self) -> Tensor:
        """Return ``dω`` of an antisymmetric covariant tensor, ``(dω)_{a b…} = Σ ± ∂ ω``.

        Raises
        ------
        DomainError
            If the tensor is no differential form.

        Examples
        --------
        >>> ring = DifferentialRing("x y")
        >>> Tensor(ring, "d", {(1,): ring["x"]}).exterior_derivative().components
        {(0, 1): 1, (1, 0): -1}
        """
        if "u" in self.variance or self.symmetrised(sign=-1) != self:
            message = "the exterior derivative is that of an antisymmetric tensor with lower indices"
            raise DomainError(message, hint="antisymmetrise it: symmetrised(sign=-1)")
        names = self.ring.coordinates
        gradient = {
            (i, *index): slope
            for index, value in self.components.items()
            for i, name in enumerate(names)
            if (slope := value.derivative(name))
        }
        degree = len(self.variance) + 1
        return Tensor(self.ring, "d" * degree, gradient).symmetrised(sign=-1) * degree

    def wedge(self, other: Tensor) -> Tensor:
        """Return ``α ∧ β = (p+q)!/(p! q!) alt(α ⊗ β)``.

        Examples
        --------
        >>> ring = DifferentialRing("x y")
        >>> dx, dy = (Tensor(ring, "d", {(i,): 1}) for i in range(2))
        >>> dx.wedge(dy).components
        {(0, 1): 1, (1, 0): -1}
        """
        p, q = len(self.variance), len(other.variance)
        return self.outer(other).symmetrised(sign=-1) * Fraction(factorial(p + q), factorial(p) * factorial(q))

    def interior(self, vector: Tensor) -> Tensor:
        """Return ``ι_ξ ω``, the contraction of a vector with the first index.

        Examples
        --------
        >>> ring = DifferentialRing("x y")
        >>> form = Tensor(ring, "dd", {(0, 1): 1, (1, 0): -1})
        >>> form.interior(Tensor(ring, "u", {(0,): ring["x"]})).components
        {(1,): x}
        """
        return vector.outer(self).contract(0, 1)

    def __iter__(self) -> Iterator[tuple[Index, DifferentialElement]]:
        return iter(self.components.items())


def _parity(places: tuple[int, ...]) -> int:
    return (-1) ** sum(a > b for k, a in enumerate(places) for b in places[k + 1 :])
