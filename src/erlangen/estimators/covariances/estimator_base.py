"""What all estimators on trials and covariances share: the tags of three-dimensional input.

Definition: scikit-learn's input tags say ``three_d_array`` and not ``two_d_array``.
Convention: matrices have no table form, so transformers into matrices accept ``set_output`` and keep arrays.
"""

from __future__ import annotations

from typing import Any

from sklearn.base import BaseEstimator

__all__ = ["EstimatorBase"]


class EstimatorBase(BaseEstimator):
    """An estimator whose samples are matrices."""

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = False
        tags.input_tags.three_d_array = True
        return tags
