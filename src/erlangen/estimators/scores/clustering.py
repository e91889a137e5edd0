"""Scores of an embedding against labels: clusters found in it, and neighbours that share a label.

Definition: k-means with as many clusters as labels on the standardised embedding; k-nearest-neighbour accuracy on a withheld share.
Convention: the accuracy is transductive where the embedding was fitted on training and test points together.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn import metrics
from sklearn.cluster import KMeans
from sklearn.model_selection import train_test_split
from sklearn.neighbors import KNeighborsClassifier

from erlangen.errors import DomainError
from erlangen.random import RngLike, as_generator
from erlangen.validation import check_finite, check_integer, check_matrix, check_real

__all__ = ["ClusteringScores", "clustering_scores", "neighbour_accuracy", "standardise"]

Array = NDArray[np.float64]


class ClusteringScores(NamedTuple):
    """Agreement of clusters with labels, and the silhouette of the clusters."""

    homogeneity: float
    completeness: float
    v_measure: float
    ari: float
    ami: float
    silhouette: float


def standardise(Z: Any) -> Array:
    """Return points (n, d) with columns of mean 0 and variance 1; a constant column becomes 0.

    Examples
    --------
    >>> standardise([[0.0, 5.0], [2.0, 5.0]])
    array([[-1.,  0.],
           [ 1.,  0.]])
    """
    points = check_matrix(Z, "Z").astype(np.float64, copy=False)
    centred = points - points.mean(axis=0)
    spread = np.sqrt(np.square(centred).mean(axis=0))
    level = 10 * np.finfo(np.float64).eps * np.abs(points).max(axis=0)
    return np.asarray(np.divide(centred, spread, out=np.zeros_like(centred), where=spread > level))


def clustering_scores(Z: Any, labels: Any, *, n_init: int = 10, rng: RngLike = 0) -> ClusteringScores:
    """Return how well k-means clusters of the standardised embedding agree with labels.

    Homogeneity, completeness and their harmonic mean V (Rosenberg and Hirschberg 2007), adjusted Rand index (Hubert and
    Arabie 1985), adjusted mutual information (Vinh et al. 2010), and the silhouette of the clusters (Rousseeuw 1987).

    Parameters
    ----------
    Z : array_like (n, d)
        The embedding.
    labels : array_like (n,)
        At least two different ones, fewer than n.
    n_init : int
        Starts of k-means.
    rng : seed or Generator
        Of the starts.

    Raises
    ------
    ShapeError, DomainError
        If the arrays do not fit or the labels are all one or all different.

    Examples
    --------
    >>> clustering_scores([[0.0], [0.1], [5.0], [5.1]], ["a", "a", "b", "b"]).ari
    1.0
    """
    points = standardise(Z)
    truth, count = _checked_labels(labels, len(points))
    if not 2 <= count < len(points):
        message = f"labels: {count} different ones among {len(points)} points; clusters need 2 … n - 1"
        raise DomainError(message, hint="score more points or other labels")
    seed = int(as_generator(rng).integers(2**31 - 1))
    found = KMeans(count, n_init=check_integer(n_init, "n_init", low=1), random_state=seed).fit_predict(points)
    homogeneity, completeness, v_measure = metrics.homogeneity_completeness_v_measure(truth, found)
    several = 2 <= len(np.unique(found)) < len(points)
    return ClusteringScores(
        float(homogeneity),
        float(completeness),
        float(v_measure),
        ari=float(metrics.adjusted_rand_score(truth, found)),
        ami=float(metrics.adjusted_mutual_info_score(truth, found)),
        silhouette=float(metrics.silhouette_score(points, found)) if several else 0.0,
    )


def neighbour_accuracy(Z: Any, labels: Any, k: int = 10, *, test_fraction: float = 0.33, rng: RngLike = 0) -> float:
    """Return the accuracy of k-nearest-neighbour classification on a withheld, stratified share of the points.

    Parameters
    ----------
    Z : array_like (n, d)
        The embedding (of all points: the score is transductive).
    labels : array_like (n,)
        At least two of each.
    k : int
        Neighbours that vote, at most the number of training points.
    test_fraction : float
        Share withheld, in (0, 1).
    rng : seed or Generator
        Of the split.

    Raises
    ------
    ShapeError, DomainError
        If the arrays do not fit, or k or the share is out of range.

    Examples
    --------
    >>> neighbour_accuracy([[0.0], [0.1], [0.2], [5.0], [5.1], [5.2]], [0, 0, 0, 1, 1, 1], 1)
    1.0
    """
    points = check_matrix(Z, "Z")
    truth, count = _checked_labels(labels, len(points))
    share = check_real(test_fraction, "test_fraction", low=0.0, high=1.0, open_low=True, open_high=True)
    test = int(np.ceil(share * len(points)))
    k = check_integer(k, "k", low=1, high=max(1, len(points) - test))
    if np.bincount(truth).min() < 2 or min(test, len(points) - test) < count:
        message = f"labels: a stratified split of {len(points)} points needs 2 of each of {count} labels on both sides"
        raise DomainError(message, hint="leave rare labels out, or change test_fraction")
    seed = int(as_generator(rng).integers(2**31 - 1))
    parts = train_test_split(points, truth, test_size=share, stratify=truth, random_state=seed)
    train, withheld, known, wanted = parts
    return float(KNeighborsClassifier(k).fit(train, known).score(withheld, wanted))


def _checked_labels(labels: Any, n: int) -> tuple[NDArray[np.intp], int]:
    """Return labels as integers 0, 1, …, and their number."""
    array = np.asarray(labels)
    if array.shape != (n,):
        message = f"labels must have shape ({n},), got {array.shape}"
        raise DomainError(message, hint="one label for each point")
    if array.dtype.kind == "f":
        check_finite(array, "labels")
    names, codes = np.unique(array, return_inverse=True)
    return codes.astype(np.intp), len(names)
