r"""The Bures–Wasserstein distance of positive semidefinite matrices, in the form that does not cancel, and its optimal map.

Definition: :math:`d^2(P, Q) = \min_{O} \|A - B O\|_F^2` for :math:`P = A A^T, Q = B B^T`: :math:`\operatorname{tr}(P + Q - 2 (P^{1/2} Q P^{1/2})^{1/2})`.
Convention: :math:`d(I, 4I) = \sqrt n`; the gradient of :math:`d^2` in P is :math:`I - T`, :math:`T = P^{-1} \# Q`; that of d at P = Q is 0.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function

from erlangen.edges import array_edge
from erlangen.errors import DomainError
from erlangen.linalg.spd.broadcast import same_batch, same_size
from erlangen.linalg.spd.check_spd import refuse_indefinite, symmetric_input
from erlangen.linalg.spd.polar import nearest_orthogonal
from erlangen.linalg.spectral.checks import decompose
from erlangen.linalg.spectral.derivatives import described, symmetric_part

__all__ = ["bures_distance", "bures_squared_distance"]

_CLOSE = 1e-2


@array_edge("P", "Q")
def bures_squared_distance(P: Tensor, Q: Tensor) -> Tensor:
    r"""Return the squared Bures–Wasserstein distance.

    .. math:: d^2(P, Q) = \min_{O^T O = I} \|A - B O\|_F^2, \qquad P = A A^T,\; Q = B B^T

    Factors are compared, not traces subtracted, and close pairs are improved by a Newton step on :math:`T P T = Q`: the
    relative error for P and :math:`(1 + \delta) P` is that of rounding for every :math:`\delta`, where the trace form has lost
    all digits at :math:`\delta = 10^{-8}`. First and second derivatives: :math:`\nabla_P d^2 = I - T_{P \to Q} = (A - B O) A^{-1}`.

    Parameters
    ----------
    P, Q : Tensor or ndarray (..., n, n)
        Symmetric positive semidefinite; batch axes broadcast. A gradient needs both definite.

    Returns
    -------
    Tensor or ndarray (...)
        In the units of P.

    Raises
    ------
    ShapeError, DomainError, NotSPDError
        If shapes do not fit, or a matrix is not symmetric or has an eigenvalue below zero by more than rounding.

    References
    ----------
    Bhatia, Jain & Lim, Expo. Math. 37 (2019), theorem 1; Malagò, Montrucchio & Pistone, Inf. Geom. 1 (2018).

    Examples
    --------
    >>> import numpy as np
    >>> bures_squared_distance(np.diag([1.0, 4.0]), np.diag([9.0, 4.0]))
    array(4.)
    """
    P, Q = same_size(P, Q, ("P", "Q"))
    P, Q = symmetric_input(P, "P"), symmetric_input(Q, "Q")
    A, first = _factor(P.detach(), "P")
    B, second = _factor(Q.detach(), "Q")
    P, Q, A, B = same_batch(P, Q, A, B)
    O = _best_turn(A, B)  # noqa: E741
    value = (A - B @ O).square().sum(dim=(-2, -1))
    if first and second and not torch.compiler.is_compiling():
        value = _refined(P.detach(), Q.detach(), A, B, O, value)
    run: Any = _SquaredDistance.apply
    squared: Tensor = run(P, Q, A, B, O, value, first and second)
    return squared


@array_edge("P", "Q")
def bures_distance(P: Tensor, Q: Tensor) -> Tensor:
    r"""Return the Bures–Wasserstein distance :math:`d(P, Q)`, with the subgradient 0 where P = Q.

    Parameters
    ----------
    P, Q : Tensor or ndarray (..., n, n)
        As :func:`bures_squared_distance`.

    Returns
    -------
    Tensor or ndarray (...)
        In the units of :math:`P^{1/2}`.

    Raises
    ------
    ShapeError, DomainError, NotSPDError
        As :func:`bures_squared_distance`.

    References
    ----------
    Bhatia, Jain & Lim, Expo. Math. 37 (2019).

    Examples
    --------
    >>> import numpy as np
    >>> P = np.array([[4.0, 1, 0], [1, 3, 1], [0, 1, 2]])
    >>> Q = np.array([[2.0, -1, 0], [-1, 5, 2], [0, 2, 3]])
    >>> round(float(bures_distance(P, Q)), 14)
    1.17339958245299
    """
    squared = bures_squared_distance(P, Q)
    apart = squared > 0
    root = torch.where(apart, squared, torch.ones_like(squared)).sqrt()
    return torch.where(apart, root, torch.zeros_like(squared))


def _factor(P: Tensor, name: str) -> tuple[Tensor, bool]:
    """Return a factor A with P = A A^T and whether it is Cholesky's; of singular matrices it is a symmetric root."""
    factor, info = torch.linalg.cholesky_ex(P)
    if torch.compiler.is_compiling() or not bool((info > 0).any()):
        return factor, True
    values, vectors = decompose(P, name)
    noise = 4 * P.shape[-1] * torch.finfo(P.dtype).eps * values.abs().amax(dim=-1)
    bad = values[..., 0] < -noise
    if bool(bad.any()):
        refuse_indefinite(P, bad, name)
    root = vectors * values.clamp_min(0).sqrt().to(P.dtype).unsqueeze(-2)
    return torch.where((info > 0)[..., None, None], root, factor), False


