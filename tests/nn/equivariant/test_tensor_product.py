"""Tensor products against e3nn's numbers, and the laws: equivariance, bilinearity, variance, derivatives, refusals."""

import json
from itertools import pairwise
from pathlib import Path as File

import numpy as np
import pytest
import torch

from erlangen.errors import DomainError, ShapeError
from erlangen.nn import (
    ChannelwiseTensorProduct,
    FullTensorProduct,
    FullyConnectedTensorProduct,
    TensorProduct,
    TensorSquare,
)
from erlangen.representations import Irreps
from erlangen.representations.products import Path, gaunt_product
from erlangen.testing import check_layer

REFERENCE = json.loads(File(__file__).with_name("e3nn_0_6_0.json").read_text(encoding="utf-8"))
CASES = list(enumerate(REFERENCE["cases"]))
LAYERS = {
    "TensorProduct": TensorProduct,
    "FullTensorProduct": FullTensorProduct,
    "FullyConnectedTensorProduct": FullyConnectedTensorProduct,
    "TensorSquare": TensorSquare,
}
MIXED = Irreps("3x0e+2x1o+1x2e+2x1e")


def turned(x, irreps, *, back=False):
    """Exchange the layouts mul_ir and ir_mul."""
    parts = []
    for place, (mul, ir) in zip(irreps.slices(), irreps, strict=True):
        shape = (ir.dim, mul) if back else (mul, ir.dim)
        parts.append(x[..., place].unflatten(-1, shape).mT.flatten(-2))
    return torch.cat(parts, dim=-1)


def built(case, **options):
    given = [[tuple(p) for p in a] if isinstance(a, list) else a for a in case["arguments"]]
    return LAYERS[case["name"]](*given, **case["options"], dtype=torch.float64, **options)


def inputs(case, layer, index):
    square = case["name"] == "TensorSquare"
    sizes = [(2, layer.irreps_in1.dim), *([] if square else [(2, layer.irreps_in2.dim)]), (layer.weight_numel,)]
    rng = np.random.default_rng(index)
    *features, weight = (torch.from_numpy(rng.standard_normal(size)) for size in sizes)
    return features, ([weight] if layer.weight_numel else [])


def rotation(seed=0, sign=1.0):
    rng = np.random.default_rng(seed)
    Q, R = np.linalg.qr(rng.standard_normal((3, 3)))
    Q = Q * np.sign(np.diag(R))
    return torch.from_numpy(Q * np.sign(np.linalg.det(Q)) * sign)


def acted(irreps, R):
    """Return the matrix of a rotation on a feature, from the 3j symbols alone: D(l) is built up from D(1)."""
    from erlangen.representations import wigner_3j

    signed = float(torch.linalg.det(R))
    blocks = [torch.ones(1, 1, dtype=torch.float64), R * signed]
    for l in range(2, 7):
        C = wigner_3j(1, l - 1, l, dtype=torch.float64)
        blocks.append((2 * l + 1) * torch.einsum("abc,ai,bj,ijk->ck", C, blocks[1], blocks[l - 1], C))
    return torch.block_diag(*(blocks[ir.l] * (ir.p if signed < 0 else 1) for mul, ir in irreps for _ in range(mul)))


@pytest.mark.parametrize(("index", "case"), CASES)
@pytest.mark.parametrize("backend", ["auto", "python"])
def test_numbers_equal_those_of_e3nn(index, case, backend):
    layer = built(case, backend=backend)
    features, weight = inputs(case, layer, index)
    assert str(layer.irreps_out) == case["irreps_out"]
    assert np.allclose(layer.coefficients, case["coefficients"], rtol=1e-14)
    expected = torch.tensor(case["out"], dtype=torch.float64)
    assert (layer(*features, *weight) - expected).abs().max() <= 1e-12 * max(1.0, expected.abs().max())


@pytest.mark.parametrize(("index", "case"), CASES)
def test_the_layout_with_channels_last_gives_the_same(index, case):
    layer = built(case, layout="ir_mul")
    features, weight = inputs(case, layer, index)
    given = [turned(x, irreps) for x, irreps in zip(features, (layer.irreps_in1, layer.irreps_in2), strict=False)]
    found = turned(layer(*given, *weight), layer.irreps_out, back=True)
    assert torch.allclose(found, torch.tensor(case["out"], dtype=torch.float64), atol=1e-12)


