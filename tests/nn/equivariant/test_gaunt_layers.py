"""The Gaunt layers: routes and layouts agree, rotations and inversion, weights by hand, the battery, what they refuse."""

import pytest
import torch

from erlangen.errors import DomainError, ShapeError
from erlangen.nn import GauntSelfInteraction, GauntTensorProduct
from erlangen.nn.equivariant.feature_blocks import join_blocks, split_blocks
from erlangen.nn.equivariant.gaunt_self_interaction import power_scales
from erlangen.representations import Irreps
from erlangen.representations.products import bracket_product, gaunt_product
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
    assert all(0.5 < float(block.square().mean()) < 2.5 for block in blocks)


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
    ],
    ids=["product", "complete", "powers", "linear"],
)
def test_layers_pass_the_battery(layer, sizes):
    inputs = [randn(4, size, seed=n) for n, size in enumerate(sizes)]
    check_layer(layer.double(), *inputs, compiled=layer.layout == "ir_mul").raise_if_failed()


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
    layer = GauntSelfInteraction("2x0e", 2, "2x0e", num_elements=2)
    with pytest.raises(DomainError, match="species holds 2"):
        layer(torch.zeros(1, 2), torch.tensor([2]))
    with pytest.raises(ShapeError, match="species must be indices"):
        layer(torch.zeros(1, 2))
