"""The exact tower's ground floor: rings, polynomials, matrices and complexes over Z, Q and the prime fields.

Definition: each name is documented where it is defined.
Convention: no floating-point number enters; equality is equality of data.
"""

from __future__ import annotations

__all__: list[str] = []
