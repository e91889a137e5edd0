"""Sums of powers of linear images: by hand, all routes and layouts, rotations, derivatives, sizes at the start, and which forms they span."""

import pytest
import torch
from torch.func import functional_call, jacrev

from erlangen.errors import DomainError
from erlangen.nn import EquivariantLinear, GauntSelfInteraction
from erlangen.nn.equivariant.feature_blocks import join_blocks, split_blocks
from erlangen.representations import Irreps
from erlangen.representations.products import gaunt_product
from erlangen.testing import check_layer

F64 = torch.float64
KINDS = [("tied", False), ("linear", False), ("linear", True)]


def randn(*shape, seed=0):
    return torch.randn(*shape, dtype=F64, generator=torch.Generator().manual_seed(seed))


def relaid(x, irreps, source, target):
    return join_blocks(split_blocks(x, Irreps(irreps), source), target, like=x)


def test_rank_one_is_what_it_was():
    """Names, shapes and draws of saved layers: weights of the powers, then one square mixer a factor."""
    made = {"num_elements": 2, "layout": "ir_mul", "rng": torch.Generator().manual_seed(0), "dtype": F64}
    tied = GauntSelfInteraction("3x0e+3x1o", 2, "3x0e", rank=1, **made)
    made["rng"].manual_seed(0)
    linear = GauntSelfInteraction("3x0e+3x1o", 2, "3x0e", factors="linear", **made)
    names = ["weights.0", "weights.1"]
    assert list(tied.state_dict()) == names
    assert list(linear.state_dict()) == [*names, "mixers.0.weight", "mixers.1.weight"]
    generator = torch.Generator().manual_seed(0)
    for value, shape in zip(linear.state_dict().values(), [(2, 1, 3)] * 2 + [(18,)] * 2, strict=True):
        assert torch.equal(value, torch.randn(shape, generator=generator, dtype=F64))


