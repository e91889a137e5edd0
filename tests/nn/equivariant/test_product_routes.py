"""Routes of one tensor product: the same numbers by each, its laws by each, and the refusals."""

import pytest
import torch

from erlangen.errors import DomainError, DtypeError
from erlangen.nn import (
    ChannelwiseTensorProduct,
    FullTensorProduct,
    FullyConnectedTensorProduct,
    TensorProduct,
    TensorSquare,
)
from erlangen.representations import Irreps, spherical_harmonics, wigner_3j
from erlangen.representations.products.product_methods import PRODUCT_METHODS
from erlangen.testing import check_layer

EACH = [(kind, m) for kind, methods in PRODUCT_METHODS.items() for m in methods if m not in {"auto", "so2"}]
WHOLE = [(kind, m) for kind, m in EACH if kind != "clebsch-gordan"]
HIGH = [pytest.param(L, marks=pytest.mark.slow) for L in (6, 10)]
FILTER = "1x0e+1x1o+1x2e"
FEATURES = {  # unnatural irreps, missing degrees, irreps that stand twice
    "one": ("3x0e+3x1o+3x2e", FILTER, {}),
    "odd": ("3x0e+3x1o+3x1e+3x2e", "3x1o+3x0e", {"irrep_normalization": "norm"}),
    "twice": ("2x1o+2x1o+2x3o", "2x0e+2x2e+2x2e", {"path_normalization": "path", "in1_var": [1.0, 2.0, 3.0]}),
}


def normal(*shape, seed=0, **options):
    return torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed), **options)


def by_paths(layer, x, y):
    """The product as the sum over its paths, with the weights that the factors stand for."""
    weight = torch.cat([view.flatten() for _, _, view in layer.weight_views()])
    return layer(x, y, weight)


def blocks(R, top):
    """D(0), D(1) … of a matrix, built up from D(1) by the 3j symbols; of natural parity."""
    found = [torch.ones(1, 1, dtype=torch.float64), R]
    for l in range(2, top + 1):
        C = wigner_3j(1, l - 1, l, dtype=torch.float64)
        found.append((2 * l + 1) * torch.einsum("abc,ai,bj,ijk->ck", C, found[1], found[l - 1], C))
    return found


def turned(x, irreps, R):
    """A feature (n, dim), one copy a summand, under an orthogonal matrix."""
    sign = float(torch.linalg.det(R).round())
    D = blocks(R, max(ir.l for _, ir in irreps))
    parts = [
        x[:, s] @ D[ir.l].T * (ir.p * (-1) ** ir.l if sign < 0 else 1)
        for s, (_, ir) in zip(irreps.slices(), irreps, strict=True)
    ]
    return torch.cat(parts, dim=1)


def orthogonal(seed, sign):
    Q, _ = torch.linalg.qr(normal(3, 3, seed=seed))
    return Q * torch.linalg.det(Q).sign() * sign


@pytest.mark.parametrize("layout", ["mul_ir", "ir_mul"])
@pytest.mark.parametrize("features", FEATURES)
@pytest.mark.parametrize(("kind", "method"), WHOLE)
def test_every_route_gives_the_sum_over_paths(kind, method, features, layout):
    in1, in2, options = FEATURES[features]
    layer = TensorProduct(
        in1, in2, kind=kind, method=method, rank=2, layout=layout, rng=0, dtype=torch.float64, **options
    )
    x, y = normal(4, layer.irreps_in1.dim), normal(4, layer.irreps_in2.dim, seed=1)
    expected = by_paths(layer, x, y)
    assert (layer(x, y) - expected).abs().max() <= 1e-12 * expected.abs().max()


@pytest.mark.parametrize("rank", [1, 2, 3])
def test_a_sum_over_paths_and_one_over_whole_signals_agree_whatever_the_rank(rank):
    layers = [
        TensorProduct("3x0e+3x1o+3x2e", FILTER, kind="complete-gaunt", method=m, rank=rank, rng=0, dtype=torch.float64)
        for m in ("auto", "sparse", "dense")
    ]
    x, y = normal(4, 27), normal(4, 9, seed=1)
    first, *others = (layer(x, y) for layer in layers)
    assert all((z - first).abs().max() <= 1e-12 * first.abs().max() for z in others)


def equivariant(kind, method, L, sign):
    signal = Irreps.signal(L)
    out = signal if kind == "gaunt" else None
    layer = TensorProduct(signal, signal, out, kind=kind, method=method, rng=0, dtype=torch.float64)
    n, R = (L + 1) ** 2, orthogonal(L, sign)
    x, y = normal(2, n), normal(2, n, seed=1)
    after = turned(layer(x, y), layer.irreps_out, R)
    before = layer(turned(x, layer.irreps_in1, R), turned(y, layer.irreps_in2, R))
    assert (before - after).abs().max() <= 1e-12 * after.abs().max()


