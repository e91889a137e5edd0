"""The peer's side: khoca, whose groups are brought to cohomological degrees.

Definition: ``InteractiveCalculator``; quadruples (t, q, order, multiplicity), reduced and unreduced together.
Convention: khoca reports homology: t stands for -h, and torsion of degree h for 1 - h; entries that cancel are summed first.
"""

import importlib

_CALCULATORS = {}


def run(data):
    """Return the groups of the diagrams."""
    ring = int({"Z": "0", "Q": "1"}.get(data["ring"], data["ring"].removeprefix("F")))
    if ring not in _CALCULATORS:
        _CALCULATORS[ring] = importlib.import_module("khoca").InteractiveCalculator(ring)
    groups = []
    for _ in range(data["repeat"]):
        groups = [_group(_CALCULATORS[ring](diagram), data["reduced"]) for diagram in data["diagrams"]]
    return groups


def _group(answer, reduced):
    return [[int(order > 0) - t, q, order, n] for t, q, order, n in answer[0 if reduced else 1]]
