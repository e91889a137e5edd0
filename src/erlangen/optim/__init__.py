"""Optimisers of torch.optim for parameters that live on manifolds.

Definition: each name is documented where it is defined.
Convention: a parameter group names the manifold of its parameters under the key ``"manifold"`` (none = Euclidean).
"""

from __future__ import annotations

from erlangen.optim.manifold_groups import manifold_groups
from erlangen.optim.riemannian_adam import RiemannianAdam
from erlangen.optim.riemannian_sgd import RiemannianSGD

__all__ = ["RiemannianAdam", "RiemannianSGD", "manifold_groups"]
