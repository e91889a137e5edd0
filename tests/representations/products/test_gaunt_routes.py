"""Every route of every product against exact couplings, sympy's and e3nn's numbers, rotations and inversion, two derivatives."""

import itertools
import json
from pathlib import Path

import numpy as np
import pytest
import torch

from erlangen.errors import DomainError, DtypeError, ShapeError
from erlangen.representations import Irreps, gaunt, sphere, spherical_harmonics, wigner_3j
from erlangen.representations.products import bracket_product, complete_gaunt_product, gaunt_product, matrix_product
from erlangen.representations.products.coupling_scales import bracket_scale, lift_degree, matrix_scale, path_degrees
from erlangen.representations.products.coupling_terms import bracket_terms, gaunt_terms

GAUNT = [
    {"method": "sparse"},
    {"method": "dense"},
    {"method": "grid", "grid": "minimal"},
    {"method": "grid", "grid": "lebedev"},
    {"method": "grid", "grid": "gauss-legendre"},
    {"method": "grid", "grid": "equal-angle"},
    {"method": "grid-separable"},
    {"method": "fourier"},
]
BRACKET = [how for how in GAUNT if how.get("grid") != "equal-angle"]
MATRIX = [{"method": "sparse"}, {"method": "dense"}, {"method": "matrix"}]
ALL = (
    [(gaunt_product, how) for how in GAUNT]
    + [(bracket_product, how) for how in BRACKET]
    + [(matrix_product, {**how, "part": part}) for how in MATRIX for part in ("even", "odd")]
)
E3NN = json.loads(Path(__file__).with_name("e3nn_gaunt_0_6_0.json").read_text(encoding="utf-8"))["products"]
IDS = [f"{product.__name__}-{'-'.join(how.values())}" for product, how in ALL]


def randn(*shape, seed=0, dtype=torch.float64):
    return torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed)).to(dtype)


def part(x, l):
    return x[..., l * l : (l + 1) ** 2]


def exact(x, y, l1, l2, l3, scale):
    """The product by its definition: a strength times Wigner's 3j tensor, path by path."""
    z = torch.zeros(*x.shape[:-1], (l3 + 1) ** 2, dtype=torch.float64)
    for a, b, c in path_degrees(l1, l2, l3):
        if scale(a, b, c):
            block = torch.einsum("...i,...j,ijk->...k", part(x, a), part(y, b), wigner_3j(a, b, c))
            z[..., c * c : (c + 1) ** 2] += scale(a, b, c) * block
    return z


def gaunt_kappa(a, b, c):
    return float((gaunt(a, b, c) * wigner_3j(a, b, c)).sum())


DEGREES = [(0, 0, 0), (1, 1, 2), (2, 1, 3), (1, 3, 1), (4, 2, 2), (3, 3, 6), (0, 4, 4), (5, 6, 11)]


@pytest.mark.parametrize("degrees", DEGREES, ids=str)
@pytest.mark.parametrize("how", GAUNT, ids=lambda how: "-".join(how.values()))
def test_gaunt_routes_equal_the_exact_contraction(degrees, how):
    l1, l2, l3 = degrees
    x, y = randn(2, 3, (l1 + 1) ** 2), randn(2, 3, (l2 + 1) ** 2, seed=1)
    expected = exact(x, y, *degrees, gaunt_kappa)
    scale = 1 + expected.abs().max()
    assert (gaunt_product(x, y, l3, **how) - expected).abs().max() <= 1e-13 * scale
    inner = gaunt_product(x.mT, y.mT, l3, layout="ir_mul", **how).mT
    assert (inner - expected).abs().max() <= 1e-13 * scale
    single = gaunt_product(x.float(), y.float(), l3, **how)
    assert single.dtype == torch.float32
    assert (single - expected).abs().max() <= 1e-5 * scale


@pytest.mark.parametrize("L", [*range(5), *(pytest.param(L, marks=pytest.mark.slow) for L in range(5, 13))])
@pytest.mark.parametrize("how", GAUNT, ids=lambda how: "-".join(how.values()))
def test_gaunt_routes_up_to_degree_twelve(how, L):
    x, y = randn(2, (L + 1) ** 2), randn(2, (L + 1) ** 2, seed=1)
    expected = exact(x, y, L, L, L, gaunt_kappa)
    scale = 1 + expected.abs().max()
    assert (gaunt_product(x, y, L, **how) - expected).abs().max() <= 1e-12 * scale
    assert (gaunt_product(x.float(), y.float(), L, **how) - expected).abs().max() <= 1e-5 * scale


