"""Links, tangles and braids, their classical invariants and their Khovanov-type homology, all in exact integers.

Definition: each name is documented where it is defined.
Convention: planar diagrams as in KnotInfo: X[i, j, k, l] from the incoming lower edge, anticlockwise; 3_1 is right-handed.
"""

from __future__ import annotations

from erlangen.topology.diagrams.link import Link

__all__ = [
    "Link",
]
