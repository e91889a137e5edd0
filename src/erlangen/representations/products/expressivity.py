r"""How free a product is: the dimension of the bilinear maps it reaches, and the triples that interact at all.

Definition: the maps ``Lin . T . (Lin, Lin)``, Lin equivariant; free paths give :math:`\sum m_1 m_2 m_3`, a product with one number a degree the
variety :math:`w_{ijk} = \kappa_{ijk} \sum_r a^r_i b^r_j c^r_k`, whose dimension is the rank of its Jacobian at a generic point.
Convention: copies count as degrees of their own; a dimension says how many directions there are, not that every map is reached.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.random import as_generator
from erlangen.representations.irrep import Irrep
from erlangen.representations.products.product_spec import ProductSpec, spec_of
from erlangen.validation import check_memory

__all__ = ["expressivity", "interactable"]


def interactable(product: Any) -> tuple[tuple[Irrep, Irrep, Irrep], ...]:
    """Return the triples of irreps that the product couples, sorted.

    Parameters
    ----------
    product : ProductSpec or module
        What to look at.

    References
    ----------
    Xie et al., "The price of freedom", ICML 2025 (interactability).

    Examples
    --------
    >>> from erlangen.representations.products import setting
    >>> len(interactable(setting("mimo", 2))), len(interactable(setting("mimo", 2, parity=False)))
    (14, 19)
    >>> len(interactable(setting("mimo", 6, kind="matrix", parity=False)))  # 231, less six zeros of 6j symbols
    225
    """
    spec = spec_of(product)
    found = {spec.irreps_of(path) for path in spec.paths if spec.size(path)}
    return tuple(sorted(found, key=lambda triple: [(ir.l, ir.p) for ir in triple]))


def expressivity(product: Any) -> int:
    """Return the dimension of the set of bilinear maps that the product reaches.

    Parameters
    ----------
    product : ProductSpec or module
        What to look at.

    Raises
    ------
    ResourceLimitError
        If the Jacobian does not fit into memory.

    References
    ----------
    Xie et al., "The price of freedom", ICML 2025 (expressivity).

    Examples
    --------
    >>> from erlangen.representations.products import setting
    >>> [expressivity(setting("mimo", L)) for L in (1, 2, 3)]
    [5, 14, 30]
    >>> [expressivity(setting("mimo", L, kind="gaunt")) for L in (1, 2, 3)]  # 4 L + 1
    [5, 9, 13]
    >>> expressivity(setting("mimo", 3, kind="gaunt", rank=3))
    30
    """
    spec = spec_of(product)
    if spec.kind == "clebsch-gordan":
        return sum(spec.size(path) for path in spec.paths)
    if spec.kind == "complete-gaunt":
        return sum(expressivity(replace(spec, kind=half)) for half in ("gaunt", "bracket"))
    return max(_generic_rank(spec, seed) for seed in (0, 1))


def _generic_rank(spec: ProductSpec, seed: int) -> int:
    """Return the rank of the Jacobian of ``w = kappa sum_r a b c`` at random weights."""
    places = _places(spec)
    if not len(places):
        return 0
    counts = [irreps.num_irreps for irreps in (spec.irreps_in1, spec.irreps_in2, spec.irreps_out)]
    columns = spec.rank * sum(counts)
    check_memory(24.0 * len(places) * columns, "the Jacobian of a product", hint="count a product with fewer copies")
    rng = as_generator(seed)
    rows = np.arange(len(places))
    jacobian = np.zeros((len(places), columns))
    start = 0
    for _ in range(spec.rank):
        factors = [rng.normal(size=n)[at] for n, at in zip(counts, places.T, strict=True)]
        for role in range(3):
            others = [factors[other] for other in range(3) if other != role]
            jacobian[rows, start + places[:, role]] = others[0] * others[1]
            start += counts[role]
    jacobian /= np.linalg.norm(jacobian, axis=1, keepdims=True)  # kappa is a factor of the row
    values = np.linalg.svd(jacobian, compute_uv=False)
    return int(np.count_nonzero(values > 1e-10 * values[0]))


def _places(spec: ProductSpec) -> NDArray[np.int64]:
    """Return for each coupled triple of copies the places of the three among all copies, (paths, 3)."""
    starts = []
    for irreps in (spec.irreps_in1, spec.irreps_in2, spec.irreps_out):
        starts.append(np.cumsum([0, *(mul for mul, _ in irreps)]))
    found = [np.zeros((0, 3), dtype=np.int64)]
    for path in spec.paths:
        ranges = [np.arange(start[at], start[at + 1]) for start, at in zip(starts, path, strict=True)]
        found.append(np.stack([grid.ravel() for grid in np.meshgrid(*ranges, indexing="ij")], 1))
    return np.concatenate(found)
