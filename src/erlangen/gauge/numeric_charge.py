"""Surface charges of general relativity by automatic differentiation: the numeric twin of the exact ones.

Definition: ``δ̸Q_ξ = -(1/16πG) ∮ √-g B^{tr}`` with the bracket of Barnich and Brandt or of Iyer and Wald; ``∂g`` and ``∂ξ`` by forward
    derivatives, ``h = δg`` by the derivative along the change of the parameters.
Convention: G = 1; double precision is asked for by the dtype of the parameters; results are differentiable in the parameters.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

import torch
from torch import Tensor

from erlangen.errors import DomainError, ShapeError
from erlangen.exact import to_callable
from erlangen.gauge.surface_quadrature import SurfaceQuadrature

if TYPE_CHECKING:
    from erlangen.symbolic import Metric
    from erlangen.symbolic import Tensor as ExactTensor

__all__ = ["metric_function", "surface_charge", "vector_function"]

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
    >>> g = metric_function(spacetime("schwarzschild"))
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
    t, r = sphere.fixed

    def density(x: Tensor, p: Tensor, dp: Tensor) -> Tensor:
        return _density(metric, xi, x, p, dp, t, r, prescription)

    over_points = torch.func.vmap(density, in_dims=(0, None, None))
    flat, moved = (value.reshape(-1, value.shape[-1]) for value in (parameters, changes))
    values = torch.func.vmap(over_points, in_dims=(None, 0, 0))(points, flat, moved)
    total = values @ sphere.weights.to(parameters) / (-16 * torch.pi)
    return total.reshape(parameters.shape[:-1])


def _density(
    metric: PointFunction, xi: PointFunction, x: Tensor, p: Tensor, dp: Tensor, t: int, r: int, prescription: str
) -> Tensor:
    """Return ``√-g B^{tr}`` at one point; derivative indices stand last."""

    def both(y: Tensor) -> Any:
        pair: Any = torch.func.jvp(lambda q: metric(y, q), (p,), (dp,))
        value = (*pair, xi(y, p))
        return value, value

    found: Any = torch.func.jacfwd(both, has_aux=True)(x)
    (dg, dh, dxi), (g, h, vector) = found
    up = torch.linalg.inv(g)
    lower = (dg + dg.transpose(1, 2) - dg.permute(2, 0, 1)) / 2  # Γ_abc = ½(∂_c g_ab + ∂_b g_ac - ∂_a g_bc)
    gamma = torch.einsum("ad,dbc->abc", up, lower)
    slope = dh - torch.einsum("dac,db->abc", gamma, h) - torch.einsum("dbc,ad->abc", gamma, h)  # D_c h_ab
    slope = torch.einsum("ai,bj,ck,ijk->abc", up, up, up, slope)  # D^c h^ab
    turn = dxi + torch.einsum("abc,b->ac", gamma, vector)  # D_b ξ^a
    turn_up = turn @ up  # D^b ξ^a at (a, b)
    raised = up @ h @ up
    trace = (up * h).sum()
    divergence = torch.einsum("abc,bc->a", slope, g)  # D_σ h^{aσ}
    gradient = torch.einsum("ij,ijk->k", g, slope)  # D^k h
    lowered = g @ vector
    bracket = torch.outer(vector, gradient - divergence)  # (ν, μ)
    bracket = bracket + torch.einsum("s,msn->nm", lowered, slope) + trace / 2 * turn_up.T
    if prescription == "iyer-wald":
        bracket = bracket - raised @ turn.T
    else:
        mixed = g @ turn_up  # D^b ξ_a at (a, b)
        bracket = bracket + raised @ (mixed - turn.T) / 2
    return torch.sqrt(torch.abs(torch.linalg.det(g))) * (bracket[t, r] - bracket[r, t])


def metric_function(metric: Metric) -> PointFunction:
    """Return an exact metric as a function of points ``(n,)`` and parameters ``(k,)``, in the order of the ring's constants.

    Raises
    ------
    DomainError
        At a call, if the metric holds undetermined functions.

    Examples
    --------
    >>> from erlangen.symbolic import spacetime
    >>> g = metric_function(spacetime("btz"))
    >>> g(torch.tensor([0.0, 2.0, 0.0]), torch.tensor([1.0, 0.0, 1.0, 0.125])).diagonal()
    tensor([-3.0000,  0.3333,  4.0000])
    """
    n = metric.dimension
    return _function(metric.lower, [(i, j) for i in range(n) for j in range(n)], (n, n))


def vector_function(vector: ExactTensor) -> PointFunction:
    """Return an exact vector field as a function of points and parameters; see :func:`metric_function`.

    Examples
    --------
    >>> from erlangen.symbolic import Tensor, spacetime
    >>> g = spacetime("btz")
    >>> vector_function(Tensor(g.ring, "u", {(0,): 1, (1,): g.ring["r"]}))(torch.tensor([0.0, 2.0, 0.0]), torch.ones(4))
    tensor([1., 2., 0.])
    """
    n = len(vector.ring.coordinates)
    return _function(vector, [(i,) for i in range(n)], (n,))


def _function(tensor: ExactTensor, indices: list[tuple[int, ...]], shape: tuple[int, ...]) -> PointFunction:
    ring = tensor.ring
    same = {index: index for index in indices}
    for index in indices:  # equal components are evaluated once
        if index[::-1] in tensor.components and tensor[index] == tensor[index[::-1]]:
            same[index] = min(index, index[::-1])
    present = [index for index in indices if index in tensor.components and same[index] == index]
    program = to_callable(*(tensor.components[index] for index in present))

    def call(x: Tensor, p: Tensor) -> Tensor:
        values = dict(zip(ring.coordinates, x.unbind(-1), strict=True))
        values |= dict(zip(ring.constants, p.unbind(-1), strict=False))
        found = dict(zip(present, program(**values), strict=True))
        zero = x[..., 0] * 0
        return torch.stack([zero + found[same[i]] if same[i] in found else zero for i in indices], dim=-1).reshape(
            shape
        )

    return call
