r"""The plan of a weighted tensor product: paths whose copies meet in the same way are multiplied at once.

Definition: a group has ``mul1`` and ``mul2`` copies that meet all with all (outer), one to one (matched) or u < v (pairs); one sparse map gives the
unweighted products of its paths, component by component, on ``lanes`` of copies.
Convention: inside, features are (n, component, copy); the columns of a group are its paths one after the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from erlangen.representations.irreps import Irreps
from erlangen.representations.products.bilinear_terms import BilinearTerms
from erlangen.representations.products.path import Path
from erlangen.representations.products.path_terms import coupling_entries

__all__ = ["PathGroup", "path_groups"]

_MEETING = {"uuw": "matched", "uuu": "matched", "uvu<v": "pairs", "u<vw": "pairs"}


@dataclass(frozen=True)
class PathGroup:
    """Paths multiplied at once.

    Attributes
    ----------
    meeting : str
        ``outer``, ``matched`` or ``pairs``.
    mul1, mul2 : int
        Copies of the factors.
    in1, in2 : tuple of int
        Summands that take part.
    paths : tuple of int
        Which paths, in the order of the columns.
    dims : tuple of int
        Components of each path.
    terms : BilinearTerms
        The unweighted map, coefficients included.
    """

    meeting: str
    mul1: int
    mul2: int
    in1: tuple[int, ...]
    in2: tuple[int, ...]
    paths: tuple[int, ...]
    dims: tuple[int, ...]
    terms: BilinearTerms

    @property
    def lanes(self) -> int:
        """The number of pairs of copies that meet."""
        return {
            "outer": self.mul1 * self.mul2,
            "matched": self.mul1,
            "pairs": self.mul1 * (self.mul1 - 1) // 2,
        }[self.meeting]


def path_groups(
    in1: Irreps, in2: Irreps, out: Irreps, paths: Sequence[Path], coefficients: Sequence[float]
) -> tuple[PathGroup, ...]:
    """Return the groups of a product; paths without any copies are left out.

    Examples
    --------
    >>> x = Irreps("8x0e+8x1o")
    >>> group, = path_groups(x, Irreps("1o"), Irreps("8x1o"), [Path(0, 0, 0, "uvu")], [1.0])
    >>> group.meeting, group.mul1, group.in1, group.dims, len(group.terms)
    ('outer', 8, (0,), (3,), 3)
    """
    members: dict[tuple[str, int, int], list[int]] = {}
    for index, path in enumerate(paths):
        mul1, mul2, mul3 = in1[path.i_in1].mul, in2[path.i_in2].mul, out[path.i_out].mul
        if mul1 and mul2 and mul3:
            members.setdefault((_MEETING.get(path.mode, "outer"), mul1, mul2), []).append(index)
    found = (_group(*key, which, in1, in2, out, paths, coefficients) for key, which in members.items())
    return tuple(group for group in found if group.lanes)


def _group(
    meeting: str,
    mul1: int,
    mul2: int,
    which: list[int],
    in1: Irreps,
    in2: Irreps,
    out: Irreps,
    paths: Sequence[Path],
    coefficients: Sequence[float],
) -> PathGroup:
    """Return the group of some paths."""
    left = tuple(sorted({paths[p].i_in1 for p in which}))
    right = tuple(sorted({paths[p].i_in2 for p in which}))
    start1 = dict(zip(left, np.cumsum([0, *(in1[a].ir.dim for a in left)]), strict=False))
    start2 = dict(zip(right, np.cumsum([0, *(in2[b].ir.dim for b in right)]), strict=False))
    which = sorted(which, key=lambda p: (paths[p].i_out, p))
    dims = tuple(out[paths[p].i_out].ir.dim for p in which)
    columns = []
    for p, start in zip(which, np.cumsum([0, *dims]), strict=False):
        path = paths[p]
        i, j, k, c = coupling_entries(in1[path.i_in1].ir.l, in2[path.i_in2].ir.l, out[path.i_out].ir.l)
        columns.append((i + start1[path.i_in1], j + start2[path.i_in2], k + start, c * coefficients[p]))
    sizes = (sum(in1[a].ir.dim for a in left), sum(in2[b].ir.dim for b in right), sum(dims))
    i, j, k, c = (np.concatenate(column) for column in zip(*columns, strict=True))
    terms = BilinearTerms(i, j, k, c, *sizes)
    return PathGroup(meeting, mul1, mul2, left, right, tuple(which), dims, terms)
