r"""Activations of scalars: their parity and the scale that keeps the second moment of a normal variable.

Definition: :math:`\phi \mapsto c\,\phi` with :math:`c^{-2} = E[\phi(z)^2]`, z standard normal.
Convention: the moment is integrated (Gauss-Legendre panels on [-12, 12]); ``"sampled"`` is e3nn's own estimate from a million draws, seed 0.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor, nn

from erlangen.errors import DomainError
from erlangen.representations import Irrep
from erlangen.validation import check_choice

__all__ = ["Activation", "ScaledActivation", "activation_parity", "activation_scale"]

Activation = Callable[[Tensor], Tensor]


def activation_scale(function: Activation, moment: str = "exact") -> float:
    r"""Return :math:`E[\phi(z)^2]^{-1/2}` for z standard normal.

    Parameters
    ----------
    function : callable
        An elementwise function of tensors.
    moment : {"exact", "sampled"}
        Integrated, or e3nn's estimate (``normalize2mom``), which differs in the third or fourth digit.

    Raises
    ------
    DomainError
        If the moment is zero or not finite.

    Examples
    --------
    >>> round(activation_scale(torch.tanh), 6), activation_scale(torch.abs)
    (1.592537, 1.0)
    """
    with torch.no_grad():
        if check_choice(moment, "moment", ("exact", "sampled")) == "sampled":
            z = torch.randn(1_000_000, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
            second = float(function(z).square().mean())
        else:
            nodes, weights = np.polynomial.legendre.leggauss(32)
            centres = np.arange(-12.0, 12.0, 0.5) + 0.25
            z = torch.from_numpy((centres[:, None] + 0.25 * nodes).ravel())
            density = torch.from_numpy(np.tile(0.25 * weights, len(centres))) * torch.exp(-z * z / 2)
            second = float((function(z).square() * density).sum()) / (2 * np.pi) ** 0.5
    if not (np.isfinite(second) and second > 0):
        message = f"the activation has second moment {second:g} under the normal law"
        raise DomainError(message, hint="choose a function that is finite and not zero")
    scale = second**-0.5
    return 1.0 if abs(scale - 1) < (1e-4 if moment == "sampled" else 1e-12) else scale


def activation_parity(function: Activation) -> int:
    """Return 1 for an even function, -1 for an odd one, 0 for neither.

    Examples
    --------
    >>> activation_parity(torch.tanh), activation_parity(torch.abs), activation_parity(torch.sigmoid)
    (-1, 1, 0)
    """
    z = torch.linspace(0, 10, 256, dtype=torch.float64)
    with torch.no_grad():
        right, left = function(z), function(-z)
    for parity in (1, -1):
        if float((right - parity * left).abs().max()) < 1e-5:
            return parity
    return 0


class ScaledActivation(nn.Module):
    """An activation of one term of scalars, scaled to unit second moment.

    Examples
    --------
    >>> ScaledActivation(torch.tanh, Irrep("0o")).irrep_out
    0o
    """

    def __init__(self, function: Activation | None, irrep: Irrep, moment: str = "exact") -> None:
        super().__init__()
        self.function = function
        self.scale = 1.0 if function is None else activation_scale(function, moment)
        self.irrep_out = irrep
        if function is not None and irrep.p == -1:
            parity = activation_parity(function)
            if parity == 0:
                message = "an odd scalar (0o) went into an activation that is neither even nor odd"
                raise DomainError(message, hint="use tanh (odd) or abs (even), or make the scalar 0e")
            self.irrep_out = Irrep(0, parity)

    def forward(self, x: Tensor) -> Tensor:
        """Return the scaled values."""
        if self.function is None:
            return x
        y = self.function(x)
        return y if self.scale == 1.0 else y * self.scale

    def extra_repr(self) -> str:
        """Return the function's name and its scale."""
        name = getattr(self.function, "__name__", type(self.function).__name__)
        return f"{name}, scale={self.scale:.6g}"
