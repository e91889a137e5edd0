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

__all__ = ["METHODS", "Embedding", "Method", "NumberOr", "embed"]

_COMMON = {"components": "n_components", "neighbors": "n_neighbors", "seed": "random_state"}


@dataclass(frozen=True)
class Method:
    """An estimator and the options it has."""

    estimator: str
    options: Mapping[str, str]


METHODS = {
    "heat-geodesic": Method(
        "HeatGeodesicEmbedding", {**_COMMON, "t": "t", "sigma": "sigma", "rho": "rho", "landmarks": "n_landmarks"}
    ),
    "phate": Method("PHATE", {**_COMMON, "t": "t", "landmarks": "n_landmarks"}),
    "diffusion-map": Method("DiffusionMaps", {**_COMMON, "t": "t"}),
    "shortest-path": Method("ShortestPathEmbedding", {**_COMMON, "landmarks": "n_landmarks"}),
    "random-walk": Method(
        "RandomWalkGeodesicEmbedding", {**_COMMON, "t": "t", "sigma": "sigma", "rho": "rho", "landmarks": "n_landmarks"}
    ),
}


class NumberOr(click.ParamType):
    """A number inside bounds, or one of some words."""

    name = "number"

    def __init__(
        self, *words: str, low: float, high: float = np.inf, integer: bool = False, open_low: bool = False
    ) -> None:
        self.words, self.low, self.high, self.integer, self.open_low = words, low, high, integer, open_low

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        """Show what is accepted."""
        return "|".join((*self.words, "N" if self.integer else "NUMBER"))

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Read the text."""
        if value in self.words or not isinstance(value, str):
            return value
        try:
            number = int(value) if self.integer else float(value)
        except ValueError:
            number = None
        kind = "an integer" if self.integer else "a number"
        interval = f"{'>' if self.open_low else '>='} {self.low:g}" + (
            "" if self.high == np.inf else f" and <= {self.high:g}"
        )
        inside = number is not None and np.isfinite(number) and self.low <= number <= self.high
        if number is None or not inside or (self.open_low and number == self.low):
            self.fail(
                f"{value!r} is not {kind} {interval}{''.join(f' nor {word!r}' for word in self.words)}", param, ctx
            )
        return number


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
        parameters[chosen.options[name]] = None if value == "none" else value
    return parameters


def _facts(estimator: Any) -> dict[str, Any]:
    """Return the estimator's findings: every public scalar that fitting left, ``t_`` as ``t``."""
    found = {}
    for name, value in vars(estimator).items():
        if not name.endswith("_") or name.startswith("_"):
            continue
        if isinstance(value, np.generic):
            value = value.item()
        if isinstance(value, (bool, int, float, str)):
            found[name[:-1]] = value
    return found


def embed(
    X: NDArray[np.floating], method: str, options: Mapping[str, Any], *, on_progress: Callable[..., None] | None = None
) -> Embedding:
    """Embed ``X`` (n, p) by a method of :data:`METHODS`."""
    parameters = _parameters(method, options)
    estimators = import_module("erlangen.estimators")
    estimator = getattr(estimators, METHODS[method].estimator)(**parameters)
    start = time.perf_counter()
    Z = np.asarray(estimator.fit_transform(X))
    return Embedding(Z, method, dict(estimator.get_params()), time.perf_counter() - start, _facts(estimator))
