"""Minimisation of a smooth function that is infinite outside an open set: limited-memory BFGS.

Definition: quasi-Newton steps from the last pairs of step and change of gradient, with halving until the value decreases enough (Nocedal).
Convention: the first approximation of the inverse Hessian is a given matrix that acts on the nodes, the same for x and y.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from erlangen.topology.drawing.layered_inverse import LayeredInverse

__all__ = ["minimise"]

Array = NDArray[np.float64]
_MEMORY, _SUFFICIENT, _SHORTEST = 12, 1e-4, 1e-10


def _direction(gradient: Array, pairs: deque[tuple[Array, Array]], inverse: Array | LayeredInverse) -> Array:
    """Return minus the approximate inverse Hessian times the gradient."""
    vector = gradient.copy()
    factors = []
    for step, change in reversed(pairs):
        factor = float((step * vector).sum() / (step * change).sum())
        factors.append(factor)
        vector -= factor * change
    vector = inverse @ vector
    if pairs:
        step, change = pairs[-1]
        vector *= float((step * change).sum() / (change * (inverse @ change)).sum())
    for (step, change), factor in zip(pairs, reversed(factors), strict=True):
        vector += (factor - float((change * vector).sum() / (step * change).sum())) * step
    return -vector


def minimise(
    function: Callable[[Array], tuple[float, Array]],
    start: Array,
    inverse: Array | LayeredInverse,
    *,
    steps: int,
    tolerance: float,
    longest: float,
) -> Array:
    """Return a point ``(n, 2)`` where the function is smaller than at the start, near a minimum if ``steps`` suffice.

    Parameters
    ----------
    function : callable
        Value and gradient; the value may be infinite.
    start : ndarray, shape (n, 2)
        Where it is finite.
    inverse : ndarray, shape (n, n), or LayeredInverse
        Positive definite approximation of the inverse Hessian.
    steps : int
        Largest number of steps.
    tolerance : float
        Relative decrease at which it stops.
    longest : float
        No node moves further than this in one step.

    Examples
    --------
    >>> end = minimise(lambda x: (float((x**2).sum()), 2 * x), np.ones((3, 2)), np.eye(3), steps=9, tolerance=1e-12, longest=9.0)
    >>> bool(abs(end).max() < 1e-6)
    True
    """
    place, (value, gradient) = start, function(start)
    pairs: deque[tuple[Array, Array]] = deque(maxlen=_MEMORY)
    for _ in range(steps):
        direction = _direction(gradient, pairs, inverse)
        slope = float((direction * gradient).sum())
        if slope >= 0:
            return place
        length = min(1.0, longest / float(np.abs(direction).max()))
        following, (lower, after) = place, (value, gradient)
        while length > _SHORTEST:
            following = place + length * direction
            lower, after = function(following)
            if lower <= value + _SUFFICIENT * length * slope:
                break
            length /= 2
        else:
            return place
        step, change = following - place, after - gradient
        if float((step * change).sum()) > 0:
            pairs.append((step, change))
        done = value - lower < tolerance * abs(value)
        place, value, gradient = following, lower, after
        if done:
            break
    return place
