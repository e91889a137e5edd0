"""The peer's side: sphericart's torch calculator.

Definition: SphericalHarmonics(lmax) of (z, x, y), which is our basis; gradients by compute_with_gradients or by autograd.
Convention: one thread; the calculator is made once, outside the repetitions.
"""

import sphericart.torch
import torch


def run(data):
    """Return values, or the pullback, done as often as asked."""
    torch.set_num_threads(1)
    calculator = sphericart.torch.SphericalHarmonics(data["lmax"])
    v, g = torch.from_numpy(data["vectors"])[:, [2, 0, 1]].contiguous(), torch.from_numpy(data["cotangents"])
    tracked = v.clone().requires_grad_()
    operations = {
        "values": lambda: calculator(v),
        "gradients": lambda: calculator.compute_with_gradients(v)[0],
        "pullback": lambda: torch.autograd.grad(calculator(tracked), tracked, g)[0],
    }
    for _ in range(data["repeat"]):
        result = operations[data["operation"]]()
    return (result[:, [1, 2, 0]] if data["operation"] == "pullback" else result).numpy()
