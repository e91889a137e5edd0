"""The Gaunt layers: routes and layouts agree, rotations and inversion, weights by hand, the battery, what they refuse."""

import pytest
import torch

from erlangen.errors import DomainError, DtypeError, ShapeError
from erlangen.nn import (
    EquivariantBatchNorm,
    EquivariantLinear,
    GauntConvolution,
    GauntSelfInteraction,
    GauntTensorProduct,
    NormActivation,
    SO2Convolution,
)
from erlangen.nn.equivariant.feature_blocks import join_blocks, split_blocks
from erlangen.nn.equivariant.gaunt_self_interaction import power_scales
from erlangen.representations import Irreps, spherical_harmonics
from erlangen.representations.products import bracket_product, gaunt_product
from erlangen.representations.products.complete_powers import complete_powers
from erlangen.testing import check_layer

ROUTES = ["auto", "sparse", "dense", "grid", "grid-separable", "fourier"]
F64 = torch.float64


def randn(*shape, seed=0):
    return torch.randn(*shape, dtype=F64, generator=torch.Generator().manual_seed(seed))


def relaid(x, irreps, source, target):
    return join_blocks(split_blocks(x, Irreps(irreps), source), target, like=x)


def orthogonal(n):
    q, r = torch.linalg.qr(randn(n, 3, 3))
    return q * r.diagonal(dim1=-2, dim2=-1).sign().unsqueeze(-2)


@pytest.mark.parametrize("complete", [False, True])
def test_routes_of_the_product_agree(complete):
    x, y = randn(5, 27), randn(5, 12, seed=1)
    outs = []
    for route in ROUTES:
        layer = GauntTensorProduct(
            "3x0e+3x1o+3x2e", "3x0e+3x1o", route=route, rank=2, complete=complete, rng=0, dtype=F64
        )
        outs.append(layer(x, y))
    for out in outs[1:]:
        torch.testing.assert_close(out, outs[0], rtol=1e-12, atol=1e-12)


def test_one_channel_without_weights_is_the_product():
    layer = GauntTensorProduct("1x0e+1x1o", "1x0e+1x1o+1x2e", complete=True, dtype=F64)
    x, y = randn(4), randn(9, seed=1)
    with torch.no_grad():
        for weight in layer.weights:
            weight.fill_(1.0)
    layer.scales = [tuple(1.0 for _ in scale) for scale in layer.scales]
    irreps, z = layer.irreps_out, layer(x, y)
    assert irreps == Irreps("0e+1o+1e+2o+2e+3o")
    even, odd = gaunt_product(x, y), bracket_product(x, y)
    expected = [(even if ir.p == (-1) ** ir.l else odd)[ir.l**2 : (ir.l + 1) ** 2] for _, ir in irreps]
    torch.testing.assert_close(z, torch.cat(expected), rtol=1e-13, atol=1e-13)


@pytest.mark.parametrize("shared", [False, True])
def test_layouts_of_the_product_agree(shared):
    a, b = "4x0e+4x1o+4x2e", ("1x0e+1x1o" if shared else "4x1o+4x0e")
    outer = GauntTensorProduct(a, b, complete=True, rank=2, rng=0, dtype=F64)
    inner = GauntTensorProduct(a, b, complete=True, rank=2, layout="ir_mul", dtype=F64)
    with torch.no_grad():
        for ours, theirs in zip(inner.weights, outer.weights, strict=True):
            ours.copy_(theirs.mT)
    x, y = randn(6, outer.irreps_in1.dim), randn(6, outer.irreps_in2.dim, seed=1)
    z = inner(relaid(x, a, "mul_ir", "ir_mul"), relaid(y, b, "mul_ir", "ir_mul"))
    torch.testing.assert_close(relaid(z, outer.irreps_out, "ir_mul", "mul_ir"), outer(x, y), rtol=1e-13, atol=1e-13)


def test_equivariance_with_pseudoscalar_functions():
    layer = GauntTensorProduct("2x0e+2x1o+2x1e+2x0o", "2x0e+2x1o+2x2o", complete=True, rng=0, dtype=F64)
    x, y = randn(layer.irreps_in1.dim), randn(layer.irreps_in2.dim, seed=1)
    z = layer(x, y)
    for R in orthogonal(4):
        D1, D2, D3 = (irreps.matrix(R) for irreps in (layer.irreps_in1, layer.irreps_in2, layer.irreps_out))
        assert (layer(D1 @ x, D2 @ y) - D3 @ z).abs().max() <= 1e-12 * z.abs().max()


