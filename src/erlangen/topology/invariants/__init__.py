"""Classical invariants of links: from Seifert surfaces and from state sums.

Definition: each name is documented where it is defined.
Convention: KnotInfo's columns decide signs and normalisations.
"""

from __future__ import annotations

__all__: list[str] = []
