"""The experiments of the paper, each a function from plain arguments to plain numbers, so that it can be a row of a run.

Definition: which paths survive, what they cost, how long routes take, and whether a network tells mirror images apart (Xie et al. 2025, sections 3 to 6).
Convention: settings with multiple inputs and outputs, natural parity.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from erlangen.datasets import tetrominoes
from erlangen.papers.price_of_freedom import networks
from erlangen.representations.products import explain, expressivity, flops, setting

__all__ = ["PRODUCTS", "costs", "couplings", "freedoms", "mirror_pair", "prices", "tetris", "times"]

PRODUCTS = ("clebsch-gordan", "gaunt", "complete-gaunt")
# name: kind, rank by degree, the methods of which the cheapest is counted
_COUNTED: dict[str, tuple[str, bool, tuple[str, ...]]] = {
    "clebsch-gordan": ("clebsch-gordan", True, ("sparse", "einsum")),
    "gaunt-grid": ("gaunt", True, ("grid",)),
    "gaunt-separable": ("gaunt", True, ("grid-separable",)),
    "gaunt-fourier": ("gaunt", True, ("fourier",)),
    "matrix": ("matrix", False, ("matrix",)),
}


def couplings(L: int) -> list[dict[str, Any]]:
    """Return the paths up to degree L and what becomes of each."""
    product = setting("mimo", L, kind="complete-gaunt", parity=False)
    return [
        {**{name: int(row[name][:-1]) for name in ("in1", "in2", "out")}, "fate": row["fate"]}  # type: ignore[index]
        for row in explain(product).paths
    ]


def costs(L: int) -> dict[str, list[dict[str, float]]]:
    """Return operations a sample and expressivity of each product, degrees 1..L."""
    found: dict[str, list[dict[str, float]]] = {}
    for name, (kind, parity, methods) in _COUNTED.items():
        products = [setting("mimo", n, kind=kind, parity=parity) for n in range(1, L + 1)]
        found[name] = [
            {"operations": min(flops(p, method=m) for m in methods), "expressivity": expressivity(p)} for p in products
        ]
    return found


def freedoms(L: int, ranks: tuple[int, ...] = (1, 2, 3)) -> dict[str, list[int]]:
    """Return the expressivity of sums of Gaunt products, without and with the bracket, by rank, and of the complete product, degrees 1..L."""
    found = {"clebsch-gordan": [expressivity(setting("mimo", n, parity=False)) for n in range(1, L + 1)]}
    for kind, parity in (("gaunt", True), ("complete-gaunt", False)):
        for r in ranks:
            products = [setting("mimo", n, kind=kind, rank=r, parity=parity) for n in range(1, L + 1)]
            found[f"{kind}-rank-{r}"] = [expressivity(product) for product in products]
    return found


def prices(L: int, rows: int = 100, rounds: int = 5) -> dict[str, dict[str, float]]:
    """Time the products and say how many dimensions each reaches."""
    return networks.product_times(L, rows, rounds)


def times(L: int, rows: int = 1000, rounds: int = 5) -> dict[str, float]:
    """Time the routes of a Gaunt product."""
    return networks.route_times(L, rows, rounds)


def tetris(product: str, lmax: int, seed: int, steps: int) -> dict[str, Any]:
    """Train a network on tetrominoes."""
    return networks.tetris(product, lmax, seed, steps)


def mirror_pair() -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return the centres (2, 4, 3) of the cubes of the two mirror images."""
    return np.asarray(tetrominoes().positions[:2])
