"""The convolution in the frame of a direction: equivariant, complete, and the refusals."""

import pytest
import torch

from erlangen.errors import DomainError, ShapeError
from erlangen.nn import FullyConnectedTensorProduct, SO2Convolution
from erlangen.representations import Irreps, spherical_harmonics
from erlangen.testing import check_layer

IN, OUT = Irreps("3x0e+2x1o+2x1e+1x2e"), Irreps("2x0e+1x0o+2x1o+1x2e+1x2o")


def normal(*shape, seed=0, **options):
    return torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed), **options)


def orthogonal(seed, sign):
    Q, _ = torch.linalg.qr(normal(3, 3, seed=seed))
    return Q * torch.linalg.det(Q).sign() * sign


@pytest.mark.parametrize("layout", ["mul_ir", "ir_mul"])
@pytest.mark.parametrize("sign", [1.0, -1.0])
@pytest.mark.parametrize("order", [None, 1])
def test_it_commutes_with_rotations_and_inversion(order, sign, layout):
    layer = SO2Convolution(IN, OUT, highest_order=order, layout=layout, rng=0, dtype=torch.float64)
    R, x, r = orthogonal(1, sign), normal(4, IN.dim), normal(4, 3, seed=1)
    matrices = []
    for irreps in (IN, OUT):
        D = irreps.matrix(R)
        if layout == "ir_mul":
            places = torch.cat(
                [
                    torch.arange(s.start, s.stop).reshape(mul, ir.dim).T.flatten()
                    for s, (mul, ir) in zip(irreps.slices(), irreps, strict=True)
                ]
            )
            D = D[places][:, places]
        matrices.append(D)
    before, after = layer(x @ matrices[0].T, r @ R.T), layer(x, r) @ matrices[1].T
    assert (before - after).abs().max() <= 1e-12 * after.abs().max()


def test_it_does_not_depend_on_how_the_direction_is_turned_to_the_axis():
    layer = SO2Convolution(IN, OUT, rng=0, dtype=torch.float64)
    x, r = normal(1, IN.dim), torch.tensor([[0.6, 0.0, 0.8]], dtype=torch.float64)
    near = [
        layer(x, r + torch.tensor([0.0, e, 0.0])) for e in (1e-9, -1e-9)
    ]  # two ways to the axis, above and below the equator
    assert torch.allclose(*near, atol=1e-7)


def test_weights_are_as_many_as_paths_with_harmonics_of_every_degree():
    layer = SO2Convolution(IN, OUT, rng=0)
    paths = FullyConnectedTensorProduct(IN, "0e+1o+2e+3o+4e", OUT, rng=0)
    assert layer.weight_numel == paths.weight_numel


def test_every_tensor_product_with_harmonics_is_such_a_convolution():
    product = FullyConnectedTensorProduct(IN, "0e+1o+2e+3o+4e", OUT, rng=0, dtype=torch.float64)
    layer = SO2Convolution(IN, OUT, rng=0, dtype=torch.float64)

    def multiplied(x, r):
        return product(x, spherical_harmonics(range(5), r, normalize=True))

    axis = torch.tensor([[0.0, 1.0, 0.0]], dtype=torch.float64).expand(IN.dim, 3)
    M = multiplied(torch.eye(IN.dim, dtype=torch.float64), axis).detach().T  # what the product does about the axis
    with torch.no_grad():
        for n, (weight, scale) in enumerate(zip(layer.weights, layer._scales, strict=True)):
            _, same = layer._plan[n]
            rows = getattr(layer, f"target_{'plus' if same else 'minus'}_{n}")
            weight.copy_(M[rows][:, getattr(layer, f"source_plus_{n}")] / scale)
    x, r = normal(6, IN.dim), normal(6, 3, seed=1)
    expected = multiplied(x, r)
    assert (layer(x, r) - expected).abs().max() <= 1e-12 * expected.abs().max()


def test_it_has_two_derivatives():
    layer = SO2Convolution("0e+1o", "0e+1o+1e", rng=0, dtype=torch.float64)
    given = normal(1, 4, requires_grad=True), normal(1, 3, seed=1, requires_grad=True)
    assert torch.autograd.gradcheck(layer, given)
    assert torch.autograd.gradgradcheck(layer, given)


def test_normal_features_give_unit_variance():
    z = torch.cat(
        [
            SO2Convolution("16x0e+16x1o+8x1e", "8x0e+8x1o", rng=seed)(
                torch.randn(50, 88, generator=torch.Generator().manual_seed(seed)),
                torch.randn(50, 3, generator=torch.Generator().manual_seed(seed + 50)),
            ).detach()
            for seed in range(20)
        ]
    )
    assert abs(float(z.square().mean()) - 1) < 0.1


def test_it_obeys_the_laws_of_layers():
    layer = SO2Convolution("2x0e+2x1o", "2x0e+1x1o", rng=0)
    given = [torch.randn(4, d, generator=torch.Generator().manual_seed(d)) for d in (8, 3)]
    check_layer(layer, *given).raise_if_failed()


def test_refusals():
    layer = SO2Convolution("0e+1o", "0e", rng=0)
    with pytest.raises(DomainError, match=r"vectors\[1\] is zero"):
        layer(torch.randn(2, 4), torch.tensor([[1.0, 0, 0], [0, 0, 0]]))
    with pytest.raises(ShapeError, match=r"vectors must have shape \(2, 3\)"):
        layer(torch.randn(2, 4), torch.randn(3, 3))
    assert layer(torch.randn(0, 4), torch.randn(0, 3)).shape == (0, 1)
