r"""The peer's side: e3nn's TensorProduct on the paths of even sum, with the squares of Gaunt's factors as path weights.

Definition: :math:`\kappa^2 = \frac{(2l_1+1)(2l_2+1)(2l_3+1)}{4\pi}\,\frac12\int_{-1}^1 P_{l_1}P_{l_2}P_{l_3}`; forward, or forward and backward.
Convention: float32, one thread; the layer is made once, compiled by TorchScript as released, without normalisation or weights.
"""

import numpy as np
import torch
from e3nn.o3 import Irreps, TensorProduct

torch.set_num_threads(1)
LAYERS = {}


def _squares(lmax):
    """Return the function of three degrees."""
    nodes, weights = np.polynomial.legendre.leggauss(2 * lmax + 1)
    P = [np.polynomial.legendre.Legendre.basis(degree)(nodes) for degree in range(2 * lmax + 1)]
    return lambda a, b, c: (2 * a + 1) * (2 * b + 1) * (2 * c + 1) / (8 * np.pi) * float(weights @ (P[a] * P[b] * P[c]))


def _layer(lmax):
    if lmax not in LAYERS:
        irreps, out = Irreps.spherical_harmonics(lmax), Irreps.spherical_harmonics(2 * lmax)
        square, degrees = _squares(lmax), range(lmax + 1)
        paths = [
            (a, b, c, "uuu", False, square(a, b, c))
            for a in degrees
            for b in degrees
            for c in range(abs(a - b), a + b + 1, 2)
        ]
        LAYERS[lmax] = TensorProduct(
            irreps, irreps, out, paths, irrep_normalization="none", path_normalization="none", internal_weights=False
        )
    return LAYERS[lmax]


def run(data):
    """Return the product, and the cotangents where they are asked for."""
    layer = _layer(data["lmax"])
    x, y, cotangent = (torch.from_numpy(data[name]) for name in ("x", "y", "cotangent"))
    if not data["gradient"]:
        for _ in range(data["repeat"] - 1):
            layer(x, y)
        return (layer(x, y).numpy(),)
    for _ in range(data["repeat"]):
        x, y = x.detach().requires_grad_(), y.detach().requires_grad_()
        z = layer(x, y)
        z.backward(cotangent)
    return z.detach().numpy(), x.grad.numpy(), y.grad.numpy()
