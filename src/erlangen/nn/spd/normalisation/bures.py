r"""Normalisation under the (theta, M)-Bures–Wasserstein metric.

Definition: in the image :math:`\varphi(X)`, :math:`V = \sqrt{2(G \oplus G)}[T - I]`, T the transport map from G; :math:`L = (2(W \oplus W))^{-1/2}[k V]`,
:math:`Y' = (I + L) W (I + L)`: logarithm, exact transport to I (everything commutes with I), scaling, transport to W and exponential in one.
Convention: a step of the mean is Álvarez-Esteban's fixed point; where means carry no gradient the way out is :mod:`fused_bures`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

from erlangen.linalg.spd.check_spd import check_spd
from erlangen.linalg.spectral import InverseSquareRoot, SquareRoot
from erlangen.linalg.spectral.derivatives import symmetric_part
from erlangen.manifolds import BuresWasserstein
from erlangen.manifolds.spd.pair_function import pair_function
from erlangen.nn.spd.normalisation.deformation import deform, roots, undo
from erlangen.nn.spd.normalisation.domain_exit import MARGIN, folded, judge, leaves, shrink
from erlangen.nn.spd.normalisation.fused_bures import (
    Pairs,
    centre_in_frame,
    displacement,
    eigenpairs,
    fixed_point,
    leave_frame,
    point_between,
)
from erlangen.nn.spd.normalisation.normaliser import Centred, Normaliser, per_matrix
from erlangen.nn.spd.spectral_map import spectral_map

__all__ = ["BuresNormaliser"]


def _identity(A: Tensor) -> Tensor:
    return torch.eye(A.shape[-1], dtype=A.dtype, device=A.device)


def _transport_map(Y: Tensor, G: Tensor) -> Tensor:
    """Return T with T G T = Y."""
    R, lower = spectral_map(G, SquareRoot()), spectral_map(G, InverseSquareRoot(), positive=True)
    root = spectral_map(symmetric_part(R @ Y @ R), SquareRoot(), positive=True)
    return symmetric_part(lower @ root @ lower)


@dataclass(frozen=True)
class BuresNormaliser(Normaliser):
    """Bures–Wasserstein in the image of a power and a congruence."""

    M: Tensor | None
    theta: float | Tensor
    exit_policy: str
    known: dict[int, tuple[Tensor, Pairs]] = field(default_factory=dict, repr=False, compare=False)
    awaited: list[Tensor] = field(default_factory=list, repr=False, compare=False)
    parameter: list[tuple[Tensor, Tensor]] = field(default_factory=list, repr=False, compare=False)

    def expect(self, *matrices: Tensor) -> None:
        """Keep matrices to be decomposed with the next one."""
        self.awaited.extend(matrices)

    def _pairs(self, A: Tensor, batch: Tensor | None = None) -> Pairs:
        """Return eigenpairs of single matrices, computed together with those expected, and remembered; ``batch`` is what A is the mean of."""
        if id(A) in self.known:
            return self.known[id(A)][1]
        matrices = [A, *self.awaited]
        self.awaited.clear()
        with torch.no_grad():
            values, vectors = eigenpairs(torch.stack([item.detach() for item in matrices]))
        if bool((values[..., 0] <= 0).any()):
            if batch is not None:
                check_spd(batch.detach(), "X")
            for item in matrices:
                check_spd(item.detach(), "a mean or the bias")
        for item, *pair in zip(matrices, values, vectors, strict=True):
            self.known[id(item)] = (item, (pair[0], pair[1]))
        return self.known[id(A)][1]

    def _roots(self) -> tuple[Tensor, Tensor] | tuple[None, None]:
        """Return the root of M and its inverse, remembered unless they lack a gradient that the batch may ask for."""
        if self.M is None:
            return None, None
        if self.parameter:
            return self.parameter[0]
        found = roots(self.M)
        if not torch.compiler.is_compiling() and (torch.is_grad_enabled() or not self.M.requires_grad):
            self.parameter.append(found)
        return found

    def image(self, X: Tensor) -> Tensor:
        """Return the deformed batch."""
        return deform(X, self._roots()[1], self.theta)

    def preimage(self, Y: Tensor) -> Tensor:
        """Return the way back."""
        return undo(Y, self._roots()[0], self.theta)

    def step(self, Y: Tensor, G: Tensor | None) -> Tensor:
        """Return one step of the fixed point."""
        G = Y.mean(0) if G is None else G
        if not torch.is_grad_enabled() and not torch.compiler.is_compiling():
            return fixed_point(Y, self._pairs(G, Y))
        T = _transport_map(Y, G).mean(0)
        return symmetric_part(T @ G @ T)

    def converged(self, Y: Tensor, differentiable: bool) -> Tensor:
        """Return the barycentre of the image."""
        found: Any = BuresWasserstein().mean(Y, axis=0, tol=1e-12, differentiable=differentiable)
        return found

    def between(self, A: Tensor, B: Tensor, t: float) -> Tensor:
        """Return the point of the geodesic in the image."""
        if not torch.is_grad_enabled() and not torch.compiler.is_compiling():
            return point_between(self._pairs(A), B, t)
        factor = (1 - t) * _identity(A) + t * _transport_map(B, A)
        return symmetric_part(factor @ A @ factor)

    def squares(self, V: Tensor) -> Tensor:
        """Return the squared norms at the identity, in the units of the undeformed distance."""
        return V.square().sum((-2, -1)) / (4 * self.theta**2)

    def squares_about_identity(self, Y: Tensor) -> Tensor:
        """Return the squared distances of the image to the identity."""
        return self.squares(2 * (spectral_map(Y, SquareRoot()) - _identity(Y)))

    def unit(self, G: Tensor) -> Tensor:
        """Return the mean eigenvalue of the mean: the squared distance has the units of the image."""
        return G.diagonal(dim1=-2, dim2=-1).mean(-1)

    def centre(self, Y: Tensor, G: Tensor) -> Centred:
        """Return the centred batch, in the eigenbasis of G where that carries no gradient."""
        if G.requires_grad or torch.compiler.is_compiling():
            return Centred(self.vectors(Y, G))
        V, frame = centre_in_frame(Y.detach(), self._pairs(G))
        return Centred(V, (Y, frame))

    def vectors(self, Y: Tensor, G: Tensor) -> Tensor:
        """Return the centred batch in the standard basis."""
        return pair_function(G, _transport_map(Y, G) - _identity(Y))

    def leave(self, centred: Centred, k: Tensor, W: Tensor) -> tuple[Tensor, Tensor | int]:
        """Return the exponentials at W, those outside its domain treated as the policy says."""
        if centred.kept is None:
            return self._composite(centred.V, k, W)
        Y, frame = centred.kept
        if self.exit_policy != "fold":
            L, way = displacement(centred.V, frame, k.detach(), self._pairs(W))
            outside = leaves(L, self._margin)
            if not bool(outside.any()):
                return leave_frame(Y, W, k, frame, L, way), 0
        return self._composite(frame.vector(Y), k, W)

    @property
    def _margin(self) -> float:
        return MARGIN if self.exit_policy == "shrink" else 0.0

    def _composite(self, V: Tensor, k: Tensor, W: Tensor) -> tuple[Tensor, Tensor | int]:
        """Return the same in operations that can be differentiated any number of times."""
        eager = not torch.compiler.is_compiling()
        twice = (
            eager and self.exit_policy == "fold"
        )  # the released layer comes back to the matrices before and after scaling
        V = folded(per_matrix(k) * folded(V)) if twice else per_matrix(k) * V
        L = pair_function(W, V, inverse=True)
        outside = leaves(L, self._margin)
        if self.exit_policy == "shrink":
            L = shrink(L)
        elif eager and bool(outside.any()):
            judge(L, outside, self.exit_policy)
        factor = L + _identity(L)
        return symmetric_part(factor @ W @ factor), outside.sum()
