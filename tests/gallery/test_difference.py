from __future__ import annotations

import math
from dataclasses import replace

from erlangen.gallery.difference import Line, compare_runs


def test_what_differs(ran):
    first, second = ran[1]
    other = replace(second, metrics={"sum": 33, "new": 1.0}, versions={**second.versions, "numpy": "0.1"})
    lines = {line.name: line for part in compare_runs(first, other).values() for line in part}
    assert (lines["seed"].first, lines["seed"].second, lines["seed"].change) == (0, 1, 1.0)
    assert lines["sum"].change == 3.0
    assert lines["new"].first is None
    assert lines["new"].differs
    assert lines["numpy"].differs
    assert not lines["n"].differs


def test_two_nan_are_the_same_and_have_no_change():
    line = Line("x", math.nan, math.nan)
    assert not line.differs
    assert line.change is None


def test_truth_values_have_no_change():
    assert Line("x", True, False).change is None
    assert Line("x", True, False).differs
