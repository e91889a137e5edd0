"""Matrices of rotations: homomorphism, generators, characters, derivatives, and numbers of e3nn 0.6.0."""

import math

import numpy as np
import pytest
import scipy.linalg
import torch

from erlangen.errors import DomainError, ShapeError
from erlangen.representations import (
    Irrep,
    Irreps,
    spherical_harmonics,
    to_ir_mul,
    to_mul_ir,
    wigner_3j,
    wigner_d,
)
from erlangen.representations.rotation_blocks import rotation_blocks
from erlangen.representations.rotation_tables import axis_swap, generators

CROSS = np.array(
    [[[0, 0, 0], [0, 0, -1], [0, 1, 0]], [[0, 0, 1], [0, 0, 0], [-1, 0, 0]], [[0, -1, 0], [1, 0, 0], [0, 0, 0]]]
)


def rotations(n, seed=0, dtype=torch.float64):
    """Haar measure by the QR factors of normal matrices."""
    q, r = torch.linalg.qr(torch.from_numpy(np.random.default_rng(seed).standard_normal((n, 3, 3))))
    q = q * r.diagonal(dim1=-2, dim2=-1).sign()[:, None, :]
    return (q * torch.linalg.det(q)[:, None, None]).to(dtype)


def turn(axis, angle):
    return torch.from_numpy(scipy.linalg.expm(angle * np.einsum("a,aij->ij", axis, CROSS)))


@pytest.mark.parametrize("l", [0, 1, 2, 5, 10, 20, 40])
def test_homomorphism_and_orthogonality(l):
    A, B = rotations(20), rotations(20, 1)
    assert torch.allclose(wigner_d(l, A @ B), wigner_d(l, A) @ wigner_d(l, B), atol=1e-12, rtol=0)
    D = wigner_d(l, A)
    assert torch.allclose(D @ D.mT, torch.eye(2 * l + 1, dtype=D.dtype), atol=1e-13, rtol=0)


def test_degree_one_is_the_matrix_itself():
    R = rotations(10)
    assert torch.allclose(wigner_d(1, R), R, atol=1e-14)
    assert torch.allclose(wigner_d(1, -R), -R, atol=1e-14)


@pytest.mark.parametrize("l", [1, 2, 3, 7, 20])
def test_the_matrices_are_exponentials_of_the_generators(l):
    w = np.random.default_rng(l).standard_normal((5, 3))
    for axis in [*w, [0, 1e-9, 0], [0, 3.0, 0], [math.pi, 0, 0], [1e-8, 0, 1e-8]]:
        exact = scipy.linalg.expm(np.einsum("a,aij->ij", axis, generators(l)))
        assert np.allclose(wigner_d(l, turn(np.array(axis), 1.0)).numpy(), exact, atol=1e-12)


@pytest.mark.parametrize("l", [1, 2, 6])
def test_generators_close_under_brackets(l):
    X, Y, Z = generators(l)
    assert np.allclose(X @ Y - Y @ X, Z, atol=1e-13)
    assert np.allclose(X @ X + Y @ Y + Z @ Z, -l * (l + 1) * np.eye(2 * l + 1), atol=1e-12)
    assert np.allclose(generators(1), CROSS, atol=1e-15)


def test_the_constant_half_turn_exchanges_x_and_y():
    for l in (1, 4, 9):
        J, (X, Y, Z) = axis_swap(l), generators(l)
        assert np.allclose(J @ X @ J, Y, atol=1e-12)
        assert np.allclose(J @ Z @ J, -Z, atol=1e-12)


