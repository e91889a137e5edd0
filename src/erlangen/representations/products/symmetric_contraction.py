r"""The symmetric contraction of many bodies: an equivariant polynomial of each node's feature with weights of its element.

Definition: :math:`B_{no c} = \sum_q K_{z_n q c}\, x_{nc}^{\alpha(q)}`, :math:`K_{zqc} = \sum_p u_{qp} W_{zpc}` channel by channel (MACE, NeurIPS 2022, eq. 10).
Convention: features are ``(nodes, components, channels)``, weights ``(elements, paths, channels)``; elements are numbered from 0.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from erlangen.errors import DomainError, ShapeError
from erlangen.representations.products.numbered import check_numbers
from erlangen.representations.products.symmetric_basis import SymmetricBasis
from erlangen.representations.products.symmetric_terms import SymmetricTerms, symmetric_terms

__all__ = ["symmetric_contraction"]


def symmetric_contraction(
    x: Tensor,
    weights: Tensor,
    elements: Tensor,
    maps: SymmetricBasis,
    *,
    backend: str = "auto",
    threads: int | None = None,
    level: str = "auto",
) -> Tensor:
    r"""Return the symmetric contraction of features, differentiable twice in features and weights.

    .. math:: B_{noc} = \sum_q K_{z_n q c}\, x_{nc}^{\alpha(q)}, \qquad K_{zqc} = \sum_p u_{qp} W_{zpc}

    Parameters
    ----------
    x : Tensor (n, dim_in, C)
        Features of n nodes, components before channels.
    weights : Tensor (elements, paths, C)
        In the order of ``maps.paths``.
    elements : Tensor (n,), integers
        The element of each node.
    maps : SymmetricBasis
        The paths.
    backend : {"auto", "native", "python"}
        The kernel (on the CPU), or plain torch.
    threads : int, optional
        Threads of the kernel; the result does not depend on their number.
    level : str
        Instruction set of the kernel, see :func:`erlangen.native.cpu_levels`.

    Returns
    -------
    Tensor (n, dim_out, C)

    Raises
    ------
    ShapeError, DomainError
        If shapes do not fit, or an element has no weights.

    References
    ----------
    Batatia et al., "MACE", NeurIPS 2022, eq. 10.

    Examples
    --------
    >>> maps = SymmetricBasis("0e+1o", "0e", 2)  # w1 s + w2 s s + w3 v.v / sqrt 3
    >>> x = torch.tensor([[[2.0], [1.0], [1.0], [1.0]]], dtype=torch.float64)
    >>> weights = torch.tensor([[[1.0], [1.0], [3.0**0.5]]], dtype=torch.float64)
    >>> symmetric_contraction(x, weights, torch.tensor([0]), maps)
    tensor([[[9.]]], dtype=torch.float64)
    """
    terms = symmetric_terms(maps)
    check_contraction(x, weights, elements, terms)
    return contraction_twin(x, weights, elements, terms)


def check_contraction(x: Tensor, weights: Tensor, elements: Tensor, terms: SymmetricTerms) -> None:
    """Refuse features, weights or elements that do not fit the paths or one another."""
    if x.ndim != 3 or x.shape[1] != terms.dim_in:
        message = f"x must have shape (n, {terms.dim_in}, channels), got {tuple(x.shape)}"
        raise ShapeError(message, hint="components stand before channels (layout ir_mul)")
    if weights.ndim != 3 or weights.shape[1:] != (terms.paths, x.shape[2]):
        message = f"weights must have shape (elements, {terms.paths}, {x.shape[2]}), got {tuple(weights.shape)}"
        raise ShapeError(message, hint="one weight a path and channel, in the order of maps.paths")
    if elements.shape != x.shape[:1]:
        message = f"elements must have shape ({x.shape[0]},), got {tuple(elements.shape)}"
        raise ShapeError(message, hint="one number a node; one-hot rows become numbers by argmax(-1)")
    if not (x.is_floating_point() and x.dtype == weights.dtype and x.device == weights.device == elements.device):
        kinds = ", ".join(
            f"{name} {t.dtype} on {t.device}" for name, t in (("x", x), ("weights", weights), ("elements", elements))
        )
        message = f"x and weights must be of one floating type and all on one device, got {kinds}"
        raise DomainError(message, hint="convert with .to(...)")
    check_numbers(elements, weights.shape[0], "elements", "elements with weights")


def contraction_twin(x: Tensor, weights: Tensor, elements: Tensor, terms: SymmetricTerms) -> Tensor:
    """Return the symmetric contraction by plain torch: the coefficients, the monomials, their products summed by output."""
    tables = _tables(terms, x.dtype, x.device)
    K = torch.einsum("qp,zpc->zqc", tables["combination"], weights)
    powers = [x.new_ones(x.shape[0], 1, x.shape[2])]
    for degree, (parent, factor) in enumerate(tables["steps"]):
        powers.append(powers[degree].index_select(1, parent) * x.index_select(1, factor))
    values = torch.cat(powers, 1).index_select(1, tables["monomial"])
    out = x.new_zeros(x.shape[0], terms.dim_out, x.shape[2])
    return out.index_add(1, tables["output"], K.index_select(0, elements.long()) * values)


def _tables(terms: SymmetricTerms, dtype: torch.dtype, device: torch.device) -> dict[str, Any]:
    """Return the tables as tensors of a type on a device."""
    combination = torch.zeros(terms.pairs, terms.paths, dtype=torch.float64)
    rows = torch.repeat_interleave(torch.from_numpy(terms.start).diff())
    combination[rows, torch.from_numpy(terms.path).long()] = torch.from_numpy(terms.value)
    parent, factor, output, monomial = (
        torch.from_numpy(a).long().to(device) for a in (terms.parent, terms.factor, terms.output, terms.monomial)
    )
    bounds = terms.degree_start
    steps = [(parent[a:b] - c, factor[a:b]) for c, a, b in zip(bounds, bounds[1:], bounds[2:], strict=False)]
    return {"combination": combination.to(device, dtype), "steps": steps, "output": output, "monomial": monomial}
