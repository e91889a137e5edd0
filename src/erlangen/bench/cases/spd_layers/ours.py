"""Our side: SPDBatchNorm under the generalised Bures–Wasserstein metric, in training.

Definition: forward and backward to the input, the bias, the scale and the parameter M; dispersion about I, as the released layer has it.
Convention: one thread, float64.
"""

import torch

from erlangen.nn import SPDBatchNorm

torch.set_num_threads(1)


def _layer(bias):
    layer = SPDBatchNorm(len(bias), variance="released", learn_metric=True)
    with torch.no_grad():
        layer.bias.copy_(torch.from_numpy(bias))
    return layer


def run(data):
    """Return the output and the gradient of the input."""
    layer, weights = _layer(data["bias"]), torch.from_numpy(data["weights"])
    for _ in range(data["repeat"]):
        X = torch.from_numpy(data["matrices"]).clone().requires_grad_()
        out = layer(X)
        (out * weights).sum().backward()
    return out.detach().numpy(), X.grad.numpy()
