"""What differs between two runs.

Definition: names of parameters, metrics and environment of both, in the order of the first, with both values and whether they differ.
Convention: for two numbers the change is ``second - first`` and its share of the first.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from erlangen.runs import Run

__all__ = ["Line", "compare_runs"]


@dataclass(frozen=True)
class Line:
    """One name with its two values (None where a side lacks it)."""

    name: str
    first: Any
    second: Any

    @property
    def differs(self) -> bool:
        """Whether the two values differ; two NaN do not."""
        both = (self.first, self.second)
        if all(isinstance(x, float) and math.isnan(x) for x in both):
            return False
        return bool(self.first != self.second)

    @property
    def change(self) -> float | None:
        """Second minus first, where both are finite numbers that differ."""
        pair = [x for x in (self.first, self.second) if isinstance(x, (int, float)) and not isinstance(x, bool)]
        if len(pair) < 2 or not all(map(math.isfinite, pair)) or pair[0] == pair[1]:
            return None
        return float(pair[1] - pair[0])


def _lines(first: Mapping[str, Any], second: Mapping[str, Any]) -> list[Line]:
    names = [*first, *(name for name in second if name not in first)]
    return [Line(name, first.get(name), second.get(name)) for name in names]


def compare_runs(first: Run, second: Run) -> dict[str, list[Line]]:
    """Return the lines of ``parameters``, ``metrics`` and ``environment``."""
    settings = [
        {"seed": run.spec.seed, "threads": run.spec.threads, "preset": run.preset, **run.spec.parameters}
        for run in (first, second)
    ]
    places = [{**run.versions, "code": run.spec.code_version} for run in (first, second)]
    return {
        "parameters": _lines(settings[0], settings[1]),
        "metrics": _lines({"seconds": first.seconds, **first.metrics}, {"seconds": second.seconds, **second.metrics}),
        "environment": _lines(places[0], places[1]),
    }
