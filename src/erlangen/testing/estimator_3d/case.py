"""One estimator under test, with three-dimensional data that suits it.

Definition: ``X`` is ``(n, channels, time)`` series, or ``(n, k, k)`` symmetric positive definite matrices, of two classes that differ in variance.
Convention: every law takes fresh clones and fresh copies of the data, so that no law can spoil another.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.errors import DomainError
from erlangen.testing.laws import NotApplicable

__all__ = ["METHODS", "EstimatorCase", "make_data"]

METHODS = ("predict", "transform", "predict_proba", "predict_log_proba", "decision_function", "score_samples")


def make_data(kind: str, n: int, channels: int, rng: np.random.Generator) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return data ``(n, channels, 32)`` (``"series"``) or ``(n, channels, channels)`` (``"spd"``) and labels of two classes."""
    y = np.arange(n) % 2
    series = rng.standard_normal((n, channels, 32))
    series[:, 0] *= np.where(y == 1, 4.0, 1.0)[:, None]
    if kind == "series":
        return series, y
    if kind == "spd":
        return series @ np.swapaxes(series, -1, -2) / 32, y
    message = f"kind must be 'series' or 'spd', got {kind!r}"
    raise DomainError(message, hint="series are (n, channels, time), spd are (n, k, k)")


@dataclass(frozen=True)
class EstimatorCase:
    """Estimator, data, scikit-learn; the helpers that the laws share."""

    estimator: Any
    data: NDArray[Any]
    labels: NDArray[Any]
    sklearn: Any
    kind: str
    rtol: float
    seed: int

    @property
    def tags(self) -> Any:
        """The estimator's scikit-learn tags."""
        return self.sklearn.utils.get_tags(self.estimator)

    @property
    def type(self) -> str:
        """``"classifier"``, ``"regressor"``, ``"transformer"``, ``"clusterer"`` … or ``""``."""
        return str(self.tags.estimator_type or "")

    @property
    def methods(self) -> tuple[str, ...]:
        """The methods that the estimator has."""
        return tuple(name for name in METHODS if hasattr(self.estimator, name))

    def fresh(self) -> Any:
        """Return an unfitted clone, its ``random_state`` set to 0 where it was left open."""
        twin = self.sklearn.base.clone(self.estimator)
        open_seed = twin.get_params(deep=False).get("random_state", 0) is None
        return twin.set_params(random_state=0) if open_seed else twin

    def X(self) -> NDArray[Any]:  # noqa: N802 - scikit-learn's own name of the data
        """Return a fresh copy of the data."""
        return self.data.copy()

    def y(self) -> NDArray[Any]:
        """Return fresh targets: labels for classifiers, real numbers for regressors."""
        if self.type == "regressor":
            return 2.0 * self.labels + 0.1 * np.arange(len(self.labels)) / len(self.labels)
        return self.labels.copy()

    def fit(self, estimator: Any, data: Any = None, y: Any = None, **options: Any) -> Any:
        """Fit on the data given (or the case's), with targets where the estimator needs them."""
        values = self.X() if data is None else data
        if y is None and self.tags.target_tags.required:
            y = self.y()[: len(values)]
        return estimator.fit(values, **options) if y is None else estimator.fit(values, y, **options)

    def fitted(self, data: Any = None, y: Any = None, **options: Any) -> Any:
        """Return a fresh clone that has been fitted."""
        estimator = self.fresh()
        self.fit(estimator, data, y, **options)
        return estimator

    def outputs(self, estimator: Any, data: Any = None) -> dict[str, NDArray[Any]]:
        """Return what every method gives for the data."""
        values = self.X() if data is None else data
        return {name: np.asarray(getattr(estimator, name)(values)) for name in self.methods}

    def need(self, condition: object, reason: str) -> None:
        """Signal that a law does not apply unless ``condition``."""
        if not condition:
            raise NotApplicable(reason)

    def need_methods(self) -> tuple[str, ...]:
        """Return the methods, or signal that there are none."""
        self.need(self.methods, "the estimator has none of the methods " + ", ".join(METHODS))
        return self.methods

    def only_classifier(self) -> None:
        """Signal that a law is for classifiers."""
        self.need(self.type == "classifier", "the estimator is not a classifier")
