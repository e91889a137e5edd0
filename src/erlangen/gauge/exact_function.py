"""Exact expressions as functions of tensors: the compiled twin, differentiable as often as one likes.

Definition: the elements of an expression by one straight line of steps, in which common parts are computed once.
Convention: values stand in the last axis, in the order of the names; axes before it are batches; the results' own axes come last.
"""

from __future__ import annotations

from itertools import product
from typing import TypeAlias, final

import torch
from torch import Tensor

from erlangen.errors import DomainError, ShapeError
from erlangen.exact import DifferentialElement, to_callable
from erlangen.symbolic import Metric
from erlangen.symbolic import Tensor as ExactTensor

__all__ = ["ExactFunction", "to_torch"]

Expression: TypeAlias = DifferentialElement | ExactTensor | Metric


@final
class ExactFunction:
    """A function of tensors, one for each group of names; see :func:`to_torch`.

    Examples
    --------
    >>> from erlangen.exact import DifferentialRing
    >>> function = to_torch(DifferentialRing("x y").parse("x^2*y"))
    >>> function.groups, function.shape
    ((('x', 'y'), ()), ())
    """

    def __init__(
        self, elements: dict[tuple[int, ...], DifferentialElement], shape: tuple[int, ...], groups: tuple[str, ...]
    ) -> None:
        self.groups = tuple(tuple(group.split()) for group in groups)
        self.shape = shape
        self._elements = elements
        self._derivatives: dict[int, ExactFunction] = {}
        seen: dict[DifferentialElement, int] = {}
        self._places = [
            None if index not in elements else seen.setdefault(elements[index], len(seen))
            for index in product(*(range(n) for n in shape))
        ]
        self._program = to_callable(*seen, names=[name for names in self.groups for name in names])

    def __call__(self, *values: Tensor) -> Tensor:
        """Return the values of the expression.

        Parameters
        ----------
        *values : Tensor
            ``(..., k)`` for each group of k names; for one without names nothing, or anything. Leading axes are broadcast.

        Returns
        -------
        Tensor
            ``(..., *shape)``.

        Raises
        ------
        ShapeError
            If a group has more or fewer values than names.

        Examples
        --------
        >>> from erlangen.exact import DifferentialRing
        >>> f = to_torch(DifferentialRing("x", functions="u").parse("u_x^2 - x"), "x", "u_x")
        >>> f(torch.tensor([[1.0], [2.0]]), torch.tensor([3.0]))
        tensor([8., 7.])
        """
        named: dict[str, Tensor] = {}
        for number, names in enumerate(self.groups):
            if not names:
                continue
            found = values[number].shape[-1] if number < len(values) and values[number].dim() else None
            if found != len(names):
                message = f"group {number} has the names {' '.join(names)}, its values are {'missing' if found is None else found}"
                raise ShapeError(message, hint=f"give a tensor of shape (..., {len(names)})")
            named |= dict(zip(names, values[number].unbind(-1), strict=True))
        if len(values) > len(self.groups):
            message = f"{len(values)} tensors for {len(self.groups)} groups of names"
            raise ShapeError(message, hint="give one for each group")
        results = self._program(**named)
        zero = torch.zeros(())
        for value in values:
            zero = zero + value[..., 0] * 0 if value.shape[-1] else zero
        parts = [zero if place is None else zero + results[place] for place in self._places]
        return torch.stack(parts, dim=-1).unflatten(-1, self.shape) if self.shape else parts[0]

    def derivative(self, group: int) -> ExactFunction:
        """Return the exact derivatives by the names of one group, all others fixed, as a function whose values have one more axis, the last.

        Examples
        --------
        >>> from erlangen.exact import DifferentialRing
        >>> f = to_torch(DifferentialRing("x y").parse("x^2*y"))
        >>> f.derivative(0)(torch.tensor([3.0, 5.0]))
        tensor([30.,  9.])
        """
        if group not in self._derivatives:
            names = self.groups[group]
            found = {
                (*index, place): change
                for index, element in self._elements.items()
                for place, name in enumerate(names)
                if (change := element.partial(name))
            }
            words = tuple(" ".join(names) for names in self.groups)
            self._derivatives[group] = ExactFunction(found, (*self.shape, len(names)), words)
        return self._derivatives[group]


def to_torch(expression: Expression, *groups: str) -> ExactFunction:
    """Return an element, a tensor field or a metric as a function of tensors.

    Parameters
    ----------
    expression : DifferentialElement, Tensor or Metric
        A metric counts as its lower components.
    *groups : str
        Names of coordinates, constants or jets, one tensor each; by default the coordinates and the constants of the ring.

    Returns
    -------
    ExactFunction
        Of tensors ``(..., k)``, with values ``(..., n, n)`` for a metric; in the dtype and on the device of its arguments.

    Raises
    ------
    DomainError
        If a name is twice in the groups, or the expression holds something that has no name in any.

    Examples
    --------
    >>> from erlangen.symbolic import spacetime
    >>> g = to_torch(spacetime("btz"))
    >>> g(torch.tensor([0.0, 2.0, 0.0]), torch.tensor([1.0, 0.0, 1.0, 0.125])).diagonal()
    tensor([-3.0000,  0.3333,  4.0000])
    """
    tensor = expression.lower if isinstance(expression, Metric) else expression
    ring = tensor.ring
    chosen = groups or (" ".join(ring.coordinates), " ".join(ring.constants))
    names = " ".join(chosen).split()
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        message = f"the name {twice} is twice in the groups"
        raise DomainError(message, hint="name each value once")
    if isinstance(tensor, DifferentialElement):
        return ExactFunction({(): tensor}, (), chosen)
    return ExactFunction(dict(tensor.components), (len(ring.coordinates),) * len(tensor.variance), chosen)
