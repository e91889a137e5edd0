r"""Normalisation under the affine-invariant metric, with one decomposition a sample.

Definition: :math:`V = \log(G^{-1/2} X G^{-1/2})`, :math:`X' = W^{1/2} \exp(k V) W^{1/2}`; V and its exponential share their eigenvectors.
Convention: a step of the mean is :math:`G^{1/2} \exp(\bar V) G^{1/2}`, the first from the arithmetic mean (Brooks et al., NeurIPS 2019).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from erlangen.linalg.spd.check_spd import check_spd, spd_eigh
from erlangen.linalg.spectral import Exponential, InverseSquareRoot, Logarithm, SquareRoot
from erlangen.linalg.spectral.derivatives import spectral_value, symmetric_part
from erlangen.manifolds import AffineInvariant
from erlangen.nn.spd.normalisation.normaliser import Centred, Normaliser, per_matrix
from erlangen.nn.spd.spectral_map import spectral_map

__all__ = ["AffineNormaliser"]


def _congruence(R: Tensor, A: Tensor) -> Tensor:
    return symmetric_part(R @ A @ R)


@dataclass(frozen=True)
class AffineNormaliser(Normaliser):
    """Whitening by the mean, scaling in the logarithm, colouring by the bias."""

    def image(self, X: Tensor) -> Tensor:
        """Return the matrices themselves."""
        return check_spd(X, "X")

    def preimage(self, Y: Tensor) -> Tensor:
        """Return the matrices themselves."""
        return Y

    def step(self, Y: Tensor, G: Tensor | None) -> Tensor:
        """Return one Karcher step."""
        G = Y.mean(0) if G is None else G
        mean = self.centre(Y, G).V.mean(0)
        return _congruence(spectral_map(G, SquareRoot()), spectral_map(mean, Exponential()))

    def converged(self, Y: Tensor, differentiable: bool) -> Tensor:
        """Return the Karcher mean."""
        found: Any = AffineInvariant().mean(Y, axis=0, tol=1e-12, differentiable=differentiable)
        return found

    def between(self, A: Tensor, B: Tensor, t: float) -> Tensor:
        """Return the point of the geodesic."""
        return AffineInvariant().geodesic(A, B, torch.tensor(t, dtype=A.dtype))

    def centre(self, Y: Tensor, G: Tensor) -> Centred:
        """Return the whitened logarithms and, eagerly, their decomposition."""
        A = _congruence(spectral_map(G, InverseSquareRoot(), positive=True), Y)
        if torch.compiler.is_compiling():
            return Centred(spectral_map(A, Logarithm()))
        A, values, vectors = spd_eigh(A, "X")
        return Centred(spectral_value(A, values, vectors, Logarithm()), (values.log(), vectors))

    def squares(self, V: Tensor) -> Tensor:
        """Return the squared Frobenius norms."""
        return V.square().sum((-2, -1))

    def leave(self, centred: Centred, k: Tensor, W: Tensor) -> tuple[Tensor, Tensor | int]:
        """Return the coloured exponentials; the metric is complete."""
        Z = per_matrix(k) * centred.V
        if centred.kept is None:
            moved = spectral_map(Z, Exponential())
        else:
            logs, vectors = centred.kept
            moved = spectral_value(Z, k.detach().unsqueeze(-1) * logs, vectors, Exponential())
        return _congruence(spectral_map(W, SquareRoot()), moved), 0
