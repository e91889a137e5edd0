"""Exact solutions of general relativity and other standard metrics, in standard charts.

Definition: Stephani et al., Exact Solutions of Einstein's Field Equations; G = c = 1 unless a constant G is named.
Convention: signature (- + … +); rational charts use ``x = cos θ`` and call it ``x``.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from erlangen.errors import DomainError
from erlangen.exact import DifferentialElement, DifferentialRing
from erlangen.symbolic.geometry.metric import Metric
from erlangen.validation import check_integer

__all__ = ["SPACETIMES", "spacetime"]


def spacetime(name: str, *, chart: str | None = None, dimension: int | None = None) -> Metric:
    """Return a metric of the catalogue.

    Parameters
    ----------
    name : str
        One of ``SPACETIMES``.
    chart : str, optional
        ``"rational"`` (the default, ``x = cos θ``) or ``"angles"``, where both exist.
    dimension : int, optional
        For ``minkowski``, ``de-sitter`` and ``anti-de-sitter``; 4 by default.

    Raises
    ------
    DomainError
        If there is no such metric, chart or dimension.

    Examples
    --------
    >>> bool(spacetime("schwarzschild").ricci)
    False
    >>> spacetime("de-sitter", dimension=3).scalar_curvature
    6*H^2
    """
    if name not in SPACETIMES:
        message = f"there is no spacetime {name!r} in the catalogue"
        raise DomainError(message, hint="choose among " + ", ".join(SPACETIMES))
    if chart not in (None, "rational", "angles"):
        message = f"there is no chart {chart!r}"
        raise DomainError(message, hint="choose rational or angles")
    if dimension is not None and (name not in _ANY_DIMENSION or not 2 <= check_integer(dimension, "dimension") <= 11):
        message = f"{name} is not given in dimension {dimension}"
        raise DomainError(message, hint="leave dimension out")
    if name in _ANY_DIMENSION:
        return _ANY_DIMENSION[name](4 if dimension is None else dimension)
    return SPACETIMES[name](chart == "angles")


def _axial(constants: str, angles: bool) -> tuple[DifferentialRing, DifferentialElement, DifferentialElement]:
    """Return the ring of (t, r, θ or x, φ) with ``sin² θ`` and ``g_θθ`` of the unit sphere in that chart."""
    ring = DifferentialRing("t r theta phi" if angles else "t r x phi", constants=constants)
    square = ring.parse("sin(theta)^2" if angles else "1 - x^2")
    return ring, square, ring.constant(1) if angles else 1 / square


def _kerr_newman(angles: bool, charge: bool, spin: bool = True) -> Metric:
    ring, square, polar = _axial("M" + " a" * spin + " Q" * charge, angles)
    r, M = ring["r"], ring["M"]
    zero = ring.constant(0)
    a, Q = ring["a"] if spin else zero, ring["Q"] if charge else zero
    bulk = 2 * M * r - Q**2
    sigma = r**2 + a**2 * (1 - square)
    delta = r**2 - bulk + a**2
    components = {
        (0, 0): -1 + bulk / sigma,
        (0, 3): -a * square * bulk / sigma,
        (1, 1): sigma / delta,
        (2, 2): sigma * polar,
        (3, 3): (r**2 + a**2 + a**2 * square * bulk / sigma) * square,
    }
    return Metric(ring, components)


def _kerr_anti_de_sitter(angles: bool) -> Metric:
    """Return Carter's metric with ``Λ = -3/l²``, which turns at infinity in these coordinates."""
    ring, square, polar = _axial("M a l", angles)
    r, M, a, radius = (ring[name] for name in ("r", "M", "a", "l"))
    sigma = r**2 + a**2 * (1 - square)
    delta = (r**2 + a**2) * (1 + r**2 / radius**2) - 2 * M * r
    slope, scale = 1 - a**2 * (1 - square) / radius**2, 1 - a**2 / radius**2
    inner, outer = a * square / scale, (r**2 + a**2) / scale
    return Metric(
        ring,
        {
            (0, 0): (-delta + slope * square * a**2) / sigma,
            (0, 3): (delta * inner - slope * square * a * outer) / sigma,
            (1, 1): sigma / delta,
            (2, 2): sigma * polar / slope,
            (3, 3): (slope * square * outer**2 - delta * inner**2) / sigma,
        },
    )


