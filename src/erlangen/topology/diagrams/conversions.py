"""Links from and to spherogram, SnapPy and Regina.

Definition: spherogram and SnapPy list crossings as X[i, j, k, l] with signs; Regina walks along strands of signed crossings.
Convention: what is read is duck-typed, nothing is imported; what is written needs the package, and keeps orientation and signs or refuses.
"""

from __future__ import annotations

from typing import Any

from erlangen.errors import DomainError
from erlangen.topology.diagrams.gauss_code import gauss_words
from erlangen.topology.diagrams.gauss_embedding import Passage
from erlangen.topology.diagrams.oriented_diagram import OrientedDiagram
from erlangen.validation import require

__all__ = ["read_regina", "read_spherogram", "write_regina", "write_snappy", "write_spherogram"]


def read_spherogram(link: Any) -> tuple[list[list[int]], list[int], int]:
    """Return crossings, signs and circles of a spherogram or SnapPy link."""
    try:
        rows = [list(map(int, crossing)) for crossing in link.PD_code()]
        signs = [int(crossing.sign) for crossing in link.crossings]
        circles = int(getattr(link, "unlinked_unknot_components", 0))
    except (AttributeError, TypeError, ValueError) as error:
        message = f"link must be a spherogram or SnapPy Link, got {type(link).__name__}"
        raise DomainError(message, hint="pass spherogram.Link(...) or snappy.Link(...)") from error
    return rows, signs, circles


def read_regina(link: Any) -> tuple[list[list[Passage]], list[int]]:
    """Return passages of each component and signs of a Regina link."""
    try:
        signs = [int(link.crossing(index).sign()) for index in range(link.size())]
        words = [_walk(link.component(index)) for index in range(link.countComponents())]
    except (AttributeError, TypeError, ValueError) as error:
        message = f"link must be a Regina Link, got {type(link).__name__}"
        raise DomainError(message, hint="pass regina.Link(...)") from error
    return words, signs


def _walk(start: Any) -> list[Passage]:
    """Return the passages of a component of a Regina link."""
    crossing = start.crossing()
    if crossing is None:
        return []
    first = (int(crossing.index()), bool(start.strand()))
    passages = [first]
    here = start.next()
    while (passage := (int(here.crossing().index()), bool(here.strand()))) != first:
        passages.append(passage)
        here = here.next()
    return passages


def write_spherogram(link: OrientedDiagram) -> Any:
    """Return a spherogram Link of a diagram."""
    return _write(link, "spherogram")


def write_snappy(link: OrientedDiagram) -> Any:
    """Return a SnapPy Link of a diagram, whose exterior() is a hyperbolic manifold or not."""
    return _write(link, "snappy")


def _write(link: OrientedDiagram, package: str) -> Any:
    """Return a Link of spherogram or SnapPy with the same crossings and signs."""
    module = require(package, extra="knot-tools", purpose=f"writing a link for {package}")
    if link.n_unknots:
        message = f"{package} reads no diagram with circles, this one has {link.n_unknots}"
        raise DomainError(message, hint="give each circle a kink by ReidemeisterMove('R1+', (-1,), 1)")
    other = module.Link([tuple(crossing) for crossing in link.crossings])
    if [int(crossing.sign) for crossing in other.crossings] != list(link.signs):
        message = f"{package} orients a component that is never under in its own way, against the signs of this link"
        raise DomainError(message, hint="simplify the link first: such a component lifts off")
    return other


def write_regina(link: OrientedDiagram) -> Any:
    """Return a Regina Link of a diagram."""
    module = require("regina", extra="knot-tools", purpose="writing a link for Regina")
    return module.Link.fromData(list(link.signs), [list(word) for word in gauss_words(link)])
