"""Ways to compare SPD matrices that are no Riemannian metrics: divergences and Finsler distances, with the means they have.

Definition: one file a divergence; each gives ``dist`` and, where it is unique, ``mean`` with the arguments of :meth:`erlangen.manifolds.Metric.mean`.
Convention: names and factors are pyriemann's (``kullback``, ``kullback_right``, ``kullback_sym``, ``logdet``, ``thompson``).
"""

from __future__ import annotations

from erlangen.manifolds.divergences.divergence import Divergence
from erlangen.manifolds.divergences.kullback_leibler import KullbackLeibler
from erlangen.manifolds.divergences.log_det import LogDet
from erlangen.manifolds.divergences.named import distance, divergence_named, pairwise_distance
from erlangen.manifolds.divergences.thompson import Thompson

__all__ = [
    "Divergence",
    "KullbackLeibler",
    "LogDet",
    "Thompson",
    "distance",
    "divergence_named",
    "pairwise_distance",
]
