"""The peer's side: spd_learn's batch normalisation with mean and dispersion, affine-invariant.

Definition: SPDBatchNormMeanVar in training, forward and backward to the input, the bias and the weight.
Convention: as released, float64, one thread; another geometry than ours, so only its time is comparable.
"""

import torch
from spd_learn.modules import SPDBatchNormMeanVar

torch.set_num_threads(1)


def run(data):
    """Return the output and the gradient of the input."""
    layer = SPDBatchNormMeanVar(len(data["bias"])).to(torch.float64).train()
    weights = torch.from_numpy(data["weights"])
    for _ in range(data["repeat"]):
        X = torch.from_numpy(data["matrices"]).clone().requires_grad_()
        out = layer(X)
        (out * weights).sum().backward()
    return out.detach().numpy(), X.grad.numpy()
