"""Covariances of trials, and classifiers on symmetric positive definite matrices.

Definition: one file a final class; geometries by name or by metric object are in :mod:`erlangen.estimators.covariances.geometries`.
Convention: scikit-learn's, for three axes: trials ``(n_trials, n_channels, n_times)``, matrices ``(n_matrices, n, n)``.
"""

from __future__ import annotations

from erlangen.estimators.covariances.covariances import Covariances
from erlangen.estimators.covariances.domain_recentre import DomainRecentre
from erlangen.estimators.covariances.fg_mdm import FgMDM
from erlangen.estimators.covariances.k_nearest_neighbour import KNearestNeighbour
from erlangen.estimators.covariances.mdm import MDM
from erlangen.estimators.covariances.spdnet_classifier import SPDNetClassifier
from erlangen.estimators.covariances.tangent_space import TangentSpace

__all__ = ["MDM", "Covariances", "DomainRecentre", "FgMDM", "KNearestNeighbour", "SPDNetClassifier", "TangentSpace"]
