"""The peer's side: mace-torch's SymmetricContraction with its redundant paths, which is the default of its command.

Definition: the same weights; the module is built once, before the rounds that count.
Convention: as released, one thread, float32; features are (nodes, channels, components).
"""

import functools
import warnings

warnings.filterwarnings("ignore")
import mace  # noqa: E402, F401  (first, so that it lets e3nn read its constants)
import torch  # noqa: E402
from e3nn import o3  # noqa: E402
from mace.modules.symmetric_contraction import SymmetricContraction  # noqa: E402

torch.set_num_threads(1)


@functools.cache
def _module(channels, lmax, dtype=torch.float32):
    torch.set_default_dtype(dtype)
    before, after = ("+".join(f"{channels}x{degree}{'eo'[degree % 2]}" for degree in range(n)) for n in (4, lmax + 1))
    return SymmetricContraction(o3.Irreps(before), o3.Irreps(after), 3, num_elements=3)


def _set(module, weights):
    """Put the weights in, output by output, degree by degree."""
    start = 0
    for part in module.contractions:
        for weight in (*reversed(list(part.weights)), part.weights_max):
            stop = start + weight.shape[1]
            weight.data.copy_(weights[:, start:stop])
            start = stop


def run(data, dtype=torch.float32):
    """Return the contraction, and where wanted the gradient in the features, as often as asked."""
    nodes, _, channels = data["x"].shape
    module = _module(channels, data["lmax"], dtype)
    _set(module, torch.from_numpy(data["weights"]))
    x = torch.from_numpy(data["x"]).to(dtype).mT.contiguous().requires_grad_(data["gradient"])
    y = torch.nn.functional.one_hot(torch.from_numpy(data["elements"]), 3).to(dtype)
    sizes = [channels * (2 * degree + 1) for degree in range(data["lmax"] + 1)]
    g = torch.from_numpy(data["g"]).to(dtype).split([2 * degree + 1 for degree in range(data["lmax"] + 1)], 1)
    g = torch.cat([part.mT.flatten(1) for part in g], 1)
    for _ in range(data["repeat"]):
        if data["gradient"]:
            out = module(x, y)
            to_x, *_ = torch.autograd.grad(out, (x, *module.parameters()), g)
        else:
            with torch.no_grad():
                out = module(x, y)
    parts = [part.reshape(nodes, channels, -1).mT for part in out.detach().split(sizes, 1)]
    return [torch.cat(parts, 1).numpy(), *([to_x.mT.numpy()] if data["gradient"] else [])]
