"""Signals in time: delay embeddings, covariances of embedded signals, autoregressive models, the choice of an embedding.

Definition: z(t) = [x(t); x(t + τ); …; x(t + (p - 1)τ)] of a signal x in R^n; its covariance holds the autocovariances Γ((i - j)τ) in block (i, j).
Convention: signals are (N, n, T): trials, channels, samples; Γ(h) = E[x(t + h) x(t)^T]; order p counts the blocks, lag τ the samples between them.
"""

from __future__ import annotations

from erlangen.estimators.timeseries.assembly import augmented_covariance, covariances_of_orders
from erlangen.estimators.timeseries.augmented_covariances import AugmentedCovariance
from erlangen.estimators.timeseries.delay_embedding import DelayEmbedding
from erlangen.estimators.timeseries.embedding_report import EmbeddingReport
from erlangen.estimators.timeseries.lagged_autocovariance import lagged_autocovariance
from erlangen.estimators.timeseries.products import LagProducts, lag_products
from erlangen.estimators.timeseries.selection import EmbeddingSelection, select_embedding
from erlangen.estimators.timeseries.var import VAR

__all__ = [
    "VAR",
    "AugmentedCovariance",
    "DelayEmbedding",
    "EmbeddingReport",
    "EmbeddingSelection",
    "LagProducts",
    "augmented_covariance",
    "covariances_of_orders",
    "lag_products",
    "lagged_autocovariance",
    "select_embedding",
]