@pytest.mark.parametrize("degrees", DEGREES, ids=str)
@pytest.mark.parametrize("how", BRACKET, ids=lambda how: "-".join(how.values()))
def test_bracket_routes_equal_the_formula_of_couplings(degrees, how):
    l1, l2, l3 = degrees
    x, y = randn(2, (l1 + 1) ** 2), randn(2, (l2 + 1) ** 2, seed=1)
    expected = exact(x, y, *degrees, bracket_scale)
    assert (bracket_product(x, y, l3, **how) - expected).abs().max() <= 2e-13 * (1 + expected.abs().max())


@pytest.mark.parametrize("how", MATRIX, ids=lambda how: "-".join(how.values()))
@pytest.mark.parametrize("degrees", [(0, 0, 0), (1, 1, 2), (2, 1, 3), (3, 3, 2), (4, 5, 9)], ids=str)
def test_matrix_routes_couple_by_6j_symbols(degrees, how):
    l1, l2, l3 = degrees
    x, y = randn(2, (l1 + 1) ** 2), randn(2, (l2 + 1) ** 2, seed=1)
    t = lift_degree(l1, l2)
    halves = {}
    for name, parity in (("even", 0), ("odd", 1)):
        halves[name] = exact(
            x, y, *degrees, lambda a, b, c, p=parity: matrix_scale(a, b, c, t) * ((a + b + c) % 2 == p)
        )
        found = matrix_product(x, y, l3, part=name, **how)
        assert (found - halves[name]).abs().max() <= 1e-13 * (1 + halves[name].abs().max())
    both = matrix_product(x, y, l3, **how)
    torch.testing.assert_close(both, halves["even"] + halves["odd"], rtol=1e-13, atol=1e-13)


def test_the_gaunt_product_is_the_product_of_functions():
    points = torch.nn.functional.normalize(randn(50, 3), dim=-1)

    def at(x, lmax):
        return spherical_harmonics(range(lmax + 1), points, normalize=True, normalization="integral") @ x

    x, y = randn(16), randn(9, seed=1)
    torch.testing.assert_close(at(gaunt_product(x, y), 5), at(x, 3) * at(y, 2), rtol=1e-12, atol=1e-12)


def test_the_bracket_is_a_derivation_and_a_lie_bracket():
    x, y, z = randn(9), randn(9, seed=1), randn(9, seed=2)

    def bracket(a, b):
        return bracket_product(a, b)

    def padded(a, size):
        return torch.nn.functional.pad(a, (0, size - len(a)))

    torch.testing.assert_close(bracket(x, y), -bracket(y, x), rtol=1e-13, atol=1e-13)
    leibniz = gaunt_product(bracket(x, y), z) + gaunt_product(y, bracket(x, z))
    torch.testing.assert_close(bracket(x, gaunt_product(y, z)), leibniz, rtol=1e-12, atol=1e-12)
    jacobi = [bracket(a, bracket(b, c)) for a, b, c in ((x, y, z), (y, z, x), (z, x, y))]
    assert sum(jacobi).abs().max() <= 1e-12 * jacobi[0].abs().max()


def test_the_bracket_couples_every_path_of_odd_sum_and_no_other():
    for a, b, c in path_degrees(10, 10, 10):
        assert (abs(bracket_scale(a, b, c)) > 1e-3) == ((a + b + c) % 2 == 1)


def test_bracket_couplings_follow_from_symbols_with_one_turn():
    sympy = pytest.importorskip("sympy.physics.wigner")
    for a, b, c in path_degrees(4, 4, 4, 1):
        threej = float(sympy.wigner_3j(a, b, c, 1, -1, 0))
        value = ((2 * a + 1) * (2 * b + 1) * (2 * c + 1) / (4 * np.pi) * a * (a + 1) * b * (b + 1)) ** 0.5 * abs(threej)
        assert bracket_scale(a, b, c) == pytest.approx(value, rel=1e-12)


def test_gaunt_terms_equal_those_of_sympy():
    sympy = pytest.importorskip("sympy.physics.wigner")
    table = gaunt_terms(2, 2, 2).dense()
    lm = [(l, m) for l in range(3) for m in range(-l, l + 1)]
    for (i, a), (j, b), (k, c) in itertools.product(enumerate(lm), repeat=3):
        if (a[0] + b[0] + c[0]) % 2 == 0:
            assert table[i, j, k] == pytest.approx(
                float(sympy.real_gaunt(a[0], b[0], c[0], a[1], b[1], c[1])), abs=1e-14
            )


@pytest.mark.parametrize("how", GAUNT, ids=lambda how: "-".join(how.values()))
@pytest.mark.parametrize("L", range(1, 6))
def test_the_numbers_of_e3nn(L, how):
    n = (L + 1) ** 2
    wave = torch.sin(1 + 0.7 * torch.arange(2 * n, dtype=torch.float64))
    expected = torch.tensor(E3NN[str(L)], dtype=torch.float64)
    found = gaunt_product(wave[:n], wave[n:], L, **how)
    torch.testing.assert_close(found, expected, rtol=0, atol=2e-15 * L**2)


