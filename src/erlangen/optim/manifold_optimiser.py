"""What the Riemannian optimisers share: groups with a manifold, steps that stay on it, and torch's own optimiser for all other groups.

Definition: a step is ``retract(x, -lr * direction)`` with the gradient, the retraction and the transport of one and the same metric.
Convention: group keys ``manifold, move, transport, stabilise``; weight decay is not applied to parameters on a manifold.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar

import torch
from torch import Tensor
from torch.optim import Optimizer

from erlangen.errors import DomainError, ShapeError
from erlangen.manifolds.manifold import Manifold
from erlangen.validation import check_choice, check_integer

__all__ = ["ManifoldOptimiser"]

_HALVINGS = 40


class ManifoldOptimiser(Optimizer):
    """Base of the Riemannian optimisers; a subclass names torch's optimiser and writes the direction of a step."""

    euclidean: ClassVar[type[Optimizer]]

    def __init__(self, params: Any, options: dict[str, Any], curved: dict[str, Any]) -> None:
        idle: Any = self.euclidean
        inner: Optimizer = idle([torch.zeros(1)], **options)  # torch checks its own options
        super().__init__(params, {**inner.defaults, **curved})
        self._inner = inner

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Restore, also after a copy, which leaves out the inner optimiser."""
        super().__setstate__(state)
        for group in self.param_groups:
            for key in ("manifold", "move", "transport", "stabilise"):
                group.setdefault(key, self.defaults.get(key))

    def add_param_group(self, param_group: dict[str, Any]) -> None:
        """Add a group; its parameters must be points of its manifold.

        Raises
        ------
        ShapeError, DomainError
            If a parameter has not the manifold's shape or is no point, or an option is unknown.
        """
        super().add_param_group(param_group)
        try:
            self._check_group(self.param_groups[-1], len(self.param_groups) - 1)
        except Exception:
            self.param_groups.pop()
            raise

    def _check_group(self, group: dict[str, Any], index: int) -> None:
        check_choice(group["move"], "move", ("retract", "exp"))
        check_choice(group["transport"], "transport", ("projection", "parallel"))
        if group["stabilise"] is not None:
            check_integer(group["stabilise"], "stabilise", low=1)
        manifold = group["manifold"]
        if manifold is None:
            return
        if not isinstance(manifold, Manifold):
            message = f"param_groups[{index}]['manifold'] is {manifold!r} of type {type(manifold).__name__}"
            raise DomainError(message, hint="pass a manifold, for instance erlangen.manifolds.Stiefel(5, 2)")
        for k, p in enumerate(group["params"]):
            name = f"param_groups[{index}]['params'][{k}]"
            if tuple(p.shape[max(p.ndim - len(manifold.shape), 0) :]) != manifold.shape:
                message = f"{name} has shape {tuple(p.shape)}, points of {manifold!r} have {manifold.shape}"
                raise ShapeError(message, hint="batches of points are allowed, (..., *shape)")
            ok, reason = manifold.check(p.detach(), explain=True)
            if not ok:
                message = f"{name} is no point of {manifold!r}: {reason}"
                raise DomainError(message, hint="initialise it with manifold.random() or manifold.project(...)")

    @torch.no_grad()
    def step(self, closure: Callable[[], Any] | None = None) -> Any:  # type: ignore[override]
        """Make one step; ``closure`` reevaluates the loss with gradients enabled and its value is returned.

        Raises
        ------
        DomainError
            If the gradient of a parameter on a manifold is sparse or not finite.
        """
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        flat = [group for group in self.param_groups if group["manifold"] is None]
        if flat:
            self._step_flat(flat)
        for index, group in enumerate(self.param_groups):
            if group["manifold"] is not None:
                for k, p in enumerate(group["params"]):
                    if p.grad is not None:
                        self._step_curved(p, group, f"param_groups[{index}]['params'][{k}]")
        return loss

    def _step_flat(self, groups: list[dict[str, Any]]) -> None:
        """Let torch's optimiser step on these groups, with this optimiser's state."""
        inner = getattr(self, "_inner", None)
        if inner is None:
            idle: Any = self.euclidean
            inner = self._inner = idle([torch.zeros(1)])
        inner.param_groups, inner.state = groups, self.state
        inner.step()

    def _step_curved(self, p: Tensor, group: dict[str, Any], name: str) -> None:
        manifold: Manifold = group["manifold"]
        gradient: Any = p.grad
        if gradient.is_sparse:
            message = f"{name} on {manifold!r} has a sparse gradient"
            raise DomainError(message, hint="gradients on manifolds are dense; use sparse=False")
        if not bool(torch.isfinite(gradient).all()):
            message = f"the gradient of {name} on {manifold!r} is not finite"
            raise DomainError(message, hint="lower the learning rate, or look for the first NaN of the loss")
        state = self.state[p]
        x = p.detach().clone()
        g = manifold.riemannian_gradient(x, -gradient if group["maximize"] else gradient)
        direction, vectors = self._direction(x, g, group, state)
        y = self._moved(manifold, x, -float(group["lr"]) * direction, group["move"])
        state["moves"] = state.get("moves", 0) + 1
        if group["stabilise"] is not None and state["moves"] % group["stabilise"] == 0:
            y = manifold.project(y)
        p.copy_(y)
        for key in vectors:
            state[key] = self._carried(manifold, x, p.detach(), state[key], group["transport"])

    @abstractmethod
    def _direction(
        self, x: Tensor, g: Tensor, group: dict[str, Any], state: dict[str, Any]
    ) -> tuple[Tensor, tuple[str, ...]]:
        """Return the ascent direction at x, and the names of the tangent vectors in the state that must move along."""

    @staticmethod
    def _moved(manifold: Manifold, x: Tensor, v: Tensor, move: str) -> Tensor:
        """Return the end of the step, each point's step halved until it lies in the domain of exp."""
        axes = len(manifold.shape)
        for _ in range(_HALVINGS):
            inside = manifold.in_exp_domain(x, v)
            if bool(inside.all()):
                break
            v = torch.where(inside.reshape(*inside.shape, *(1,) * axes), v, v / 2)
        end: Tensor = manifold.exp(x, v) if move == "exp" else manifold.retract(x, v)
        return end

    @staticmethod
    def _carried(manifold: Manifold, x: Tensor, y: Tensor, v: Tensor, transport: str) -> Tensor:
        moved: Tensor = manifold.transport(x, y, v) if transport == "parallel" else manifold.to_tangent(y, v)
        return moved

    def state_dict(self) -> dict[str, Any]:
        """Return torch's dictionary with each manifold as text, so that it survives a file without pickled classes."""
        found = super().state_dict()
        for group in found["param_groups"]:
            group["manifold"] = _signature(group["manifold"])
        return found

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Load a dictionary of :meth:`state_dict`; the manifolds stay those of this optimiser.

        Raises
        ------
        DomainError
            If a group was saved with another manifold.
        """
        manifolds = [group["manifold"] for group in self.param_groups]
        for index, (saved, own) in enumerate(zip(state_dict["param_groups"], manifolds, strict=False)):
            if "manifold" in saved and saved["manifold"] != _signature(own):
                message = (
                    f"param_groups[{index}] was saved with manifold {saved['manifold']}, here it is {_signature(own)}"
                )
                raise DomainError(message, hint="build the optimiser with the same groups before loading")
        super().load_state_dict(state_dict)
        for group, manifold in zip(self.param_groups, manifolds, strict=True):
            group["manifold"] = manifold


def _signature(manifold: Manifold | None) -> str | None:
    """Return kind, shape and kind of metric as text, without the values of learnt parameters."""
    if manifold is None:
        return None
    return f"{type(manifold).__name__}{manifold.shape} with {type(manifold.metric).__name__}"