def _best_turn(A: Tensor, B: Tensor) -> Tensor:
    """Return the orthogonal O nearest to turning B into A; exactly the identity where A = B, so that the distance is exactly 0."""
    turn, _ = nearest_orthogonal(B.mT @ A)
    same = (A == B).all(dim=-1).all(dim=-1)
    identity = torch.eye(A.shape[-1], dtype=A.dtype, device=A.device)
    return torch.where(same[..., None, None], identity, turn)


def _refined(P: Tensor, Q: Tensor, A: Tensor, B: Tensor, O: Tensor, value: Tensor) -> Tensor:  # noqa: E741
    r"""Return the squared distances with those of close pairs improved by a Newton step.

    :math:`X = T - I` solves :math:`X P + P X + X P X = Q - P`, whose right-hand side has no rounding error where P and Q are
    close; then :math:`d^2 = \operatorname{tr}(X P X)` has digits that the rounding of the factors takes from :math:`A - B O`.
    """
    close = (value > 0) & (value <= _CLOSE**2 * P.diagonal(dim1=-2, dim2=-1).sum(dim=-1))
    if not bool(close.any()):
        return value
    P, Q, A, B, O = (batch[close] for batch in (P, Q, A, B, O))  # noqa: E741
    X = _displacement(A, A - B @ O)
    values, vectors = decompose(symmetric_part(A.mT @ B @ O), "P")
    half = X @ P
    defect = A.mT @ ((Q - P) - (half + half.mT + half @ X)) @ A
    sums = (values.unsqueeze(-1) + values.unsqueeze(-2)).to(P.dtype)
    step = vectors @ ((vectors.mT @ defect @ vectors) / sums) @ vectors.mT
    step = torch.linalg.solve_triangular(A, step, upper=False, left=False)
    better = X + torch.linalg.solve_triangular(A.mT, step, upper=True)
    small = torch.linalg.matrix_norm(X) <= 10 * _CLOSE
    improved = value.clone()
    improved[close] = torch.where(small, (better @ A).square().sum(dim=(-2, -1)), value[close])
    return improved


def _displacement(A: Tensor, residual: Tensor) -> Tensor:
    r"""Return :math:`T - I = -(A - B O) A^{-1}`."""
    return -symmetric_part(torch.linalg.solve_triangular(A, residual, upper=False, left=False))


@described
class _SquaredDistance(Function):
    """The squared distance from factors and the best turn between them."""

    @staticmethod
    def forward(P: Tensor, Q: Tensor, A: Tensor, B: Tensor, O: Tensor, value: Tensor, definite: bool) -> Tensor:  # noqa: E741
        """Return a copy of the known value."""
        return value.clone()

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Tensor) -> None:
        """Keep the matrices, the factors and the turn."""
        ctx.save_for_backward(*inputs[:5])
        ctx.definite = inputs[-1]

    @staticmethod
    def backward(ctx: Any, *gradients: Any) -> Any:
        """Return the gradients g (I - T) and g (I - T^{-1})."""
        P, Q, A, B, O = ctx.saved_tensors  # noqa: E741
        if not ctx.definite:
            message = "the Bures distance has no gradient at a singular matrix"
            raise DomainError(message, hint="add a multiple of the identity, or take the value without gradient")
        run: Any = _Displacement.apply
        g = gradients[0][..., None, None]
        to_P = -g * run(P, Q, A, B, O) if ctx.needs_input_grad[0] else None
        to_Q = -g * run(Q, P, B, A, O.mT) if ctx.needs_input_grad[1] else None
        return to_P, to_Q, None, None, None, None, None


@described
class _Displacement(Function):
    """The displacement T - I of the optimal map from P to Q."""

    @staticmethod
    def forward(P: Tensor, Q: Tensor, A: Tensor, B: Tensor, O: Tensor) -> Tensor:  # noqa: E741
        """Return T - I without cancellation."""
        return _displacement(A, A - B @ O)

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Tensor) -> None:
        """Keep the factors and the displacement."""
        ctx.save_for_backward(*inputs[2:], output)

    @staticmethod
    def backward(ctx: Any, *gradients: Any) -> Any:
        """Return the adjoint of the derivative of T in P and Q."""
        run: Any = _DisplacementAdjoint.apply
        return *run(symmetric_part(gradients[0]), *ctx.saved_tensors), None, None, None


@described
class _DisplacementAdjoint(Function):
    r"""The adjoint of :math:`dT = A^{-T} \mathcal L_S[A^T (dQ - T\,dP\,T) A] A^{-1}`, :math:`S = A^T T A`."""

    @staticmethod
    def forward(H: Tensor, A: Tensor, B: Tensor, O: Tensor, displacement: Tensor) -> tuple[Tensor, Tensor]:  # noqa: E741
        """Return the parts in P and Q for a symmetric H."""
        values, vectors = decompose(symmetric_part(A.mT @ B @ O), "P")
        H = torch.linalg.solve_triangular(A, H, upper=False)
        H = torch.linalg.solve_triangular(A.mT, H, upper=True, left=False)
        sums = (values.unsqueeze(-1) + values.unsqueeze(-2)).to(H.dtype)
        turned = A @ vectors
        to_Q = symmetric_part(turned @ ((vectors.mT @ H @ vectors) / sums) @ turned.mT)
        T = displacement + torch.eye(A.shape[-1], dtype=A.dtype, device=A.device)
        return -symmetric_part(T @ to_Q @ T), to_Q

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Any) -> None:
        """Keep nothing."""

    @staticmethod
    def backward(ctx: Any, *gradients: Any) -> Any:
        """Refuse: third derivatives are not provided."""
        message = "the Bures distance has first and second derivatives; a third one was asked for"
        raise DomainError(message, hint="differentiate at most twice")