def rotations(n):
    q, r = torch.linalg.qr(randn(n, 3, 3))
    q = q * r.diagonal(dim1=-2, dim2=-1).sign().unsqueeze(-2)
    return q * torch.linalg.det(q)[:, None, None]


@pytest.mark.parametrize(("product", "how"), ALL, ids=IDS)
@pytest.mark.parametrize("L", [1, 2, 3, 6, pytest.param(10, marks=pytest.mark.slow)])
def test_equivariance(product, how, L):
    x, y, l3 = randn((L + 1) ** 2), randn((L + 1) ** 2, seed=1), min(2 * L, 8)
    odd = product is bracket_product or how.get("part") == "odd"
    for R in rotations(2):
        for O in (R, -R):
            D, D3 = Irreps.signal(L).matrix(O), Irreps.signal(l3, p_val=-1 if odd else 1).matrix(O)
            left, right = product(D @ x, D @ y, l3, **how), D3 @ product(x, y, l3, **how)
            assert (left - right).abs().max() <= 1e-12 * right.abs().max()


@pytest.mark.parametrize(("product", "how"), ALL, ids=IDS)
@pytest.mark.parametrize(
    ("L", "lead"), [(1, ()), (2, (2,)), (3, (1, 2)), pytest.param(3, (1, 2, 1), marks=pytest.mark.slow)]
)
def test_two_derivatives(product, how, L, lead):
    x, y = randn(*lead, 4).requires_grad_(), randn(*lead, (L + 1) ** 2, seed=1).requires_grad_()

    def function(x, y):
        return product(x, y, min(L, 2), **how)

    fast = L > 2  # one random direction instead of all
    assert torch.autograd.gradcheck(function, (x, y), fast_mode=fast)
    assert torch.autograd.gradgradcheck(function, (x, y), fast_mode=fast)


@pytest.mark.parametrize(("product", "how"), ALL, ids=IDS)
def test_batches_strides_and_broadcasting(product, how):
    x, y = randn(2, 3, 5, 4), randn(2, 3, 5, 9, seed=1)
    whole = product(x, y, 2, **how)
    for row in ((1, 2, 3), (1, 2), (1,)):  # leading axes: none, one, two
        torch.testing.assert_close(product(x[row], y[row], 2, **how), whole[row], rtol=1e-13, atol=1e-13)
    strided = product(x[:, ::2].transpose(0, 2), y[:, ::2].transpose(0, 2), 2, **how)
    torch.testing.assert_close(strided, whole[:, ::2].transpose(0, 2), rtol=1e-13, atol=1e-13)
    torch.testing.assert_close(product(x, y[0, 0, 0], 2, **how)[0, 0, 0], whole[0, 0, 0], rtol=1e-13, atol=1e-13)
    shared = product(x.mT, y[..., 0, :], 2, layout="ir_mul", **how)
    expected = product(x, y[..., :1, :].expand_as(y), 2, **how).mT
    torch.testing.assert_close(shared, expected, rtol=1e-13, atol=1e-13)
    assert product(x[:0], y[:0], 2, **how).shape == (0, 3, 5, 9)
    halves = (x.half(), y.half())
    if how["method"] == "fourier":
        with pytest.raises(DtypeError, match="fourier"):
            product(*halves, 2, **how)
    else:
        assert product(*halves, 2, **how).dtype == torch.float16


@pytest.mark.parametrize(("product", "how"), ALL, ids=IDS)
def test_one_and_two_threads_agree(product, how):
    x, y = randn(3000, 9, dtype=torch.float32), randn(3000, 9, seed=1, dtype=torch.float32)
    before, results = torch.get_num_threads(), []
    try:
        for threads in (1, 2):
            torch.set_num_threads(threads)
            results.append(product(x, y, 4, **how))
    finally:
        torch.set_num_threads(before)
    if how["method"] == "sparse":
        assert torch.equal(*results)
    torch.testing.assert_close(*results, rtol=1e-5, atol=1e-6 * max(1.0, float(results[0].abs().max())))


