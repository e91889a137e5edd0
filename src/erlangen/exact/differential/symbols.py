"""What a differential ring knows of each of its generators.

Definition: coordinates, constants, jets ``u_I`` of functions, and functions adjoined with a rule for their derivative.
Convention: the index of a jet counts derivatives along each coordinate its function depends on, in the ring's order of coordinates.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, final

if TYPE_CHECKING:
    from erlangen.exact.differential.differential_element import DifferentialElement

__all__ = ["Root", "Symbol"]


@final
@dataclass(eq=False)
class Symbol:
    """A transcendental generator: its name, its kind and, for what was adjoined, argument and slope ``dy/da``.

    Examples
    --------
    >>> Symbol("u_x", "jet", function="u", index=(1,)).order
    1
    """

    name: str
    kind: Literal["coordinate", "constant", "jet", "adjoined"]
    function: str = ""
    index: tuple[int, ...] = ()
    argument: DifferentialElement | None = None
    slope: DifferentialElement | None = None
    latex: str = ""

    @property
    def order(self) -> int:
        """The order of a jet, zero for everything else.

        Examples
        --------
        >>> Symbol("x", "coordinate").order
        0
        """
        return sum(self.index)


@final
@dataclass(eq=False)
class Root:
    """An algebraic generator ``s`` with ``s² = square``; its derivative follows: ``s' = s square' / (2 square)``.

    Examples
    --------
    >>> Root("s").name
    's'
    """

    name: str
    square: DifferentialElement | None = None
    factor: DifferentialElement | None = None  # s / (2 square), once asked for
    latex: str = ""
