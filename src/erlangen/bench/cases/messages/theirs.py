"""The peer's side: the convolution of mace-torch, e3nn's TensorProduct of uvu paths on gathered features, summed by scatter_sum.

Definition: the instructions of MACE's interaction; the module is built once, before the rounds that count.
Convention: as released, one thread, float32; features are (nodes, irreps.dim), channel-major inside an irrep.
"""

import functools
import warnings

warnings.filterwarnings("ignore")
import mace  # noqa: E402, F401  (first, so that it lets e3nn read its constants)
import torch  # noqa: E402
from e3nn import o3  # noqa: E402
from mace.modules.irreps_tools import tp_out_irreps_with_instructions  # noqa: E402
from mace.tools.scatter import scatter_sum  # noqa: E402

torch.set_num_threads(1)


@functools.cache
def _product(channels, dtype):
    torch.set_default_dtype(dtype)
    h, Y = o3.Irreps(f"{channels}x0e+{channels}x1o"), o3.Irreps("0e+1o+2e+3o")
    target = o3.Irreps(f"{channels}x0e+{channels}x1o+{channels}x2e+{channels}x3o")
    out, instructions = tp_out_irreps_with_instructions(h, Y, target)
    return o3.TensorProduct(h, Y, out, instructions, shared_weights=False, internal_weights=False), out


def _flat(a, dims):
    """Return (n, components, channels) as (n, irreps.dim)."""
    return torch.cat([part.mT.flatten(1) for part in a.split(dims, 1)], 1)


def run(data, dtype=torch.float32):
    """Return the messages, and with second derivatives those in h and R, as often as asked."""
    nodes, _, channels = data["h"].shape
    product, irreps = _product(channels, dtype)
    dims = [ir.dim for mul, ir in irreps for _ in range(mul // channels)]
    h = _flat(torch.from_numpy(data["h"]).to(dtype), [1, 3])
    Y, R = torch.from_numpy(data["Y"]).to(dtype), torch.from_numpy(data["R"]).to(dtype).flatten(1)
    g = _flat(torch.from_numpy(data["g"]).to(dtype), dims)
    senders, receivers = torch.from_numpy(data["senders"]), torch.from_numpy(data["receivers"])
    for leaf in (h, Y, R):
        leaf.requires_grad_(data["order"] > 0)
    last = ()
    for _ in range(data["repeat"]):
        out = scatter_sum(product(h[senders], Y, R), receivers, dim=0, dim_size=nodes)
        if data["order"]:
            _, to_Y, _ = torch.autograd.grad(out, (h, Y, R), g, create_graph=data["order"] > 1)
        if data["order"] > 1:
            last = torch.autograd.grad((to_Y**2).sum(), (h, R))
    parts = [
        p.reshape(nodes, channels, d).mT
        for p, d in zip(out.detach().split([channels * d for d in dims], 1), dims, strict=True)
    ]
    results = [torch.cat(parts, 1).numpy()]
    if last:
        to_h = [p.reshape(nodes, channels, -1).mT for p in last[0].split([channels, 3 * channels], 1)]
        results += [torch.cat(to_h, 1).numpy(), last[1].reshape(-1, 10, channels).numpy()]
    return results
