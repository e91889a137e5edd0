"""Optimisers of torch.optim for parameters that live on manifolds.

Definition: each name is documented where it is defined.
Convention: a parameter group names the manifold of its parameters under the key ``"manifold"`` (none = Euclidean).
"""

from __future__ import annotations

__all__: list[str] = []
