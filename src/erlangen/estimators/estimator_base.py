"""What all estimators on trials and covariances share: the tags of three-dimensional input, and arrays as they come.

Definition: scikit-learn's input tags say ``three_d_array`` and not ``two_d_array``.
Convention: matrices have no table form, so transformers into matrices accept ``set_output`` and keep arrays.
"""

from __future__ import annotations

from typing import Any

from sklearn.base import BaseEstimator, TransformerMixin

__all__ = ["ArrayTransformer", "EstimatorBase"]


class EstimatorBase(BaseEstimator):
    """An estimator whose samples are matrices."""

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = False
        tags.input_tags.three_d_array = True
        return tags


class ArrayTransformer(TransformerMixin, EstimatorBase, auto_wrap_output_keys=None):  # type: ignore[call-arg]
    """A transformer into arrays with three axes."""

    def __init_subclass__(cls, **keywords: Any) -> None:
        super().__init_subclass__(**{"auto_wrap_output_keys": None, **keywords})

    def set_output(self, *, transform: Any = None) -> Any:
        """Accept any container: what has three axes stays an array."""
        return self