def _taub_nut(angles: bool) -> Metric:
    ring, square, polar = _axial("M l", angles)
    r, M, k = ring["r"], ring["M"], ring["l"]
    cosine = ring.parse("cos(theta)" if angles else "x")
    f = (r**2 - 2 * M * r - k**2) / (r**2 + k**2)
    return Metric(
        ring,
        {
            (0, 0): -f,
            (0, 3): -2 * k * f * cosine,
            (1, 1): 1 / f,
            (2, 2): (r**2 + k**2) * polar,
            (3, 3): (r**2 + k**2) * square - 4 * k**2 * f * cosine**2,
        },
    )


def _minkowski(n: int) -> Metric:
    names = ("t", *(("x", "y", "z")[: n - 1] if n <= 4 else tuple(f"x{i}" for i in range(1, n))))
    ring = DifferentialRing(names)
    return Metric(ring, {(i, i): -1 if i == 0 else 1 for i in range(n)})


def _curved(n: int, sign: int) -> Metric:
    """Return de Sitter (+) or anti-de Sitter (-) space in conformally flat coordinates: ``η / (H t)²`` or ``η / (k z)²``."""
    names = ("t", *(("x", "y", "z")[: n - 1] if n <= 4 else tuple(f"x{i}" for i in range(1, n))))
    ring = DifferentialRing(names, constants="H" if sign > 0 else "k")
    depth = ring["H"] * ring[names[0]] if sign > 0 else ring["k"] * ring[names[-1]]
    return Metric(ring, {(i, i): (-1 if i == 0 else 1) / depth**2 for i in range(n)})


def _goedel(_: bool) -> Metric:
    ring = DifferentialRing("t x y z", constants="a")
    scale, wave = 1 / (2 * ring["a"] ** 2), ring.parse("exp(x)")
    components = {(0, 0): -scale, (0, 2): -scale * wave, (1, 1): scale, (2, 2): -scale * wave**2 / 2, (3, 3): scale}
    return Metric(ring, components)


def _kasner(_: bool) -> Metric:
    """Return Kasner's metric with exponents (-1/3, 2/3, 2/3) replaced by the generic (3/7, -2/7, 6/7), in ``t = s^7``."""
    ring = DifferentialRing("s x y z")
    s = ring["s"]
    return Metric(ring, {(0, 0): -49 * s**12, (1, 1): s**6, (2, 2): 1 / s**4, (3, 3): s**12})


def _btz(_: bool) -> Metric:
    ring = DifferentialRing("t r phi", constants="M J l G")
    r, M, J, radius, G = (ring[name] for name in ("r", "M", "J", "l", "G"))
    lapse = r**2 / radius**2 - 8 * G * M + 16 * G**2 * J**2 / r**2
    shift = -4 * G * J / r**2
    return Metric(ring, {(0, 0): -lapse + r**2 * shift**2, (0, 2): r**2 * shift, (1, 1): 1 / lapse, (2, 2): r**2})


def _friedmann(_: bool) -> Metric:
    ring = DifferentialRing("t x y z", functions={"a": "t"})
    return Metric(ring, {(0, 0): -1, (1, 1): ring["a"] ** 2, (2, 2): ring["a"] ** 2, (3, 3): ring["a"] ** 2})


def _bms3(_: bool) -> Metric:
    ring = DifferentialRing("u r phi", functions={"Theta": "phi", "Xi": "phi"})
    cross = ring["Xi"] + Fraction(1, 2) * ring["u"] * ring["Theta_phi"]
    return Metric(ring, {(0, 0): ring["Theta"], (0, 1): -1, (0, 2): cross, (2, 2): ring["r"] ** 2})


_ANY_DIMENSION: dict[str, Callable[[int], Metric]] = {
    "minkowski": _minkowski,
    "de-sitter": lambda n: _curved(n, 1),
    "anti-de-sitter": lambda n: _curved(n, -1),
}
SPACETIMES: dict[str, Callable[[bool], Metric]] = {
    "minkowski": lambda _: _minkowski(4),
    "de-sitter": lambda _: _curved(4, 1),
    "anti-de-sitter": lambda _: _curved(4, -1),
    "schwarzschild": lambda angles: _kerr_newman(angles, charge=False, spin=False),
    "reissner-nordstroem": lambda angles: _kerr_newman(angles, charge=True, spin=False),
    "kerr": lambda angles: _kerr_newman(angles, charge=False),
    "kerr-newman": lambda angles: _kerr_newman(angles, charge=True),
    "kerr-anti-de-sitter": _kerr_anti_de_sitter,
    "taub-nut": _taub_nut,
    "goedel": _goedel,
    "kasner": _kasner,
    "btz": _btz,
    "friedmann": _friedmann,
    "bondi-3d": _bms3,
}