@pytest.mark.parametrize("sign", [1.0, -1.0])
@pytest.mark.parametrize(
    "layer",
    [
        FullTensorProduct("0e+1o+2e+3o", "0e+1e+2o", dtype=torch.float64),
        FullyConnectedTensorProduct(MIXED, "2x0e+1o+2x2e", "4x0e+2x1o+3x2e+1e+2x3o", rng=0, dtype=torch.float64),
        ChannelwiseTensorProduct("4x0e+4x1o+4x2e", "0e+1o+2e+3o", rng=0, dtype=torch.float64),
    ],
    ids=lambda layer: type(layer).__name__,
)
def test_products_commute_with_rotations_and_inversion(layer, sign):
    generator = torch.Generator().manual_seed(0)
    x, y = (
        torch.randn(5, i.dim, dtype=torch.float64, generator=generator) for i in (layer.irreps_in1, layer.irreps_in2)
    )
    R = rotation(3, sign)
    before = layer(x @ acted(layer.irreps_in1, R).T, y @ acted(layer.irreps_in2, R).T)
    after = layer(x, y) @ acted(layer.irreps_out, R).T
    assert (before - after).abs().max() <= 1e-12 * after.abs().max()


def test_products_are_linear_in_each_factor():
    layer = FullyConnectedTensorProduct(MIXED, MIXED, MIXED, rng=0, dtype=torch.float64)
    x, x2, y, y2 = torch.randn(4, 3, MIXED.dim, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    assert torch.allclose(layer(2 * x - x2, y), 2 * layer(x, y) - layer(x2, y), atol=1e-12)
    assert torch.allclose(layer(x, 2 * y - y2), 2 * layer(x, y) - layer(x, y2), atol=1e-12)


def test_the_matrix_of_a_fixed_factor_is_the_product_with_unit_vectors():
    layer = FullyConnectedTensorProduct(MIXED, "2x0e+1o", MIXED, rng=0, dtype=torch.float64)
    x, y = (
        torch.randn(5, i.dim, dtype=torch.float64, generator=torch.Generator().manual_seed(2))
        for i in (MIXED, layer.irreps_in2)
    )
    right = layer(torch.eye(MIXED.dim, dtype=torch.float64), y[:, None])  # what e3nn calls right
    assert right.shape == (5, MIXED.dim, MIXED.dim)
    torch.testing.assert_close((x[:, None] @ right)[:, 0], layer(x, y), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("path_normalization", ["element", "path"])
def test_normal_features_give_unit_variance(path_normalization):
    irreps = Irreps("16x0e+16x1o+8x2e")
    layer = FullyConnectedTensorProduct(
        irreps, irreps, irreps, path_normalization=path_normalization, shared_weights=False, dtype=torch.float64
    )
    generator = torch.Generator().manual_seed(0)
    x, y = torch.randn(2, 400, irreps.dim, dtype=torch.float64, generator=generator)
    w = torch.randn(400, layer.weight_numel, dtype=torch.float64, generator=generator)
    z = layer(x, y, w)
    for place in irreps.slices():
        assert abs(float(z[:, place].square().mean()) - 1) < 0.1


def test_norms_multiply_under_the_normalisation_by_norms():
    layer = FullTensorProduct("1o", "2e", irrep_normalization="norm", dtype=torch.float64)
    x, y = torch.randn(2, 20_000, 5, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    x = x[:, :3]
    z = layer(x / x.norm(dim=1, keepdim=True), y / y.norm(dim=1, keepdim=True))
    for place in layer.irreps_out.slices():
        assert abs(float(z[:, place].square().sum(1).mean()) - 1) < 0.03


def test_the_square_is_the_whole_product_of_a_feature_with_itself():
    x = torch.randn(6, 8, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    square = TensorSquare("1o+2e", irrep_normalization="none", dtype=torch.float64)(x)
    whole = FullTensorProduct("1o+2e", "1o+2e", irrep_normalization="none", dtype=torch.float64)(x, x)
    mixed = FullTensorProduct("1o", "2e", irrep_normalization="none", dtype=torch.float64)(x[:, :3], x[:, 3:])
    once = whole.square().sum(1) - mixed.square().sum(1)  # the mixed products stand twice in the whole
    assert torch.allclose(square.square().sum(1), once, atol=1e-12)


def test_the_square_of_normal_features_has_unit_variance():
    layer = TensorSquare("4x0e+3x1o+2x2e", dtype=torch.float64)
    x = torch.randn(20_000, layer.irreps_in1.dim, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    z = layer(x)
    for place, (_, ir) in zip(layer.irreps_out.slices(), layer.irreps_out, strict=True):
        assert abs(float(z[:, place].square().mean()) - 1) < 0.06, ir


LAWFUL = {
    "full": (FullTensorProduct("0e+1o+2e", "0e+1o"), ((4, 9), (4, 4))),
    "connected": (FullyConnectedTensorProduct("2x0e+2x1o", "1x0e+1x1o", "2x0e+1x1o+1x1e", rng=0), ((4, 8), (4, 4))),
    "channelwise": (ChannelwiseTensorProduct("3x0e+3x1o", "0e+1o+2e", rng=0, layout="ir_mul"), ((4, 12), (4, 9))),
    "gaunt": (TensorProduct("2x0e+2x1o", "0e+1o", kind="gaunt", rank=2, rng=0), ((4, 8), (4, 4))),
    "square": (TensorSquare("2x0e+2x1o", "1x0e+1x2e", rng=0), ((4, 8),)),
}


@pytest.mark.parametrize("name", LAWFUL)
def test_laws_of_layers(name):
    layer, shapes = LAWFUL[name]
    generator = torch.Generator().manual_seed(0)
    given = [torch.randn(*shape, generator=generator) for shape in shapes]
    check_layer(layer, *given, compiled=True).raise_if_failed()


@pytest.mark.parametrize("mode", ["uvw", "uvu", "uvv", "uuw", "uuu", "uvuv", "uvu<v", "u<vw"])
def test_derivatives_of_every_mode(mode):
    out = {"uvuv": 4, "uvu<v": 1}.get(mode, 2)
    layer = TensorProduct(
        "2x1o", "2x1o", f"{out}x0e+{out}x1e", [(0, 0, 0, mode), (0, 0, 1, mode)], internal_weights=False
    )
    generator = torch.Generator().manual_seed(0)
    sizes = ((2, 6), (2, 6), (layer.weight_numel,))
    given = [torch.randn(*s, dtype=torch.float64, generator=generator, requires_grad=True) for s in sizes]
    assert torch.autograd.gradcheck(layer, given)
    assert torch.autograd.gradgradcheck(layer, given)


def test_weights_by_row_have_derivatives():
    layer = ChannelwiseTensorProduct("2x0e+2x1o", "0e+1o", shared_weights=False)
    generator = torch.Generator().manual_seed(0)
    sizes = ((2, 8), (2, 4), (2, layer.weight_numel))
    given = [torch.randn(*s, dtype=torch.float64, generator=generator, requires_grad=True) for s in sizes]
    assert torch.autograd.gradcheck(layer, given)
    assert torch.autograd.gradgradcheck(layer, given)


ALL = "1x0e+1x1o+1x2e"


@pytest.mark.parametrize("method", ["sparse", "dense"])
def test_the_kind_gaunt_is_the_product_of_functions_on_the_sphere_degree_by_degree(method):
    layer = TensorProduct(ALL, ALL, kind="gaunt", method=method, rng=0, dtype=torch.float64)
    x, y = torch.randn(2, 6, 9, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        layer.factors.fill_(1.0)
    exact, found = gaunt_product(x, y), layer(x, y)
    assert str(layer.irreps_out) == "1x0e+1x1o+1x2e+1x3o+1x4e"
    for place in layer.irreps_out.slices():
        ratio = found[:, place] / exact[:, place]
        assert torch.allclose(ratio, ratio[:1, :1].expand_as(ratio), rtol=1e-10)
        assert ratio.min() > 0


@pytest.mark.parametrize(("kind", "paths"), [("gaunt", 14), ("bracket", 5), ("complete-gaunt", 19), ("matrix", 19)])
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_every_kind_commutes_with_rotations_and_has_the_paths_of_its_kind(kind, paths, sign):
    layer = TensorProduct("3x0e+3x1o+3x2e", ALL, kind=kind, rank=2, rng=0, dtype=torch.float64)
    assert len(layer.paths) == len(layer.interactable()) == paths
    assert layer.flops() > 0
    generator = torch.Generator().manual_seed(0)
    x, y = (
        torch.randn(5, i.dim, dtype=torch.float64, generator=generator) for i in (layer.irreps_in1, layer.irreps_in2)
    )
    R = rotation(4, sign)
    before = layer(x @ acted(layer.irreps_in1, R).T, y @ acted(layer.irreps_in2, R).T)
    after = layer(x, y) @ acted(layer.irreps_out, R).T
    assert (before - after).abs().max() <= 1e-12 * after.abs().max()


@pytest.mark.parametrize("kind", ["gaunt", "bracket", "complete-gaunt", "matrix"])
def test_every_kind_is_one_graph(kind):
    layer = TensorProduct("3x0e+3x1o+3x2e", ALL, kind=kind, rank=2, rng=0, dtype=torch.float64)
    generator = torch.Generator().manual_seed(0)
    x, y = (
        torch.randn(5, i.dim, dtype=torch.float64, generator=generator) for i in (layer.irreps_in1, layer.irreps_in2)
    )
    found = torch.compile(layer, fullgraph=True, backend="aot_eager")(x, y)
    torch.testing.assert_close(found, layer(x, y), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("kind", ["gaunt", "complete-gaunt", "matrix"])
def test_every_kind_gives_unit_variance(kind):
    irreps = "64x0e+64x1o+64x2e"
    total = 0.0
    for seed in range(20):
        layer = TensorProduct(irreps, irreps, kind=kind, rank=2, rng=seed)
        x, y = torch.randn(2, 20, layer.irreps_in1.dim, generator=torch.Generator().manual_seed(seed))
        total += float(layer(x, y).detach().square().mean()) / 20
    assert abs(total - 1) < 0.15


def test_the_published_expressivity_of_a_channel():
    layer = TensorProduct(ALL, ALL, kind="gaunt", rng=0)
    assert layer.expressivity() == 9  # 4 L + 1 (Xie et al., ICML 2025)
    assert FullTensorProduct(ALL, ALL).explain() is not None


def test_kinds_refuse_what_they_have_not():
    with pytest.raises(DomainError, match="kind='gaunt' has no path to 1e"):
        TensorProduct(ALL, ALL, "1x0e+1x1e", kind="gaunt")
    with pytest.raises(ShapeError, match="channel by channel"):
        TensorProduct("2x0e+3x1o", ALL, kind="gaunt")
    with pytest.raises(DomainError, match="has its own paths"):
        TensorProduct(ALL, ALL, kind="gaunt", shared_weights=False)


def test_weight_views_are_views_in_the_order_of_the_paths():
    layer = FullyConnectedTensorProduct("2x0e+3x1o", "2x0e", "4x0e+5x1o", rng=0)
    views = list(layer.weight_views())
    assert [tuple(view.shape) for _, _, view in views] == [(2, 2, 4), (3, 2, 5)]
    assert all(isinstance(path, Path) for _, path, _ in views)
    with torch.no_grad():
        views[1][2].zero_()
    assert torch.count_nonzero(layer.weight[-30:]) == 0
    assert torch.equal(torch.cat([view.flatten() for _, _, view in views]), layer.weight)


def test_weights_may_be_given_by_path():
    layer = FullyConnectedTensorProduct("2x0e+3x1o", "2x0e", "4x0e+5x1o", rng=0)
    x, y = torch.randn(4, 11), torch.randn(4, 2)
    assert torch.equal(layer(x, y, [view for _, _, view in layer.weight_views()]), layer(x, y))


@pytest.mark.parametrize(
    ("irreps1", "irreps2", "shape1", "shape2", "lead"),
    [
        ("0e+1o", "0e+1o", (0, 4), (0, 4), (0,)),
        ("0e+1o", "0e+1o", (4,), (4,), ()),
        ("0e+1o", "0e+1o", (5, 1, 4), (3, 4), (5, 3)),
        ("", "0e+1o", (3, 0), (3, 4), (3,)),
        ("2x1o+0x2e", "1o", (3, 6), (3, 3), (3,)),
    ],
)
def test_batches_of_any_shape_and_empty_features(irreps1, irreps2, shape1, shape2, lead):
    for layer in (FullTensorProduct(irreps1, irreps2), ChannelwiseTensorProduct(irreps1, irreps2, rng=0)):
        z = layer(torch.randn(shape1), torch.randn(shape2))
        assert z.shape == (*lead, layer.irreps_out.dim)


def test_features_that_are_not_contiguous():
    layer = FullyConnectedTensorProduct("4x0e+2x1o", "2x0e+1o", "2x0e+1o", rng=0)
    x, y = torch.randn(10, 7).T[:, :10], torch.randn(14, 5)[::2]
    assert torch.equal(layer(x, y), layer(x.contiguous(), y.contiguous()))


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_half_precision_is_computed_in_single(dtype):
    layer = FullyConnectedTensorProduct("4x0e+2x1o", "2x0e+1o", "2x0e+1o", rng=0)
    x, y = torch.randn(10, 10).to(dtype), torch.randn(10, 5).to(dtype)
    assert torch.equal(layer(x, y), layer(x.float(), y.float()).to(dtype))


def test_a_path_that_breaks_parity_is_named():
    with pytest.raises(DomainError, match=r"path 1, 1o x 1o -> 1o, breaks parity"):
        TensorProduct("1o", "1o", "0e+1o", [(0, 0, 0, "uuu", False), (0, 0, 1, "uuu", False)])


def test_a_path_that_breaks_the_triangle_rule_is_named():
    with pytest.raises(DomainError, match=r"path 0, 1o x 1o -> 3e, breaks the triangle rule: 3 is not between 0 and 2"):
        TensorProduct("1o", "1o", "3e", [(0, 0, 0, "uuu", False)])


def test_an_output_that_is_not_reached_is_refused_with_those_that_are():
    with pytest.raises(DomainError, match=r"no path leads to 2x1o.*reaches 1x0e\+1x1e\+1x2e"):
        FullyConnectedTensorProduct("4x1o", "1o", "4x0e+2x1o")


@pytest.mark.parametrize(
    ("mode", "law"),
    [
        ("uvu", "mul1 = mul_out"),
        ("uvv", "mul2 = mul_out"),
        ("uuu", "mul1 = mul2 = mul_out"),
        ("uvuv", "mul1 mul2 = mul_out"),
    ],
)
def test_multiplicities_that_do_not_fit_are_refused(mode, law):
    with pytest.raises(ShapeError, match=f"mode '{mode}' needs {law}, got 3 x 2 -> 5"):
        TensorProduct("3x1o", "2x1o", "5x0e", [(0, 0, 0, mode, True)])


def test_kinds_are_not_mixed():
    layer = FullTensorProduct("1o", "1o")
    with pytest.raises(TypeError, match=r"x is torch.float32 .* y is torch.float64"):
        layer(torch.randn(2, 3), torch.randn(2, 3, dtype=torch.float64))
    with pytest.raises(TypeError, match=r"x is torch.float32 on cpu, y is torch.float32 on meta"):
        layer(torch.randn(2, 3), torch.randn(2, 3, device="meta"))
    with pytest.raises(TypeError, match=r"x must be a floating tensor, got torch.int64"):
        layer(torch.ones(2, 3, dtype=torch.int64), torch.randn(2, 3))
    connected = FullyConnectedTensorProduct("1o", "1o", "0e", rng=0, dtype=torch.float32)
    with pytest.raises(TypeError, match=r"the weights are torch.float32, the features torch.float64"):
        connected(torch.randn(2, 3, dtype=torch.float64), torch.randn(2, 3, dtype=torch.float64))


def test_features_and_weights_of_the_wrong_shape_are_refused():
    layer = FullyConnectedTensorProduct("1o", "1o", "0e", shared_weights=False)
    x = torch.randn(2, 3)
    with pytest.raises(ShapeError, match=r"y must be \(..., 3\) for 1x1o, got shape \(2, 4\)"):
        layer(x, torch.randn(2, 4))
    with pytest.raises(DomainError, match="has no weights of its own"):
        layer(x, x)
    with pytest.raises(ShapeError, match=r"weight must be \(..., 1\), got \(2, 5\)"):
        layer(x, x, torch.randn(2, 5))


def test_variance_of_messages_does_not_depend_on_the_order_of_paths():
    layer = ChannelwiseTensorProduct("2x0e+2x1o", "0e+1o", rng=0)
    assert all(a.ir <= b.ir for a, b in pairwise(layer.irreps_out))
    assert [path.i_out for path in layer.paths] == list(range(len(layer.paths)))
