r"""A rule on the sphere: points, weights, and the degree up to which it is exact.

Definition: :math:`\sum_i w_i F(r_i) = \int_{S^2} F` for every polynomial F of degree <= ``degree``; rules that interpolate also determine a
polynomial of degree <= ``interpolates`` from its values.
Convention: points are unit vectors ``(x, y, z)``, polar axis y, :math:`\alpha = \operatorname{atan2}(x, z)`; weights sum to 4 pi.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from erlangen.errors import DomainError
from erlangen.validation import check_integer

__all__ = ["SphereRule"]


@dataclass(frozen=True, eq=False, repr=False)
class SphereRule:
    """Points and weights on the sphere; made by :func:`erlangen.representations.sphere.rule`.

    Attributes
    ----------
    degree : int
        The rule integrates every polynomial of this degree exactly.
    kind : str
        Its family.
    points : ndarray (N, 3)
        Unit vectors, read-only.
    weights : ndarray (N,)
        Sum to 4 pi, read-only; a few Lebedev rules have negative ones.
    interpolates : int
        Degree up to which values at the points determine a polynomial (least squares); -1 for a rule that is for integrals alone.
    grid : (int, int) or None
        Numbers of polar angles and of azimuths of a product rule, point ``(b, a)`` at ``b * grid[1] + a``.
    antipodal : bool
        True if the second half of the points are the negatives of the first half, in order, with the same weights.

    Examples
    --------
    >>> from erlangen.representations.sphere import rule
    >>> octahedron = rule(3, kind="lebedev")
    >>> octahedron, len(octahedron), eval(repr(octahedron)) == octahedron
    (rule(3, kind='lebedev'), 6, True)
    """

    degree: int
    kind: str
    points: NDArray[np.float64]
    weights: NDArray[np.float64]
    interpolates: int = -1
    grid: tuple[int, int] | None = None
    antipodal: bool = False
    _key: tuple[object, ...] = field(init=False)

    def __post_init__(self) -> None:
        for name in ("points", "weights"):
            array = np.array(getattr(self, name), dtype=np.float64, order="C")
            array.flags.writeable = False
            object.__setattr__(self, name, array)
        where = sha256(self.points.tobytes() + self.weights.tobytes()).digest()
        object.__setattr__(self, "_key", (self.degree, self.kind, self.interpolates, self.grid, self.antipodal, where))

    def __len__(self) -> int:
        return len(self.weights)

    def __repr__(self) -> str:
        return f"rule({self.degree}, kind={self.kind!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SphereRule) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)

    def check(self, degree: int) -> None:
        """Refuse integrals of polynomials of this degree if they are not exact.

        Raises
        ------
        DomainError
            With the degree that is needed.

        Examples
        --------
        >>> from erlangen.representations.sphere import rule
        >>> rule(3).check(4)
        Traceback (most recent call last):
            ...
        erlangen.errors.DomainError: rule(3, kind='lebedev') is exact to degree 3; degree 4 is needed (make it by rule(4, kind='lebedev'))
        """
        degree = check_integer(degree, "degree", low=0)
        if degree > self.degree:
            message = f"{self} is exact to degree {self.degree}; degree {degree} is needed"
            raise DomainError(message, hint=f"make it by rule({degree}, kind={self.kind!r})")

    def check_projection(self, degree: int, lmax: int) -> bool:
        """Return whether a polynomial of ``degree`` is projected on ``l <= lmax`` by interpolation (else by weights).

        Raises
        ------
        DomainError
            If neither is exact.

        Examples
        --------
        >>> from erlangen.representations.sphere import rule
        >>> rule(5, kind="minimal").check_projection(4, 4), rule(8).check_projection(4, 4)
        (True, False)
        """
        if degree + lmax <= self.degree:
            return False
        if max(degree, lmax) <= self.interpolates:
            return True
        wanted = f"a signal of degree {degree} on l <= {lmax}"
        if self.interpolates >= 0:
            need = max(degree, lmax)
            message = f"{self} interpolates to degree {self.interpolates}; to project {wanted}, degree {need} is needed"
        else:
            need = degree + lmax
            message = f"{self} is exact to degree {self.degree}; to project {wanted}, degree {need} is needed"
        raise DomainError(message, hint=f"projection_rule({degree}, {lmax}, kind={self.kind!r}) makes the smallest one")