def test_harmonics_turn_with_their_points():
    R = rotations(6)
    x = torch.randn(6, 4, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    for Q in (R, -R):
        for l in (0, 1, 2, 3, 8):
            moved = spherical_harmonics(l, torch.einsum("nij,nkj->nki", Q, x), normalize=True)
            still = spherical_harmonics(l, x, normalize=True)
            assert torch.allclose(moved, torch.einsum("nij,nkj->nki", wigner_d(l, Q), still), atol=1e-12)


@pytest.mark.parametrize("t", [(1, 1, 1), (2, 2, 3), (3, 5, 4)])
def test_couplings_are_invariant(t):
    R, C = rotations(4), wigner_3j(*t)
    moved = torch.einsum("abc,nia,njb,nkc->nijk", C, *(wigner_d(l, R) for l in t))
    assert torch.allclose(moved, C.expand_as(moved), atol=1e-13)


# D of three degrees by e3nn 0.6.0, Irrep(l, 1).D_from_angles(0.3, 0.7, -1.1), double precision, first row
E3NN = {
    2: [-0.009710669357113733, 0.48912097081925365, 0.2029408447707956, -0.3476546981603997, -0.7737038213529681],
    3: [
        -0.5074691201478821,
        0.17524163358533312,
        0.3278601013684716,
        0.16556974803855254,
        -0.11340839012495793,
        -0.5915277369769292,
        -0.46270222374222564,
    ],
    7: [
        0.3231093105684901,
        -0.1199431010245516,
        -0.5119605394021873,
        -0.2577015062564537,
        0.08515079312192025,
        0.12106450452862973,
        0.02199715361961898,
        0.025729024619775637,
        0.045867443194562034,
        -0.014025783853932975,
        -0.21768912095545714,
        -0.28826362700035313,
        0.1352997718476618,
        0.5562291540891133,
        0.26299300236900347,
    ],
}


@pytest.mark.parametrize("l", [2, 3, 7])
def test_numbers_of_e3nn(l):
    R = turn(np.array([0.0, 1, 0]), 0.3) @ turn(np.array([1.0, 0, 0]), 0.7) @ turn(np.array([0.0, 1, 0]), -1.1)
    assert np.allclose(wigner_d(f"{l}e", R)[0].numpy(), E3NN[l], atol=1e-13)


@pytest.mark.parametrize(
    "R", [torch.eye(3), torch.diag(torch.tensor([-1.0, -1.0, 1.0])), torch.tensor([[0.0, 1, 0], [1, 0, 0], [0, 0, -1]])]
)
def test_derivatives_at_the_poles_of_eulers_angles(R):
    R = R[None].double().requires_grad_()
    assert torch.autograd.gradcheck(lambda R: wigner_d(2, R), R)
    assert torch.autograd.gradgradcheck(lambda R: wigner_d(2, R), R)


@pytest.mark.parametrize("l", ["3o", "1e"])
def test_derivatives_at_rotations_and_reflections(l):
    R = torch.cat([rotations(1), -rotations(1, 3)]).requires_grad_()
    assert torch.autograd.gradcheck(lambda R: wigner_d(l, R), R)
    assert torch.autograd.gradgradcheck(lambda R: wigner_d(l, R), R)


def test_derivatives_through_a_chart():
    w = torch.tensor([0.3, -0.2, 0.9], dtype=torch.float64, requires_grad=True)
    X = torch.from_numpy(np.ascontiguousarray(CROSS)).double()

    def f(w):
        return Irreps("0o+2x1o+2e").matrix(torch.linalg.matrix_exp(torch.einsum("a,aij->ij", w, X)))

    assert torch.autograd.gradcheck(f, w)
    assert torch.autograd.gradgradcheck(f, w)


def test_vmap_agrees_with_the_batch():
    R = rotations(5)
    whole = rotation_blocks((2, 3), R)
    for one, many in zip(torch.func.vmap(lambda r: rotation_blocks((2, 3), r))(R), whole, strict=True):
        assert torch.allclose(one, many, atol=1e-14)


@pytest.mark.slow
def test_a_whole_compiled_graph_agrees():
    x = Irreps("2x1o+2e")
    R = rotations(3).requires_grad_()

    def f(R):
        return (x.matrix(R).sum(-1) * wigner_d(5, R)[..., 0, :1].square()).sum()

    g = torch.compile(f, backend="aot_eager", fullgraph=True)
    assert torch.allclose(g(R), f(R))
    assert torch.allclose(torch.autograd.grad(g(R), R)[0], torch.autograd.grad(f(R), R)[0], atol=1e-12)


@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float32, 1e-5), (torch.float16, 3e-3), (torch.bfloat16, 3e-2)])
def test_the_dtype_follows_the_input(dtype, tolerance):
    exact = rotations(50)
    R = exact if dtype == torch.float32 else torch.eye(3, dtype=torch.float64)[None]
    D = wigner_d(6, R.to(dtype))
    assert D.dtype == dtype
    assert torch.allclose(D.double(), wigner_d(6, R), atol=tolerance)


