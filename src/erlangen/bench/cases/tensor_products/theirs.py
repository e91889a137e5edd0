"""The peer's side: e3nn's FullTensorProduct, compiled by TorchScript as released.

Definition: forward, or forward and backward to both factors.
Convention: float32, one thread; the layer is made once.
"""

import torch
from e3nn.o3 import FullTensorProduct

torch.set_num_threads(1)
LAYERS = {}


def _layer(lmax):
    if lmax not in LAYERS:
        irreps = "+".join(f"{degree}{'eo'[degree % 2]}" for degree in range(lmax + 1))
        LAYERS[lmax] = FullTensorProduct(irreps, irreps)
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
