"""Potentials beside mace-torch, as measured once and kept: errors at equal epochs and at equal processor time.

Definition: the record of ``erlangen bench course learning-acac``, which comes with the package; "identical" starts from mace-torch's own weights.
Convention: a ratio is our error by mace-torch's; between stages errors are interpolated in logarithms, beyond the last stage they stay.
"""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import numpy as np

__all__ = ["comparison", "recorded"]

PEER = "mace-torch"
EPOCHS_A_STAGE = "stage"
Course = list[dict[str, float]]


def recorded() -> dict[str, Course]:
    """Return the course of each side: epoch, seconds and errors of every stage that was scored; nothing where no record is at hand."""
    here = Path(str(files("erlangen")))
    places = (here / "benchmarks", here.parents[1] / "benchmarks")
    path = next((p for place in places if (p := place / "courses" / "learning-acac.json").is_file()), None)
    if path is None:
        return {}
    record = json.loads(path.read_text(encoding="utf-8"))
    size = record["parameters"][EPOCHS_A_STAGE]
    return {
        side["name"]: [
            {"epoch": size * row["stage"], "seconds": row["cpu"], **row["score"]}
            for row in side["stages"]
            if "score" in row
        ]
        for side in record["sides"]
    }


def comparison(courses: dict[str, Course]) -> dict[str, float]:
    """Return the metrics of a record: errors of each side where mace-torch ends, and their ratios."""
    peer = next((course for name, course in courses.items() if name.startswith(PEER)), None)
    if not peer:
        return {}
    found: dict[str, float] = {"mace_torch_epochs": peer[-1]["epoch"], "mace_torch_seconds": peer[-1]["seconds"]}
    kinds = {name.split("/")[0] for name, course in courses.items() if course} - {PEER}
    for kind in ("mace-torch", *sorted(kinds)):
        own = [course for name, course in courses.items() if name.split("/")[0] == kind and course]
        for key in ("forces_300K", "forces_600K", "energy_300K", "energy_600K"):
            for axis in ("epoch", "seconds"):
                errors = [_at(course, axis, peer[-1][axis], key) for course in own]
                name = f"beside_{kind.replace('-', '_')}_{key}_equal_{axis.removesuffix('s')}s"
                found[name] = float(np.mean(errors))
    for axis in ("epochs", "seconds"):
        ratios = [
            found[f"beside_identical_{key}_equal_{axis}"] / found[f"beside_mace_torch_{key}_equal_{axis}"]
            for key in ("forces_300K", "forces_600K")
        ]
        found[f"identical_over_mace_torch_equal_{axis}"] = max(ratios)
    same = next(course for name, course in courses.items() if name.startswith("identical"))
    found["mace_torch_seconds_over_identical"] = _rate(peer) / _rate(same)
    return found


def _rate(course: Course) -> float:
    """Return the seconds of an epoch."""
    return course[-1]["seconds"] / course[-1]["epoch"]


def _at(course: Course, axis: str, place: float, key: str) -> float:
    """Return an error at an epoch or a time."""
    return float(np.exp(np.interp(place, [row[axis] for row in course], np.log([row[key] for row in course]))))
