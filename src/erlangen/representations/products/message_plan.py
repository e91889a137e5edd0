r"""What a message is made of: the paths of a channelwise product of a node's feature with the harmonics of an edge.

Definition: ``uvu`` paths :math:`(l_1, l_2) \to l_3`, a weight each path and channel: :math:`m_{kc} = R_{pc} \sqrt{2l_3+1} \sum_{ij} C^{(p)}_{ijk} h_{ic} Y_j`.
Convention: every path has a place of its own in the result; paths are sorted by their result's irrep, then by the node's and the edge's summand.
"""

from __future__ import annotations

import functools
import itertools
import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from erlangen.errors import DomainError
from erlangen.representations.couplings import wigner_3j_array
from erlangen.representations.irreps import Irreps

__all__ = ["MessagePath", "MessagePlan", "MessageTerms", "message_terms"]


@dataclass(frozen=True)
class MessagePath:
    """One path: the summand of the node's feature, that of the edge's harmonics, the irrep (l, p) of the result."""

    node: int
    edge: int
    kind: tuple[int, int]


@dataclass(frozen=True, init=False)
class MessagePlan:
    r"""The paths of a message, those whose irrep is wanted.

    .. math:: m_{kc} = \sum_p R_{pc} \sqrt{2 l_3 + 1} \sum_{ij} C^{(p)}_{ijk} h_{ic} Y_j

    Parameters
    ----------
    irreps_node, irreps_edge : Irreps or str
        Irreps of one channel of the node's feature, and of the edge's harmonics; multiplicities are not read.
    irreps_out : Irreps or str
        The irreps to keep.

    Raises
    ------
    DomainError
        If no path ends in a wanted irrep.

    Examples
    --------
    >>> plan = MessagePlan("0e+1o", "0e+1o+2e+3o", "0e+1o+2e+3o")
    >>> plan
    MessagePlan('0e+1o', '0e+1o+2e+3o', '0e+1o+2e+3o')
    >>> len(plan.paths), plan.irreps_out
    (10, 2x0e+3x1o+3x2e+2x3o)
    """

    kinds_node: tuple[tuple[int, int], ...]
    kinds_edge: tuple[tuple[int, int], ...]
    wanted: tuple[tuple[int, int], ...]
    text: str = field(compare=False)

    def __init__(self, irreps_node: Irreps | str, irreps_edge: Irreps | str, irreps_out: Irreps | str) -> None:
        for name, irreps in (("kinds_node", irreps_node), ("kinds_edge", irreps_edge), ("wanted", irreps_out)):
            object.__setattr__(self, name, tuple((ir.l, ir.p) for _, ir in Irreps(irreps)))
        object.__setattr__(self, "text", ";".join(map(_names, (self.kinds_node, self.kinds_edge, self.wanted))))
        if not self.paths:
            message = f"irreps_out: none of {_names(self.wanted)} is reached by {_names(self.kinds_node)} times {_names(self.kinds_edge)}"
            raise DomainError(message, hint=f"within reach are {_names(sorted({p.kind for p in _every(self)}))}")

    def __repr__(self) -> str:
        return f"MessagePlan({_names(self.kinds_node)!r}, {_names(self.kinds_edge)!r}, {_names(self.wanted)!r})"

    @property
    def paths(self) -> tuple[MessagePath, ...]:
        """The paths, in the order of the weights and of the result."""
        return _paths(self)

    @property
    def irreps_out(self) -> Irreps:
        """The irreps of one channel of the result, one copy a path."""
        return Irreps([(len(list(same)), kind) for kind, same in itertools.groupby(p.kind for p in self.paths)])

    @property
    def dims(self) -> tuple[int, int, int]:
        """Components of the node's feature, of the harmonics and of the result."""
        return _dim(self.kinds_node), _dim(self.kinds_edge), _dim(tuple(p.kind for p in self.paths))


@dataclass(frozen=True, eq=False)
class MessageTerms:
    """The coefficients of a plan: arrays (terms,) of path, component of node, edge and result, and value; sorted by result, node, edge."""

    path: NDArray[np.int32]
    node: NDArray[np.int32]
    edge: NDArray[np.int32]
    result: NDArray[np.int32]
    value: NDArray[np.float64]


@functools.lru_cache(maxsize=64)
def message_terms(plan: MessagePlan) -> MessageTerms:
    """Return the coefficients of a plan.

    Examples
    --------
    >>> message_terms(MessagePlan("0e", "0e+1o", "1o")).value
    array([1., 1., 1.])
    """
    rows: list[tuple[int, int, int, int, float]] = []
    starts = [
        list(itertools.accumulate((2 * l + 1 for l, _ in kinds), initial=0))
        for kinds in (plan.kinds_node, plan.kinds_edge)
    ]
    result = 0
    for p, path in enumerate(plan.paths):
        l1, l2, l3 = plan.kinds_node[path.node][0], plan.kinds_edge[path.edge][0], path.kind[0]
        C = wigner_3j_array(l1, l2, l3) * math.sqrt(2 * l3 + 1)
        for i, j, k in np.argwhere(C != 0).tolist():
            rows.append((p, starts[0][path.node] + i, starts[1][path.edge] + j, result + k, float(C[i, j, k])))
        result += 2 * l3 + 1
    rows.sort(key=lambda row: (row[3], row[1], row[2]))
    places = np.array([row[:4] for row in rows], dtype=np.int32).T.copy()
    return MessageTerms(places[0], places[1], places[2], places[3], np.array([row[4] for row in rows]))


@functools.lru_cache(maxsize=256)
def _paths(plan: MessagePlan) -> tuple[MessagePath, ...]:
    wanted = set(plan.wanted)
    return tuple(sorted((path for path in _every(plan) if path.kind in wanted), key=lambda path: path.kind))


def _every(plan: MessagePlan) -> list[MessagePath]:
    return [
        MessagePath(i, j, (l, p1 * p2))
        for i, (l1, p1) in enumerate(plan.kinds_node)
        for j, (l2, p2) in enumerate(plan.kinds_edge)
        for l in range(abs(l1 - l2), l1 + l2 + 1)
    ]


def _dim(kinds: tuple[tuple[int, int], ...]) -> int:
    return sum(2 * l + 1 for l, _ in kinds)


def _names(kinds: tuple[tuple[int, int], ...] | list[tuple[int, int]]) -> str:
    return "+".join(f"{l}{'e' if p == 1 else 'o'}" for l, p in kinds)
