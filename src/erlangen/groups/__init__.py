"""Lie groups of the geometry of space: compose, invert, exponential and logarithm, invariant sampling.

Definition: each name is documented where it is defined.
Convention: elements are real matrices ``(..., n, n)`` that act on column vectors.
"""

from __future__ import annotations

__all__: list[str] = []
