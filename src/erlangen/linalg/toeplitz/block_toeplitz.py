r"""The covariance of a stack of delayed copies of a stationary signal, as a block-Toeplitz matrix.

Definition: block :math:`(i, j)` of :math:`\operatorname{Cov}[x(t); x(t + 1); \dots; x(t + p - 1)]` is :math:`\Gamma(i - j)`.
Convention: ``"future"`` is that order (Takens); ``"past"`` stacks :math:`x(t), x(t - 1), \dots` (Yule–Walker) and has block :math:`\Gamma(j - i)`.
"""

from __future__ import annotations

import torch
from torch import Tensor

from erlangen.edges import array_edge
from erlangen.errors import DomainError, ShapeError
from erlangen.linalg.toeplitz.checks import check_sequence
from erlangen.validation import check_choice, check_integer, check_real, check_square

__all__ = ["block_toeplitz", "toeplitz_blocks"]

_DIRECTIONS = ("future", "past")


@array_edge("gammas")
def block_toeplitz(gammas: Tensor, order: int | None = None, direction: str = "future") -> Tensor:
    r"""Return the block-Toeplitz matrix of a sequence of autocovariances.

    .. math:: G_{ij} = \Gamma(i - j) \text{ (future)}, \qquad G_{ij} = \Gamma(j - i) \text{ (past)}, \qquad
              \Gamma(-h) = \Gamma(h)^T

    Parameters
    ----------
    gammas : Tensor or ndarray (..., p, n, n)
        :math:`\Gamma(0), \dots, \Gamma(p - 1)`; the first is symmetric.
    order : int, optional
        Number of block rows, at most p; p by default.
    direction : {"future", "past"}
        Order of the stacked signal. The two matrices differ by the reversal of their blocks: same spectrum, same invariant distances.

    Returns
    -------
    Tensor or ndarray (..., n * order, n * order)
        Symmetric; positive definite for sequences of a stationary signal of full rank, not for any sequence.

    Raises
    ------
    ShapeError, DomainError
        If the shape is wrong, an entry is not finite, lag 0 is not symmetric, or there are fewer lags than ``order``.

    References
    ----------
    Lütkepohl, New Introduction to Multiple Time Series Analysis (2005), sec. 2.1.4.

    Examples
    --------
    >>> block_toeplitz([[[2.0]], [[1.0]], [[0.5]]])
    array([[2. , 1. , 0.5],
           [1. , 2. , 1. ],
           [0.5, 1. , 2. ]])
    """
    check_sequence(gammas)
    check_choice(direction, "direction", _DIRECTIONS)
    lags, n = int(gammas.shape[-3]), int(gammas.shape[-1])
    p = lags if order is None else check_integer(order, "order", low=1)
    if p > lags:
        message = f"order = {p} needs the lags 0 … {p - 1}, gammas holds {lags} of them"
        raise ShapeError(message, hint="pass more lags or a smaller order")
    kept = gammas[..., :p, :, :]
    table = torch.cat([kept.mT[..., 1:, :, :].flip(-3), kept], dim=-3)  # lags 1 - p … p - 1
    steps = torch.arange(p, device=gammas.device)
    shift = steps[:, None] - steps[None, :] if direction == "future" else steps[None, :] - steps[:, None]
    blocks = table[..., shift + p - 1, :, :]
    return blocks.transpose(-3, -2).reshape(*gammas.shape[:-3], p * n, p * n)


@array_edge("G")
def toeplitz_blocks(G: Tensor, n: int, direction: str = "future", rtol: float | None = 1e-8) -> Tensor:
    r"""Return the sequence :math:`\Gamma(0), \dots, \Gamma(p - 1)` of a block-Toeplitz matrix; the inverse of :func:`block_toeplitz`.

    Parameters
    ----------
    G : Tensor or ndarray (..., n p, n p)
        Symmetric block-Toeplitz.
    n : int
        Size of a block.
    direction : {"future", "past"}
        As in :func:`block_toeplitz`.
    rtol : float or None
        Largest deviation from the Toeplitz form, relative to the largest entry; ``None`` takes the first block column unseen.

    Returns
    -------
    Tensor or ndarray (..., p, n, n)

    Raises
    ------
    ShapeError, DomainError
        If the size is no multiple of n, or the matrix is not block-Toeplitz.

    Examples
    --------
    >>> import numpy as np
    >>> gammas = np.array([[[2.0]], [[1.0]], [[0.5]]])
    >>> np.array_equal(toeplitz_blocks(block_toeplitz(gammas), 1), gammas)
    True
    """
    size = check_square(G, "G")
    check_choice(direction, "direction", _DIRECTIONS)
    n = check_integer(n, "n", low=1)
    if size == 0 or size % n:
        message = f"G has size {size}, which is no positive multiple of n = {n}"
        raise ShapeError(message, hint="n is the number of channels")
    column = G[..., :, :n].reshape(*G.shape[:-2], size // n, n, n)
    gammas = column if direction == "future" else column.mT
    if rtol is not None:
        limit = check_real(rtol, "rtol", low=0.0)
        values = gammas.detach()
        rebuilt = block_toeplitz(
            torch.cat([(values[..., :1, :, :] + values[..., :1, :, :].mT) / 2, values[..., 1:, :, :]], -3),
            direction=direction,
        )
        scale = float(G.detach().abs().amax()) if G.numel() else 0.0
        gap = float((rebuilt - G.detach()).abs().amax()) if G.numel() else 0.0
        if not gap <= limit * scale:
            message = f"G is not block-Toeplitz: an entry differs by {gap:.3g} > {limit * scale:.2g} from its diagonal's first"
            raise DomainError(message, hint="estimate it with one matrix for each lag, or pass rtol=None")
    return gammas