@pytest.mark.parametrize("sign", [1.0, -1.0])
@pytest.mark.parametrize("L", [1, 2, 3, *HIGH])
@pytest.mark.parametrize("method", ["sparse", "dense", "grid", "grid-separable", "fourier"])
def test_every_route_of_functions_commutes_with_rotations_and_inversion(method, L, sign):
    equivariant("gaunt", method, L, sign)


@pytest.mark.parametrize("sign", [1.0, -1.0])
@pytest.mark.parametrize("L", [1, 2, 3, *HIGH])
@pytest.mark.parametrize(("kind", "method"), [(k, m) for k, m in WHOLE if k != "gaunt"])
def test_every_route_of_the_other_kinds_commutes_with_rotations_and_inversion(kind, method, L, sign):
    equivariant(kind, method, L, sign)


@pytest.mark.parametrize(("kind", "method"), WHOLE)
def test_every_route_has_two_derivatives(kind, method):
    layer = TensorProduct("1x0e+1x1o", "1x0e+1x1o", kind=kind, method=method, rng=0, dtype=torch.float64)
    given = normal(1, 4, requires_grad=True), normal(1, 4, seed=1, requires_grad=True)
    assert torch.autograd.gradcheck(layer, given)
    assert torch.autograd.gradgradcheck(layer, given)

    def by_weights(factors):
        return torch.func.functional_call(layer, {"factors": factors}, given)

    assert torch.autograd.gradcheck(by_weights, [layer.factors])


def harmonic(layer, vectors):
    """The feature of the harmonics of directions that a layer takes second, each degree with a size of its own."""
    degrees = [ir.l for _, ir in layer.irreps_in2]
    Y = spherical_harmonics(degrees, vectors, normalize=True)
    sizes = vectors.norm(dim=-1, keepdim=True) ** torch.tensor(
        [k for k, l in enumerate(degrees) for _ in range(2 * l + 1)]
    )
    return Y * sizes


ALONG = {
    "full": lambda **o: FullTensorProduct("0e+1o+2e", FILTER, **o),
    "connected": lambda **o: FullyConnectedTensorProduct(
        "3x0e+2x1o+2x1e", "0e+1o+2e+3o", "2x0e+2x1o+2x1e+1x2e", rng=0, **o
    ),
    "channelwise": lambda **o: ChannelwiseTensorProduct("3x0e+3x1o", FILTER, rng=0, **o),
    **{
        kind: lambda kind=kind, **o: TensorProduct("3x0e+3x1o+3x2e", FILTER, kind=kind, rank=2, rng=0, **o)
        for kind in PRODUCT_METHODS
        if kind != "clebsch-gordan"
    },
}


@pytest.mark.parametrize("layout", ["mul_ir", "ir_mul"])
@pytest.mark.parametrize("name", ALONG)
def test_the_turn_to_the_axis_gives_the_same(name, layout):
    layer, other = (ALONG[name](method=m, layout=layout, dtype=torch.float64) for m in ("so2", "sparse"))
    x = normal(7, layer.irreps_in1.dim)
    y = harmonic(
        layer,
        torch.cat(
            [normal(5, 3, seed=1), torch.eye(3, dtype=torch.float64)[1:2], -torch.eye(3, dtype=torch.float64)[1:2]]
        ),
    )
    assert (layer(x, y) - other(x, y)).abs().max() <= 1e-12 * other(x, y).abs().max()


def test_along_an_axis_five_terms_of_twenty_five_are_left():
    layer = TensorProduct("4x2e", "0e+1o+2e", "4x2e", [(0, 2, 0, "uvu")], method="so2", rng=0)
    assert [len(group.terms) for group in layer._axis.inner.groups] == [5]  # |m| <= 2, each with itself


@pytest.mark.parametrize("L", [1, 2, 3, *HIGH])
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_the_turn_to_the_axis_commutes_with_rotations_and_inversion(L, sign):
    layer = ChannelwiseTensorProduct(
        Irreps.signal(L),
        Irreps.signal(L),
        list(dict.fromkeys(ir for _, ir in Irreps.signal(L))),
        method="so2",
        rng=0,
        dtype=torch.float64,
    )
    R, x, r = orthogonal(L, sign), normal(2, (L + 1) ** 2), normal(2, 3, seed=1)
    after = turned(layer(x, harmonic(layer, r)), layer.irreps_out, R)
    before = layer(turned(x, layer.irreps_in1, R), harmonic(layer, r @ R.T))
    assert (before - after).abs().max() <= 1e-12 * after.abs().max()


