"""The records of full runs that figures in notes and README come from: finished, of a paper that is built, judged as claims are judged today."""

import dataclasses
import json
from pathlib import Path

import pytest

from erlangen.papers import judge_run, paper
from erlangen.runs import Run, RunSpec, RunStatus

RECORDS = sorted((Path(__file__).parents[2] / "benchmarks" / "papers").glob("*.json"))


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)
def test_a_kept_run_is_judged_alike(path):
    record = json.loads(path.read_text(encoding="utf-8"))
    fields = record["run"]
    spec = RunSpec.from_json({field.name: fields[field.name] for field in dataclasses.fields(RunSpec)})
    assert spec.id == fields["id"]
    assert path.stem.startswith(f"{spec.slug}-{spec.preset}")  # then what was set by hand, of runs that judge nothing
    rest = {
        name: fields[name] for name in ("created", "started", "finished", "seconds", "versions", "error", "attempt")
    }
    run = Run(id=spec.id, spec=spec, status=RunStatus(fields["status"]), metrics=fields["metrics"], **rest)
    assert run.status is RunStatus.FINISHED
    judged = {
        j.claim.id: {"value": j.value, "verdict": None if j.verdict is None else str(j.verdict)}
        for j in judge_run(paper(spec.slug), run)
    }
    assert judged == record["verdicts"]
