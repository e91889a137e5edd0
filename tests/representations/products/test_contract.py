"""The bilinear product: kernel against twin at every level, layouts, derivatives, graphs, refusals."""

import numpy as np
import pytest
import torch

from erlangen import native
from erlangen.errors import ShapeError
from erlangen.representations.products.bilinear_kernel import bilinear_cotangents, bilinear_value
from erlangen.representations.products.bilinear_program import bilinear_program
from erlangen.representations.products.bilinear_terms import BilinearTerms
from erlangen.representations.products.contract import contract

built = pytest.mark.skipif(not hasattr(native.kernels(), "BilinearProgram"), reason="the kernels are not built")
LEVELS = native.cpu_levels() or ("baseline",)
RNG = np.random.default_rng(0)
DENSE = np.round(RNG.standard_normal((9, 11, 23)) * (RNG.random((9, 11, 23)) < 0.25), 1)
TERMS = BilinearTerms.from_dense(DENSE)
SMALL = BilinearTerms.from_dense(DENSE[:3, :4, :5])
EPS = {torch.float32: 2e-5, torch.float64: 1e-13}


def drawn(*shape, dtype=torch.float64, seed=0):
    return torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed)).to(dtype)


def exact(x, y):
    return torch.einsum("nic,njc,ijk->nkc", x.double(), y.double().expand(-1, -1, x.shape[2]), torch.from_numpy(DENSE))


@built
@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize(
    ("rows", "channels", "shared"), [(71, 1, False), (5, 32, False), (6, 45, False), (5, 64, True), (7, 13, True)]
)
def test_the_kernel_of_each_level_computes_value_and_cotangents(level, dtype, rows, channels, shared):
    x, x2 = drawn(rows, 9, channels, dtype=dtype, seed=1), drawn(rows, 9, channels, dtype=dtype, seed=2)
    y, y2 = (drawn(rows, 11, 1 if shared else channels, dtype=dtype, seed=seed) for seed in (3, 4))
    g = drawn(rows, 23, channels, dtype=dtype, seed=5)
    close = {"rtol": 0, "atol": 100 * EPS[dtype]}
    assert torch.allclose(bilinear_value(TERMS, x, y, level=level).double(), exact(x, y), **close)
    both = bilinear_value(TERMS, x, y, (x2, y2), level=level)
    assert torch.allclose(both.double(), exact(x, y) + exact(x2, y2), **close)
    to_x, to_y = bilinear_cotangents(TERMS, g, x, y, level=level)
    expected = torch.einsum(
        "nkc,njc,ijk->nic", g.double(), y.double().expand(-1, -1, channels), torch.from_numpy(DENSE)
    )
    assert torch.allclose(to_x.double(), expected, **close)
    expected = torch.einsum("nkc,nic,ijk->njc", g.double(), x.double(), torch.from_numpy(DENSE))
    expected = expected.sum(2, keepdim=True) if shared else expected
    assert torch.allclose(to_y.double(), expected, **{**close, "atol": close["atol"] * channels**0.5})
    alone = (
        bilinear_cotangents(TERMS, g, x, y, (True, False), level=level),
        bilinear_cotangents(TERMS, g, x, y, (False, True), level=level),
    )
    assert torch.equal(alone[0][0], to_x)
    assert torch.equal(alone[1][1], to_y)
    assert alone[0][1] is None
    assert alone[1][0] is None


@built
@pytest.mark.parametrize("shape", [(4000, 1), (300, 40)])
def test_the_kernel_gives_the_same_bits_at_any_number_of_threads(shape):
    rows, channels = shape
    x, y = drawn(rows, 9, channels), drawn(rows, 11, channels)
    program = native.kernels("native").BilinearProgram(*bilinear_program(TERMS).arguments())
    found = []
    for threads in (1, 2, 5):
        z = np.full((rows, 23, channels), np.nan)
        to_x, to_y = np.empty_like(x.numpy()), np.empty_like(y.numpy())
        program.forward(x.numpy(), y.numpy(), None, None, z, threads, "auto")
        program.backward(z, x.numpy(), y.numpy(), to_x, to_y, threads, "auto")
        found.append((z, to_x, to_y))
    for other in found[1:]:
        assert all(np.array_equal(a, b) for a, b in zip(found[0], other, strict=True))


