"""Layers of torch.nn whose features live on manifolds.

Definition: each name is documented where it is defined.
Convention: parameters are plain ``nn.Parameter``; the layer names the manifold of each in ``manifolds()``, which optimisers read.
"""

from __future__ import annotations

__all__: list[str] = []
