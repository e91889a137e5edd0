"""Ricci tensors of metrics that EinsteinPy comes with, held against its own.

Definition: components and values as kept in ``predefined_metrics.json``.
Convention: numbers in double precision; the kept ones have 25 digits.
"""

import json
import math
from fractions import Fraction
from pathlib import Path

import pytest

from erlangen.exact import DifferentialRing
from erlangen.symbolic import Metric

_KEPT = json.loads((Path(__file__).parent / "predefined_metrics.json").read_text(encoding="utf-8"))["metrics"]


@pytest.mark.parametrize("kept", _KEPT, ids=lambda kept: kept["name"])
def test_ricci_tensor_is_that_of_einsteinpy(kept):
    letters = [name for name in kept["values"] if name not in kept["coordinates"]]
    ring = DifferentialRing(" ".join(kept["coordinates"]), constants=" ".join((*letters, "pi")))
    metric = Metric(ring, {(int(ij[0]), int(ij[1])): ring.parse(text) for ij, text in kept["metric"].items()})
    values = {name: float(Fraction(number)) for name, number in kept["values"].items()} | {"pi": math.pi}
    values = dict.fromkeys(kept["coordinates"], 1.0) | values
    size = max((abs(float(number)) for number in kept["ricci"].values()), default=1.0)
    for i in range(4):
        for j in range(4):
            expected = float(kept["ricci"].get(f"{i}{j}", 0))
            assert metric.ricci[i, j].evaluate(values) == pytest.approx(expected, rel=1e-12, abs=1e-14 * size)
