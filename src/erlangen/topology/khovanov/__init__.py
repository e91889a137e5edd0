"""Khovanov homology and its relatives, as values.

Definition: what a complex of a scanned link says: bigraded groups, modules over F[H], spectral sequences, s.
Convention: cohomological, h and q as in KnotInfo: the right-handed trefoil has q + q^3 + t^2 q^5 + t^3 q^9 and Z/2 at t^3 q^7.
"""

from __future__ import annotations
