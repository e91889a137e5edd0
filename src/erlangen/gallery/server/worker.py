"""``python -m erlangen.gallery.server.worker``: one live run in a process of its own.

Definition: reads one JSON job from standard input, lowers its own limits, runs or resumes the paper, and leaves; results go to the run store only.
Convention: exit code 0 finished, 130 stopped (the run can be resumed), else the error's own; the last line of standard error says why.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

from erlangen.errors import DomainError, ErlangenError
from erlangen.gallery.server.limits import Limits, lower

__all__ = ["main"]


def _check_code(papers: Any, job: dict[str, Any]) -> None:
    """Refuse a job whose run would get another id here: the page would wait for a run that never comes."""
    paper = papers.paper(job["slug"], job["root"])
    spec = papers.specification(paper, job["preset"], seed=job["seed"], overrides=job["parameters"])
    if job.get("id") not in (None, spec.id):
        message = f"the code has changed since the page was started: run {job['id']} would now be {spec.id}"
        raise DomainError(message, hint="start `erlangen gallery serve` again")


def _task(job: dict[str, Any]) -> Callable[[], object]:
    """Return what the job asks for (papers and store load after the limits are set)."""
    papers, runs = import_module("erlangen.papers"), import_module("erlangen.runs")
    store = runs.RunStore(job["store"])
    if "resume" in job:
        return lambda: papers.resume_run(job["resume"], store=store, root=job["root"])
    _check_code(papers, job)
    return lambda: papers.run_paper(
        job["slug"], job["preset"], seed=job["seed"], overrides=job["parameters"], store=store, root=job["root"]
    )


def main() -> int:
    """Run the job of standard input."""
    job = json.loads(sys.stdin.read())
    lower(Limits(**job["limits"]))
    try:
        _task(job)()
    except ErlangenError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    except KeyboardInterrupt:
        return 130
    except Exception as error:  # noqa: BLE001, RUF100 - whatever a paper raises is recorded by the run
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