@pytest.mark.slow
@pytest.mark.parametrize(("product", "how"), ALL, ids=IDS)
def test_a_hundred_thousand_rows(product, how):
    x, y = randn(100_000, 9, dtype=torch.float32), randn(100_000, 9, seed=1, dtype=torch.float32)
    whole = product(x, y, 4, **how)
    for rows in (slice(0, 5), slice(49_998, 50_003), slice(99_995, 100_000)):
        expected = product(x[rows].double(), y[rows].double(), 4, **how)
        torch.testing.assert_close(whole[rows].double(), expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(("product", "how"), [ALL[0], ALL[2], ALL[6], ALL[10]], ids=[IDS[i] for i in (0, 2, 6, 10)])
def test_compilation_of_the_whole_graph(product, how):
    compiled = torch.compile(lambda x, y: product(x, y, 2, **how), fullgraph=True, backend="aot_eager")
    x, y = randn(3, 4), randn(3, 9, seed=1)
    torch.testing.assert_close(compiled(x, y), product(x, y, 2, **how))


@pytest.mark.parametrize(
    "method",
    ["dense", pytest.param("grid-separable", marks=pytest.mark.slow), pytest.param("fourier", marks=pytest.mark.slow)],
)
def test_one_graph_may_hold_products_of_several_degrees(method):
    x, y, w = randn(3, 4), randn(3, 9, seed=1), randn(3, 16, seed=2)

    def products(x, y, w):
        found = [gaunt_product(x, y, 2, method=method), bracket_product(y, w, 3, method=method)]
        return torch.cat([*found, gaunt_product(w, x, 4, method=method), matrix_product(x, y, 2, part="odd")], -1)

    try:
        compiled = torch.compile(products, fullgraph=True, backend="aot_eager")
        torch.testing.assert_close(compiled(x, y, w), products(x, y, w), rtol=1e-13, atol=1e-13)
    finally:
        torch.compiler.reset()


def test_weights_a_degree_and_sums_of_ranks():
    x, y = randn(5, 9), randn(5, 9, seed=1)
    triples = [[randn(3, seed=3 * r + n) for n in range(2)] + [randn(5, seed=3 * r + 2)] for r in range(2)]
    w = {
        path: sum(float(a[path[0]] * b[path[1]] * c[path[2]]) for a, b, c in triples) for path in path_degrees(2, 2, 4)
    }
    expected = exact(x, y, 2, 2, 4, lambda a, b, c: w[a, b, c] * gaunt_kappa(a, b, c))
    for how in GAUNT:
        torch.testing.assert_close(gaunt_product(x, y, weights=triples, **how), expected, rtol=1e-12, atol=1e-12)
    even, odd = complete_gaunt_product(x, y, weights=triples, bracket_weights=triples[0])
    torch.testing.assert_close(even, expected, rtol=1e-12, atol=1e-12)
    torch.testing.assert_close(odd, bracket_product(x, y, weights=triples[0]), rtol=1e-13, atol=1e-13)
    channels = [randn(3, 5), None, randn(5, 5, seed=1)]
    inner = gaunt_product(x.mT, y.mT, weights=channels, layout="ir_mul").mT
    outer = gaunt_product(x, y, weights=[channels[0].mT, None, channels[2].mT])
    torch.testing.assert_close(inner, outer, rtol=1e-13, atol=1e-13)


def test_couplings_of_the_complete_product_span_all_paths():
    even, odd = gaunt_terms(3, 3, 6), bracket_terms(3, 3, 6)
    for a, b, c in path_degrees(3, 3, 6):
        s1, s2, s3 = (slice(l * l, (l + 1) ** 2) for l in (a, b, c))
        blocks = [np.abs(terms.dense()[s1, s2, s3]).max() for terms in (even, odd)]
        assert (blocks[0] > 1e-3, blocks[1] > 1e-3) == ((a + b + c) % 2 == 0, (a + b + c) % 2 == 1)


def test_refusals():
    x, y = randn(4), randn(9)
    with pytest.raises(ShapeError, match="8 components"):
        gaunt_product(randn(8), y)
    with pytest.raises(DomainError, match="reachable are 0 … 3"):
        gaunt_product(x, y, 4)
    with pytest.raises(DtypeError, match=r"float64.*float32"):
        gaunt_product(x, y.float())
    with pytest.raises(DtypeError, match="floating tensor"):
        gaunt_product(torch.ones(4, dtype=torch.int64), y)
    with pytest.raises(DomainError, match="6"):
        gaunt_product(x, y, 3, method="grid", grid=sphere.rule(5, "lebedev"))
    fine = gaunt_product(x, y, 3, method="grid", grid=sphere.rule(7, "lebedev"))
    torch.testing.assert_close(fine, gaunt_product(x, y, 3), rtol=1e-13, atol=1e-13)
    with pytest.raises(DomainError, match="grid must be one of"):
        gaunt_product(x, y, grid="hexagonal")
    with pytest.raises(ShapeError, match="weight a must have 2 numbers"):
        gaunt_product(x, y, weights=(randn(3), None, None))
    with pytest.raises(DomainError, match="rank 0"):
        gaunt_product(x, y, weights=())
    with pytest.raises(DomainError, match="method must be one of"):
        bracket_product(x, y, method="matrix")
