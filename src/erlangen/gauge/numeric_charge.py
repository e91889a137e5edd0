"""Surface charges of general relativity by automatic differentiation: the numeric twin of the exact ones.

Definition: ``δ̸Q_ξ = -(1/16πG) ∮ √-g B^{tr}`` with the bracket of Barnich and Brandt or of Iyer and Wald; ``∂g`` and ``∂ξ`` by forward
    derivatives, ``h = δg`` by the derivative along the change of the parameters.
Convention: G = 1; double precision is asked for by the dtype of the parameters; results are differentiable in the parameters.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import torch
from torch import Tensor

from erlangen.errors import DomainError, ShapeError
from erlangen.gauge.exact_function import ExactFunction
from erlangen.gauge.surface_quadrature import SurfaceQuadrature

__all__ = ["surface_charge"]

PointFunction: TypeAlias = Callable[[Tensor, Tensor], Tensor]


def surface_charge(
    metric: PointFunction,
    parameters: Tensor,
    changes: Tensor,
    xi: PointFunction,
    sphere: SurfaceQuadrature,
    *,
    prescription: str = "barnich-brandt",
) -> Tensor:
    """Return the charge variations ``δ̸Q_ξ`` of a batch of solutions.

    Parameters
    ----------
    metric : callable
        ``metric(x, p)`` gives ``g_ab`` ``(n, n)`` at a point ``x`` ``(n,)`` for parameters ``p`` ``(k,)``, in operations of torch.
    parameters, changes : Tensor
        ``(..., k)``: the solutions, and along which the parameters change.
    xi : callable
        ``xi(x, p)`` gives ``ξ^a`` ``(n,)``.
    sphere : SurfaceQuadrature
        The nodes; 24 in ``cos θ`` give Kerr's mass to rounding.
    prescription : "barnich-brandt" or "iyer-wald"
        They differ where ξ is no Killing field.

    Returns
    -------
    Tensor
        ``(...)``, differentiable in the parameters.

    Raises
    ------
    ShapeError
        If the parameters and their changes do not have one shape, or the metric is not square.
    DomainError
        If the prescription is unknown.

    Examples
    --------
    >>> from erlangen.symbolic import spacetime
    >>> from erlangen.gauge import to_torch
    >>> g = to_torch(spacetime("schwarzschild"))
    >>> sphere = SurfaceQuadrature.product("t r x phi", {"t": 0.0, "r": 10.0}, intervals={"x": (-1, 1)}, circles=("phi",))
    >>> one = torch.ones(1, dtype=torch.float64)
    >>> time = lambda x, p: torch.eye(4, dtype=x.dtype)[0]
    >>> abs(float(surface_charge(g, one, one, time, sphere)) - 1) < 1e-13
    True
    """
    if prescription not in ("barnich-brandt", "iyer-wald"):
        message = f"there is no prescription {prescription!r}"
        raise DomainError(message, hint="choose barnich-brandt or iyer-wald")
    if parameters.shape != changes.shape or parameters.dim() == 0:
        message = f"parameters and changes are of shapes {tuple(parameters.shape)} and {tuple(changes.shape)}"
        raise ShapeError(message, hint="give both the shape (..., k)")
    points = sphere.points.to(parameters)
    n = points.shape[-1]
    size = metric(points[0], parameters.reshape(-1, parameters.shape[-1])[0]).shape
    if size != (n, n):
        message = f"the metric has shape {tuple(size)} at a point of {n} coordinates"
        raise ShapeError(message, hint=f"give a matrix of shape ({n}, {n})")
    flat, moved = (value.reshape(-1, value.shape[-1]) for value in (parameters, changes))
    count = flat.shape[0], points.shape[0]
    x = points.expand(*count, n).reshape(-1, n)
    p, dp = (value[:, None].expand(*count, value.shape[-1]).reshape(-1, value.shape[-1]) for value in (flat, moved))
    g, dg, h, dh = _derivatives(metric, x, p, dp)
    vector, dxi, _, _ = _derivatives(xi, x, p, dp)
    values = _density(g, dg, h, dh, vector, dxi, sphere.fixed, prescription).reshape(count)
    total = values @ sphere.weights.to(parameters) / (-16 * torch.pi)
    return total.reshape(parameters.shape[:-1])


def _derivatives(function: PointFunction, x: Tensor, p: Tensor, dp: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Return ``f, ∂f, δf, ∂δf`` at points, exactly where the function is; derivative indices stand last."""
    q, n = x.shape
    if isinstance(function, ExactFunction) and [len(names) for names in function.groups] == [n, p.shape[-1]]:
        slope, change = function.derivative(0), function.derivative(1)
        moved = [torch.einsum("q...k,qk->q...", f(x, p), dp) for f in (change, slope.derivative(1))]
        return function(x, p), slope(x, p), moved[0], moved[1]
    x_all, p_all, dp_all = (value.expand(n, *value.shape).flatten(0, 1).contiguous() for value in (x, p, dp))
    directions = torch.eye(n).to(x)[:, None].expand(n, q, n).flatten(0, 1).contiguous()
    still_x, still_p = torch.zeros_like(x_all), torch.zeros_like(p_all)

    def both(y: Tensor, w: Tensor, dw: Tensor, still: Tensor) -> Any:
        return torch.func.jvp(torch.func.vmap(function), (y, w), (still, dw))

    # all that enters has a tangent, if only a zero one: torch is slow where tangents are missing
    found: Any = torch.func.jvp(both, (x_all, p_all, dp_all, still_x), (directions, still_p, still_p, still_x))
    (f, change), (slope, change_slope) = found
    return (
        f[:q],
        slope.unflatten(0, (n, q)).movedim(0, -1),
        change[:q],
        change_slope.unflatten(0, (n, q)).movedim(0, -1),
    )


