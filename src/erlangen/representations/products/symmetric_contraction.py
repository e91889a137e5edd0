r"""The symmetric contraction of many bodies: an equivariant polynomial of each node's feature with weights of its element.

Definition: :math:`B_{no c} = \sum_q K_{z_n q c}\, x_{nc}^{\alpha(q)}`, :math:`K_{zqc} = \sum_p u_{qp} W_{zpc}` channel by channel (MACE, NeurIPS 2022, eq. 10).
Convention: features are ``(nodes, components, channels)``, weights ``(elements, paths, channels)``; elements are numbered from 0.
"""

from __future__ import annotations

import torch
from torch import Tensor

from erlangen import native
from erlangen.errors import DtypeError, ShapeError
from erlangen.representations.products.contraction_derivatives import contraction_native
from erlangen.representations.products.kernel_choice import by_kernel
from erlangen.representations.products.numbered import check_integers, check_numbers
from erlangen.representations.products.symmetric_basis import SymmetricBasis
from erlangen.representations.products.symmetric_terms import SymmetricTerms, symmetric_terms
from erlangen.representations.products.twin_tables import symmetric_table

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
    ShapeError, DomainError, DtypeError
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
    if torch.compiler.is_compiling():
        return contraction_twin(x, weights, elements, maps)
    terms = symmetric_terms(maps)
    check_contraction(x, weights, elements, terms)
    if by_kernel(x, backend, "SymmetricProgram"):
        try:
            return contraction_native(x, weights, elements, (maps, native.default_threads(threads), level))
        except ValueError:  # the kernel has looked at the numbers of the elements
            check_numbers(elements, weights.shape[0], "elements", "elements with weights")
            raise
    check_numbers(elements, weights.shape[0], "elements", "elements with weights")
    return contraction_twin(x, weights, elements, maps)


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
        raise DtypeError(message, hint="convert with .to(...)")
    check_integers(elements, "elements")


def contraction_twin(x: Tensor, weights: Tensor, elements: Tensor, maps: SymmetricBasis) -> Tensor:
    """Return the symmetric contraction by plain torch: the coefficients, the monomials, their products summed by output."""

    def table(name: str) -> Tensor:
        return symmetric_table(maps, name).to(x.device)

    K = torch.einsum("qp,zpc->zqc", table("combination").to(x.dtype), weights)
    powers = [x.new_ones(x.shape[0], 1, x.shape[2])]
    for degree in range(1, max(maps.correlation) + 1):
        parent, factor = table(f"parent-{degree}"), table(f"factor-{degree}")
        powers.append(powers[-1].index_select(1, parent) * x.index_select(1, factor))
    values = torch.cat(powers, 1).index_select(1, table("monomial"))
    out = x.new_zeros(x.shape[0], maps.dim_out, x.shape[2])
    return out.index_add(1, table("output"), K.index_select(0, elements.long()) * values)
