"""Names of knots and links: Rolfsen's and Hoste–Thistlethwaite's as in KnotInfo, LinkInfo's, torus links, common words.

Definition: 8_19 is the nineteenth knot of 8 crossings (Rolfsen), 11n_34 = K11n34 and L6a4 are Hoste's and Thistlethwaite's.
Convention: numbers and chirality are KnotInfo's; a link name without braces has LinkInfo's first orientation, L6a4 = L6a4{0,0}.
"""

from __future__ import annotations

import re
import warnings
from difflib import get_close_matches
from math import gcd

from erlangen.errors import DomainError, DomainWarning
from erlangen.topology.diagrams import tables
from erlangen.validation import check_choice

__all__ = ["Recipe", "resolve"]

Recipe = tuple[str, str]  # ("pd" | "braid" | "circles", text)

_WORDS: dict[str, Recipe] = {
    "unknot": ("circles", "1"),
    "trefoil": ("name", "3_1"),
    "figure-eight": ("name", "4_1"),
    "figure eight": ("name", "4_1"),
    "cinquefoil": ("name", "5_1"),
    "stevedore": ("name", "6_1"),
    "hopf": ("braid", "1 1"),
    "hopf link": ("braid", "1 1"),
    "solomon": ("braid", "1 1 1 1"),
    "solomon's link": ("braid", "1 1 1 1"),
    "whitehead": ("braid", "-1 2 -1 2 -1"),
    "whitehead link": ("braid", "-1 2 -1 2 -1"),
    "borromean": ("braid", "1 -2 1 -2 1 -2"),
    "borromean rings": ("braid", "1 -2 1 -2 1 -2"),
    "conway": ("name", "11n_34"),
    "kinoshita-terasaka": ("name", "11n_42"),
    "perko": ("name", "10_161"),
}
# Planar diagram codes of KnotInfo, so that the smallest knots need no data package.
_SMALL = {
    "3_1": "X1,5,2,4 X3,1,4,6 X5,3,6,2",
    "4_1": "X4,2,5,1 X8,6,1,5 X6,3,7,4 X2,7,3,8",
    "5_1": "X2,8,3,7 X4,10,5,9 X6,2,7,1 X8,4,9,3 X10,6,1,5",
    "5_2": "X1,5,2,4 X3,9,4,8 X5,1,6,10 X7,3,8,2 X9,7,10,6",
    "6_1": "X1,7,2,6 X3,10,4,11 X5,3,6,2 X7,1,8,12 X9,4,10,5 X11,9,12,8",
    "6_2": "X1,8,2,9 X3,11,4,10 X5,1,6,12 X7,2,8,3 X9,7,10,6 X11,5,12,4",
    "6_3": "X4,2,5,1 X8,4,9,3 X12,9,1,10 X10,5,11,6 X6,11,7,12 X2,8,3,7",
    "7_1": "X1,9,2,8 X3,11,4,10 X5,13,6,12 X7,1,8,14 X9,3,10,2 X11,5,12,4 X13,7,14,6",
    "7_2": "X2,10,3,9 X4,14,5,13 X6,12,7,11 X8,2,9,1 X10,8,11,7 X12,6,13,5 X14,4,1,3",
    "7_3": "X1,9,2,8 X3,11,4,10 X5,1,6,14 X7,13,8,12 X9,3,10,2 X11,5,12,4 X13,7,14,6",
    "7_4": "X2,10,3,9 X4,12,5,11 X6,14,7,13 X8,4,9,3 X10,2,11,1 X12,8,13,7 X14,6,1,5",
    "7_5": "X2,10,3,9 X4,2,5,1 X6,14,7,13 X8,12,9,11 X10,4,11,3 X12,6,13,5 X14,8,1,7",
    "7_6": "X1,13,2,12 X3,9,4,8 X5,1,6,14 X7,10,8,11 X9,3,10,2 X11,6,12,7 X13,5,14,4",
    "7_7": "X1,10,2,11 X3,13,4,12 X5,14,6,1 X7,5,8,4 X9,2,10,3 X11,9,12,8 X13,6,14,7",
}
_TORUS = re.compile(r"[Tt]\(?\s*(-?\d+)\s*[,_]\s*(-?\d+)\s*\)?")
_KNOT = re.compile(r"[Kk]?(\d+)\s*([an]?)_?(\d+)")
_ROLFSEN = {
    "10_83": "10_86",
    "10_86": "10_83",
    "10_162": "10_161",
    "10_163": "10_162",
    "10_164": "10_163",
    "10_165": "10_164",
    "10_166": "10_165",
}
_PERKO = (
    "Rolfsen's tables list one knot twice, as 10_161 and 10_162 (Perko); KnotInfo's 10_162, ..., 10_165 are Rolfsen's "
    "10_163, ..., 10_166, and its 10_83 and 10_86 are Rolfsen's pictures of 10_86 and 10_83"
)


