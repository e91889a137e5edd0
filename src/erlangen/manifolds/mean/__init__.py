"""Fréchet means and medians: the iterations behind :meth:`erlangen.manifolds.Metric.mean`.

Definition: the mean minimises the weighted sum of squared distances; each file holds one iteration, or the derivative of its fixed point.
Convention: inside, points are ``(..., N, *shape)`` and weights ``(..., N)`` sum to one; every iteration returns its certificate.
"""

from __future__ import annotations

__all__: list[str] = []
