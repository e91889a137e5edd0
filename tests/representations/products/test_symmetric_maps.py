"""Symmetric maps: their number by counting weights, their laws, and MACE's chains by its own numbers."""

import itertools

import numpy as np
import pytest
import torch

from erlangen.errors import DomainError, ShapeError
from erlangen.representations.irreps import Irreps
from erlangen.representations.products import SymmetricBasis, from_mace, symmetric_contraction, to_mace
from erlangen.representations.products.symmetric_conversion import conversion, initial_scales
from erlangen.representations.products.symmetric_polynomials import basis, inner_product, monomials, types
from erlangen.representations.products.symmetric_terms import symmetric_terms
from erlangen.representations.spherical_harmonics import spherical_harmonics

NATURAL = ((0, 1), (1, -1), (2, 1), (3, -1))
MIXED = ((0, 1), (1, -1), (1, 1), (2, 1))


def waves(*shape, start=0.0):
    """Return numbers without pattern that every environment computes alike."""
    n = int(np.prod(shape))
    return torch.sin(start + torch.arange(1, n + 1, dtype=torch.float64) ** 2 * 0.7).reshape(shape)


def matrix(irreps, Q):
    """Return the matrix of an orthogonal Q: harmonics of turned points are turned harmonics; an inversion brings the parity."""
    sign = float(torch.linalg.det(Q).sign())
    points = waves(40, 3)
    blocks = []
    for mul, ir in Irreps(irreps):
        before, after = (spherical_harmonics(ir.l, r, normalize=True) for r in (points, points @ (sign * Q).mT))
        D = torch.linalg.lstsq(before, after).solution.mT
        blocks += [D if sign > 0 else ir.p * D] * mul
    return torch.block_diag(*blocks)


def multiplicity(irreps, kinds, l):
    """Return how often degree l occurs in a symmetric power: states of weight l less those of weight l + 1."""
    weights = [m for degree, _ in irreps for m in range(-degree, degree + 1)]
    total = [sum(weights[i] for i in monomial) for monomial in monomials(irreps, kinds)]
    return total.count(l) - total.count(l + 1)


@pytest.mark.parametrize(("irreps", "degree"), [(NATURAL, 1), (NATURAL, 2), (NATURAL, 3), (MIXED, 3), (MIXED, 4)])
@pytest.mark.parametrize("kind", [(0, 1), (1, -1), (2, 1), (3, -1), (1, 1)])
def test_the_basis_is_as_large_as_the_multiplicity_and_orthonormal(irreps, degree, kind):
    for kinds in types(irreps, degree, kind):
        B = basis(irreps, kinds, kind[0])
        assert len(B) == multiplicity(irreps, kinds, kind[0])
        np.testing.assert_allclose(inner_product(irreps, kinds, B, B), np.eye(len(B)), atol=1e-13)


@pytest.mark.parametrize(
    ("out", "chains", "rank", "pairs"), [("0e", 23, 8, 77), ("1o", 51, 12, 278), ("2e", 65, 14, 398)]
)
def test_paths_ranks_and_pairs_of_three_bodies_to_degree_three(out, chains, rank, pairs):
    maps = SymmetricBasis("0e+1o+2e+3o", out, 3)
    terms = symmetric_terms(maps)
    cubic = int((terms.monomial >= terms.degree_start[3]).sum())
    assert (maps.twin(reduced=False).counts[0][2], maps.counts[0][2], cubic) == (chains, rank, pairs)


@pytest.mark.parametrize("reduced", [True, False])
@pytest.mark.parametrize(
    ("irreps_in", "irreps_out", "nu"), [("0e+1o+2e+3o", "0e+1o+2e", 3), ("0e+1o+1e", "0o+1e+2o", 3), ("1o+2e", "3o", 4)]
)
def test_the_contraction_commutes_with_rotations_and_inversion(irreps_in, irreps_out, nu, reduced):
    maps = SymmetricBasis(irreps_in, irreps_out, nu, reduced)
    R, _ = torch.linalg.qr(waves(3, 3))
    before, after = matrix(irreps_in, R), matrix(irreps_out, R)
    x, z = waves(2, maps.dim_in, 2), torch.tensor([1, 0])
    W = waves(2, len(maps.paths), 2, start=1.0)
    left = symmetric_contraction(before @ x, W, z, maps, backend="python")
    right = after @ symmetric_contraction(x, W, z, maps, backend="python")
    torch.testing.assert_close(left, right, rtol=0, atol=1e-12 * float(right.abs().max()))


# mace-torch 0.3.16 (e3nn 0.4.4), SymmetricContraction in float64 on the numbers of `waves`
MACE = [
    (
        ("0e+1o+2e+3o", "0e+1o+2e", 3, 2),
        [
            [
                2.5526738303256358, -0.3894752959027765, 0.7389786890204427, 1.587356366803655, 0.19563757167410145,
                -0.35410093076020843, -0.009938447482031813, -0.36202580093251824, -0.10840377926672645,
            ],
            [
                4.514606567504941, -0.7129901880012615, -0.8929275211349874, 0.555082089279815, 4.3339021080078455,
                -2.8540787896790887, -2.1043902119071154, 7.970839670303332, -2.5058595946595488,
            ],
        ],
    ),
    (("0e+1o+2e", "0e+1o", 4, 1), [[0.3212373006052105, 0.5275737879914778, -0.5612353242333845, 0.671089702383629]]),
    (("0e+1o+1e", "1e", 3, 1), [[-3.3563196421839736, 0.24096595972969173, 0.6579979066739096]]),
]  # fmt: skip


