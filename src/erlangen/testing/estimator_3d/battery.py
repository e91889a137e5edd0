"""The battery of estimators on three axes: the laws of all themes joined, run on one estimator.

Definition: an estimator keeps scikit-learn's contract with ``X`` of shape ``(n, channels, time)`` or ``(n, k, k)``.
Convention: scikit-learn is imported when the battery runs, not before; estimators are recognised by their tags, not by their base class.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from erlangen.errors import DomainError
from erlangen.random import RngLike, as_generator
from erlangen.testing.estimator_3d.case import EstimatorCase, make_data
from erlangen.testing.estimator_3d.construction import CONSTRUCTION
from erlangen.testing.estimator_3d.fitting import FITTING
from erlangen.testing.estimator_3d.inputs import INPUTS
from erlangen.testing.estimator_3d.outputs import OUTPUTS
from erlangen.testing.estimator_3d.targets import TARGETS
from erlangen.testing.law_report import LawReport
from erlangen.testing.laws import Measurement, register, run_laws
from erlangen.validation import check_integer, require

__all__ = ["LAWS", "check_estimator_3d"]

LAWS: Mapping[str, Callable[[EstimatorCase], Measurement]] = {**CONSTRUCTION, **FITTING, **INPUTS, **OUTPUTS, **TARGETS}
_MODULES = ("base", "exceptions", "model_selection", "pipeline", "utils.parallel", "utils.validation")


def check_estimator_3d(
    estimator: Any,
    *,
    kind: str = "series",
    n: int = 24,
    channels: int = 3,
    X: Any = None,
    y: Any = None,
    rtol: float = 1e-7,
    rng: RngLike = 0,
    only: Iterable[str] | None = None,
) -> LawReport:
    """Measure the laws of a scikit-learn estimator whose input has three axes.

    Parameters
    ----------
    estimator : object
        An unfitted estimator with ``get_params``, ``set_params``, ``fit`` and ``__sklearn_tags__``; it is cloned, never fitted itself.
    kind : {"series", "spd"}
        Samples ``(n, channels, 32)`` of noise, or their second moments ``(n, channels, channels)``; two classes of unlike variance.
    n, channels : int
        Number of samples (at least 12) and of channels.
    X, y : array (n, channels, time) or (n, k, k), and labels 0 and 1 (n,), optional
        Your own data instead; both or none, at least 12 samples.
    rtol : float
        Relative tolerance where memory layout or grouping may change rounding.
    rng : int or Generator
        Seed of the data.
    only : names, optional
        Measure these laws only.

    Returns
    -------
    LawReport

    References
    ----------
    scikit-learn documentation, "Developing scikit-learn estimators" and ``sklearn.utils.estimator_checks``.

    Examples
    --------
    >>> from sklearn.base import BaseEstimator, TransformerMixin
    >>> from sklearn.utils.validation import validate_data
    >>> class Power(TransformerMixin, BaseEstimator):
    ...     def __sklearn_tags__(self):
    ...         tags = super().__sklearn_tags__()
    ...         tags.input_tags.three_d_array, tags.input_tags.two_d_array = True, False
    ...         return tags
    ...     def fit(self, X, y=None):
    ...         validate_data(self, X, allow_nd=True, ensure_2d=False)
    ...         return self
    >>> check_estimator_3d(Power(), only=["fit returns self", "fit refuses two axes"]).failed[0].law
    'fit refuses two axes'
    """

    def build() -> EstimatorCase:
        sklearn = require("sklearn", extra="test", purpose="check_estimator_3d")
        for module in _MODULES:
            require(f"sklearn.{module}", extra="test", purpose="check_estimator_3d")
        generator = as_generator(rng)
        check_integer(n if X is None else len(X), "n", low=12)
        if (X is None) != (y is None):
            message = "X and y: give both or neither"
            raise DomainError(message, hint="labels 0 and 1, one a sample")
        data, labels = make_data(kind, n, channels, generator) if X is None else (np.array(X), np.array(y))
        return EstimatorCase(estimator, data, labels, sklearn, kind, rtol, int(generator.integers(2**31)))

    return run_laws(estimator, LAWS, build, only=only)


register(check_estimator_3d, LAWS)
