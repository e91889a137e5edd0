"""What every metric on symmetric positive definite matrices shares: its checks, its sizes, its ways of transport.

Definition: public operations check points (Cholesky) and tangent vectors (symmetric within 1e-8) and hand exactly symmetric ones to the formulas.
Convention: formulas are ``_inner, _exp, _log, _transport, _squared_dist, _gradient`` on tensors of one size and dtype, batch axes broadcast.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

import torch
from torch import Tensor

from erlangen.edges import array_edge
from erlangen.errors import DomainError
from erlangen.linalg.barycentres import plain_spd
from erlangen.linalg.spd.broadcast import same_batch, same_size
from erlangen.linalg.spd.check_spd import check_spd, symmetric_input
from erlangen.linalg.spectral.derivatives import symmetric_part
from erlangen.manifolds.metric import Metric
from erlangen.manifolds.pole_ladder import pole_ladder
from erlangen.validation import check_choice, check_integer

__all__ = ["SPDMetric", "positive_definite", "refuse_outside"]


def positive_definite(A: Tensor) -> Tensor:
    """Return whether symmetric matrices are positive definite, ``(...)``.

    Examples
    --------
    >>> positive_definite(torch.tensor([[1.0, 2.0], [2.0, 1.0]]))
    tensor(False)
    """
    return torch.linalg.cholesky_ex(A.detach())[1] == 0


def refuse_outside(inside: Tensor, least: Tensor, what: str, law: str) -> None:
    """Raise where a tangent vector lies outside the domain of exp, with the first index and the number."""
    if torch.compiler.is_compiling() or bool(inside.all()):
        return
    index = tuple(int(i) for i in (~inside).nonzero()[0]) if inside.ndim else ()
    place = f"v[{', '.join(map(str, index))}]" if index else "v"
    message = (
        f"{place} lies outside the domain of exp: the smallest eigenvalue of {what} is {float(least[index]):.6g}, {law}"
    )
    raise DomainError(message, hint="shorten v, or ask with in_exp_domain(x, v) first")


def _beyond_doubt(X: Tensor) -> bool:
    """Return whether a kernel finds numbers (N, n, n) to be exactly symmetric and safely positive definite."""
    if torch.compiler.is_compiling() or X.requires_grad or X.ndim != 3 or X.device.type != "cpu":
        return False
    try:
        return X.dtype == torch.float64 and plain_spd(X.numpy())
    except RuntimeError:  # a transform of torch.func holds no numbers
        return False


class SPDMetric(Metric):
    """A metric on symmetric positive definite matrices ``(..., n, n)``."""

    transports: ClassVar[tuple[str, ...]] = ("closed", "pole_ladder")

    @array_edge("x", "u", "v", notice=True)
    def inner(self, x: Tensor, u: Tensor, v: Tensor) -> Tensor:
        """Return the inner product of symmetric u and v at x, ``(...)``."""
        x, u, v = self._point(x, "x"), self._tangent(x, u, "u"), self._tangent(x, v, "v")
        return self._inner(x, u, v)

    @array_edge("x", "v", notice=True)
    def exp(self, x: Tensor, v: Tensor, *, check: bool = True) -> Tensor:
        """Return the end of the geodesic that leaves x with velocity v.

        Raises
        ------
        DomainError
            If v lies outside the domain of exp (only metrics that are not complete have one); ``check=False`` gives what
            the formula gives there.
        """
        x, v = self._point(x, "x"), self._tangent(x, v, "v")
        return symmetric_part(self._exp(x, v, check))

    @array_edge("x", "y", notice=True)
    def log(self, x: Tensor, y: Tensor) -> Tensor:
        """Return the velocity at x of the minimal geodesic to y, symmetric ``(..., n, n)``."""
        return symmetric_part(self._log(*self._pair(x, y)))

    @array_edge("x", "y", "v", notice=True)
    def transport(self, x: Tensor, y: Tensor, v: Tensor, *, method: str = "auto", rungs: int = 16) -> Tensor:
        """Return v transported in parallel along the geodesic from x to y.

        Parameters
        ----------
        x, y : Tensor or ndarray (..., n, n)
            The ends.
        v : Tensor or ndarray (..., n, n)
            Symmetric.
        method : {"auto", "closed", "pole_ladder", "ode"}
            ``closed`` where the metric has a formula, ``pole_ladder`` for any (order 2 in the rungs), ``ode`` for Bures–Wasserstein.
        rungs : int
            Of the ladder.

        Returns
        -------
        Tensor or ndarray (..., n, n)
            Symmetric.

        Raises
        ------
        DomainError
            If the metric does not offer the method, or its formula does not hold for these ends.
        """
        check_choice(method, "method", ("auto", *self.transports))
        check_integer(rungs, "rungs", low=1)
        x, y = self._pair(x, y)
        v = self._tangent(x, v, "v")
        x, y, v = same_batch(x, y, v)
        ladder = method == "pole_ladder"
        return symmetric_part(pole_ladder(self, x, y, v, rungs) if ladder else self._transport(x, y, v, method))

    @array_edge("x", "y", notice=True)
    def squared_dist(self, x: Tensor, y: Tensor) -> Tensor:
        """Return the squared geodesic distance, ``(...)``; smooth also where x = y."""
        plain = self._plain_squares(x, y)
        return self._squared_dist(*self._pair(x, y)) if plain is None else plain

    @array_edge("x", "y", notice=True)
    def dist(self, x: Tensor, y: Tensor) -> Tensor:
        """Return the geodesic distance, ``(...)``, with the subgradient 0 at x = y."""
        plain = self._plain_squares(x, y)
        found: Tensor = super().dist(x, y) if plain is None else plain.sqrt()
        return found

    def _plain_squares(self, x: Tensor, y: Tensor) -> Tensor | None:
        """Return squared distances of numbers that are beyond doubt, where the metric has a shorter way for them."""
        return None

    @array_edge("x", "g", notice=True)
    def riemannian_gradient(self, x: Tensor, g: Tensor) -> Tensor:
        """Return the gradient under this metric from the Euclidean gradient g (its symmetric part counts), ``(..., n, n)``."""
        x = self._point(x, "x")
        x, g = same_size(x, g, ("x", "g"))
        return symmetric_part(self._gradient(x, symmetric_part(g)))

    @array_edge("x", "v", notice=True)
    def in_exp_domain(self, x: Tensor, v: Tensor) -> Tensor:
        """Return whether ``exp(x, v)`` is defined, ``(...)``."""
        x, v = self._point(x, "x"), self._tangent(x, v, "v")
        return self._domain(x, v)

    def _point(self, x: Tensor, name: str) -> Tensor:
        return check_spd(x, name)

    def _points(self, X: Tensor, name: str = "X") -> Tensor:
        return X if _beyond_doubt(X) else self._point(X, name)

    def _pair(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        x, y = same_size(x, y, ("x", "y"))
        return self._point(x, "x"), self._point(y, "y")

    def _tangent(self, x: Tensor, v: Tensor, name: str) -> Tensor:
        x, v = same_size(x, v, ("x", name))
        return symmetric_input(v, name)

    @abstractmethod
    def _inner(self, x: Tensor, u: Tensor, v: Tensor) -> Tensor: ...

    @abstractmethod
    def _exp(self, x: Tensor, v: Tensor, check: bool) -> Tensor: ...

    @abstractmethod
    def _log(self, x: Tensor, y: Tensor) -> Tensor: ...

    @abstractmethod
    def _transport(self, x: Tensor, y: Tensor, v: Tensor, method: str) -> Tensor: ...

    @abstractmethod
    def _gradient(self, x: Tensor, g: Tensor) -> Tensor: ...

    def _squared_dist(self, x: Tensor, y: Tensor) -> Tensor:
        v = self._log(x, y)
        return self._inner(x, v, v)

    def _domain(self, x: Tensor, v: Tensor) -> Tensor:
        return torch.ones(same_batch(x, v)[0].shape[:-2], dtype=torch.bool, device=x.device)
