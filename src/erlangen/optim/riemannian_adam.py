r"""Adam and AMSGrad on manifolds.

Definition: the first moment is a tangent vector, transported; the second, of :math:`\|\operatorname{grad} f\|_x^2`, is one number a point.
Convention: bias corrections and eps as in torch.optim.Adam; coordinates have no meaning on a manifold, so none has a rate of its own.
"""

from __future__ import annotations

from typing import Any, ClassVar

import torch
from torch import Tensor
from torch.optim import Optimizer

from erlangen.optim.manifold_optimiser import ManifoldOptimiser

__all__ = ["RiemannianAdam"]


class RiemannianAdam(ManifoldOptimiser):
    r"""Adam; each group's parameters move on the group's manifold, or as torch.optim.Adam moves them.

    .. math::
        m \leftarrow \beta_1 T m + (1 - \beta_1) \operatorname{grad} f, \quad
        v \leftarrow \beta_2 v + (1 - \beta_2) \|\operatorname{grad} f\|_x^2, \quad
        x \leftarrow R_x\!\left(-\eta\, \frac{\hat m}{\sqrt{\hat v} + \epsilon}\right)

    v is one number for each point of a batch of parameters. Groups without a manifold are stepped by torch.optim.Adam itself.

    Parameters
    ----------
    params : iterable
        Parameters or groups; a group's key ``"manifold"`` names the manifold of its parameters ``(..., *manifold.shape)``.
    lr, betas, eps, weight_decay, amsgrad, maximize
        As in torch.optim.Adam; ``weight_decay`` does not act on parameters on a manifold.
    manifold, move, transport, stabilise
        As in :class:`RiemannianSGD`.

    Raises
    ------
    ShapeError, DomainError
        As :class:`RiemannianSGD`.

    References
    ----------
    Bécigneul & Ganea, Riemannian adaptive optimization methods, ICLR 2019; Reddi, Kale & Kumar, ICLR 2018 (AMSGrad).

    Examples
    --------
    >>> from erlangen.manifolds import Sphere
    >>> x = torch.nn.Parameter(torch.tensor([0.6, 0.8], dtype=torch.float64))
    >>> optimiser = RiemannianAdam([x], lr=0.1, manifold=Sphere(1))
    >>> for _ in range(400):
    ...     optimiser.zero_grad()
    ...     x[0].backward()
    ...     optimiser.step()
    >>> x.detach().round(decimals=3)
    tensor([-1., ...], dtype=torch.float64)
    """

    euclidean: ClassVar[type[Optimizer]] = torch.optim.Adam

    def __init__(
        self,
        params: Any,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
        manifold: Any = None,
        move: str = "retract",
        transport: str = "projection",
        stabilise: int | None = None,
    ) -> None:
        options = {
            "lr": lr,
            "betas": betas,
            "eps": eps,
            "weight_decay": weight_decay,
            "amsgrad": amsgrad,
            "maximize": maximize,
        }
        curved = {"manifold": manifold, "move": move, "transport": transport, "stabilise": stabilise}
        super().__init__(params, options, curved)

    def _direction(
        self, x: Tensor, g: Tensor, group: dict[str, Any], state: dict[str, Any]
    ) -> tuple[Tensor, tuple[str, ...]]:
        manifold = group["manifold"]
        beta1, beta2 = group["betas"]
        squared: Tensor = manifold.inner(x, g, g)
        if "step" not in state:
            state["step"] = torch.tensor(0.0)
            state["exp_avg"], state["exp_avg_sq"] = torch.zeros_like(g), torch.zeros_like(squared)
            if group["amsgrad"]:
                state["max_exp_avg_sq"] = torch.zeros_like(squared)
        state["step"] += 1
        state["exp_avg"] = beta1 * state["exp_avg"] + (1 - beta1) * g
        state["exp_avg_sq"] = beta2 * state["exp_avg_sq"] + (1 - beta2) * squared
        second = state["exp_avg_sq"]
        if group["amsgrad"]:
            second = state["max_exp_avg_sq"] = torch.maximum(state["max_exp_avg_sq"], second)
        count = float(state["step"])
        size = (second / (1 - beta2**count)).sqrt() + group["eps"]
        first = state["exp_avg"] / (1 - beta1**count)
        return first / size.reshape(*size.shape, *(1,) * len(manifold.shape)), ("exp_avg",)