@built
def test_the_kernel_refuses_what_does_not_fit_before_it_writes():
    program = native.kernels("native").BilinearProgram(*bilinear_program(TERMS).arguments())
    x, y, z = np.ones((4, 9)), np.ones((4, 11)), np.zeros((4, 23))
    for given, name in (
        ((x[:, :8].copy(), y, None, None, z), "x"),
        ((x, y[:3], None, None, z), "y"),
        ((x, y, x, y, z[:, 1:].copy()), "z"),
    ):
        with pytest.raises(ValueError, match=f"{name} has the wrong shape"):
            program.forward(*given, 1, "auto")
    with pytest.raises(ValueError, match="nothing to write to"):
        program.backward(z, None, None, None, None, 1, "auto")
    assert not z.any()
    lists = list(bilinear_program(TERMS).arguments())
    lists[5] = [99, *lists[5][1:]]
    with pytest.raises(ValueError, match=r"i\[0\] = 99 is out of range"):
        native.kernels("native").BilinearProgram(*lists)


LAYOUTS = [
    ("mul_ir", (4, 3), (4, 4)),
    ("mul_ir", (2, 1, 3), (5, 4)),
    ("ir_mul", (2, 3, 3), (2, 4, 3)),
    ("ir_mul", (2, 3, 3), (2, 4)),
    ("ir_mul", (2, 3, 1), (2, 4, 3)),
]


@pytest.mark.parametrize(("layout", "left", "right"), LAYOUTS)
@pytest.mark.parametrize("backend", ["auto", "python"])
def test_derivatives_of_first_and_second_order(layout, left, right, backend):
    x, y = drawn(*left).requires_grad_(), drawn(*right, seed=1).requires_grad_()

    def product(x, y):
        return contract(SMALL, x, y, layout=layout, backend=backend)

    assert torch.autograd.gradcheck(product, (x, y))
    assert torch.autograd.gradgradcheck(product, (x, y))


def test_a_third_derivative():
    x, y = drawn(1, 3).requires_grad_(), drawn(1, 4, seed=1).requires_grad_()

    def energy(x, y):
        return contract(SMALL, x, y).square().sum()

    def force(x, y):
        return torch.autograd.grad(energy(x, y), (x, y), create_graph=True)

    assert torch.autograd.gradgradcheck(force, (x, y))


@pytest.mark.parametrize(("layout", "left", "right"), LAYOUTS)
def test_a_compiled_graph_holds_the_product_and_its_derivatives(layout, left, right):
    x, y = drawn(*left).requires_grad_(), drawn(*right, seed=1).requires_grad_()

    def product(x, y):
        return contract(SMALL, x, y, layout=layout)

    try:
        compiled = torch.compile(product, backend="aot_eager", fullgraph=True)
        assert torch.allclose(compiled(x, y), product(x, y), atol=1e-13)
        found, expected = (torch.autograd.grad(f(x, y).square().sum(), (x, y)) for f in (compiled, product))
        assert all(torch.allclose(a, b, atol=1e-12) for a, b in zip(found, expected, strict=True))
    finally:
        torch.compiler.reset()


def test_transforms_of_functions_see_through_it():
    x, y = drawn(5, 3), drawn(5, 4, seed=1)

    def energy(x, y):
        return contract(SMALL, x, y).square().sum()

    found = torch.func.grad(energy)(x, y)
    x.requires_grad_()
    assert torch.allclose(found, torch.autograd.grad(energy(x, y), x)[0])


def test_shapes_of_empty_batches_and_features():
    assert contract(SMALL, torch.zeros(0, 3), torch.zeros(0, 4)).shape == (0, 5)
    assert contract(SMALL, torch.zeros(2, 3, 0), torch.zeros(2, 4, 0), layout="ir_mul").shape == (2, 5, 0)
    nothing = BilinearTerms([], [], [], [], 3, 4, 5)
    x = torch.ones(2, 3, requires_grad=True)
    z = contract(nothing, x, torch.ones(2, 4))
    z.sum().backward()
    assert not z.any()
    assert not x.grad.any()


def test_operands_that_do_not_fit_are_refused():
    with pytest.raises(ShapeError, match="x has 4 components, the map takes 3"):
        contract(SMALL, torch.ones(2, 4), torch.ones(2, 4))
    with pytest.raises(ShapeError, match="x has 3 channels, y has 2"):
        contract(SMALL, torch.ones(2, 3, 3), torch.ones(2, 4, 2), layout="ir_mul")
    with pytest.raises(TypeError, match=r"x is torch.float32"):
        contract(SMALL, torch.ones(2, 3), torch.ones(2, 4, dtype=torch.float64))
    with pytest.raises(TypeError, match=r"y must be a floating tensor, got torch.int64"):
        contract(SMALL, torch.ones(2, 3), torch.ones(2, 4, dtype=torch.int64))
