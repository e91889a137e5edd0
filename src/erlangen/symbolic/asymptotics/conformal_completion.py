"""A conformal completion with its frame: what a physical metric is at the boundary where the conformal factor vanishes.

Definition: ``g̃ = (ω Ω)² g`` with ``Ω = 0`` at the boundary; Schouten's tensor is ``P_ab = (R_ab - R g_ab/2(n-1))/(n-2)``, and with ``Ω̂ = ω Ω``
    ``P_ab = P̃_ab + Ω̂⁻¹ ∇̃_a ∇̃_b Ω̂ - ½ Ω̂⁻² |dΩ̂|² g̃_ab`` (Penrose; Schöller, arXiv 2003.07243).
Convention: a change of frame ω is carried along, never divided out: Schwarzian derivatives come from ``∇̃∇̃ω``.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cached_property
from typing import final

from erlangen.errors import DomainError
from erlangen.exact import DifferentialElement, DifferentialRing, TruncatedSeries, dot
from erlangen.symbolic.geometry.metric import Metric
from erlangen.symbolic.geometry.tensor import Tensor
from erlangen.symbolic.geometry.volume import root_up_to_sign

__all__ = ["ConformalCompletion"]


@final
class ConformalCompletion:
    """A physical metric with a conformal factor Ω that is a coordinate, and a frame ω.

    Parameters
    ----------
    physical : Metric
        In a chart that holds the boundary at ``Ω = 0``; see :meth:`at_infinity` for a chart with a radius.
    boundary : str
        The coordinate Ω.
    frame : element
        ω, which does not vanish at the boundary, rational in Ω with functions of the other coordinates; 1 by default.

    Raises
    ------
    DomainError
        If the coordinate is unknown, the dimension is less than three, or ω vanishes at the boundary.

    Examples
    --------
    >>> from erlangen.symbolic import spacetime
    >>> scri = ConformalCompletion.at_infinity(spacetime("bondi-3d"))
    >>> scri.at_boundary(scri.schouten)[2, 2]
    -Theta/2
    """

    def __init__(self, physical: Metric, boundary: str, *, frame: DifferentialElement | int = 1) -> None:
        ring = physical.ring
        if boundary not in ring.coordinates:
            message = f"{boundary!r} is not among the coordinates {' '.join(ring.coordinates)}"
            raise DomainError(message, hint="name the coordinate that vanishes at the boundary")
        if physical.dimension < 3:
            message = f"Schouten's tensor needs three dimensions, got {physical.dimension}"
            raise DomainError(message)
        self.ring, self.boundary, self.physical = ring, boundary, physical
        self.frame = frame if isinstance(frame, DifferentialElement) else ring.constant(frame)
        if not self._limit(self.frame, "the frame"):
            message = f"the frame {self.frame} vanishes at {boundary} = 0"
            raise DomainError(message, hint="put its zero into the conformal factor")
        self.factor = self.frame * ring[boundary]
        self.metric = Metric(ring, {(i, j): value * self.factor**2 for (i, j), value in physical.lower})

    @classmethod
    def at_infinity(
        cls,
        physical: Metric,
        *,
        radial: str = "r",
        boundary: str = "Omega",
        frame: str = "1",
        functions: Mapping[str, str] | None = None,
    ) -> ConformalCompletion:
        """Return the completion with ``Ω = 1/r``, in the chart in which Ω takes the place of r.

        Parameters
        ----------
        physical : Metric
            Its functions must not depend on the radius other than through r itself.
        radial, boundary : str
            The names of r and of Ω.
        frame : str
            ω in the new coordinates and in ``functions``.
        functions : mapping of str to str
            Further functions of the new coordinates, as ``{"omega": "phi"}``.

        Raises
        ------
        DomainError
            If a function of the metric depends on the radius, or a name is unknown.

        Examples
        --------
        >>> from erlangen.symbolic import spacetime
        >>> moved = ConformalCompletion.at_infinity(spacetime("bondi-3d"), frame="omega", functions={"omega": "phi"})
        >>> moved.normal.components
        {(0,): 1/omega}
        """
        old = physical.ring
        if radial not in old.coordinates:
            message = f"{radial!r} is not among the coordinates {' '.join(old.coordinates)}"
            raise DomainError(message, hint="name the radius")
        for name, of in old.functions.items():
            if radial in of:
                message = f"the function {name} depends on {radial}: its behaviour at infinity is not given"
                raise DomainError(message, hint="expand it: AsymptoticProblem solves for its coefficients")
        names = [boundary if name == radial else name for name in old.coordinates]
        ring = DifferentialRing(
            names, constants=(*old.constants, radial), functions={**old.functions, **(functions or {})}
        )
        inverse = 1 / ring[boundary]
        place = old.coordinates.index(radial)
        components = {
            index: ring.parse(str(value)).substitute({radial: inverse}) * (-(inverse**2)) ** index.count(place)
            for index, value in physical.lower
            if index[0] <= index[1]
        }
        return cls(
            Metric(ring, {(i, j): value for (i, j), value in components.items()}), boundary, frame=ring.parse(frame)
        )

    # -- the boundary --------------------------------------------------------------------------------------------------------------
    def _limit(self, element: DifferentialElement, what: str) -> DifferentialElement:
        if not element:
            return element
        low = TruncatedSeries.of(element, self.boundary, order=1, at="0")
        if low.terms and low.valuation < 0:
            message = f"{what} has no value at {self.boundary} = 0: it grows like {self.boundary}^{low.valuation}"
            raise DomainError(message, hint="the completion is not regular there; check fall-offs and conformal factor")
        return low.coefficient(0)

    def at_boundary(self, tensor: Tensor) -> Tensor:
        """Return a tensor with its components at ``Ω = 0``.

        Raises
        ------
        DomainError
            If a component has no value there: the power with which it grows is reported.

        Examples
        --------
        >>> from erlangen.symbolic import spacetime
        >>> scri = ConformalCompletion.at_infinity(spacetime("bondi-3d"))
        >>> scri.at_boundary(scri.metric.lower).components
        {(0, 1): 1, (1, 0): 1, (2, 2): 1}
        """
        names = self.ring.coordinates
        found = {
            index: self._limit(value, "the component " + " ".join(names[i] for i in index)) for index, value in tensor
        }
        return Tensor(self.ring, tensor.variance, found)

    @cached_property
    def _gradient(self) -> Tensor:
        return _gradient(self.ring, self.factor)

    def norm(self, power: int = 0) -> DifferentialElement:
        """Return ``Ω̂^{-k} g̃^{ab} ∂_a Ω̂ ∂_b Ω̂`` at the boundary: with k = 0 it is zero where the boundary is null.

        Raises
        ------
        DomainError
            If it has no value there.

        Examples
        --------
        >>> from erlangen.symbolic import spacetime
        >>> ConformalCompletion.at_infinity(spacetime("bondi-3d")).norm(2)
        -Theta
        """
        value = _square(self.metric, self._gradient) / self.factor**power
        return self._limit(value, "the norm of the conformal factor's gradient")

    @cached_property
    def normal(self) -> Tensor:
        """``n^a = g̃^{ab} ∂_b Ω̂`` at the boundary.

        Examples
        --------
        >>> from erlangen.symbolic import spacetime
        >>> ConformalCompletion.at_infinity(spacetime("bondi-3d")).normal.components
        {(0,): 1}
        """
        return self.at_boundary(self.metric.raise_index(self._gradient, 0))

    @cached_property
    def divergence(self) -> DifferentialElement:
        """``∇̃_a n^a`` at the boundary, zero in a Bondi frame.

        Examples
        --------
        >>> from erlangen.symbolic import spacetime
        >>> g = spacetime("bondi-3d")
        >>> ConformalCompletion.at_infinity(g).divergence
        0
        >>> ConformalCompletion.at_infinity(g, frame="omega", functions={"omega": "u phi"}).divergence
        3*omega_u/omega^2
        """
        n = self.metric.raise_index(self._gradient, 0)
        return self._limit(self.metric.covariant_derivative(n).contract(0, 1)[()], "the divergence of the normal")

    # -- curvature -----------------------------------------------------------------------------------------------------------------
    @cached_property
    def schouten(self) -> Tensor:
        """``P̃_ab`` of the conformal metric.

        Examples
        --------
        >>> from erlangen.symbolic import spacetime
        >>> scri = ConformalCompletion.at_infinity(spacetime("bondi-3d"))
        >>> scri.at_boundary(scri.schouten)[0, 1]
        Theta/2
        """
        n = self.metric.dimension
        trace = self.metric.lower * (self.metric.scalar_curvature / (2 * (n - 1)))
        return (self.metric.ricci - trace) * (self.ring.constant(1) / (n - 2))

    def _shifted(self, scale: DifferentialElement) -> Tensor:
        """Return ``P̃_ab + s⁻¹ ∇̃_a ∇̃_b s - ½ s⁻² |ds|² g̃_ab``, Schouten's tensor of ``s⁻² g̃``."""
        gradient = _gradient(self.ring, scale)
        bend = self.metric.covariant_derivative(gradient) * (1 / scale)
        return self.schouten + bend - self.metric.lower * (_square(self.metric, gradient) / (2 * scale**2))

    def vacuum_defect(self, cosmological_constant: DifferentialElement | int = 0) -> Tensor:
        """Return what the vacuum equation leaves, ``P̃_ab + Ω̂⁻¹ ∇̃_a ∇̃_b Ω̂ - ½ Ω̂⁻² |dΩ̂|² g̃_ab - Λ g_ab/((n-1)(n-2))``.

        Examples
        --------
        >>> from erlangen.symbolic import spacetime
        >>> moved = ConformalCompletion.at_infinity(spacetime("bondi-3d"), frame="omega", functions={"omega": "u phi"})
        >>> bool(moved.vacuum_defect())
        False
        """
        n = self.metric.dimension
        rest = self._shifted(self.factor)
        scale = self.ring.constant(1) * cosmological_constant / ((n - 1) * (n - 2))
        return rest - self.physical.lower * scale if scale else rest

    @cached_property
    def frame_free(self) -> Tensor:
        """``P̃_ab + ω⁻¹ ∇̃_a ∇̃_b ω - ½ ω⁻² |dω|² g̃_ab`` at the boundary, the same in every frame.

        Examples
        --------
        >>> from erlangen.symbolic import spacetime
        >>> moved = ConformalCompletion.at_infinity(spacetime("bondi-3d"), frame="omega", functions={"omega": "u phi"})
        >>> moved.frame_free[2, 2]
        -Theta/2
        """
        return self.at_boundary(self._shifted(self.frame))

    # -- charges -------------------------------------------------------------------------------------------------------------------
    def transverse(self, cut: str) -> Tensor:
        """Return the null vector ``l^a`` at the boundary with ``l·n = 1`` that is orthogonal to a cut along one coordinate.

        Raises
        ------
        DomainError
            If the boundary is not null, or the coordinate is not along it.

        Examples
        --------
        >>> from erlangen.symbolic import spacetime
        >>> ConformalCompletion.at_infinity(spacetime("bondi-3d")).transverse("phi").components
        {(1,): 1}
        """
        names = self.ring.coordinates
        if cut not in names or cut == self.boundary:
            message = f"{cut!r} is no coordinate along the boundary"
            raise DomainError(message, hint="choose among " + " ".join(n for n in names if n != self.boundary))
        if self.norm():
            message = f"the boundary is not null: |dΩ|² = {self.norm()} there"
            raise DomainError(message, hint="charges by Schouten's tensor are those of null infinity")
        g, along = self.at_boundary(self.metric.lower), names.index(cut)
        lower = {index[1]: value for index, value in g if index[0] == along}  # q = g(m, m), m = ∂_cut
        out = names.index(self.boundary)
        pairing = dot(self.ring, [(1, g[out, k], value) for (k,), value in self.normal])
        start: dict[tuple[int, ...], DifferentialElement | int | Fraction] = {
            (out,): 1 / pairing,
            (along,): -lower.get(out, self.ring.constant(0)) / (pairing * lower[along]),
        }
        vector = Tensor(self.ring, "u", start)
        length = dot(self.ring, [(1, g[i, j], a * b) for (i,), a in vector for (j,), b in vector])
        return vector - self.normal * (length / 2)

    def charge_density(self, xi: Mapping[str, DifferentialElement | int], cut: str) -> DifferentialElement:
        """Return the density of ``8πG Q_ξ = ∮ (P̃_ab + ω⁻¹ ∇̃_a ∇̃_b ω - ½ ω⁻² |dω|² g̃_ab) ξ^a l^b ds`` along a cut, in three dimensions.

        Parameters
        ----------
        xi : mapping of str to element
            A field along the boundary, by coordinates.
        cut : str
            The coordinate that runs along the cut.

        Raises
        ------
        DomainError
            If the dimension is not three, or ξ leaves the boundary.

        Examples
        --------
        >>> from erlangen.symbolic import spacetime
        >>> scri = ConformalCompletion.at_infinity(spacetime("bondi-3d"))
        >>> scri.charge_density({"u": 1}, "phi")
        Theta/2
        """
        if self.metric.dimension != 3:
            message = f"the charge by Schouten's tensor is that of three dimensions, not of {self.metric.dimension}"
            raise DomainError(message, hint="use AsymptoticProblem(...).solve_einstein().symmetries().split()")
        names = self.ring.coordinates
        for name in xi:
            if name not in names or name == self.boundary:
                message = f"the field has a component {name!r}, which is not along the boundary"
                raise DomainError(message, hint="an asymptotic symmetry is tangent to the boundary there")
        vector = Tensor(self.ring, "u", {(names.index(name),): value for name, value in xi.items()})
        transverse, along = self.transverse(cut), names.index(cut)
        length = root_up_to_sign(self.at_boundary(self.metric.lower)[along, along])
        return length * dot(
            self.ring, [(1, self.frame_free[i, j], a * b) for (i,), a in vector for (j,), b in transverse]
        )


def _gradient(ring: DifferentialRing, element: DifferentialElement) -> Tensor:
    return Tensor(ring, "d", {(i,): element.derivative(name) for i, name in enumerate(ring.coordinates)})


def _square(metric: Metric, form: Tensor) -> DifferentialElement:
    """Return ``g^{ab} w_a w_b``."""
    return dot(metric.ring, [(1, value, form[i] * form[j]) for (i, j), value in metric.upper])
