"""From the options of ``erlangen embed`` to an estimator and its report.

Definition: :data:`METHODS` names each estimator and the parameters it takes; an option a method does not have is refused, never ignored.
Convention: an option left out keeps the estimator's own default.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray

from erlangen.cli.translation import in_options
from erlangen.errors import DomainError, ErlangenError

__all__ = ["DISTANCES", "METHODS", "Embedding", "Method", "embed", "number_or"]

# The estimator's names, written out so that --help loads no estimator.
DISTANCES = ("harnack", "varadhan", "calibrated", "diffusion", "potential", "resistance", "pagerank", "graph")

_FEWEST = 3
_COMMON = {"components": "n_components", "neighbors": "n_neighbors", "seed": "random_state"}


@dataclass(frozen=True)
class Method:
    """An estimator, the options it has, and those among them that count."""

    estimator: str
    options: Mapping[str, str]
    counts: frozenset[str] = frozenset()


METHODS = {
    "heat-geodesic": Method(
        "HeatGeodesicEmbedding",
        {**_COMMON, "t": "t", "distance": "distance", "sigma": "sigma", "rho": "rho", "landmarks": "n_landmarks"},
    ),
    "phate": Method("PHATE", {**_COMMON, "t": "t", "landmarks": "n_landmarks"}, frozenset({"t"})),
    "diffusion-map": Method("DiffusionMaps", {**_COMMON, "t": "t"}),
    "shortest-path": Method("ShortestPathEmbedding", {**_COMMON, "landmarks": "n_landmarks"}),
    "random-walk": Method(
        "RandomWalkGeodesicEmbedding",
        {**_COMMON, "t": "t", "sigma": "sigma", "rho": "rho", "landmarks": "n_landmarks"},
        frozenset({"t"}),
    ),
}


def number_or(
    *words: str, low: float, high: float = np.inf, integer: bool = False, open_low: bool = False
) -> Callable[[str], float | int | str]:
    """Return a reader of one of some words, or of a number inside bounds.

    Examples
    --------
    >>> number_or("auto", low=0)("1.5"), number_or("auto", low=0)("auto")
    (1.5, 'auto')
    """
    interval = f"{'>' if open_low else '>='} {low:g}" + ("" if high == np.inf else f" and <= {high:g}")
    law = f"{'an integer' if integer else 'a number'} {interval}{''.join(f', nor {word!r}' for word in words)}"

    def read(text: str) -> float | int | str:
        if text in words:
            return text
        try:
            value = int(text) if integer else float(text)
        except ValueError:
            value = np.nan
        if not (low <= value <= high) or (open_low and value == low) or value == np.inf:
            message = f"{text!r} is not {law}"
            raise click.BadParameter(message)
        return value

    return read


@dataclass(frozen=True)
class Embedding:
    """The result of one embedding: ``Z`` (n, d) and what is worth telling about it."""

    Z: NDArray[np.floating]
    method: str
    parameters: Mapping[str, Any]
    seconds: float
    facts: Mapping[str, Any]


def _parameters(method: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the estimator's parameters, refusing options it does not have."""
    chosen = METHODS[method]
    parameters = {}
    for name, value in options.items():
        if value is None:
            continue
        if name not in chosen.options:
            able = ", ".join(key for key, item in METHODS.items() if name in item.options)
            message = f"--method {method} has no option --{name} (it belongs to {able})"
            raise click.UsageError(message, click.get_current_context(silent=True))
        counted = name in chosen.counts and isinstance(value, float)
        given = _count(method, name, value) if counted else value
        parameters[chosen.options[name]] = None if given == "none" else given
    return parameters


def _count(method: str, name: str, value: float) -> int:
    """Return an option that counts steps as an integer."""
    if not value.is_integer():
        message = f"--{name} {value:g} is no number of steps, which --method {method} takes"
        raise click.UsageError(message, click.get_current_context(silent=True))
    return int(value)


def _facts(estimator: Any) -> dict[str, Any]:
    """Return the estimator's findings: every public scalar that fitting left, ``t_`` as ``t``."""
    found = {}
    for name, value in vars(estimator).items():
        if not name.endswith("_") or name.startswith("_"):
            continue
        scalar = value.item() if isinstance(value, np.generic) else value
        if isinstance(scalar, (bool, int, float, str)):
            found[name[:-1]] = scalar
    return found


def embed(
    X: NDArray[np.floating], method: str, options: Mapping[str, Any], *, on_progress: Callable[..., None] | None = None
) -> Embedding:
    """Embed ``X`` (n, p) by a method of :data:`METHODS`; ``on_progress(step, total, message)`` hears how far it has come."""
    parameters = _parameters(method, options)
    if len(X) < _FEWEST:
        message = f"POINTS holds {len(X)} point{'' if len(X) == 1 else 's'}; at least {_FEWEST} are needed"
        raise DomainError(message, hint="an embedding of fewer says nothing")
    estimators = import_module("erlangen.estimators")
    estimator = getattr(estimators, METHODS[method].estimator)(**parameters)
    reporting = import_module("erlangen.estimators.embeddings.progress").reporting
    start = time.perf_counter()
    try:
        with reporting(on_progress):
            Z = np.asarray(estimator.fit_transform(X))
    except ErlangenError as error:
        words = {parameter: f"--{option}" for option, parameter in METHODS[method].options.items()}
        raise in_options(error, {name: option for name, option in words.items() if "_" in name}) from error
    return Embedding(Z, method, dict(estimator.get_params()), time.perf_counter() - start, _facts(estimator))
