"""Our side: erlangen's spherical harmonics.

Definition: harmonics of v / |v|, integral one, degrees 0 … lmax; gradients by the kernel or by autograd.
Convention: one thread, torch tensors.
"""

import torch

from erlangen.representations import spherical_harmonics, spherical_harmonics_gradient

OPTIONS = {"normalize": True, "normalization": "integral", "threads": 1}


def run(data):
    """Return values, or the pullback, done as often as asked."""
    degrees, v, g = range(data["lmax"] + 1), torch.from_numpy(data["vectors"]), torch.from_numpy(data["cotangents"])
    tracked = v.clone().requires_grad_()
    operations = {
        "values": lambda: spherical_harmonics(degrees, v, **OPTIONS),
        "gradients": lambda: spherical_harmonics_gradient(degrees, v, **OPTIONS)[0],
        "pullback": lambda: torch.autograd.grad(spherical_harmonics(degrees, tracked, **OPTIONS), tracked, g)[0],
    }
    for _ in range(data["repeat"]):
        result = operations[data["operation"]]()
    return result.numpy()
