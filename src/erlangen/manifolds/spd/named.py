"""Metrics by name, and values read back from what they print.

Definition: names are ours (``affine-invariant``) and pyriemann's (``riemann``, ``logeuclid``, ``logchol``, ``chol``, ``wasserstein``, ``euclid``,
``harmonic``, ``poweuclid``); those of divergences are :func:`erlangen.manifolds.divergence_named`'s.
Convention: text is parsed as an expression tree of calls with plain numbers and lists; nothing is ever evaluated.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from erlangen.errors import DomainError, ParseError
from erlangen.manifolds.metric import Metric
from erlangen.manifolds.spd.affine_invariant import AffineInvariant
from erlangen.manifolds.spd.bures_wasserstein import BuresWasserstein
from erlangen.manifolds.spd.frobenius import Frobenius
from erlangen.manifolds.spd.log_cholesky import LogCholesky
from erlangen.manifolds.spd.log_euclidean import LogEuclidean
from erlangen.manifolds.spd.power_cholesky import PowerCholesky
from erlangen.manifolds.spd.power_euclidean import PowerEuclidean

__all__ = ["metric_named", "read_value"]

_NAMES: dict[str, Callable[[], Metric]] = {
    "affine-invariant": AffineInvariant,
    "riemann": AffineInvariant,
    "log-euclidean": LogEuclidean,
    "logeuclid": LogEuclidean,
    "log-cholesky": LogCholesky,
    "logchol": LogCholesky,
    "chol": partial(PowerCholesky, 1.0),
    "power-cholesky": PowerCholesky,
    "harmonic": partial(PowerEuclidean, -1.0),
    "power-euclidean": PowerEuclidean,
    "poweuclid": PowerEuclidean,
    "bures-wasserstein": BuresWasserstein,
    "wasserstein": BuresWasserstein,
    "frobenius": Frobenius,
    "euclid": Frobenius,
}
_KINDS: dict[str, Callable[..., Any]] = {
    kind.__name__: kind
    for kind in (AffineInvariant, BuresWasserstein, Frobenius, LogCholesky, LogEuclidean, PowerCholesky, PowerEuclidean)
}


def metric_named(name: str | Metric) -> Metric:
    """Return a metric on SPD matrices by its name, by what it prints, or itself.

    Raises
    ------
    DomainError
        If the name is unknown.
    ParseError
        If the text of a metric cannot be read.

    Examples
    --------
    >>> metric_named("wasserstein"), metric_named("BuresWasserstein(theta=0.5)")
    (BuresWasserstein(), BuresWasserstein(theta=0.5))
    """
    if isinstance(name, Metric):
        return name
    if isinstance(name, str) and "(" in name:
        found: Metric = read_value(name, {})
        return found
    if not isinstance(name, str) or name not in _NAMES:
        message = f"metric must be one of {', '.join(map(repr, _NAMES))}, got {name!r}"
        divergence = name in ("kullback", "kullback_right", "kullback_sym", "logdet", "thompson")
        hint = "it is no Riemannian metric: see divergence_named" if divergence else "or pass a Metric"
        raise DomainError(message, hint=hint)
    return _NAMES[name]()


def read_value(text: str, more: Mapping[str, Callable[..., Any]]) -> Any:
    """Return the value that prints as ``text``, of the metrics here and the classes in ``more``.

    Raises
    ------
    ParseError
        With the position of the first part that does not fit.

    Examples
    --------
    >>> read_value("AffineInvariant()", {})
    AffineInvariant()
    """
    kinds = {**_KINDS, **more}
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        position = max((getattr(error, "offset", None) or 1) - 1, 0)
        message = f"{text!r} cannot be read: {error}"
        raise ParseError(message, position=position, expected="Name(arguments)") from error
    return _build(tree, text, kinds)


def _build(node: ast.expr, text: str, kinds: Mapping[str, Callable[..., Any]]) -> Any:
    """Return the value of a call of a known class, or of a plain literal."""
    if not isinstance(node, ast.Call):
        try:
            return ast.literal_eval(node)
        except (ValueError, TypeError, RecursionError) as error:
            message = f"{text!r} cannot be read at {node.col_offset}: neither a number nor a list nor a known class"
            raise ParseError(message, position=node.col_offset, expected="a literal") from error
    if not isinstance(node.func, ast.Name) or node.func.id not in kinds:
        message = f"{text!r} names no known class at {node.col_offset}"
        raise ParseError(message, position=node.col_offset, expected=" | ".join(kinds))
    positional = [_build(argument, text, kinds) for argument in node.args]
    named = {str(word.arg): _build(word.value, text, kinds) for word in node.keywords}
    try:
        return kinds[node.func.id](*positional, **named)
    except TypeError as error:
        message = f"{text!r} cannot be read: {error}"
        raise ParseError(message, position=node.col_offset, expected=node.func.id) from error
