"""Writes e3nn_0_6_0.json: what e3nn 0.6.0 makes of seeded inputs. Run in an environment that has it: python make_e3nn_0_6_0.py."""

import json
from pathlib import Path

import numpy as np

IN1, IN2 = "3x0e+2x1o+1x2e+2x1e", "2x0e+1x1o+2x2e"
EQUAL = "4x0e+4x1o"
COPIES = {"uvw": 3, "uvu": 4, "uvv": 4, "uuw": 3, "uuu": 4, "uvuv": 16, "uvu<v": 6, "u<vw": 3}


def descriptions():
    """Yield class, arguments and options of every case."""
    for irreps in ("component", "norm"):
        for paths in ("element", "path"):
            options = {"irrep_normalization": irreps, "path_normalization": paths}
            yield "FullyConnectedTensorProduct", [IN1, IN2, "4x0e+2x1o+1x2e+1x1e+1x3o"], options
        yield "FullTensorProduct", ["2x0e+1x1o+1x2e", "1x0o+1x1o"], {"irrep_normalization": irreps}
        yield "TensorSquare", ["3x0e+2x1o"], {"irrep_normalization": irreps}
        yield "TensorSquare", ["3x0e+2x1o", "2x0e+1x2e"], {"irrep_normalization": irreps}
    yield "FullTensorProduct", ["1x0e+1x1o+1x2e+1x3o", "1x0e+1x1o+1x2e+1x3o"], {}
    for mode, mul in COPIES.items():
        for weighted in (True, False):
            if mode in {"uvw", "u<vw"} and not weighted:
                continue
            m = 1 if mode == "uuw" and not weighted else mul
            out = f"{m}x0e+{m}x1o+{m}x1e"
            ends = [(0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 0), (1, 1, 2)]
            paths = [[*end, mode, weighted, 0.5 + end[0] + end[1]] for end in ends]
            yield "TensorProduct", [EQUAL, EQUAL, out, paths], {"in1_var": [1.0, 2.0], "out_var": [0.5, 1.0, 2.0]}


def arrays(sizes, seed):
    """Return one normal array of each size; the batch is two."""
    rng = np.random.default_rng(seed)
    return [rng.standard_normal(size) for size in sizes]


def main():
    """Write the file."""
    import torch
    from e3nn import __version__, o3

    torch.set_default_dtype(torch.float64)
    cases = []
    for seed, (name, arguments, options) in enumerate(descriptions()):
        given = [[tuple(p) for p in a] if isinstance(a, list) else a for a in arguments]
        layer = getattr(o3, name)(*given, **options)
        square = name == "TensorSquare"
        sizes = [(2, layer.irreps_in1.dim), *([] if square else [(2, layer.irreps_in2.dim)]), (layer.weight_numel,)]
        *features, weight = (torch.from_numpy(a) for a in arrays(sizes, seed))
        out = layer(*features, weight) if layer.weight_numel else layer(*features)
        cases.append(
            {
                "name": name,
                "arguments": arguments,
                "options": options,
                "irreps_out": str(layer.irreps_out),
                "coefficients": [p.path_weight for p in layer.instructions],
                "out": out.tolist(),
            }
        )
    text = json.dumps(
        {
            "source": f"e3nn {__version__}, float64; inputs by numpy.random.default_rng(index of the case)",
            "cases": cases,
        }
    )
    Path(__file__).with_name("e3nn_0_6_0.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
