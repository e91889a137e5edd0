"""The solutions of an asymptotic problem: the metric's expansion in its free coefficients, and what these obey.

Definition: a coefficient is free where no equation determines it by others; a rule determines a derivative of a free one.
Convention: the metric is given to the order of the problem's solution and knows nothing beyond.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, final

from erlangen.exact import DifferentialElement, TruncatedSeries
from erlangen.symbolic.asymptotics.asymptotic_symmetries import AsymptoticSymmetries
from erlangen.symbolic.asymptotics.generators import solve_generators
from erlangen.symbolic.asymptotics.series_geometry import Pair
from erlangen.symbolic.asymptotics.triangular import Triangular
from erlangen.symbolic.jets.jet_space import JetSpace

if TYPE_CHECKING:
    from erlangen.symbolic.asymptotics.asymptotic_problem import AsymptoticProblem

__all__ = ["SolutionSpace"]


@final
@dataclass(frozen=True, eq=False)
class SolutionSpace:
    """The solutions of an asymptotic problem: the metric's series, the rules its coefficients obey, what was left unsolved.

    Examples
    --------
    >>> from erlangen.symbolic import AsymptoticProblem
    >>> problem = AsymptoticProblem("u r phi", "r",
    ...     gauge={"r r": "0", "u r": "-1", "r phi": "0", "phi phi": "r^2"}, falloff={"u u": 0, "u phi": 0})
    >>> problem.solve_einstein(order=2).free
    ('guu0', 'guphi0')
    """

    problem: AsymptoticProblem
    space: JetSpace
    solver: Triangular
    metric: dict[Pair, TruncatedSeries]
    unsolved: tuple[DifferentialElement, ...]
    order: int

    @property
    def free(self) -> tuple[str, ...]:
        """The coefficients that are not determined by others.

        Examples
        --------
        >>> from erlangen.symbolic import AsymptoticProblem
        >>> problem = AsymptoticProblem("u r phi", "r",
        ...     gauge={"r r": "0", "u r": "-1", "r phi": "0", "phi phi": "r^2"}, falloff={"u u": -1, "u phi": -1})
        >>> problem.solve_einstein(order=2).free
        ()
        """
        return tuple(name for name in self.space.fields if self.solver.reduce(self.space[name]) == self.space[name])

    @property
    def rules(self) -> dict[str, DifferentialElement]:
        """The equations that the free coefficients obey, solved for derivatives.

        Examples
        --------
        >>> from erlangen.symbolic import AsymptoticProblem
        >>> problem = AsymptoticProblem("u r phi", "r",
        ...     gauge={"r r": "0", "u r": "-1", "r phi": "0", "phi phi": "r^2"}, falloff={"u u": 0, "u phi": 0})
        >>> sorted(problem.solve_einstein(order=2).rules)
        ['guphi0_u', 'guu0_u']
        """
        kept = set(self.free)
        ring = self.space.ring
        found = {}
        for name, value in self.solver.rules.items():
            if getattr(ring.symbol(ring.position(name)), "function", "") in kept:
                found[name] = value
        return found

    def symmetries(self) -> AsymptoticSymmetries:
        """Return the fields that keep the gauge and the fall-offs; see :class:`AsymptoticSymmetries`.

        Examples
        --------
        >>> from erlangen.symbolic import AsymptoticProblem
        >>> problem = AsymptoticProblem("u r phi", "r",
        ...     gauge={"r r": "0", "u r": "-1", "r phi": "0", "phi phi": "r^2"}, falloff={"u u": 0, "u phi": 0})
        >>> problem.solve_einstein(order=2).symmetries().parameters
        ('xiphi0', 'xiu0')
        """
        parameters, components, solver = solve_generators(
            self.problem, self.metric, self.space, self.solver, self.order
        )
        return AsymptoticSymmetries(
            self.space.ring, self.problem.radial, self.free, parameters, components, dict(self.metric), solver
        )
