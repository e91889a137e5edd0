"""Input and score of the cases on knots: planar diagrams of torus knots, of kept random knots and of KnotInfo's table.

Definition: a diagram is a list of [i, j, k, l], the edges around a crossing anticlockwise from the lower edge that comes in; a group is a sorted
list of [h, q, order, multiplicity], order 0 for Z (or the field) and a prime power for torsion.
Convention: KnotInfo's: the closure of [1, 1, 1] is 3_1, with homology in positive degrees. The score is 1 where every group is right: as in KnotInfo's
column, or with the digest of the case, which the tests tie to a table kept from a peer.
"""

import ast
import hashlib
import importlib
import json
import math
from pathlib import Path


def braid_diagram(word, strands):
    """Return the planar diagram of the closure of a braid word, edges numbered from 1 along the knot."""
    at = list(range(strands))
    fresh, quads, after = strands, [], {}
    for letter in word:
        i = abs(letter) - 1
        a, b, c, d = at[i], at[i + 1], fresh, fresh + 1
        fresh += 2
        after[a], after[b] = d, c
        quads.append([b, d, c, a] if letter > 0 else [a, b, d, c])
        at[i], at[i + 1] = c, d
    same = {last: first for first, last in enumerate(at) if last != first}
    after = {edge: same.get(follower, follower) for edge, follower in after.items()}
    names = {}
    for start in sorted(after):
        edge = start
        while edge not in names:
            names[edge] = len(names) + 1
            edge = after[edge]
    return [[names[same.get(edge, edge)] for edge in quad] for quad in quads]


def torus_diagram(p, q):
    """Return the diagram of the positive torus knot T(p, q) as a braid on p strands."""
    return braid_diagram(list(range(1, p)) * q, p)


def make(family, p=0, q=0, first=0, last=0, index=None, **options):
    """Return the diagrams, the ring, whether reduced or modules over F[H], whether each round starts a process, and what must come out."""
    asked = {"ring": "Z", "reduced": True, "modules": False, "cold": False, "digest": "", "repeat": 1, **options}
    data = {**asked, "expected": None}
    if family == "torus":
        data.update(diagrams=[torus_diagram(p, q)], torus=[p, q])
    elif family == "random":
        kept = json.loads((Path(__file__).parent / "random_knots.json").read_text(encoding="utf-8"))["diagrams"]
        data["diagrams"] = kept if index is None else [kept[index]]
    else:
        rows = [row for row in _knotinfo() if first <= int(row["crossing_number"]) <= last]
        column = f"khovanov_{'reduced' if data['reduced'] else 'unreduced'}_integral_vector"
        data["diagrams"] = [ast.literal_eval(row["pd_notation"]) for row in rows]
        data["expected"] = [canonical([h, q, order, n] for order, n, h, q in _vector(row[column])) for row in rows]
    return data


def _knotinfo():
    """Return the rows of KnotInfo's table that have a diagram."""
    rows = importlib.import_module("database_knotinfo").link_list()[2:]
    return [row for row in rows if row["pd_notation"].startswith("[[")]


def _vector(text):
    return ast.literal_eval(text)


def _prime_powers(order):
    """Return the prime powers whose product is ``order``."""
    found, p = [], 2
    while order > 1:
        power = math.gcd(order, p ** order.bit_length())
        if power > 1:
            found.append(power)
            order //= power
        p += 1
    return found


def canonical(entries):
    """Return a group in primary decomposition, equal entries gathered and cancelled, sorted."""
    total = {}
    for h, q, order, n in entries:
        for part in [0] if order == 0 else _prime_powers(order):
            total[h, q, part] = total.get((h, q, part), 0) + n
    return [[h, q, order, n] for (h, q, order), n in sorted(total.items()) if n]


def digest(groups):
    """Return sixteen hexadecimal digits that tell groups apart."""
    return hashlib.sha256(json.dumps([canonical(group) for group in groups]).encode()).hexdigest()[:16]


def score(data, result):
    """Return 1 where every group is right."""
    if data["expected"] is not None:
        return {"equal": float([canonical(group) for group in result] == data["expected"])}
    return {"equal": float(digest(result) == data["digest"])}
