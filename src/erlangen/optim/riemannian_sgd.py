r"""Stochastic gradient descent with momentum on manifolds.

Definition: :math:`b \leftarrow \mu\, T b + (1 - d)\operatorname{grad} f`, :math:`x \leftarrow R_x(-\eta b)`, T transports (Bonnabel 2013).
Convention: the first step takes ``b = grad f``, and Nesterov's direction is ``grad f + mu b``, both as torch.optim.SGD has them.
"""

from __future__ import annotations

from typing import Any, ClassVar

import torch
from torch import Tensor
from torch.optim import Optimizer

from erlangen.optim.manifold_optimiser import ManifoldOptimiser

__all__ = ["RiemannianSGD"]


class RiemannianSGD(ManifoldOptimiser):
    r"""Gradient descent with momentum; each group's parameters move on the group's manifold, or as torch.optim.SGD moves them.

    .. math:: b \leftarrow \mu\, T b + (1 - d) \operatorname{grad} f(x), \qquad x \leftarrow R_x(-\eta\, b)

    The gradient under the metric, the retraction R and the transport T all belong to the metric of the group's manifold. Groups without
    a manifold are stepped by torch.optim.SGD itself, bit for bit.

    Parameters
    ----------
    params : iterable
        Parameters or groups; a group's key ``"manifold"`` names the manifold of its parameters ``(..., *manifold.shape)``.
    lr, momentum, dampening, weight_decay, nesterov, maximize
        As in torch.optim.SGD; ``weight_decay`` does not act on parameters on a manifold, which it would pull off it or towards its border.
    manifold : Manifold, optional
        The manifold of groups that name none.
    move : {"retract", "exp"}
        How to move: the metric's retraction or its exponential. A step out of the domain of exp is halved until it is inside.
    transport : {"projection", "parallel"}
        How momentum follows: the tangential part at the new point, which is a vector transport that does not keep lengths, or the metric's
        parallel transport, which needs its logarithm.
    stabilise : int, optional
        Project parameters onto the manifold after each so many steps.

    Raises
    ------
    ShapeError, DomainError
        If a parameter is no point of its manifold, its gradient is sparse or not finite, or an option is unknown.

    References
    ----------
    Bonnabel, IEEE Trans. Automat. Control 58 (2013); Absil, Mahony & Sepulchre, ch. 4 and sec. 8.1.

    Examples
    --------
    >>> from erlangen.manifolds import Sphere
    >>> x = torch.nn.Parameter(torch.tensor([0.6, 0.8], dtype=torch.float64))
    >>> optimiser = RiemannianSGD([x], lr=0.5, manifold=Sphere(1))
    >>> for _ in range(60):
    ...     optimiser.zero_grad()
    ...     x[0].backward()
    ...     optimiser.step()
    >>> x.detach().round(decimals=6)
    tensor([-1., 0.], dtype=torch.float64)
    """

    euclidean: ClassVar[type[Optimizer]] = torch.optim.SGD

    def __init__(
        self,
        params: Any,
        lr: float = 1e-3,
        momentum: float = 0.0,
        dampening: float = 0.0,
        weight_decay: float = 0.0,
        nesterov: bool = False,
        *,
        maximize: bool = False,
        manifold: Any = None,
        move: str = "retract",
        transport: str = "projection",
        stabilise: int | None = None,
    ) -> None:
        options = {
            "lr": lr,
            "momentum": momentum,
            "dampening": dampening,
            "weight_decay": weight_decay,
            "nesterov": nesterov,
            "maximize": maximize,
        }
        curved = {"manifold": manifold, "move": move, "transport": transport, "stabilise": stabilise}
        super().__init__(params, options, curved)

    def _direction(
        self, x: Tensor, g: Tensor, group: dict[str, Any], state: dict[str, Any]
    ) -> tuple[Tensor, tuple[str, ...]]:
        momentum = group["momentum"]
        if momentum == 0:
            return g, ()
        buffer = state.get("momentum_buffer")
        buffer = g.clone() if buffer is None else momentum * buffer + (1 - group["dampening"]) * g
        state["momentum_buffer"] = buffer
        return (g + momentum * buffer if group["nesterov"] else buffer), ("momentum_buffer",)
