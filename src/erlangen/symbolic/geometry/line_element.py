"""Metrics as a person writes them: a line element in differentials.

Definition: ``ds² = Σ g_ij dx^i dx^j`` with ``dt``, ``dr`` … as letters; the text is read by the ring's white-listed parser.
Convention: coordinates are those of the differentials in order of appearance, ``f(r)`` is an undetermined function, other names constants.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import numpy as np

from erlangen.errors import DomainError, ParseError
from erlangen.exact import DifferentialRing
from erlangen.symbolic.geometry.metric import Metric

__all__ = ["metric_signature", "parse_metric"]

_NAME = re.compile(r"[^\W\d_]\w*")
_CALL = re.compile(r"([^\W\d_]\w*)\(([\w\s,]*)\)")
_KNOWN = frozenset({"sin", "cos", "tan", "cot", "exp", "sinh", "cosh", "tanh", "log", "sqrt"})
_DECIMAL = re.compile(r"(?<![\w.])(\d+)\.(\d+)")


def parse_metric(
    text: str,
    *,
    coordinates: str | Iterable[str] | None = None,
    constants: str | Iterable[str] | None = None,
    functions: Mapping[str, str] | None = None,
) -> Metric:
    """Return the metric that a line element means.

    Parameters
    ----------
    text : str
        Such as ``"-(1-2*M/r)*dt^2 + dr^2/(1-2*M/r) + r^2*(dtheta^2 + sin(theta)^2*dphi^2)"``; decimals become exact fractions.
    coordinates : str, optional
        Names in the order wanted; read off the differentials by default.
    constants : str, optional
        The parameters; by default every name that is nothing else. Where given, any other name is refused.
    functions : mapping, optional
        Undetermined functions and what they depend on, beside those written as ``f(r)``.

    Raises
    ------
    ParseError
        If no differential stands in the text, if a term is not quadratic in them, or a name is unknown; the offender is named.
    SingularMetricError
        If the determinant vanishes.

    Examples
    --------
    >>> g = parse_metric("-f(r)*dt^2 + dr^2/f(r) + r^2*dphi^2")
    >>> g.ring
    DifferentialRing('t r phi', functions={'f': 'r'})
    >>> parse_metric("dx^2 + 2*k*dx*dy + dy^2").determinant
    -k^2 + 1
    """
    body = _DECIMAL.sub(lambda found: f"({int(found[1] + found[2])}/{10 ** len(found[2])})", text)
    body, undetermined = _functions(body, dict(functions or {}))
    names = list(dict.fromkeys(_NAME.findall(body)))
    chart = _coordinates(names, coordinates, text)
    differentials = [f"d{name}" for name in chart]
    left = [name for name in names if name not in {*chart, *differentials, *undetermined, *_KNOWN} and "_" not in name]
    given = left if constants is None else (constants.split() if isinstance(constants, str) else list(constants))
    for name in left:
        if name not in given:
            message = f"{name!r} in the line element is no coordinate, constant, function or differential"
            raise ParseError(message, hint=f"coordinates are {' '.join(chart)}, constants {' '.join(given)}")
    wide = DifferentialRing(chart, constants=[*given, *differentials], functions=undetermined)
    element = wide.parse(body)
    ring = DifferentialRing(chart, constants=given, functions=undetermined)
    components = {}
    for powers, value in element.coefficients(*differentials).items():
        if sum(powers) != 2:
            term = "*".join(f"{d}^{k}" for d, k in zip(differentials, powers, strict=True) if k) or "1"
            message = f"the term {term} with the factor {value} is not quadratic in the differentials"
            raise ParseError(message, hint="each term of a line element has two differentials, as dt^2 or 2*a*dt*dphi")
        places = [i for i, k in enumerate(powers) for _ in range(k)]
        plain = ring.parse(str(value))
        components[places[0], places[1]] = plain if places[0] == places[1] else plain / 2
    return Metric(ring, components)


def metric_signature(metric: Metric, **values: float) -> tuple[int, int]:
    """Return the numbers of negative and positive eigenvalues at a point: coordinates one half, parameters a tenth, or as given.

    Raises
    ------
    DomainError
        If a component has no real value there, or an eigenvalue vanishes.

    Examples
    --------
    >>> metric_signature(parse_metric("-(1-2*M/r)*dt^2 + dr^2/(1-2*M/r)"))
    (1, 1)
    """
    sample: dict[str, float] = {}
    ring = metric.ring
    for k, name in enumerate(ring.names):
        kind = getattr(ring.symbol(ring.position(name)), "kind", "root") if name else ""
        if kind in ("coordinate", "constant", "jet"):
            sample[name] = {"coordinate": 0.5, "constant": 0.1, "jet": 1.0}[kind] * (1 + 0.01 * k)
    sample |= values
    n = metric.dimension
    try:
        matrix = np.array([[float(metric[i, j].evaluate(sample)) for j in range(n)] for i in range(n)])
    except (ValueError, ArithmeticError, TypeError) as error:
        message = f"the metric has no real value at {sample}: {error}"
        raise DomainError(message, hint="choose another point: metric_signature(metric, r=10)") from error
    values_found = np.linalg.eigvalsh(matrix)
    negative, positive = int((values_found < 0).sum()), int((values_found > 0).sum())
    if negative + positive < n:
        message = f"the metric is degenerate at {sample}"
        raise DomainError(message, hint="choose another point")
    return negative, positive


def _functions(text: str, known: dict[str, str]) -> tuple[str, dict[str, str]]:
    """Return the text with ``f(r)`` written as ``f``, and the functions with their coordinates."""

    def replace(found: re.Match[str]) -> str:
        name, inside = found[1], " ".join(part.strip() for part in found[2].split(","))
        if name in _KNOWN:
            return found[0]
        if known.setdefault(name, inside) != inside:
            message = f"{name} is written with the arguments ({known[name]}) and ({inside})"
            raise ParseError(message, hint="one function has one list of coordinates")
        return name

    return _CALL.sub(replace, text), known


def _coordinates(names: list[str], wanted: str | Iterable[str] | None, text: str) -> list[str]:
    if wanted is not None:
        return wanted.split() if isinstance(wanted, str) else list(wanted)
    found = [name[1:] for name in names if name.startswith("d") and len(name) > 1 and name not in ("delta",)]
    if not found:
        message = f"no differential stands in {text!r}"
        raise ParseError(message, hint='write a line element such as "-dt^2 + dx^2", or the name of a known spacetime')
    return found
