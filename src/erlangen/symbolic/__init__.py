"""Charts, jets and field theories in exact functions: variational calculus, symmetries, curvature, currents and charges.

Definition: each name is documented where it is defined.
Convention: functions are elements of a differential ring; zero is recognised by its data, never by simplification.
"""

from __future__ import annotations

__all__: list[str] = []
