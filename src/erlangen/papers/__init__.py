"""The papers: one folder each, with its manifest, its claims, and where it is built its code.

Definition: :func:`papers` lists them, :func:`run_paper` runs one, :func:`judge` holds a claim against a stored run, :func:`report` says where a paper stands.
Convention: names load when first used (PEP 562); reading manifests loads neither NumPy nor any paper's code.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from erlangen.papers.claim import Claim, Rule
    from erlangen.papers.execution import resume_run, run_paper, specification
    from erlangen.papers.judgement import Judgement, judge
    from erlangen.papers.paper_report import PaperReport, is_preset, judge_run, report
    from erlangen.papers.parameter import Parameter, parse_overrides
    from erlangen.papers.record import SUBJECTS, Paper
    from erlangen.papers.registry import paper, papers
    from erlangen.papers.verdict import Verdict

_HOMES = {
    "SUBJECTS": "record",
    "Claim": "claim",
    "Judgement": "judgement",
    "Paper": "record",
    "PaperReport": "paper_report",
    "Parameter": "parameter",
    "Rule": "claim",
    "Verdict": "verdict",
    "is_preset": "paper_report",
    "judge": "judgement",
    "judge_run": "paper_report",
    "paper": "registry",
    "papers": "registry",
    "parse_overrides": "parameter",
    "report": "paper_report",
    "resume_run": "execution",
    "run_paper": "execution",
    "specification": "execution",
}

__all__ = [
    "SUBJECTS",
    "Claim",
    "Judgement",
    "Paper",
    "PaperReport",
    "Parameter",
    "Rule",
    "Verdict",
    "is_preset",
    "judge",
    "judge_run",
    "paper",
    "papers",
    "parse_overrides",
    "report",
    "resume_run",
    "run_paper",
    "specification",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"erlangen.papers.{_HOMES[name]}"), name)
    message = f"module 'erlangen.papers' has no attribute {name!r}"
    raise AttributeError(message)


def __dir__() -> list[str]:
    return sorted(__all__)
