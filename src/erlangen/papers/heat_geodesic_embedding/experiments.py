r"""The experiments of the paper, each a function from plain arguments to plain numbers, so that it can be a row of a run.

Definition: distances on Swiss rolls and trees, clusters of digits, interpolation of a time course that is left out (Huguet et al. 2023, section 5).
Convention: correlations are means over rows without the diagonal; every draw has its own seed; methods share the graph's k.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import cdist
from sklearn.manifold import TSNE

from erlangen.datasets import ManifoldSample, digits, swiss_roll, time_course, tree
from erlangen.estimators import PHATE, HeatGeodesicEmbedding
from erlangen.estimators.scores import (
    clustering_scores,
    distance_correlation,
    interpolation_scores,
    neighbour_accuracy,
    precision_at_k,
)
from erlangen.operators import diffusion_distance, graph_distance, knn_graph, neighbour_lengths, random_walk_kernel

__all__ = ["METHODS", "clusters", "distances", "interpolation", "sample"]

METHODS = ("heat", "phate", "diffusion", "paths")
_STEPS = 20
_DIMENSION = 10

Array = NDArray[np.float64]


def sample(kind: str, n: int, noise: float, seed: int) -> ManifoldSample:
    """Return a noisy Swiss roll or tree in ten dimensions."""
    if kind == "swiss":
        return swiss_roll(n, noise=noise, dim=_DIMENSION, rng=seed)
    return tree(5, n // 5, dim=_DIMENSION, noise=noise, rng=seed)


def _between_rows(method: str, X: Array, k: int, threads: int) -> tuple[Array, Array | None]:
    """Return the distances (n, n) of a method, and its embedding (n, 2) where it has one of its own."""
    if method == "heat":
        heat = HeatGeodesicEmbedding(n_neighbors=k, n_landmarks=None, n_jobs=threads).fit(X)
        return heat.dissimilarity_, heat.embedding_
    if method == "phate":
        phate = PHATE(n_neighbors=k, n_landmarks=None, n_jobs=threads).fit(X)
        return phate.dissimilarity_, phate.embedding_
    if method == "diffusion":
        graph = knn_graph(X, k)
        H = random_walk_kernel(graph, 2 * _STEPS, form="density", self_loops=1.0, threads=threads)
        return diffusion_distance(H, row_diagonal=H.diagonal(), column_diagonal=H.diagonal()), None
    return graph_distance(neighbour_lengths(X, k)), None


def distances(kind: str, n: int, noise: float, k: int, seed: int, threads: int) -> dict[str, dict[str, float]]:
    """Compare the distances of four methods, and the embeddings of two, with the true geodesics of one draw."""
    drawn = sample(kind, n, noise, seed)
    truth = drawn.geodesics()
    found: dict[str, dict[str, float]] = {}
    for method in METHODS:
        D, Z = _between_rows(method, drawn.X, k, threads)
        found[method] = _scores(D, truth)
        if Z is not None:
            found[f"{method} embedding"] = _scores(cdist(Z, Z), truth)
    return found


def _scores(D: Array, truth: Array) -> dict[str, float]:
    """Return Pearson's and Spearman's correlation and the precision among ten neighbours."""
    return {
        "pearson": distance_correlation(D, truth),
        "spearman": distance_correlation(D, truth, "spearman"),
        "precision": precision_at_k(D, truth, 10),
    }


def _embedding(method: str, X: Array, k: int, seed: int, threads: int) -> Array:
    """Return the embedding (n, 2) of a method."""
    if method == "heat":
        return HeatGeodesicEmbedding(n_neighbors=k, random_state=seed, n_jobs=threads).fit_transform(X)
    if method == "phate":
        return PHATE(n_neighbors=k, random_state=seed, n_jobs=threads).fit_transform(X)
    return TSNE(random_state=seed % 2**31, init="pca", perplexity=30, n_jobs=threads).fit_transform(X).astype(float)


def clusters(method: str, k: int, seed: int, threads: int) -> dict[str, float]:
    """Cluster the embedding of half of the handwritten digits into ten and compare with their labels."""
    fold = digits("test")
    Z = _embedding(method, fold.X, k, seed, threads)
    scores = clustering_scores(Z, fold.labels, rng=seed)
    return {
        "homogeneity": scores.homogeneity,
        "ari": scores.ari,
        "ami": scores.ami,
        "accuracy": neighbour_accuracy(Z, fold.labels, rng=seed),
    }


def interpolation(method: str, n: int, k: int, seed: int, threads: int) -> dict[str, float]:
    """Interpolate each inner time of a course of blood formation from its neighbours, in the embedding of a method."""
    course = time_course(n, rng=seed)
    Z = _embedding(method, course.X, k, seed, threads)
    scores = interpolation_scores(Z, course.times, rng=seed)
    return {"w1": float(np.mean([score.w1 for score in scores])), "times": float(len(scores))}


def picture(n: int, seed: int, k: int, threads: int) -> dict[str, Any]:
    """Return what the page shows: a roll, its embeddings at three times, distances of some points, and the automatic embedding."""
    roll = swiss_roll(n, noise=0.1, width=25.0, density="area", rng=seed)
    X = roll.X
    frames = {
        f"{t:g}": HeatGeodesicEmbedding(n_neighbors=k, t=float(t), n_jobs=threads).fit_transform(X)
        for t in (0.5, 5.0, 50.0)
    }
    automatic = HeatGeodesicEmbedding(n_neighbors=k, n_jobs=threads).fit(X)
    return {"roll": roll, "frames": frames, "automatic": automatic}
