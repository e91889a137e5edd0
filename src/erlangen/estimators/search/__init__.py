"""The search for the order and the lag of augmented covariances, with what the cells of a grid share computed once.

Definition: scikit-learn's exhaustive grid search over delay embedding, covariance and classifier (Carrara, Papadopoulo, arXiv 2302.04508).
Convention: candidates come lag by lag, then order by order, then in the order of ``ParameterGrid``; the first best one wins.
"""

from __future__ import annotations

from erlangen.estimators.search.acm_search_cv import ACMSearchCV
from erlangen.estimators.search.augmented_covariance_classifier import AugmentedCovarianceClassifier

__all__ = ["ACMSearchCV", "AugmentedCovarianceClassifier"]
