"""Elements on solutions, where functions have copies that obey what follows from the rules of the originals.

Definition: a copy has its own name and an image: what a jet of the original equals on solutions is carried to the copy by a linear map.
    The variation δa of a coefficient is a copy with the linearisation for its image, the second of two parameters one by renaming.
Convention: originals first, then copies, until nothing is left to be put in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import final

from erlangen.exact import DifferentialElement, TruncatedSeries
from erlangen.symbolic.asymptotics.triangular import Triangular
from erlangen.symbolic.jets.jets_within import jets_by_function
from erlangen.symbolic.jets.prolongation import prolong, total

__all__ = ["Copies", "on_shell", "rename", "rename_series", "renamed_copies", "replace_functions", "variations"]

_ROUNDS = 40


@final
@dataclass(frozen=True)
class Copies:
    """Names of copies by those of their originals, and the map that carries values of originals to copies.

    Examples
    --------
    >>> Copies({"a": "b"}, lambda value: value).names
    {'a': 'b'}
    """

    names: Mapping[str, str]
    image: Callable[[DifferentialElement], DifferentialElement]


def rename(element: DifferentialElement, names: Mapping[str, str]) -> DifferentialElement:
    """Return an element with functions, and all their jets, renamed.

    Examples
    --------
    >>> from erlangen.exact import DifferentialRing
    >>> rename(DifferentialRing("x", functions="a b").parse("a_x + a"), {"a": "b"})
    b + b_x
    """
    ring = element.ring
    found = {
        ring.jet(name, index).generators[0]: ring.jet(names[name], index)
        for name, indices in jets_by_function(element).items()
        if name in names
        for index in indices
    }
    return element.substitute(found) if found else element


def replace_functions(element: DifferentialElement, values: Mapping[str, DifferentialElement]) -> DifferentialElement:
    """Return an element with functions replaced by expressions, and their jets by the derivatives of these.

    Examples
    --------
    >>> from erlangen.exact import DifferentialRing
    >>> ring = DifferentialRing("x", functions="a")
    >>> replace_functions(ring.parse("a_x + a"), {"a": ring["x"] ** 2})
    x^2 + 2*x
    """
    ring = element.ring
    found = {
        ring.jet(name, index).generators[0]: total(values[name], index, ring.functions[name])
        for name, indices in jets_by_function(element).items()
        if name in values
        for index in indices
    }
    return element.substitute(found) if found else element


def renamed_copies(names: Mapping[str, str]) -> Copies:
    """Return copies that obey the rules of their originals, renamed.

    Examples
    --------
    >>> renamed_copies({"a": "b"}).names
    {'a': 'b'}
    """
    return Copies(names, lambda value: rename(value, names))


def variations(change: Mapping[str, DifferentialElement]) -> Copies:
    """Return the variations of fields as copies: ``change`` gives δa, a function of its own, by the name of a.

    Examples
    --------
    >>> from erlangen.exact import DifferentialRing
    >>> ring = DifferentialRing("x", functions="a delta_a")
    >>> variations({"a": ring["delta_a"]}).image(ring["a_x"] ** 2)
    2*a_x*delta_a_x
    """
    names = {
        name: getattr(value.ring.symbol(value.ring.position(value.generators[0])), "function", "")
        for name, value in change.items()
    }
    return Copies(names, lambda value: prolong(change, value))


def on_shell(solver: Triangular, element: DifferentialElement, copies: Iterable[Copies] = ()) -> DifferentialElement:
    """Return an element with everything put in that is determined, for originals and for copies.

    Examples
    --------
    >>> from erlangen.symbolic import JetSpace
    >>> space = JetSpace("x", "a b")
    >>> solver = Triangular(JetSpace.over(space.ring, ("a",)), {"a": 0})
    >>> solver.solve([space.parse("a_x - a")])
    ()
    >>> on_shell(solver, space["b_xx"], [renamed_copies({"a": "b"})])
    b
    """
    ring = element.ring
    value = solver.reduce(element)
    groups = tuple(copies)
    for _ in range(_ROUNDS if groups else 0):
        present = jets_by_function(value)
        found = {}
        for group in groups:
            for name, copied in group.names.items():
                for index in present.get(copied, ()):
                    jet = ring.jet(name, index)
                    reduced = solver.reduce(jet)
                    if reduced != jet:
                        found[ring.jet(copied, index).generators[0]] = group.image(reduced)
        if not found:
            break
        value = solver.reduce(value.substitute(found))
    return value


def rename_series(series: TruncatedSeries, names: Mapping[str, str]) -> TruncatedSeries:
    """Return a series with functions renamed in its coefficients.

    Examples
    --------
    >>> from erlangen.exact import DifferentialRing
    >>> ring = DifferentialRing("x r", functions={"a": "x", "b": "x"})
    >>> rename_series(TruncatedSeries.of(ring["a"] / ring["r"], "r", order=3), {"a": "b"})
    b*r^-1 + O(r^-3)
    """
    return series.map(lambda value: rename(value, names))
