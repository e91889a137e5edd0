"""Our side: the symmetric contraction on all chains of couplings, so that both sides have the same weights.

Definition: public names; features are (nodes, components, channels); with gradients, of features and weights, along a given one of the output.
Convention: one thread, float32.
"""

import torch

from erlangen.representations.products import SymmetricBasis, symmetric_contraction

torch.set_num_threads(1)
OUT = ("0e", "0e+1o", "0e+1o+2e")


def run(data):
    """Return the contraction, and where wanted the gradient in the features, as often as asked."""
    maps = SymmetricBasis("0e+1o+2e+3o", OUT[data["lmax"]], 3, reduced=False)
    x, weights, g, elements = (torch.from_numpy(data[name]) for name in ("x", "weights", "g", "elements"))
    for leaf in (x, weights):
        leaf.requires_grad_(data["gradient"])
    gradients = ()
    for _ in range(data["repeat"]):
        out = symmetric_contraction(x, weights, elements, maps, threads=1)
        if data["gradient"]:
            gradients = torch.autograd.grad(out, (x, weights), g)
    return [part.detach().numpy() for part in (out, *gradients[:1])]
