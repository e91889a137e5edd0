"""Which route is fastest on this machine: the measurement behind the table of crossovers.

Definition: CPU seconds of a forward and a backward pass, the best of several, routes taken in turn.
Convention: one thread, float32, channels innermost; degrees (L, L) to 2L as in the MIMO setting.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

import torch
from torch import Tensor

from erlangen.representations.products.bracket_product import bracket_product
from erlangen.representations.products.gaunt_product import gaunt_product
from erlangen.representations.products.matrix_product import matrix_product
from erlangen.validation import check_choice, check_integer

__all__ = ["measure_crossovers"]

_ROUTES = {
    "gaunt": ("sparse", "grid", "grid-separable", "fourier"),
    "bracket": ("sparse", "grid"),
    "matrix": ("sparse", "matrix"),
}
_PRODUCTS = {"gaunt": gaunt_product, "bracket": bracket_product, "matrix": matrix_product}


def measure_crossovers(
    kind: str = "gaunt",
    lmax: Sequence[int] = (1, 2, 3, 4, 5, 6),
    *,
    rows: int = 160,
    channels: int = 64,
    rounds: int = 5,
    full: bool = True,
) -> dict[int, dict[str, float]]:
    """Return, for each degree, the CPU seconds of each route, forward and backward.

    Parameters
    ----------
    kind : {"gaunt", "bracket", "matrix"}
        The product.
    lmax : sequence of int
        Degrees of both arguments.
    rows, channels, rounds : int
        Size of the batch, and how often each route is timed.
    full : bool
        Whether degrees up to 2 L are wanted, or up to L.

    Raises
    ------
    DomainError
        If the kind is unknown.

    Examples
    --------
    >>> table = measure_crossovers("matrix", [1], rows=2, channels=2, rounds=1)
    >>> sorted(table[1])
    ['matrix', 'sparse']
    """
    routes = _ROUTES[check_choice(kind, "kind", _ROUTES)]
    table: dict[int, dict[str, float]] = {}
    for L in lmax:
        check_integer(L, "lmax", low=0)
        x, y = torch.randn(2, rows, (L + 1) ** 2, channels, generator=torch.Generator().manual_seed(0))
        best = dict.fromkeys(routes, float("inf"))
        for _ in range(rounds + 1):  # the first pays for the tables
            for route in routes:
                best[route] = min(best[route], _once(kind, route, x, y, 2 * L if full else L))
        table[L] = best
    return table


def _once(kind: str, route: str, x: Tensor, y: Tensor, l3: int) -> float:
    """Return the CPU seconds of one forward and backward pass."""
    x, y = x.detach().requires_grad_(), y.detach().requires_grad_()
    start = time.process_time()
    z = _PRODUCTS[kind](x, y, l3, method=route, layout="ir_mul")  # type: ignore[operator]
    torch.autograd.grad(z, (x, y), torch.ones_like(z))
    return time.process_time() - start