def test_numpy_in_numpy_out_and_empty_batches():
    D = wigner_d(2, np.eye(3, dtype=np.float32))
    assert isinstance(D, np.ndarray)
    assert D.dtype == np.float32
    assert wigner_d(3, torch.zeros(0, 3, 3)).shape == (0, 7, 7)
    assert wigner_d(3, rotations(6).reshape(2, 3, 3, 3)).shape == (2, 3, 7, 7)


def test_refusals():
    bad = torch.eye(3).repeat(2, 2, 1, 1)
    bad[1, 0] *= 2
    with pytest.raises(DomainError, match=r"R\[1, 0\] is not orthogonal: .* = 3 > 0.001"):
        wigner_d(2, bad)
    bad[1, 0] = math.nan
    with pytest.raises(DomainError, match=r"R\[1, 0\] is not orthogonal"):
        Irreps("1o").matrix(bad)
    with pytest.raises(ShapeError, match=r"\(\.\.\., 3, 3\)"):
        wigner_d(2, torch.eye(4))
    with pytest.raises(DomainError, match="l must be an integer"):
        wigner_d(-1, torch.eye(3))


def test_parity():
    R = rotations(3)
    for text, sign in (("2e", 1), ("2o", -1), ("1e", 1), ("0o", -1)):
        assert torch.allclose(Irrep(text).matrix(-R), sign * Irrep(text).matrix(R))
    assert torch.allclose(wigner_d(3, -R), -wigner_d(3, R))


def test_characters_are_those_of_weyl():
    angles = np.array([0.0, 1e-4, 1.0, 2.5, math.pi])
    R = torch.stack([turn(np.array([0.6, 0, 0.8]), t) for t in angles])
    for l in (0, 1, 4, 9):
        exact = [2 * l + 1] + [math.sin((l + 0.5) * t) / math.sin(t / 2) for t in angles[1:]]
        assert np.allclose(Irrep(l, 1).character(R), exact, atol=1e-12)
        assert np.allclose(Irrep(l, -1).character(-R), -np.array(exact), atol=1e-12)


def test_the_matrix_of_a_sum():
    x = Irreps("2x1o+0e+0x3e+1o+2e")
    R = rotations(4)
    blocks = [wigner_d(1, R)] * 2 + [wigner_d(0, R)] + [wigner_d(1, R), wigner_d(2, R)]
    exact = torch.stack([torch.block_diag(*(b[n] for b in blocks)) for n in range(4)])
    assert torch.equal(x.matrix(R), exact)
    assert x.decompose() == [(Irrep("0e"), 1), (Irrep("1o"), 3), (Irrep("2e"), 1)]
    assert Irreps("").matrix(R).shape == (4, 0, 0)


def test_layouts():
    x = Irreps("3x1o+2x0e+0x4e+2x2e+1o")
    a = x.randn(4, 2, rng=0, dtype=torch.float64).requires_grad_()
    b = to_ir_mul(a, x)
    assert torch.equal(b[..., :9].reshape(4, 2, 3, 3), a[..., :9].reshape(4, 2, 3, 3).mT)
    assert torch.equal(to_mul_ir(b, x), a)
    assert torch.autograd.gradcheck(lambda a: to_ir_mul(a, x), a)
    assert to_ir_mul(np.zeros((2, 0)), "").shape == (2, 0)
    with pytest.raises(ShapeError, match="last axis of length 24"):
        to_ir_mul(a[..., :5], x)
