r"""The square root of the operator that Lyapunov's equation inverts.

Definition: :math:`\Phi_P : V \mapsto (\tfrac12(P \otimes I + I \otimes P))^{1/2} V`, in the eigenbasis of P :math:`V_{ij}\sqrt{(p_i + p_j)/2}`.
Convention: half of :func:`pair_function`, one V for each P; two derivatives in P, also at repeated eigenvalues.
"""

from __future__ import annotations

from torch import Tensor

from erlangen.linalg.spd.broadcast import same_batch
from erlangen.manifolds.spd.pair_function import pair_function

__all__ = ["sum_root"]


def sum_root(P: Tensor, V: Tensor, *, inverse: bool = False) -> Tensor:
    """Return the root of half the Kronecker sum of P, or its inverse, applied to a symmetric V.

    Examples
    --------
    >>> import torch
    >>> sum_root(torch.diag(torch.tensor([1.0, 7.0])), torch.ones(2, 2))[0]
    tensor([1., 2.])
    """
    P, V = same_batch(P, V)
    n = P.shape[-1]
    found = pair_function(P.reshape(-1, n, n), V.reshape(1, -1, n, n), inverse=inverse)
    return (2 * found if inverse else found / 2).reshape(V.shape)
