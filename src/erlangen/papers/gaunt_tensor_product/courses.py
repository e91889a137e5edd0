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
_FORCES = ("forces_300K", "forces_600K")
_NEARLY = 0.8  # of the seconds; beyond its end a course stays at its last error, which does it no favour
_ERRORS = (*_FORCES, "energy_300K", "energy_600K")
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
    """Return the metrics of a record: errors of each side where mace-torch ends, and their ratios, means over seeds.

    Sides are compared at the last epoch that mace-torch reached with every seed, and at its seconds there with the same seed,
    where a side went on nearly as long; once more at the last epoch that it reached with any.
    """
    peers = {_seed(name): course for name, course in courses.items() if name.split("/")[0] == PEER and course}
    if not peers:
        return {}
    epoch = min(course[-1]["epoch"] for course in peers.values())
    places = {
        seed: {"epoch": epoch, "seconds": _at(course, "epoch", epoch, "seconds")} for seed, course in peers.items()
    }
    mean = float(np.mean([place["seconds"] for place in places.values()]))
    found: dict[str, float] = {"mace_torch_epochs": epoch, "mace_torch_seconds": mean, "mace_torch_seeds": len(peers)}
    for kind in (PEER, *sorted({name.split("/")[0] for name, course in courses.items() if course} - {PEER})):
        own = {_seed(name): course for name, course in courses.items() if name.split("/")[0] == kind and course}
        for axis in ("epoch", "seconds"):
            there = [seed for seed in own if seed in places and own[seed][-1][axis] >= _NEARLY * places[seed][axis]]
            for key in _ERRORS if there else ():
                name = f"{kind.replace('-', '_')}_{key}_equal_{axis.removesuffix('s')}s"
                ours, theirs = (
                    np.array([_at(side[seed], axis, places[seed][axis], key) for seed in there])
                    for side in (own, peers)
                )
                found[f"beside_{name}"] = float(ours.mean())
                if kind != PEER:
                    found[f"{name}_over_mace_torch"] = float((ours / theirs).mean())
    for axis in ("epochs", "seconds"):
        ratios = [found[f"identical_{key}_equal_{axis}_over_mace_torch"] for key in _FORCES]
        found[f"identical_over_mace_torch_equal_{axis}"] = max(ratios)
    return found | _longest(courses, peers)


def _longest(courses: dict[str, Course], peers: dict[str, Course]) -> dict[str, float]:
    """Return the comparison with the longest course of mace-torch at its end, with the same seed, and how much longer its epochs take."""
    seed, course = max(peers.items(), key=lambda item: item[1][-1]["epoch"])
    same, epoch = courses[f"identical/{seed}"], course[-1]["epoch"]
    ratios = [_at(same, "epoch", epoch, key) / course[-1][key] for key in _FORCES]
    return {
        "mace_torch_longest_epochs": epoch,
        "identical_over_mace_torch_longest": max(ratios),
        "mace_torch_seconds_over_identical": _rate(course) / _rate(same),
    }


def _seed(name: str) -> str:
    """Return the seed of a side."""
    return name.split("/")[1]


def _rate(course: Course) -> float:
    """Return the seconds of an epoch."""
    return course[-1]["seconds"] / course[-1]["epoch"]


def _at(course: Course, axis: str, place: float, key: str) -> float:
    """Return an error at an epoch or a time."""
    return float(np.exp(np.interp(place, [row[axis] for row in course], np.log([row[key] for row in course]))))
