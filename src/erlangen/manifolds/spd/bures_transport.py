r"""Parallel transport under the Bures–Wasserstein metric.

Definition: commuting ends: :math:`V_{ij} \sqrt{(q_i + q_j)/(p_i + p_j)}` in their common eigenbasis; others: the horizontal lift X along
:math:`A(t) = A + tE` obeys :math:`\dot X = A\Omega`, :math:`A^T\!A\,\Omega + \Omega A^T\!A = X^T E - E^T X` (O'Neill: the change of X is vertical).
Convention: ends commute if no entry of Q between different eigenspaces of P, relative to its diagonal, exceeds :math:`100 n \varepsilon`;
a derivative in the ends is that of the equation, unless one end alone moves and the other is a multiple of the identity; asked for by
name, the closed form has its own derivative.
"""

from __future__ import annotations

import torch
from torch import Tensor

from erlangen.errors import DomainError
from erlangen.linalg.certificate import Certificate
from erlangen.linalg.spd.lyapunov import solve_lyapunov
from erlangen.linalg.spectral.checks import decompose
from erlangen.manifolds.spd.sum_root import sum_root

__all__ = ["commutator", "transport_bures", "transport_ode"]

_TOLERANCE = 1e-11
_LEVELS = 7
_DEEPEST = 10


def commutator(P: Tensor, Q: Tensor) -> Tensor:
    r"""Return how far P and Q are from commuting, :math:`\max_{ij} \frac{|q_{ij}|}{\sqrt{q_{ii} q_{jj}}}\frac{|p_i - p_j|}{p_i + p_j}` in the basis of P.

    Free of scale and of the condition of either matrix.

    Examples
    --------
    >>> commutator(torch.diag(torch.tensor([1.0, 3.0])), torch.tensor([[2.0, 1.0], [1.0, 2.0]]))
    tensor(0.2500)
    """
    with torch.no_grad():
        p, U = decompose(P)
        q = U.mT @ Q @ U
        d = q.diagonal(dim1=-2, dim2=-1).clamp_min(torch.finfo(q.dtype).tiny).sqrt()
        gap = (p.unsqueeze(-1) - p.unsqueeze(-2)).abs() / (p.unsqueeze(-1) + p.unsqueeze(-2))
        found: Tensor = (q.abs() / d.unsqueeze(-1) / d.unsqueeze(-2) * gap).amax((-2, -1)).to(P.dtype)
    return found


def transport_bures(P: Tensor, Q: Tensor, A: Tensor, E: Tensor, V: Tensor, method: str) -> Tensor:
    """Return V at P transported to Q; ``A`` is a factor of P and ``E`` the horizontal vector to Q.

    Raises
    ------
    DomainError
        If ``method="closed"`` and the ends do not commute.
    """
    if method == "ode":
        return _by_ode(P, A, E, V)
    apart = commutator(P, Q)
    commute = apart <= 100 * P.shape[-1] * torch.finfo(P.dtype).eps
    if method != "closed":
        commute = commute & _derivative_holds(P, Q)
    if method == "closed" and not bool(commute.all()):
        index = tuple(int(i) for i in (~commute).nonzero()[0]) if commute.ndim else ()
        place = f"x{list(index)} and y{list(index)}" if index else "x and y"
        message = f"{place} do not commute: their relative commutator is {float(apart[index]):.3g}, so the closed form does not hold"
        raise DomainError(message, hint='use method="ode" or "pole_ladder"')
    if bool(commute.all()):
        return sum_root(Q, sum_root(P, V, inverse=True))
    moved = _by_ode(P, A, E, V)
    if bool(commute.any()):
        moved = torch.where(commute[..., None, None], sum_root(Q, sum_root(P, V, inverse=True)), moved)
    return moved


