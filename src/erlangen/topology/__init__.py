"""Links, tangles and braids, their classical invariants and their Khovanov-type homology, all in exact integers.

Definition: each name is documented where it is defined.
Convention: planar diagrams as in KnotInfo: X[i, j, k, l] from the incoming lower edge, anticlockwise; 3_1 is right-handed.
"""

from __future__ import annotations

from erlangen.topology.diagrams.braid import Braid
from erlangen.topology.diagrams.link import Link
from erlangen.topology.diagrams.torus_link import torus_link
from erlangen.topology.invariants.alexander import alexander_polynomial, conway_polynomial, determinant
from erlangen.topology.invariants.arf import arf_invariant
from erlangen.topology.invariants.branched_covers import branched_cover_homology, count_colourings
from erlangen.topology.invariants.jones import jones_polynomial, kauffman_bracket
from erlangen.topology.invariants.linking import linking_matrix, linking_number, writhe
from erlangen.topology.invariants.multivariable_alexander import multivariable_alexander_polynomial
from erlangen.topology.invariants.seifert import seifert_circles, seifert_genus, seifert_matrix
from erlangen.topology.invariants.signature import nullity, signature

__all__ = [
    "Braid",
    "Link",
    "alexander_polynomial",
    "arf_invariant",
    "branched_cover_homology",
    "conway_polynomial",
    "count_colourings",
    "determinant",
    "jones_polynomial",
    "kauffman_bracket",
    "linking_matrix",
    "linking_number",
    "multivariable_alexander_polynomial",
    "nullity",
    "seifert_circles",
    "seifert_genus",
    "seifert_matrix",
    "signature",
    "torus_link",
    "writhe",
]
