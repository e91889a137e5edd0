"""The answer to a question about one link, as a document for JSON and for printing.

Definition: groups as ``[order, multiplicity, h, q]`` (order 0: free), Poincaré polynomial, graded Euler characteristic, width, s.
Convention: KnotInfo's degrees and vectors; T^n in a polynomial is a summand Z/n.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from erlangen import topology
from erlangen.cli.knots.question import Question

__all__ = ["answer", "homologies", "homology"]

OnProgress = Callable[[int, int, int], None]


def homology(
    link: Any,
    question: Question,
    *,
    progress: OnProgress | None = None,
    checkpoint: Path | None = None,
    threads: int | None = 1,
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
            threads=threads,
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
        threads=threads,
    )


def homologies(links: list[Any], question: Question) -> Iterator[tuple[Any, int | None]]:
    """Yield the homology of each link and s where it was asked for and came along, small links many in one call of the engine.

    A basepoint, a limit of memory or Bar-Natan's theory need a scan for each link.
    """
    alone = question.theory == "bar-natan" or question.basepoint is not None or question.max_memory is not None
    if alone:
        yield from ((homology(link, question), None) for link in links)
    elif question.s and question.ring in ("Z", "Q"):
        for groups in topology.khovanov_groups(links):
            group = groups.reduced if question.reduced else groups.unreduced
            yield group.over(question.ring) if group is not None else None, groups.s
    else:
        found = topology.khovanov_table(links, question.ring, theory=question.theory, reduced=question.reduced)
        yield from ((group, None) for group in found)


def answer(
    link: Any, question: Question, found: Any = None, s: int | None = None, *, threads: int | None = 1
) -> dict[str, Any]:
    """Return the document of a link; ``found`` is its homology and ``s`` its s where they are known already."""
    group = homology(link, question, threads=threads) if found is None else found
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
        ring = "Q" if question.ring == "Z" else question.ring
        document["s"] = topology.s_invariant(link, ring, threads=threads) if s is None else s
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
