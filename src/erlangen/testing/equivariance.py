"""Equivariance of a function: how far ``f(g x)`` is from ``g f(x)``, measured on random group elements.

Definition: the error of sample ``i`` is ``|f(ρ_in(g_i) x) - ρ_out(g_i) f(x)| / max(|f(ρ_in(g_i) x)|, |f(x)|)``.
Convention: an action is a callable ``(g, x) -> x``, or a representation with ``matrix(g)`` acting on the last axis, or ``None`` for invariance.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.errors import LawError
from erlangen.random import RngLike, as_generator
from erlangen.testing.arrays import eps_of, to_array
from erlangen.validation import check_integer

__all__ = ["assert_equivariant", "equivariance_error"]


def _act(action: Any, g: Any, x: Any) -> Any:
    """Return ``g x`` for one group element."""
    if action is None:
        return x
    if hasattr(action, "matrix"):
        matrix = action.matrix(g[None])[0]
        return x @ matrix.swapaxes(-1, -2)
    return action(g, x)


def equivariance_error(
    function: Callable[[Any], Any],
    group: Any,
    x: Any,
    *,
    action_in: Any,
    action_out: Any = None,
    n: int = 8,
    rng: RngLike = 0,
) -> NDArray[np.float64]:
    """Return the relative equivariance error of ``function`` for ``n`` elements of ``group``.

    Parameters
    ----------
    function : callable
        ``f(x)``, arrays or tensors.
    group : object
        ``sample(n, rng=)``, as in :func:`erlangen.testing.check_group`.
    x : array or tensor
        The input; its norm enters only through ``f``.
    action_in, action_out : callable, representation or None
        How ``g`` acts on inputs and outputs; ``None`` = trivially.
    n : int
        Number of group elements.
    rng : int or Generator
        Seed of the elements.

    Returns
    -------
    array (n,)
        The errors, infinite where the function returns NaN.

    Examples
    --------
    >>> class Signs:
    ...     def sample(self, n, rng): return rng.choice([-1.0, 1.0], n)
    >>> equivariance_error(np.sin, Signs(), np.ones(3), action_in=np.multiply, action_out=np.multiply, n=2)
    array([0., 0.])
    """
    check_integer(n, "n", low=1)
    elements = group.sample(n, rng=as_generator(rng))
    image = function(x)
    errors = np.zeros(n)
    for index in range(n):
        g = elements[index]
        moved, expected = to_array(function(_act(action_in, g, x))), to_array(_act(action_out, g, image))
        if moved.shape != expected.shape:
            errors[index] = np.inf
            continue
        with np.errstate(all="ignore"):
            gap = float(np.linalg.norm((moved - expected).ravel()))
        size = max(float(np.linalg.norm(moved.ravel())), float(np.linalg.norm(to_array(image).ravel())))
        ratio = 0.0 if gap == 0 else gap / max(size, np.finfo(np.float64).tiny)
        errors[index] = ratio if np.isfinite(ratio) else np.inf
    return errors


def assert_equivariant(
    function: Callable[[Any], Any],
    group: Any,
    x: Any,
    *,
    action_in: Any,
    action_out: Any = None,
    n: int = 8,
    rtol: float | None = None,
    rng: RngLike = 0,
) -> None:
    """Raise if the equivariance error of ``function`` exceeds ``rtol`` (``eps**0.6`` of the dtype of ``x`` if omitted).

    Parameters
    ----------
    function, group, x, action_in, action_out, n, rng
        As in :func:`equivariance_error`.
    rtol : float, optional
        Largest relative error allowed.

    Raises
    ------
    LawError
        With the measured number and the index of the group element.

    Examples
    --------
    >>> class Signs:
    ...     def sample(self, n, rng): return rng.choice([-1.0, 1.0], n)
    >>> assert_equivariant(np.abs, Signs(), np.ones(3), action_in=np.multiply)
    """
    errors = equivariance_error(function, group, x, action_in=action_in, action_out=action_out, n=n, rng=rng)
    allowed = eps_of(x) ** 0.6 if rtol is None else rtol
    worst = int(np.argmax(errors))
    if not errors[worst] <= allowed:
        name = getattr(function, "__name__", type(function).__name__)
        message = (
            f"{name} is not equivariant: relative error {errors[worst]:.3g} > {allowed:.2g} at group element {worst}"
        )
        raise LawError(message, hint="check the actions on input and output, and the order of composition")