@pytest.mark.parametrize("factors", ["tied", "linear"])
def test_ranks_are_sums_of_products_of_images(factors):
    irreps, C, R = "2x0e+2x1o", 2, 3
    layer = GauntSelfInteraction(irreps, 2, irreps, rank=R, factors=factors, rng=0, dtype=F64)
    x, total = randn(5, 8), 0
    signal = torch.cat(split_blocks(x, layer.irreps_in, "mul_ir"), -1)
    one = EquivariantLinear(irreps, irreps, dtype=F64)

    def image(mixer, r):
        """Columns r C … (r + 1) C of the two matrices of the mixer, as a mixer of its own."""
        parts = [view[:, r * C : (r + 1) * C].reshape(-1) for view in mixer.weight_views()]
        return torch.cat(split_blocks(one(x, torch.cat(parts)), layer.irreps_in, "mul_ir"), -1)

    for r in range(R):
        mixers = list(layer.mixers) if factors == "linear" else [layer.mixers[0]] * 2
        place = r if factors == "linear" else r - 1
        images = [image(mixer, place) if place >= 0 else signal for mixer in mixers]
        powers = [images[0], gaunt_product(*images, 1)]
        for power, W, scale in zip(powers, layer.weights, layer.scales, strict=True):
            factor = (W[0, r * C : (r + 1) * C] * torch.tensor(scale, dtype=F64))[:, [0, 1, 1, 1]]
            total = total + power * factor / 2**0.5
    expected = join_blocks([total[..., :1], total[..., 1:]], "mul_ir", like=x) / R**0.5
    torch.testing.assert_close(layer(x), expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(("factors", "complete"), KINDS)
def test_routes_layouts_and_rotations(factors, complete):
    irreps, out = "2x0e+2x1o+2x2e", "2x0e+2x1o+2x2e" + "+2x0o+2x1e" * complete
    made = {"factors": factors, "complete": complete, "rank": 3, "num_elements": 2, "rng": 0, "dtype": F64}
    x, species = randn(4, 18), torch.tensor([0, 1, 1, 0])
    first = GauntSelfInteraction(irreps, 3, out, **made)
    base = first(x, species)
    for route in ("grid", "fourier", "sparse"):
        found = GauntSelfInteraction(irreps, 3, out, route=route, **made)(x, species)
        torch.testing.assert_close(found, base, rtol=1e-12, atol=1e-12)
    inner = GauntSelfInteraction(irreps, 3, out, layout="ir_mul", **{**made, "rng": 5})
    inner.load_state_dict({n: v.mT if n.startswith("weights") else v for n, v in first.state_dict().items()})
    z = relaid(inner(relaid(x, irreps, "mul_ir", "ir_mul"), species), out, "ir_mul", "mul_ir")
    torch.testing.assert_close(z, base, rtol=1e-12, atol=1e-12)
    Q = torch.linalg.qr(randn(3, 3, seed=2)).Q
    for R in (Q, -Q):
        turned = first(x @ first.irreps_in.matrix(R).mT, species)
        assert (turned - base @ first.irreps_out.matrix(R).mT).abs().max() <= 1e-12 * base.abs().max()


@pytest.mark.parametrize(
    ("factors", "complete", "compiled"),
    [*((*kind, False) for kind in KINDS), pytest.param("tied", False, True, marks=pytest.mark.slow)],
)
def test_ranks_pass_the_battery(factors, complete, compiled):
    made = {"factors": factors, "complete": complete, "rank": 2, "layout": "ir_mul", "rng": 0, "dtype": F64}
    layer = GauntSelfInteraction("1x0e+1x1o", 2, "1x0e+1x1o", **made)
    check_layer(layer, randn(4, 4), compiled=compiled).raise_if_failed()
    x = randn(2, 4, seed=1).requires_grad_()
    assert torch.autograd.gradcheck(layer, x)
    assert torch.autograd.gradgradcheck(layer, x)
    other = GauntSelfInteraction("1x0e+1x1o", 2, "1x0e+1x1o", **{**made, "rng": 7})
    assert not torch.equal(other(x), layer(x))
    other.load_state_dict(layer.state_dict())
    assert torch.equal(other(x), layer(x))


@pytest.mark.parametrize("rank", [1, 2, 5])
@pytest.mark.parametrize("factors", ["tied", "linear"])
def test_results_have_unit_mean_square_at_the_start(rank, factors):
    C = 384
    types = f"{C}x0e+{C}x1o", 3, f"{C}x0e+{C}x1o"
    layer = GauntSelfInteraction(*types, rank=rank, factors=factors, rng=0, layout="ir_mul")
    for block in split_blocks(layer(randn(16, C * 4).float()), layer.irreps_out, "ir_mul"):
        assert 0.75 < float(block.detach().square().mean()) < 1.33  # without 1/sqrt(rank) it is the rank


@pytest.mark.parametrize("rank", [1, 2, 3, 4, 5])
def test_ranks_span_the_quadratic_forms_of_the_channels(rank):
    """The even part of a scalar of two bodies is a pair of symmetric forms of C channels, one for each degree l.

    Its first term is W (e e^T, e e^T), one direction, and k = rank - 1 others add forms of rank k: k C - k (k - 1) / 2 dimensions a degree, up to
    C (C + 1) / 2 at k = C, where the first direction is among them.
    """
    C, degrees = 3, 2
    layer = GauntSelfInteraction(f"{C}x0e+{C}x1o", 2, f"{C}x0e", rank=rank, rng=0, dtype=F64)
    x = randn(40, C * 4, seed=1)

    def values(parameters):
        said = [functional_call(layer, parameters, (s * x,))[:, 0] for s in (1, -1)]
        return said[0] + said[1]

    J = jacrev(values)({name: p.detach() for name, p in layer.named_parameters()})
    columns = torch.cat([part.reshape(len(x), -1) for part in J.values()], 1)
    k = min(rank - 1, C)
    expected = degrees * (k * C - k * (k - 1) // 2) + (k < C)
    assert int(torch.linalg.matrix_rank(columns, rtol=1e-9)) == expected
    if k == C:
        assert expected == degrees * C * (C + 1) // 2


@pytest.mark.parametrize("rank", [0, -2, 1.5, True, "2"])
def test_what_is_no_rank_is_refused(rank):
    with pytest.raises(DomainError, match="rank must be an integer in"):
        GauntSelfInteraction("2x0e", 2, "2x0e", rank=rank)
