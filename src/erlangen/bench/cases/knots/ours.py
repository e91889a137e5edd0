"""Our side: erlangen.topology, called as a user calls it.

Definition: ``khovanov_homology``, ``khovanov_table`` for many diagrams, ``bar_natan_homology`` where modules over F[H] are asked for.
Convention: one thread; the diagram is read and checked within the measured span, as on the peer's side.
"""

from erlangen.topology import Link, bar_natan_homology, khovanov_table


def _summands(group):
    return [[h, q, order, n] for order, n, h, q in group.summands]


def _module(module):
    """Return towers as order 0 and F[H]/H^k as order 2^k."""
    towers = [[h, q, 0, 1] for h, q in module.towers]
    return towers + [[h, q, 2**k, 1] for h, q, k in module.torsion]


def run(data):
    """Return the groups of the diagrams."""
    for _ in range(data["repeat"]):
        links = [Link.from_pd(diagram) for diagram in data["diagrams"]]
        if data["modules"]:
            groups = [_module(bar_natan_homology(link, data["ring"])) for link in links]
        else:
            groups = [_summands(group) for group in khovanov_table(links, data["ring"], reduced=data["reduced"])]
    return groups