def _derivative_holds(P: Tensor, Q: Tensor) -> Tensor:
    """Return where the closed form has all derivatives of the transport: one end may move, while the other is a fixed multiple of the identity."""
    followed = torch.is_grad_enabled()
    moves = followed and P.requires_grad, followed and Q.requires_grad
    if all(moves):
        return torch.zeros(P.shape[:-2], dtype=torch.bool, device=P.device)
    holds = torch.ones(P.shape[:-2], dtype=torch.bool, device=P.device)
    if any(moves):
        fixed = (Q if moves[0] else P).detach()
        level = fixed.diagonal(dim1=-2, dim2=-1).mean(-1)[..., None, None]
        identity = torch.eye(P.shape[-1], dtype=P.dtype, device=P.device)
        holds = (fixed / level - identity).abs().amax((-2, -1)) <= 100 * P.shape[-1] * torch.finfo(P.dtype).eps
    return holds


def _by_ode(P: Tensor, A: Tensor, E: Tensor, V: Tensor) -> Tensor:
    moved, record = transport_ode(P, A, E, V)
    record.warn(
        "Bures–Wasserstein transport", "the geodesic runs close to singular matrices; use better conditioned ends"
    )
    return moved


def transport_ode(P: Tensor, A: Tensor, E: Tensor, V: Tensor, tol: float = 0.0) -> tuple[Tensor, Certificate]:
    """Return the transported vector and a certificate: the error estimated by extrapolation, relative to the vector's length.

    Gragg's midpoint rule on intervals that are halved until the last two extrapolates agree.

    Examples
    --------
    >>> A = torch.eye(2, dtype=torch.float64)
    >>> V, record = transport_ode(A, A, A, A)
    >>> V.diagonal(), record.converged
    (tensor([2., 2.], dtype=torch.float64), True)
    """
    X = solve_lyapunov(P, V, *decompose(P)) @ A
    tol = tol or max(_TOLERANCE, 1e4 * torch.finfo(P.dtype).eps)
    waiting, calls, error = [(0.0, 1.0, 0)], 0, 0.0
    while waiting:
        start, end, depth = waiting.pop()
        moved, estimate, used = _extrapolated(A, E, X, start, end, tol)
        calls += used
        if estimate > tol and depth < _DEEPEST:
            middle = (start + end) / 2
            waiting += [(middle, end, depth + 1), (start, middle, depth + 1)]
            continue
        X, error = moved, max(error, estimate)
    end_factor = A + E
    half = X @ end_factor.mT
    return half + half.mT, Certificate("extrapolated midpoint rule", calls, error, tol)


def _slope(A: Tensor, E: Tensor, X: Tensor, t: float) -> Tensor:
    """Return the vertical velocity that keeps X horizontal."""
    factor = A + t * E
    gram = factor.mT @ factor
    turn = X.mT @ E
    return factor @ solve_lyapunov(gram, turn - turn.mT, *decompose(gram))


def _midpoint(A: Tensor, E: Tensor, X: Tensor, start: float, end: float, steps: int) -> Tensor:
    """Return Gragg's smoothed modified midpoint rule."""
    h = (end - start) / steps
    before, now = X, X + h * _slope(A, E, X, start)
    for k in range(1, steps):
        before, now = now, before + 2 * h * _slope(A, E, now, start + k * h)
    return (now + before + h * _slope(A, E, now, end)) / 2


def _extrapolated(A: Tensor, E: Tensor, X: Tensor, start: float, end: float, tol: float) -> tuple[Tensor, float, int]:
    """Return X moved over an interval, the estimated relative error and the number of slopes."""
    size = X.detach().square().sum((-2, -1)).sqrt().clamp_min(torch.finfo(X.dtype).tiny)
    row: list[Tensor] = []
    calls, estimate = 0, float("inf")
    for level in range(1, _LEVELS + 1):
        new = [_midpoint(A, E, X, start, end, 2 * level)]
        calls += 2 * level + 1
        for j, old in enumerate(row, start=1):
            ratio = (level / (level - j)) ** 2
            new.append(new[-1] + (new[-1] - old) / (ratio - 1))
        row = new
        if level > 1:
            gap = (row[-1] - row[-2]).detach().square().sum((-2, -1)).sqrt()
            estimate = float((gap / size).max()) if gap.numel() else 0.0
            if estimate <= tol:
                break
    return row[-1], estimate, calls
