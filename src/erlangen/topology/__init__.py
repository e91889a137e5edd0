"""Links, tangles and braids, their classical invariants and their Khovanov-type homology, all in exact integers.

Definition: each name is documented where it is defined and loaded when it is first used (PEP 562), so that homology alone loads little.
Convention: planar diagrams as in KnotInfo: X[i, j, k, l] from the incoming lower edge, anticlockwise; 3_1 is right-handed.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from erlangen.topology.diagrams.braid import Braid
from erlangen.topology.diagrams.link import Link
from erlangen.topology.khovanov.bigraded_group import BigradedGroup
from erlangen.topology.khovanov.khovanov_homology import khovanov_homology
from erlangen.topology.scanning.scan import scan
from erlangen.topology.scanning.scanned_complex import ScannedComplex

if TYPE_CHECKING:
    from erlangen.topology.diagrams.braiding import braid_representative
    from erlangen.topology.diagrams.census import census, census_rows
    from erlangen.topology.diagrams.link_text import parse_link
    from erlangen.topology.diagrams.montesinos_link import montesinos_link, pretzel_link, two_bridge_link
    from erlangen.topology.diagrams.random_link import random_link
    from erlangen.topology.diagrams.reidemeister import random_moves, reidemeister_moves
    from erlangen.topology.diagrams.reidemeister_move import ReidemeisterMove
    from erlangen.topology.diagrams.simplification import simplify
    from erlangen.topology.diagrams.tangle import Tangle
    from erlangen.topology.diagrams.torus_link import torus_link
    from erlangen.topology.drawing.braid_drawing import draw_braid
    from erlangen.topology.drawing.drawing import Drawing
    from erlangen.topology.drawing.link_drawing import draw_link
    from erlangen.topology.drawing.tangle_drawing import draw_tangle
    from erlangen.topology.invariants.alexander import alexander_polynomial, conway_polynomial, determinant
    from erlangen.topology.invariants.arf import arf_invariant
    from erlangen.topology.invariants.branched_covers import branched_cover_homology, count_colourings
    from erlangen.topology.invariants.coloured_jones import coloured_jones_polynomial
    from erlangen.topology.invariants.homfly import homfly_polynomial
    from erlangen.topology.invariants.jones import jones_polynomial, kauffman_bracket
    from erlangen.topology.invariants.linking import linking_matrix, linking_number, writhe
    from erlangen.topology.invariants.multivariable_alexander import multivariable_alexander_polynomial
    from erlangen.topology.invariants.seifert import seifert_circles, seifert_genus, seifert_matrix
    from erlangen.topology.invariants.signature import nullity, signature
    from erlangen.topology.khovanov.bar_natan_homology import (
        bar_natan_homology,
        lee_pages,
        spectral_sequence,
        x_torsion_order,
    )
    from erlangen.topology.khovanov.khovanov_complex import basepoint_action, khovanov_complex
    from erlangen.topology.khovanov.khovanov_groups import KhovanovGroups, khovanov_groups, khovanov_table
    from erlangen.topology.khovanov.movie import Movie
    from erlangen.topology.khovanov.s_invariant import s_invariant
    from erlangen.topology.scanning.scan_plan import ScanPlan, scan_plan

__all__ = [
    "BigradedGroup",
    "Braid",
    "Drawing",
    "KhovanovGroups",
    "Link",
    "Movie",
    "ReidemeisterMove",
    "ScanPlan",
    "ScannedComplex",
    "Tangle",
    "alexander_polynomial",
    "arf_invariant",
    "bar_natan_homology",
    "basepoint_action",
    "braid_representative",
    "branched_cover_homology",
    "census",
    "census_rows",
    "coloured_jones_polynomial",
    "conway_polynomial",
    "count_colourings",
    "determinant",
    "draw_braid",
    "draw_link",
    "draw_tangle",
    "homfly_polynomial",
    "jones_polynomial",
    "kauffman_bracket",
    "khovanov_complex",
    "khovanov_groups",
    "khovanov_homology",
    "khovanov_table",
    "lee_pages",
    "linking_matrix",
    "linking_number",
    "montesinos_link",
    "multivariable_alexander_polynomial",
    "nullity",
    "parse_link",
    "pretzel_link",
    "random_link",
    "random_moves",
    "reidemeister_moves",
    "s_invariant",
    "scan",
    "scan_plan",
    "seifert_circles",
    "seifert_genus",
    "seifert_matrix",
    "signature",
    "simplify",
    "spectral_sequence",
    "torus_link",
    "two_bridge_link",
    "writhe",
    "x_torsion_order",
]

_LATER = {
    "braid_representative": "diagrams.braiding",
    "census": "diagrams.census",
    "census_rows": "diagrams.census",
    "parse_link": "diagrams.link_text",
    "montesinos_link": "diagrams.montesinos_link",
    "pretzel_link": "diagrams.montesinos_link",
    "two_bridge_link": "diagrams.montesinos_link",
    "random_link": "diagrams.random_link",
    "random_moves": "diagrams.reidemeister",
    "reidemeister_moves": "diagrams.reidemeister",
    "ReidemeisterMove": "diagrams.reidemeister_move",
    "simplify": "diagrams.simplification",
    "Tangle": "diagrams.tangle",
    "torus_link": "diagrams.torus_link",
    "draw_braid": "drawing.braid_drawing",
    "Drawing": "drawing.drawing",
    "draw_link": "drawing.link_drawing",
    "draw_tangle": "drawing.tangle_drawing",
    "alexander_polynomial": "invariants.alexander",
    "conway_polynomial": "invariants.alexander",
    "determinant": "invariants.alexander",
    "arf_invariant": "invariants.arf",
    "branched_cover_homology": "invariants.branched_covers",
    "count_colourings": "invariants.branched_covers",
    "coloured_jones_polynomial": "invariants.coloured_jones",
    "homfly_polynomial": "invariants.homfly",
    "jones_polynomial": "invariants.jones",
    "kauffman_bracket": "invariants.jones",
    "linking_matrix": "invariants.linking",
    "linking_number": "invariants.linking",
    "writhe": "invariants.linking",
    "multivariable_alexander_polynomial": "invariants.multivariable_alexander",
    "seifert_circles": "invariants.seifert",
    "seifert_genus": "invariants.seifert",
    "seifert_matrix": "invariants.seifert",
    "nullity": "invariants.signature",
    "signature": "invariants.signature",
    "bar_natan_homology": "khovanov.bar_natan_homology",
    "lee_pages": "khovanov.bar_natan_homology",
    "s_invariant": "khovanov.s_invariant",
    "spectral_sequence": "khovanov.bar_natan_homology",
    "x_torsion_order": "khovanov.bar_natan_homology",
    "basepoint_action": "khovanov.khovanov_complex",
    "khovanov_complex": "khovanov.khovanov_complex",
    "KhovanovGroups": "khovanov.khovanov_groups",
    "khovanov_groups": "khovanov.khovanov_groups",
    "khovanov_table": "khovanov.khovanov_groups",
    "Movie": "khovanov.movie",
    "ScanPlan": "scanning.scan_plan",
    "scan_plan": "scanning.scan_plan",
}


def __getattr__(name: str) -> Any:
    if name in _LATER:
        return getattr(import_module(f"erlangen.topology.{_LATER[name]}"), name)
    message = f"module 'erlangen.topology' has no attribute {name!r}"
    raise AttributeError(message)


def __dir__() -> list[str]:
    return sorted(__all__)
