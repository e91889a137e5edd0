"""Every kind by every route at degree two: copies, files, tapes, graphs, half precision, threads, batches, degrees that differ."""

import copy
import io
import pickle

import pytest
import torch

from erlangen.errors import DtypeError
from erlangen.nn import TensorProduct
from erlangen.representations import Irreps, spherical_harmonics
from erlangen.representations.products import ProductSpec
from erlangen.representations.products.product_methods import PRODUCT_METHODS

EVERY = [(kind, m) for kind, methods in PRODUCT_METHODS.items() for m in methods if m != "auto"]
SLOW_BUT = {("clebsch-gordan", "sparse"), ("gaunt", "grid")}  # which graphs the quick tests make
GRAPHS = [pair if pair in SLOW_BUT else pytest.param(*pair, marks=pytest.mark.slow) for pair in EVERY]
every_route = pytest.mark.parametrize(("kind", "method"), EVERY)


def made(kind, method, in1="2x0e+2x1o+2x2e", in2="0e+1o+2e", out=None, **options):
    if kind == "clebsch-gordan":
        out, options = out or "2x0e+2x1o+2x2e", {"mode": "uvu", **options}
    return TensorProduct(in1, in2, out, kind=kind, method=method, rng=0, **options)


def drawn(layer, *lead, dtype=torch.float32):
    generator = torch.Generator().manual_seed(0)
    x, v = (torch.randn(*lead, n, dtype=torch.float64, generator=generator) for n in (layer.irreps_in1.dim, 3))
    Y = spherical_harmonics([ir.l for _, ir in layer.irreps_in2], v, normalize=True)
    return x.to(dtype), Y.to(dtype)


@every_route
def test_copies_and_files_compute_the_same(kind, method):
    layer = made(kind, method)
    given = drawn(layer, 3)
    file, other = io.BytesIO(), made(kind, method)
    torch.save(layer.state_dict(), file)
    file.seek(0)
    with torch.no_grad():
        for parameter in other.parameters():
            parameter.zero_()
    other.load_state_dict(torch.load(file, weights_only=True))
    for twin in (copy.deepcopy(layer), pickle.loads(pickle.dumps(layer)), other):
        assert torch.equal(twin(*given), layer(*given))


@every_route
def test_half_precision_and_autocast(kind, method):
    layer = made(kind, method)
    given = drawn(layer, 3)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        inside = layer(*given)
    torch.testing.assert_close(inside.float(), layer(*given), rtol=0.02, atol=0.02)
    for dtype in (torch.float16, torch.bfloat16):
        halves = [a.to(dtype) for a in given]
        if method == "fourier":
            with pytest.raises(DtypeError, match="float32"):
                layer(*halves)
        elif method != "so2":  # whose second argument, rounded to half, is made of harmonics no more
            z = layer(*halves)
            assert z.dtype == dtype
            torch.testing.assert_close(z, layer(*(a.float() for a in halves)).to(dtype))


@pytest.mark.parametrize(("kind", "method"), GRAPHS)
def test_one_graph_is_compiled_and_exported(kind, method):
    layer = made(kind, method, dtype=torch.float64)
    given = drawn(layer, 3, dtype=torch.float64)
    expected = layer(*given)
    try:
        compiled = torch.compile(layer, fullgraph=True, backend="aot_eager")
        torch.testing.assert_close(compiled(*given), expected, rtol=1e-12, atol=1e-12)
    finally:
        torch.compiler.reset()
    exported = torch.export.export(layer, given).module()
    torch.testing.assert_close(exported(*given), expected, rtol=1e-12, atol=1e-12)


@every_route
def test_leading_axes_strides_and_empty_batches(kind, method):
    layer = made(kind, method, dtype=torch.float64)
    x, y = drawn(layer, 2, 3, 4, dtype=torch.float64)
    whole = layer(x, y)
    for row in ((), (1,), (1, 2), (1, 2, 3)):
        torch.testing.assert_close(layer(x[row], y[row]), whole[row], rtol=1e-12, atol=1e-13)
    strided = layer(x[:, ::2].transpose(0, 2), y[:, ::2].transpose(0, 2))
    torch.testing.assert_close(strided, whole[:, ::2].transpose(0, 2), rtol=1e-12, atol=1e-13)
    assert layer(x[:0], y[:0]).shape == (0, 3, 4, layer.irreps_out.dim)
    torch.testing.assert_close(layer(x[:1, :1, :1], y[:1, :1, :1]), whole[:1, :1, :1], rtol=1e-12, atol=1e-13)


@every_route
def test_one_thread_and_two_agree(kind, method):
    layer = made(kind, method)
    given, before, found = drawn(layer, 700), torch.get_num_threads(), []
    try:
        for threads in (1, 2):
            torch.set_num_threads(threads)
            found.append(layer(*given))
    finally:
        torch.set_num_threads(before)
    torch.testing.assert_close(*found, rtol=1e-5, atol=1e-5)


@pytest.mark.slow
@every_route
def test_a_hundred_thousand_rows(kind, method):
    layer = made(kind, method, "0e+1o+2e", out="0e+1o+2e" if kind == "clebsch-gordan" else None)
    x, y = drawn(layer, 100_000)
    with torch.no_grad():
        whole = layer(x, y)
        for rows in (slice(0, 3), slice(99_997, 100_000)):
            torch.testing.assert_close(whole[rows], layer(x[rows], y[rows]), rtol=1e-4, atol=1e-5)


DEGREES = {  # types of the three: single degrees that lie apart, degree zero alone, a degree missing, fewer degrees out than in
    "apart": ("1x0e+1x1o+1x2e+1x3o", "0e+1o", "1x0e+1x1o+1x1e"),
    "scalars": ("2x0e", "0e+1o", "2x0e+2x1o"),
    "missing": ("1x0e+1x2e", "1o+3o", "1x1o+1x3o"),
}


@pytest.mark.parametrize("name", DEGREES)
@every_route
def test_degrees_that_differ(kind, method, name):
    in1, in2, out = DEGREES[name]
    spec = ProductSpec(in1, in2, out, kind=kind)
    reached = Irreps([spec.irreps_out[k] for k in sorted({path[2] for path in spec.paths})])
    if not reached:
        pytest.skip(f"{kind} reaches none of {out}")
    layer, plain = (made(kind, m, in1, in2, reached, dtype=torch.float64) for m in (method, "sparse"))
    given = drawn(layer, 3, dtype=torch.float64)
    torch.testing.assert_close(layer(*given), plain(*given), rtol=1e-12, atol=1e-12)
