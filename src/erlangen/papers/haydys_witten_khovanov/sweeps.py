"""The tables of KnotInfo and LinkInfo, and of torus knots, held against what is computed from diagrams.

Definition: each function takes a range of rows and returns how many rows disagree in each column, and how many were compared.
Convention: KnotInfo's own diagrams and degrees, mirror images included; the tables come with the package database_knotinfo and are only read.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from itertools import repeat
from typing import Any

from erlangen.topology import (
    BigradedGroup,
    KhovanovGroups,
    Link,
    jones_polynomial,
    khovanov_groups,
    khovanov_homology,
    signature,
    torus_link,
)
from erlangen.validation import require

__all__ = ["chunks", "knots", "links", "torus_knots", "torus_table"]

_KNOT_COLUMNS = {
    "reduced": "khovanov_reduced_integral_vector",
    "unreduced": "khovanov_unreduced_integral_vector",
}
_CHUNK = 64


@cache
def _rows(proper: bool) -> list[dict[str, str]]:
    """Return the rows of KnotInfo, or of LinkInfo."""
    tables = require("database_knotinfo", extra="knots", purpose="the tables of KnotInfo and LinkInfo")
    found = tables.link_list(proper_links=proper)
    column = "pd_notation_vector" if proper else "pd_notation"
    return [row for row in found if row[column][:2] in ("[[", "{{")]


def chunks(last: int, *, proper: bool = False) -> list[tuple[int, int]]:
    """Return ranges of the rows with at most ``last`` crossings, which come first in the tables."""
    count = sum(int(row["crossing_number"]) <= last for row in _rows(proper))
    return [(start, min(start + _CHUNK, count)) for start in range(0, count, _CHUNK)]


def _tally(found: list[Mapping[str, bool]]) -> dict[str, int]:
    """Return the number of failures under each name, and of instances."""
    counts: dict[str, int] = {}
    for row in found:
        for name, good in row.items():
            counts[name] = counts.get(name, 0) + (not good)
            counts[f"{name}_instances"] = counts.get(f"{name}_instances", 0) + 1
    return counts


def knots(first: int, stop: int, odd: bool) -> dict[str, int]:
    """Compare reduced, unreduced and odd homology over Z, s, Jones polynomial and thinness of knots with KnotInfo.

    One scan of the even theory and, where it is compared, one of the odd theory say all.
    """
    rows = _rows(False)[first:stop]
    diagrams = [Link.from_pd(row["pd_notation"]) for row in rows]
    odd_groups = khovanov_groups(diagrams, theory="odd") if odd else repeat(None)
    computed = zip(rows, diagrams, khovanov_groups(diagrams), odd_groups, strict=False)
    return _tally([_knot(*found) for found in computed])


def _knot(row: Mapping[str, str], link: Link, groups: KhovanovGroups, odd: KhovanovGroups | None) -> dict[str, bool]:
    kept = {name: BigradedGroup.from_knotinfo(row[column]) for name, column in _KNOT_COLUMNS.items()}
    unreduced, reduced, s = groups
    found = {
        "reduced": reduced == kept["reduced"],
        "unreduced": unreduced == kept["unreduced"],
        "s": s == int(row["rasmussen_invariant"]),
        "jones": reduced is not None and reduced.euler() == in_q(jones_polynomial(link)),
    }
    if row["alternating"] == "Y":
        found["thin"] = reduced is not None and reduced.width == 1 and s == -signature(link)
    if odd is not None and odd.reduced is not None:
        found |= _odd(row, odd.reduced)
        found["odd_mod_2"] = reduced is not None and odd.reduced.over("F2") == reduced.over("F2")
    return found


def _odd(row: Mapping[str, str], found: BigradedGroup) -> dict[str, bool]:
    """Compare with the columns over Q and F_2, and with the integral column unless that lists all torsion twice."""
    kept = BigradedGroup.from_knotinfo(row["khovanov_odd_integral_vector"])
    mod_2 = BigradedGroup.from_knotinfo(row["khovanov_odd_mod2_vector"], "F2")
    rational = BigradedGroup.from_knotinfo(row["khovanov_odd_rational_vector"], "Q")
    answers = {"odd_fields": found.over("F2") == mod_2 and found.over("Q") == rational}
    again = BigradedGroup([(order, n, h - 1, q) for order, n, h, q in found.summands if order])
    if kept == found or kept != found + again:
        answers["odd"] = kept == found
    return answers


def in_q(jones: Any) -> Any:
    """Return a Jones polynomial in q, the square root of t."""
    return type(jones)({(int(2 * exponent),): n for (exponent,), n in jones.terms.items()}, ("q",))


def links(first: int, stop: int) -> dict[str, int]:
    """Compare unreduced homology over Q of links with LinkInfo, and s of those that alternate with the signature."""
    rows = _rows(True)[first:stop]
    diagrams = [Link.from_pd(row["pd_notation_vector"].replace("{", "[").replace("}", "]")) for row in rows]
    return _tally([_link(*found) for found in zip(rows, diagrams, khovanov_groups(diagrams), strict=True)])


def _link(row: Mapping[str, str], link: Link, groups: KhovanovGroups) -> dict[str, bool]:
    found = {"links": groups.unreduced.over("Q") == BigradedGroup.from_knotinfo(row["khovanov_polynomial"], "Q")}
    if row["alternating"] == "Y":
        found["alternating_links"] = groups.s == -signature(link)
    return found


@cache
def torus_table() -> dict[tuple[int, int], BigradedGroup]:
    """Return the homology over Z of torus knots as KnotJob and JavaKh give it, by (p, q)."""
    kept = json.loads((files(__package__) / "torus_knots.json").read_text(encoding="utf-8"))
    return {(row["p"], row["q"]): BigradedGroup(row["summands"]) for row in kept["rows"]}


def torus_knots(p: int, q: int) -> dict[str, Any]:
    """Compute the homology over Z of a torus knot and compare it with the table."""
    group = khovanov_homology(torus_link(p, q))
    return {
        "agrees": group == torus_table()[p, q],
        "polynomial": str(group.poincare()),
        "orders": list(group.torsion_orders),
    }