def resolve(name: str, numbering: str | None = None) -> Recipe:
    """Return what a name stands for: a planar diagram code, a braid word with its strands, or a number of circles.

    Raises
    ------
    DomainError
        If the name is unknown, with those nearest to it.

    Examples
    --------
    >>> resolve("T(2,3)"), resolve("unknot")
    (('braid', '2: 1 1 1'), ('circles', '1'))
    """
    if numbering is not None:
        check_choice(numbering, "numbering", ("knotinfo", "rolfsen"))
    text = name.strip()
    word = _WORDS.get(text.lower())
    if word is not None and word[0] != "name":
        return word
    torus = _TORUS.fullmatch(text)
    if torus:
        return _torus(int(torus[1]), int(torus[2]))
    if text.startswith(("L", "l")):
        return _link(text)
    knot = _KNOT.fullmatch(word[1] if word else text)
    if knot is None:
        return _refuse(name)
    return _knot(name, knot, numbering)


def _torus(p: int, q: int) -> Recipe:
    """Return the braid of a torus link on the least number of strands."""
    n, m = sorted((abs(p), abs(q)))
    if n == 0:
        return ("circles", str(gcd(n, m)))
    letters = [letter if p * q > 0 else -letter for _ in range(m) for letter in range(1, n)]
    return ("braid", f"{n}: {' '.join(map(str, letters))}")


def _knot(name: str, match: re.Match[str], numbering: str | None) -> Recipe:
    """Return the code of a knot of the table."""
    n, kind, index = match[1], match[2], match[3]
    key = f"{n}{kind}_{index}"
    if key == "0_1":
        return ("circles", "1")
    if key in _ROLFSEN and not name.lower().startswith("perko"):
        if numbering == "rolfsen":
            key = _ROLFSEN[key]
        elif key == "10_166":
            message = f"name {name!r} is not in KnotInfo: {_PERKO}"
            raise DomainError(message, hint="pass numbering='rolfsen' to mean Rolfsen's knot")
        elif numbering is None:
            message = f"name {name!r} means different knots in different tables: {_PERKO}; KnotInfo's is returned"
            warnings.warn(message, DomainWarning, stacklevel=5)
    if key in _SMALL:
        return ("pd", _SMALL[key])
    row = tables.row_of("knots", key)
    if row is None and kind and int(n) <= 10:
        row = tables.row_of("knots", tables.other_names("knots", "dt_name").get(key, ""))
    return _refuse(name) if row is None else ("pd", row["pd_notation"])


def _link(text: str) -> Recipe:
    """Return the code of a link of the table."""
    key = "L" + re.sub(r"\s", "", text[1:])
    row = tables.row_of("links", key)
    if row is None:
        row = tables.row_of("links", tables.other_names("links", "name_unoriented").get(key, ""))
    return _refuse(text) if row is None else ("pd", row["pd_notation_vector"])


def _refuse(name: str) -> Recipe:
    """Name the names nearest to an unknown one."""
    text = re.sub(r"^[Kk](?=\d)", "", name.strip())
    known = [
        *_WORDS,
        *tables.table_names("knots"),
        *tables.other_names("links", "name_unoriented"),
        *tables.table_names("links"),
    ]
    near = get_close_matches(text, known, n=4, cutoff=0.5)
    nearest = (
        f"the nearest names are {', '.join(near)}"
        if near
        else "names look like 8_19, 11n_34, K12n242, L6a4{0,0}, T(7,8)"
    )
    message = f"name {name!r} is unknown"
    raise DomainError(message, hint=nearest)