@pytest.mark.parametrize(("case", "expected"), MACE)
def test_all_chains_give_the_numbers_of_mace(case, expected):
    irreps_in, irreps_out, nu, elements = case
    maps = SymmetricBasis(irreps_in, irreps_out, nu, reduced=False)
    n = len(expected)
    x, W = waves(n, maps.dim_in, 1), waves(elements, len(maps.paths), 1, start=1.0)
    out = symmetric_contraction(x, W, torch.arange(n) % elements, maps, backend="python")
    torch.testing.assert_close(out[:, :, 0], torch.tensor(expected, dtype=torch.float64), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(("irreps_in", "irreps_out", "nu"), [("0e+1o+2e+3o", "0e+1o", 3), ("0e+1o+2e", "0e+1o", 4)])
def test_weights_on_chains_and_on_the_basis_are_the_same_function_both_ways(irreps_in, irreps_out, nu):
    few = SymmetricBasis(irreps_in, irreps_out, nu)
    many = few.twin(reduced=False)
    x, z = waves(3, few.dim_in, 2), torch.tensor([0, 1, 0])
    state = to_mace(waves(2, len(many.paths), 2, start=1.0), many, prefix="a.")
    full, reduced = from_mace(state, many, prefix="a."), from_mace(state, few, prefix="a.")
    expected = symmetric_contraction(x, full, z, many, backend="python")
    torch.testing.assert_close(symmetric_contraction(x, reduced, z, few, backend="python"), expected)
    back = from_mace(to_mace(reduced, few), many)
    torch.testing.assert_close(symmetric_contraction(x, back, z, many, backend="python"), expected)


def test_from_chains_to_the_basis_is_a_partial_isometry():
    A = conversion(SymmetricBasis("0e+1o+2e+3o", "0e+1o+2e", 3))
    np.testing.assert_allclose(A @ A.T, np.eye(len(A)), atol=1e-12)


def test_initial_weights_spread_as_those_on_chains():
    maps = SymmetricBasis("0e+1o+2e+3o", "0e", 3)
    np.testing.assert_allclose(initial_scales(maps), [1.0, *[1 / 4] * 4, *[1 / 23] * 8], rtol=1e-12)


def test_a_degree_without_paths_is_stored_as_mace_does():
    maps = SymmetricBasis("0e+1o", "2e", 2)
    state = to_mace(waves(1, len(maps.paths), 1), maps)
    assert {name: tuple(part.shape) for name, part in state.items()} == {
        "contractions.0.weights.0": (1, 1, 1),
        "contractions.0.weights_max": (1, 1, 1),
    }
    assert float(state["contractions.0.weights.0"]) == 0.0


def test_brute_force_symmetrisation_agrees_with_the_coupling_of_three_vectors():
    """x.x x / sqrt(3) is, up to its norm, the only cubic vector of a vector."""
    (B,) = basis(((1, -1),), (0, 0, 0), 1)
    x = np.array([0.3, -1.2, 0.7])
    powers = [np.prod(x[list(m)]) for m in itertools.combinations_with_replacement(range(3), 3)]
    np.testing.assert_allclose(np.abs(B @ powers), np.abs(np.sqrt(3 / 5) * x @ x * x), rtol=1e-13)


def test_refusals_name_what_is_wrong():
    with pytest.raises(DomainError, match=r"3e is not reached .* 0e\+1o\+2e"):
        SymmetricBasis("0e+1o", "3e", 2)
    with pytest.raises(DomainError, match="correlation has 3 entries for 2 outputs"):
        SymmetricBasis("0e+1o", "0e+1o", [1, 2, 3])
    maps = SymmetricBasis("0e+1o", "0e", 2)
    with pytest.raises(DomainError, match=r"no entry 'b\.contractions\.0\.weights\.0'"):
        from_mace({"a.contractions.0.weights.0": torch.ones(1, 1, 1)}, maps, prefix="b.")
    with pytest.raises(ShapeError, match="another basis"):
        from_mace(to_mace(torch.ones(1, 3, 1), maps) | {"contractions.0.weights_max": torch.ones(1, 7, 1)}, maps)
    with pytest.raises(ShapeError, match=r"\(elements, 3, channels\)"):
        to_mace(torch.ones(1, 4, 1), maps)


def test_the_value_prints_what_it_is():
    maps = SymmetricBasis("4x0e+4x1o", "4x0e", 2, reduced=False)
    assert eval(repr(maps)) == maps
    assert {maps: 1}[SymmetricBasis("0e+1o", "0e", 2, False)] == 1
