"""The peer's side: cuEquivariance's full tensor product, by its method for processors without CUDA.

Definition: the polynomial of ``descriptors.full_tensor_product``, ``method="naive"``; forward, or forward and backward to both factors.
Convention: float32, one thread; the layer is made once.
"""

import cuequivariance as cue
import cuequivariance_torch as cuet
import torch

torch.set_num_threads(1)
LAYERS = {}


def _layer(lmax):
    if lmax not in LAYERS:
        irreps = cue.Irreps("O3", "+".join(f"{degree}{'eo'[degree % 2]}" for degree in range(lmax + 1)))
        product = cue.descriptors.full_tensor_product(irreps, irreps)
        LAYERS[lmax] = cuet.SegmentedPolynomial(product.polynomial, method="naive")
    return LAYERS[lmax]


def run(data):
    """Return the product, and the cotangents where they are asked for."""
    layer = _layer(data["lmax"])
    x, y, cotangent = (torch.from_numpy(data[name]) for name in ("x", "y", "cotangent"))
    if not data["gradient"]:
        for _ in range(data["repeat"] - 1):
            layer([x, y])
        return (layer([x, y])[0].numpy(),)
    for _ in range(data["repeat"]):
        x, y = x.detach().requires_grad_(), y.detach().requires_grad_()
        (z,) = layer([x, y])
        z.backward(cotangent)
    return z.detach().numpy(), x.grad.numpy(), y.grad.numpy()
