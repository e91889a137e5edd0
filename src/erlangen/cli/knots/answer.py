"""The answer to a question about one link, as a document for JSON and for printing.

Definition: groups as ``[order, multiplicity, h, q]`` (order 0: free), Poincaré polynomial, graded Euler characteristic, width, s.
Convention: KnotInfo's degrees and vectors; T^n in a polynomial is a summand Z/n.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from erlangen import topology
from erlangen.cli.knots.question import Question

__all__ = ["answer", "homology"]

OnProgress = Callable[[int, int, int], None]


def homology(
    link: Any, question: Question, *, progress: OnProgress | None = None, checkpoint: Path | None = None
) -> Any:
    """Return the homology of a link as a value: a bigraded group, or a module over F[H] for Bar-Natan's theory."""
    if question.theory == "bar-natan":
        return topology.bar_natan_homology(
            link,
            question.ring,
            reduced=True,
            basepoint=question.basepoint,
            max_memory=question.max_memory,
            progress=progress,
            checkpoint=checkpoint,
        )
    return topology.khovanov_homology(
        link,
        question.ring,
        theory=question.theory,
        reduced=question.reduced,
        basepoint=question.basepoint,
        max_memory=question.max_memory,
        progress=progress,
        checkpoint=checkpoint,
    )


def answer(link: Any, question: Question, found: Any = None) -> dict[str, Any]:
    """Return the document of a link; ``found`` is its homology where it is known already."""
    group = homology(link, question) if found is None else found
    document: dict[str, Any] = {
        "link": link.name,
        "pd": [list(crossing) for crossing in link.crossings],
        "crossings": link.n_crossings,
        "components": link.n_components,
        "theory": question.theory,
        "ring": str(question.ring),
        "reduced": question.reduced or question.theory == "bar-natan",
        **_described(group, question),
    }
    if question.s:
        document["s"] = topology.s_invariant(link, "Q" if question.ring == "Z" else question.ring)
    return document


def _described(group: Any, question: Question) -> dict[str, Any]:
    """Return what there is to say of a homology."""
    if question.theory == "bar-natan":
        return {"module": str(group)}
    return {
        "summands": [list(summand) for summand in group.summands],
        "poincare": str(group.poincare()),
        "euler": str(group.euler()),
        "width": group.width,
    }