def test_results_have_unit_variance_at_the_start():
    layer = GauntTensorProduct("512x0e+512x1o+512x2e", "512x0e+512x1o+512x2e", rank=2, complete=True, rng=0)
    x, y = (randn(8, 512 * 9, seed=s).float() for s in (0, 1))
    blocks = split_blocks(layer(x, y), layer.irreps_out, "mul_ir")
    # a zero of the plan: the bracket has no degree l1 + l2 and no degree 0
    assert all(0.5 < float(block.detach().square().mean()) < 2.5 for block in blocks)


def test_powers_are_products_of_products():
    layer = GauntSelfInteraction("2x0e+2x1o+2x2e", 3, "2x0e+2x1o", num_elements=3, rng=0, dtype=F64)
    x, species = randn(4, 18), torch.tensor([0, 2, 1, 2])
    signal = torch.cat(split_blocks(x, layer.irreps_in, "mul_ir"), -1)
    square = gaunt_product(signal, signal, 4)
    powers = [signal[..., :4], square[..., :4], gaunt_product(square, signal, 1)]
    total = 0
    for power, weight, scale in zip(powers, layer.weights, layer.scales, strict=True):
        factor = (weight[species] * torch.tensor(scale, dtype=F64)).repeat_interleave(torch.tensor([1, 3]), -1)
        total = total + power * factor / 3**0.5
    expected = join_blocks([total[..., :1], total[..., 1:]], "mul_ir", like=x)
    torch.testing.assert_close(layer(x, species), expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("factors", ["tied", "linear"])
def test_grids_and_layouts_of_powers_agree(factors):
    irreps, out = "3x0e+3x1o+3x2e+3x3o", "3x0e+3x1o+3x2e"
    x = randn(5, 48)
    made = {"factors": factors, "rng": 0, "dtype": F64}
    first = GauntSelfInteraction(irreps, 3, out, **made)
    for grid in ("minimal", "lebedev", "gauss-legendre"):
        torch.testing.assert_close(
            GauntSelfInteraction(irreps, 3, out, grid=grid, **made)(x), first(x), rtol=1e-12, atol=1e-12
        )
    inner = GauntSelfInteraction(irreps, 3, out, layout="ir_mul", **made)
    state = {name: value.mT if name.startswith("weights") else value for name, value in first.state_dict().items()}
    inner.load_state_dict(state)
    z = relaid(inner(relaid(x, irreps, "mul_ir", "ir_mul")), out, "ir_mul", "mul_ir")
    torch.testing.assert_close(z, first(x), rtol=1e-12, atol=1e-12)
    for R in orthogonal(2):
        rotated = first(first.irreps_in.matrix(R) @ x[0])
        assert (rotated - first.irreps_out.matrix(R) @ first(x[0])).abs().max() <= 1e-12 * rotated.abs().max()


@pytest.mark.parametrize("layout", ["mul_ir", "ir_mul"])
@pytest.mark.parametrize(("factors", "complete"), [("tied", False), ("linear", False), ("linear", True)])
def test_routes_of_powers_agree(factors, complete, layout):
    irreps, out = "2x0e+2x1o+2x2e", "2x0e+2x1o+2x2e+2x3o" + "+2x0o+2x2o" * complete
    made = {"factors": factors, "complete": complete, "layout": layout, "num_elements": 2, "rng": 0, "dtype": F64}
    x, species = randn(4, 18), torch.tensor([0, 1, 1, 0])
    outs = [
        GauntSelfInteraction(irreps, 4, out, route=route, **made)(x, species)
        for route in ("grid", "fourier", "sparse", "auto")
    ]
    for found in outs[1:]:
        torch.testing.assert_close(found, outs[0], rtol=1e-12, atol=1e-12)
    none = GauntSelfInteraction(irreps, 4, out, route="fourier", **made)(x[:0], species[:0])
    assert none.shape == (0, Irreps(out).dim)


@pytest.mark.parametrize("route", ["fourier", "sparse"])
def test_routes_of_powers_have_two_derivatives(route):
    layer = GauntSelfInteraction("1x0e+1x1o", 3, "1x0e+1x1o", route=route, layout="ir_mul", rng=0, dtype=F64)
    x = randn(2, 4).requires_grad_()
    assert torch.autograd.gradcheck(layer, x)
    assert torch.autograd.gradgradcheck(layer, x)


def test_complete_powers_of_three_vectors_by_hand():
    a, b, c = randn(3, 4)
    for vector in (a, b, c):
        vector[0] = 0
    N, P = complete_powers([a, b, c], 1, 1, there=(0, 1))[2]
    swapped, _ = complete_powers([b, a, c], 1, 1, there=(0, 1))[2]
    u, v, w = a[1:], b[1:], c[1:]
    triple = torch.linalg.det(torch.stack([u, v, w])) / 6**0.5  # of variance one for normal vectors
    torch.testing.assert_close(P[0].abs(), triple.abs(), rtol=1e-12, atol=0)
    # the part antisymmetric in the first two, twice: of two halves of N_3 the bracket {{a, b}, c}
    double = torch.linalg.cross(torch.linalg.cross(u, v), w) / 2**0.5
    found = (N - swapped)[1:]
    torch.testing.assert_close(found * found.dot(double).sign(), double, rtol=1e-12, atol=1e-13)
    assert (P + complete_powers([b, a, c], 1, 1, there=(0, 1))[2][1])[0].abs() < 1e-14


def test_complete_powers_turn_and_reflect():
    out = "2x0e+2x1o+2x2e+2x0o+2x1e+2x2o"
    layer = GauntSelfInteraction("2x0e+2x1o+2x2e", 3, out, factors="linear", complete=True, rng=0, dtype=F64)
    x = randn(18)
    z = layer(x)
    assert min(float(block.detach().abs().max()) for block in split_blocks(z, layer.irreps_out, "mul_ir")) > 1e-3
    for R in orthogonal(4):
        for turn in (R, -R):
            rotated = layer(layer.irreps_in.matrix(turn) @ x)
            assert (rotated - layer.irreps_out.matrix(turn) @ z).abs().max() <= 1e-12 * z.abs().max()


def test_complete_powers_have_unit_variance_at_the_start():
    C = 256
    out = f"{C}x0e+{C}x1o+{C}x2e+{C}x0o+{C}x1e"
    layer = GauntSelfInteraction(f"{C}x0e+{C}x1o+{C}x2e", 3, out, factors="linear", complete=True, rng=0)
    blocks = split_blocks(layer(randn(8, C * 9).float()), layer.irreps_out, "mul_ir")
    sizes = [float(block.detach().square().mean()) for block in blocks]
    # 0o stands in the powers 3 alone, 1e in 2 and 3: a third and two thirds
    for size, expected in zip(sizes, (1, 1, 1, 1 / 3, 2 / 3), strict=True):
        assert 0.6 < size / expected < 1.6


@pytest.mark.parametrize("tied", [True, False])
def test_scales_of_powers_are_those_of_normal_signals(tied):
    n, nu = 400_000, 3
    images = [randn(n, 4, seed=k) for k in range(1 if tied else nu)]
    a, b, c = (images * 3)[:3]
    cube = gaunt_product(gaunt_product(a, b), c, 2)
    sizes = [cube[:, l * l : (l + 1) ** 2].square().mean() for l in range(3)]
    for size, scale in zip(sizes, power_scales(1, nu, 2, tied=tied), strict=True):
        assert float(size) * scale**2 == pytest.approx(1, rel=0.05)


@pytest.mark.parametrize(
    ("layer", "sizes"),
    [
        (GauntTensorProduct("2x0e+2x1o", "2x0e+2x1o", rank=2, rng=0), (8, 8)),
        (GauntTensorProduct("2x0e+2x1o", "1x0e+1x1o", complete=True, route="grid", layout="ir_mul", rng=0), (8, 4)),
        (GauntSelfInteraction("2x0e+2x1o", 3, "2x0e+2x1o", rng=0), (8,)),
        (GauntSelfInteraction("2x0e+2x1o", 2, "2x0e+2x1o", factors="linear", layout="ir_mul", rng=0), (8,)),
        (GauntSelfInteraction("2x0e+2x1o", 3, "2x0e+2x1o", route="fourier", rng=0), (8,)),
        (GauntSelfInteraction("2x0e+2x1o", 3, "2x1o+2x1e", factors="linear", complete=True, rng=0), (8,)),
    ],
    ids=["product", "complete", "powers", "linear", "fourier", "complete powers"],
)
def test_layers_pass_the_battery(layer, sizes):
    inputs = [randn(4, size, seed=n) for n, size in enumerate(sizes)]
    check_layer(layer.double(), *inputs, compiled=layer.layout == "ir_mul").raise_if_failed()


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_half_types_come_back_and_are_refused_by_fourier(dtype):
    layers = [
        (GauntTensorProduct("2x0e+2x1o", "1x0e+1x1o", rng=0), (8, 4)),
        (GauntSelfInteraction("2x0e+2x1o", 2, "2x0e", rng=0), (8,)),
        (GauntConvolution("2x0e+2x1o", 1, rng=0), (8, 3)),
        (SO2Convolution("2x0e+2x1o", "2x0e+2x1o", rng=0), (8, 3)),
        (EquivariantLinear("2x0e+2x1o", "2x0e+1x1o", rng=0), (8,)),
        (NormActivation("2x0e+2x1o", torch.tanh), (8,)),
        (EquivariantBatchNorm("2x0e+2x1o").eval(), (8,)),
    ]
    for layer, sizes in layers:
        given = [randn(3, size, seed=n).to(dtype) for n, size in enumerate(sizes)]
        z = layer(*given)
        assert z.dtype == dtype
        torch.testing.assert_close(z, layer(*(a.float() for a in given)).to(dtype))
        with pytest.raises(DtypeError, match=r"x must be a floating tensor, got torch\.int64"):
            layer(*(torch.ones(3, size, dtype=torch.int64) for size in sizes))
    product = GauntTensorProduct("2x0e+2x1o", "1x0e+1x1o", route="fourier", rng=0)
    power = GauntSelfInteraction("2x0e+2x1o", 2, "2x0e", route="fourier", rng=0)
    for layer, sizes in ((product, (8, 4)), (power, (8,))):
        with pytest.raises(DtypeError, match=f"route='fourier' takes float32 or float64, got {dtype}"):
            layer(*(randn(3, size).to(dtype) for size in sizes))


def test_degrees_that_are_missing_are_zero():
    sparse, full = (GauntTensorProduct(one, "1x1o+1x3o", rng=0, dtype=F64) for one in ("2x0e+2x2e", "2x0e+2x1o+2x2e"))
    x, y = randn(3, 12), randn(3, 10, seed=1)
    for ours, theirs in zip(full.weights, sparse.weights, strict=True):
        assert ours.shape == theirs.shape  # weights count degrees up to the highest
    full.load_state_dict(sparse.state_dict())
    z = full(torch.cat([x[:, :2], x.new_zeros(3, 6), x[:, 2:]], dim=1), y)
    assert sparse.irreps_out == full.irreps_out
    torch.testing.assert_close(sparse(x, y), z, rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("layout", ["mul_ir", "ir_mul"])
def test_routes_of_the_convolution_agree(layout):
    x, vectors = randn(7, 27), randn(7, 3, seed=1)
    vectors[:3] = torch.tensor([[0.0, 2, 0], [0, -1, 0], [3, 0, 0]])  # the poles and the equator
    radial = randn(7, *((4, 3) if layout == "ir_mul" else (3, 4)), seed=2)
    made = {"layout": layout, "rng": 0, "dtype": F64}
    base, *others = (
        GauntConvolution("3x0e+3x1o+3x2e", 3, "3x0e+3x1o+3x3o", route=route, **made)(x, vectors, radial)
        for route in ("aligned", "grid", "sparse")
    )
    for other in others:
        torch.testing.assert_close(other, base, rtol=1e-12, atol=1e-12)


def test_convolution_is_the_product_with_harmonics():
    layer = GauntConvolution("2x0e+2x1o", 2, rng=0, dtype=F64)
    product = GauntTensorProduct("2x0e+2x1o", "2x0e+2x1o+2x2e", dtype=F64)
    product.load_state_dict(layer.state_dict())
    x, vectors = randn(4, 8), randn(4, 3, seed=1)
    Y = spherical_harmonics([0, 1, 2], vectors, normalize=True, normalization="component")
    doubled = torch.cat([Y[:, l * l : (l + 1) ** 2].repeat(1, 2) for l in range(3)], 1)
    torch.testing.assert_close(layer(x, vectors), product(x, doubled), rtol=1e-12, atol=1e-12)


def test_convolution_turns_and_has_two_derivatives():
    layer = GauntConvolution("1x0e+1x1o", 2, "1x0e+1x1o+1x2e", rng=0, dtype=F64)
    x, vectors = randn(2, 4), randn(2, 3, seed=1)
    vectors[0] = torch.tensor([0.0, -1, 0])
    for R in orthogonal(4):
        rotated = layer(x @ layer.irreps_in.matrix(R).mT, vectors @ R.mT)
        torch.testing.assert_close(rotated, layer(x, vectors) @ layer.irreps_out.matrix(R).mT, rtol=1e-12, atol=1e-12)
    inputs = (x.requires_grad_(), vectors.requires_grad_())
    assert torch.autograd.gradcheck(layer, inputs)
    assert torch.autograd.gradgradcheck(layer, inputs)


def test_convolution_refuses_what_has_no_direction():
    layer = GauntConvolution("2x0e+2x1o", 1, rng=0)
    with pytest.raises(DomainError, match=r"vectors\[1\] is zero"):
        layer(torch.zeros(2, 8), torch.tensor([[1.0, 0, 0], [0, 0, 0]]))
    with pytest.raises(ShapeError, match="vectors must have shape"):
        layer(torch.zeros(2, 8), torch.zeros(3))
    with pytest.raises(DomainError, match="unnatural"):
        GauntConvolution("2x1e", 1)
    assert layer(torch.zeros(0, 8), torch.zeros(0, 3)).shape == (0, layer.irreps_out.dim)


def test_freedom_and_explanation():
    plain = GauntTensorProduct("4x0e+4x1o+4x2e", "4x0e+4x1o+4x2e")
    whole = GauntTensorProduct("4x0e+4x1o+4x2e", "4x0e+4x1o+4x2e", complete=True, rank=2)
    assert (plain.expressivity(), len(plain.interactable())) == (9, 14)
    assert (whole.expressivity(), len(whole.interactable())) == (19, 19)
    assert "recovered" in str(whole.explain())


def test_refusals():
    with pytest.raises(DomainError, match=r"1e in .* unnatural parity.*complete=True"):
        GauntTensorProduct("2x0e+2x1e", "2x0e")
    with pytest.raises(DomainError, match=r"1e, which no path.*complete=True"):
        GauntTensorProduct("2x1o", "2x1o", "2x1e")
    with pytest.raises(ShapeError, match=r"multiplicities \[2, 3\]"):
        GauntTensorProduct("2x0e+3x1o", "2x0e")
    with pytest.raises(ShapeError, match="irreps_in2 has 3 copies"):
        GauntTensorProduct("2x0e", "3x0e")
    with pytest.raises(DomainError, match="stands once"):
        GauntTensorProduct("2x0e+2x0e", "2x0e")
    with pytest.raises(DomainError, match="powers reach 2"):
        GauntSelfInteraction("2x0e+2x1o", 2, "2x3o")
    with pytest.raises(DomainError, match="unnatural"):
        GauntSelfInteraction("2x0e+2x1e", 2, "2x0e")
    with pytest.raises(DomainError, match="bracket of a function with itself is zero"):
        GauntSelfInteraction("2x0e+2x1o", 2, "2x1o", complete=True)
    with pytest.raises(DomainError, match=r"degree 2 of parity -\(-1\)\^l, the powers reach 1"):
        GauntSelfInteraction("2x0e+2x1o", 2, "2x2o", factors="linear", complete=True)
    with pytest.raises(DomainError, match="needs more bodies"):
        GauntSelfInteraction("2x0e+2x1o", 2, "2x0o+2x1o", factors="linear", complete=True)
    layer = GauntSelfInteraction("2x0e", 2, "2x0e", num_elements=2)
    with pytest.raises(DomainError, match="species holds 2"):
        layer(torch.zeros(1, 2), torch.tensor([2]))
    with pytest.raises(ShapeError, match="species must be indices"):
        layer(torch.zeros(1, 2))
