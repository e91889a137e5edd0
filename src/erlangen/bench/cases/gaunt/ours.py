"""Our side: gaunt_product by the route that it chooses.

Definition: forward, or forward and backward to both factors.
Convention: float32, one thread; components last.
"""

import torch

from erlangen.representations.products import gaunt_product

torch.set_num_threads(1)


def run(data):
    """Return the product, and the cotangents where they are asked for."""
    x, y, cotangent = (torch.from_numpy(data[name]) for name in ("x", "y", "cotangent"))
    if not data["gradient"]:
        for _ in range(data["repeat"] - 1):
            gaunt_product(x, y)
        return (gaunt_product(x, y).numpy(),)
    for _ in range(data["repeat"]):
        x, y = x.detach().requires_grad_(), y.detach().requires_grad_()
        z = gaunt_product(x, y)
        z.backward(cotangent)
    return z.detach().numpy(), x.grad.numpy(), y.grad.numpy()