def test_the_turn_to_the_axis_has_two_derivatives_by_vectors():
    layer = ChannelwiseTensorProduct("0e+1o", "0e+1o+2e", rng=0, method="so2", dtype=torch.float64)
    given = normal(1, 4, requires_grad=True), normal(1, 3, seed=1, requires_grad=True)

    def forward(x, r):
        return layer(x, harmonic(layer, r))

    assert torch.autograd.gradcheck(forward, given)
    assert torch.autograd.gradgradcheck(forward, given)
    other = ChannelwiseTensorProduct("0e+1o", "0e+1o+2e", rng=0, dtype=torch.float64)
    slopes = [torch.autograd.grad(f(given[0], harmonic(layer, given[1])).square().sum(), given) for f in (layer, other)]
    assert all(torch.allclose(a, b, atol=1e-12) for a, b in zip(*slopes, strict=True))


@pytest.mark.parametrize(
    ("kind", "method"),
    [
        ("gaunt", "sparse"),
        *(pytest.param(*pair, marks=pytest.mark.slow) for pair in (("complete-gaunt", "grid"), ("gaunt", "fourier"))),
    ],
)
def test_routes_of_layers_obey_the_laws(kind, method):
    layer = TensorProduct("2x0e+2x1o", "0e+1o", kind=kind, method=method, rank=2, rng=0)
    given = (
        torch.randn(4, 8, generator=torch.Generator().manual_seed(0)),
        torch.randn(4, 4, generator=torch.Generator().manual_seed(1)),
    )
    check_layer(layer, *given, compiled=True).raise_if_failed()


@pytest.mark.parametrize("method", ["sparse", "grid", "grid-separable", "so2"])
def test_batches_of_any_shape(method):
    layer = TensorProduct("2x0e+2x1o", "0e+1o", kind="gaunt", method=method, rng=0, dtype=torch.float64)
    y = harmonic(layer, normal(3, 3, seed=1))
    assert layer(normal(5, 1, 8), y).shape == (5, 3, layer.irreps_out.dim)
    assert layer(normal(0, 8), y[:0]).shape == (0, layer.irreps_out.dim)
    assert layer(normal(8), y[0]).shape == (layer.irreps_out.dim,)


def test_half_precision_is_computed_in_single_and_refused_by_fourier():
    layer = TensorProduct("2x0e+2x1o", "0e+1o", kind="gaunt", method="grid", rng=0)
    x, y = normal(3, 8).half(), normal(3, 4).half()
    assert torch.equal(layer(x, y), layer(x.float(), y.float()).half())
    with pytest.raises(DtypeError, match="method='fourier' takes float32 or float64"):
        TensorProduct("2x0e+2x1o", "0e+1o", kind="gaunt", method="fourier", rng=0).half()(x, y)


@pytest.mark.parametrize(
    ("kind", "method", "said"),
    [
        ("clebsch-gordan", "grid", "kind='clebsch-gordan' has no route 'grid'"),
        ("clebsch-gordan", "fourier", "kind='clebsch-gordan' has no route 'fourier'"),
        ("matrix", "grid-separable", "kind='matrix' has no route 'grid-separable'"),
        ("gaunt", "matrix", "kind='gaunt' has no route 'matrix'"),
    ],
)
def test_a_kind_without_the_route_is_named(kind, method, said):
    with pytest.raises(DomainError, match=said):
        TensorProduct("0e+1o", "0e+1o", "0e+1o", kind=kind, method=method)


def test_what_is_no_harmonic_of_a_direction_is_refused():
    with pytest.raises(DomainError, match="reads the direction off the 1o"):
        TensorProduct("0e+1o", "0e+2e", "0e+1o", method="so2")
    with pytest.raises(DomainError, match="irreps_in2 has 1e, of unnatural parity"):
        TensorProduct("0e+1o", "0e+1e", "0e+1o", method="so2")
    with pytest.raises(DomainError, match="method='so2'"):
        TensorSquare("0e+1o", method="so2")
    layer = FullTensorProduct("0e+1o", FILTER, method="so2", dtype=torch.float64)
    y = harmonic(layer, normal(3, 3))
    y[1, 5] += 1e-3
    with pytest.raises(DomainError, match=r"y\[1\] is not made of harmonics of one direction: its 2e differs by"):
        layer(normal(3, 4), y)
    y[1, 1:4] = 0
    with pytest.raises(DomainError, match=r"y\[1\] has no direction: its 1o is zero"):
        layer(normal(3, 4), y)
