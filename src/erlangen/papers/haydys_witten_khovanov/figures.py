"""The figures of the run: a bigraded table, torsion of torus knots, girth profiles of scans.

Definition: the table is :meth:`erlangen.topology.BigradedGroup.table`; a girth is the number of open ends after a crossing.
Convention: SVG; the table follows the reader's light or dark scheme, the others stand on transparent ground.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from erlangen.papers.drawing import INK, figure, quiet, svg
from erlangen.topology import BigradedGroup, scan_plan, torus_link

__all__ = ["girths", "profiles", "table", "torsion"]

_COLOURS = {2: "#3b6e8f", 3: "#b5442e", 4: "#7fa6bd", 5: "#c58a2b", 7: "#6d8f3b", 8: "#4b4f7a", 9: "#8f3b6e"}


def table(polynomial: str, title: str) -> bytes:
    """Draw a homology given by its Poincaré polynomial as a bigraded table."""
    return BigradedGroup.parse(polynomial).table(format="svg", title=title).encode()


def torsion(polynomials: Mapping[str, str]) -> bytes:
    """Draw how often each Z/n is a summand, a bar of parts for each knot."""
    canvas = figure(7.2, 0.42 * len(polynomials) + 1.0)
    axes = canvas.subplots()
    seen: set[int] = set()
    for row, polynomial in enumerate(polynomials.values()):
        count: Counter[int] = Counter()
        for order, n, *_ in BigradedGroup.parse(polynomial).summands:
            if order:
                count[order] += n
        left = 0
        for order in sorted(count):
            label = None if order in seen else f"Z/{order}"
            seen.add(order)
            axes.barh(row, count[order], left=left, color=_COLOURS.get(order, INK), height=0.62, label=label)
            left += count[order]
    axes.set_yticks(range(len(polynomials)), list(polynomials))
    axes.invert_yaxis()
    axes.set_xlabel("summands")
    quiet(axes)
    handles = dict(zip(*reversed(axes.get_legend_handles_labels()), strict=True))
    names = sorted(handles, key=lambda name: int(name[2:]))
    axes.legend([handles[n] for n in names], names, frameon=False, labelcolor=INK, fontsize=9, loc="upper right")
    return svg(canvas)


def profiles() -> dict[str, Sequence[int]]:
    """Return girths of scans of some torus knots."""
    return {f"T({p},{q})": scan_plan(torus_link(p, q)).girths for p, q in ((3, 20), (5, 9), (6, 7), (7, 8))}


def girths(found: Mapping[str, Sequence[int]]) -> bytes:
    """Draw the girth after each crossing."""
    canvas = figure(7.2, 3.0)
    axes = canvas.subplots()
    for colour, (name, values) in zip(_COLOURS.values(), found.items(), strict=False):
        axes.step(range(1, len(values) + 1), values, where="mid", color=colour, lw=1.8, label=name)
    axes.set_xlabel("crossings scanned")
    axes.set_ylabel("open ends")
    axes.set_ylim(0, None)
    quiet(axes)
    axes.legend(frameon=False, labelcolor=INK, fontsize=9, ncols=4, loc="lower center", bbox_to_anchor=(0.5, 1.0))
    return svg(canvas)
