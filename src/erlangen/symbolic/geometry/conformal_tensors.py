"""Schouten's and Cotton's tensors, Hodge's star, and the equations of geodesics of a metric.

Definition: ``P_ab = (R_ab - R g_ab / 2(n-1)) / (n-2)``, ``C_abc = ∇_c P_ab - ∇_b P_ac``, ``(*ω)_{b…} = ω^{a…} ε_{a…b…} / p!``,
    ``ẍ^a = -Γ^a_bc ẋ^b ẋ^c``.
Convention: ``ε_{12…n} = √|g|``, positive in the order of the chart; velocities are the letters ``dt``, ``dr`` ….
"""

from __future__ import annotations

from itertools import permutations
from math import factorial

from erlangen.errors import DomainError, ShapeError
from erlangen.exact import DifferentialElement, DifferentialRing
from erlangen.symbolic.geometry.metric import Metric
from erlangen.symbolic.geometry.tensor import Tensor
from erlangen.symbolic.geometry.volume import volume_density

__all__ = ["cotton_tensor", "geodesic_equations", "hodge_dual", "schouten_tensor"]


def schouten_tensor(metric: Metric) -> Tensor:
    """Return ``P_ab``.

    Raises
    ------
    DomainError
        In fewer than three dimensions.

    Examples
    --------
    >>> from erlangen.symbolic import spacetime
    >>> ads = spacetime("anti-de-sitter", dimension=3)
    >>> schouten_tensor(ads) == ads.lower * ads.ring.parse("-k^2/2")
    True
    """
    n = metric.dimension
    if n < 3:
        message = f"Schouten's tensor is that of three or more dimensions, not of {n}"
        raise DomainError(message, hint="use scalar_curvature")
    traceless = metric.ricci - metric.lower * (metric.scalar_curvature / (2 * (n - 1)))
    return traceless * (metric.ring.constant(1) / (n - 2))


def cotton_tensor(metric: Metric) -> Tensor:
    """Return ``C_abc``, in three dimensions zero exactly where the metric is conformally flat.

    Raises
    ------
    DomainError
        In fewer than three dimensions.

    Examples
    --------
    >>> from erlangen.symbolic import parse_metric
    >>> bool(cotton_tensor(parse_metric("f(x,y,z)*(dx^2 + dy^2 + dz^2)")))
    False
    """
    slope = metric.covariant_derivative(schouten_tensor(metric))
    return slope - slope.transpose(0, 2, 1)


def hodge_dual(metric: Metric, form: Tensor) -> Tensor:
    """Return ``*ω`` of a differential form, with the determinant's own sign under the root.

    Raises
    ------
    ShapeError
        If an index is upper, or the form is not antisymmetric.
    DomainError
        If neither ``det g`` nor its negative has a real root, which the signature decides.

    Examples
    --------
    >>> from erlangen.symbolic import parse_metric
    >>> plane = parse_metric("dr^2 + r^2*dphi^2")
    >>> hodge_dual(plane, Tensor(plane.ring, "d", {(0,): 1})).components
    {(1,): r}
    """
    degree, n = len(form.variance), metric.dimension
    if "u" in form.variance or (degree > 1 and form.symmetrised(sign=-1) != form):
        message = f"a tensor of variance {form.variance!r} that is not antisymmetric has no dual"
        raise ShapeError(message, hint="give a differential form: lower indices, antisymmetrised")
    density = _density(metric)
    raised = form
    for place in range(degree):
        raised = metric.raise_index(raised, place)
    total: dict[tuple[int, ...], DifferentialElement] = {}
    for places in permutations(range(n)):
        head, tail = places[:degree], places[degree:]
        value = raised.components.get(head)
        if value is not None:
            part = value * (density * _parity(places)) / factorial(degree)
            total[tail] = total[tail] + part if tail in total else part
    return Tensor(metric.ring, "d" * (n - degree), total)


def geodesic_equations(metric: Metric) -> dict[str, DifferentialElement]:
    """Return the accelerations ``ẍ^a`` by coordinate, in a ring that has the velocities ``dt``, ``dr`` … as further letters.

    Examples
    --------
    >>> from erlangen.symbolic import parse_metric
    >>> geodesic_equations(parse_metric("dr^2 + r^2*dphi^2"))
    {'r': dphi^2*r, 'phi': -2*dr*dphi/r}
    """
    ring = metric.ring
    names = [f"d{name}" for name in ring.coordinates]
    wide = DifferentialRing(ring.coordinates, constants=[*ring.constants, *names], functions=ring.functions)
    result = {name: wide.constant(0) for name in ring.coordinates}
    for (a, b, c), value in metric.christoffel:
        name = ring.coordinates[a]
        result[name] = result[name] - wide.parse(str(value)) * wide[names[b]] * wide[names[c]]
    return result


def _density(metric: Metric) -> DifferentialElement:
    """Return ``√|g|``: Lorentzian first, then Riemannian."""
    try:
        return volume_density(metric, sign=-1 if _negative(metric) else 1)
    except DomainError:
        return volume_density(metric, sign=1 if _negative(metric) else -1)


def _negative(metric: Metric) -> bool:
    """Return whether the determinant is negative where coordinates are one half and parameters a tenth."""
    ring = metric.ring
    kinds = {name: getattr(ring.symbol(ring.position(name)), "kind", "root") for name in ring.names if name}
    sample = {
        name: {"coordinate": 0.5, "constant": 0.1, "jet": 1.0}[k]
        for name, k in kinds.items()
        if k not in ("root", "adjoined")
    }
    return bool(metric.determinant.evaluate(sample) < 0)


def _parity(places: tuple[int, ...]) -> int:
    return (-1) ** sum(a > b for k, a in enumerate(places) for b in places[k + 1 :])
