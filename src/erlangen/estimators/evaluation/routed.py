"""A fitted estimator that hands the domains of its samples on to the steps that ask for them.

Definition: scikit-learn's metadata routing carries ``domains`` to transformers such as ``DomainRecentre``; scorers do not, so the estimator is wrapped.
Convention: estimators in which no step asks are left alone, and routing stays off for them.
"""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray
from sklearn import config_context
from sklearn.utils.metadata_routing import get_routing_for_object

__all__ = ["Routed", "asks_for_domains"]

_METHODS = ("predict", "predict_proba", "predict_log_proba", "decision_function")


def asks_for_domains(estimator: Any, method: str = "fit") -> bool:
    """Return whether a step of the estimator asks for ``domains``."""
    with config_context(enable_metadata_routing=True):
        return bool(get_routing_for_object(estimator).consumes(method, ["domains"]))


class Routed:
    """An estimator with the domains of the samples that it is about to predict."""

    def __init__(self, estimator: Any, domains: NDArray[Any]) -> None:
        self._estimator = estimator
        self._domains = domains

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._estimator, name)
        if name not in _METHODS:
            return found

        def call(X: Any) -> Any:
            with config_context(enable_metadata_routing=True):
                return found(X, domains=self._domains)

        call.__name__ = name  # scorers read which method they were given
        return call