def _density(
    g: Tensor,
    dg: Tensor,
    h: Tensor,
    dh: Tensor,
    vector: Tensor,
    dxi: Tensor,
    fixed: tuple[int, int],
    prescription: str,
) -> Tensor:
    """Return ``√-g B^{tr}`` at points from metric, its change, the field and their derivatives."""
    up = torch.linalg.inv(g)
    lower = (dg + dg.transpose(-2, -1) - dg.permute(0, 3, 1, 2)) / 2  # Γ_abc = ½(∂_c g_ab + ∂_b g_ac - ∂_a g_bc)
    gamma = torch.einsum("qad,qdbc->qabc", up, lower)
    slope = dh - torch.einsum("qdac,qdb->qabc", gamma, h) - torch.einsum("qdbc,qad->qabc", gamma, h)  # D_c h_ab
    slope = torch.einsum("qai,qbj,qck,qijk->qabc", up, up, up, slope)  # D^c h^ab
    turn = dxi + torch.einsum("qabc,qb->qac", gamma, vector)  # D_b ξ^a
    turn_up = turn @ up  # D^b ξ^a at (a, b)
    raised = up @ h @ up
    trace = (up * h).sum((-2, -1))
    divergence = torch.einsum("qabc,qbc->qa", slope, g)  # D_σ h^{aσ}
    gradient = torch.einsum("qij,qijk->qk", g, slope)  # D^k h
    lowered = torch.einsum("qab,qb->qa", g, vector)
    bracket = torch.einsum("qn,qm->qnm", vector, gradient - divergence)  # (ν, μ)
    bracket = bracket + torch.einsum("qs,qmsn->qnm", lowered, slope) + trace[:, None, None] / 2 * turn_up.mT
    if prescription == "iyer-wald":
        bracket = bracket - raised @ turn.mT
    else:
        mixed = g @ turn_up  # D^b ξ_a at (a, b)
        bracket = bracket + raised @ (mixed - turn.mT) / 2
    t, r = fixed
    return torch.sqrt(torch.abs(torch.linalg.det(g))) * (bracket[:, t, r] - bracket[:, r, t])
