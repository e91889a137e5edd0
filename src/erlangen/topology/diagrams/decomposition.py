"""Diagrams taken apart: into connected pieces, and along circles that meet two edges into summands.

Definition: two edges that border the same two faces lie on a circle that cuts the diagram into a connected sum (Conway circles).
Convention: functions take a diagram and return codes in normal form; a summand begins each component where the diagram's does.
"""

from __future__ import annotations

from collections.abc import Sequence

from erlangen.topology.diagrams.ends import face_ends, pieces_of
from erlangen.topology.diagrams.operations import Code, assemble
from erlangen.topology.diagrams.oriented_diagram import OrientedDiagram

__all__ = ["cut", "split"]


def split(link: OrientedDiagram) -> list[Code]:
    """Return the connected pieces of a diagram, then its circles one by one."""
    return [*_parts(link, link.partners), *[((), (), 1)] * link.n_unknots]


def cut(link: OrientedDiagram) -> list[Code]:
    """Return the summands of the pieces of a diagram that circles through two edges show, then its circles one by one."""
    left = [0] * len(link.partners)
    for index, face in enumerate(face_ends(link.partners)):
        for end in face:
            left[end] = index
    groups: dict[tuple[int, int], list[int]] = {}
    for head in link.heads:
        sides = left[head], left[link.partners[head]]
        groups.setdefault((min(sides), max(sides)), []).append(head)
    partner = list(link.partners)
    for heads in groups.values():
        tails = [link.partners[head] for head in heads]
        for head, tail in zip(heads, (*tails[1:], tails[0]), strict=True):
            partner[head], partner[tail] = tail, head
    return [*_parts(link, partner), *[((), (), 1)] * link.n_unknots]


def _parts(link: OrientedDiagram, partner: Sequence[int]) -> list[Code]:
    """Return the connected pieces of a map on the crossings of a link."""
    codes = []
    for piece in pieces_of(partner):
        place = {4 * c + slot: 4 * index + slot for index, c in enumerate(piece) for slot in range(4)}
        own = [place[partner[end]] for end in place]
        seeds = [place[head] for head in link.heads if head in place]
        codes.append((*assemble(own, seeds), 0))
    return codes
