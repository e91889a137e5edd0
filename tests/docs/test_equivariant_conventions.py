"""The conventions of rotations and harmonics, line by line, against formulas written out and numbers of e3nn 0.6.0."""

import math
import re
from pathlib import Path

import numpy as np
import pytest
import torch

from erlangen.errors import DomainError
from erlangen.groups import (
    O3,
    SO3,
    angles_to_matrix,
    axis_angle_to_matrix,
    matrix_to_angles,
    matrix_to_quaternion,
    matrix_y,
)
from erlangen.representations import (
    Irrep,
    Irreps,
    gaunt,
    spherical_harmonics,
    to_ir_mul,
    wigner_3j,
    wigner_d,
)
from erlangen.representations.sphere import rule

PAGE = Path(__file__).parents[2] / "docs/explanation/conventions.md"
SECTION = "Rotations and harmonics"
PINNED = {}
X = torch.tensor([[0.6, 0.0, 0.8], [2 / 3, -1 / 3, 2 / 3], [0.0, 1.0, 0.0], [-0.48, 0.64, -0.6]], dtype=torch.float64)


def pins(*starts):
    def mark(test):
        PINNED.update(dict.fromkeys(starts, test.__name__))
        return test

    return mark


@pytest.mark.skipif(not PAGE.is_file(), reason="needs the documentation's source")
def test_every_line_of_the_section_is_pinned():
    body = PAGE.read_text(encoding="utf-8").split(f"## {SECTION}\n")[1].split("\n## ")[0]
    lines = re.findall(r"^- (.+)$", body, re.MULTILINE)
    assert len(lines) == 13
    assert [line for line in lines if not line.startswith(tuple(PINNED))] == []
    assert [start for start in PINNED if not any(line.startswith(start) for line in lines)] == []


@pins("Matrices act on columns")
def test_features_turn_with_their_points():
    R, S = O3().sample(2, rng=0)
    assert torch.allclose(
        spherical_harmonics(3, X @ R.mT, normalize=True), spherical_harmonics(3, X, normalize=True) @ wigner_d(3, R).mT
    )
    assert torch.allclose(wigner_d(3, R @ S), wigner_d(3, R) @ wigner_d(3, S))
    assert torch.allclose(wigner_d(1, R), R)


@pins("Real harmonics have the polar axis")
def test_the_basis_of_degree_two():
    x, y, z = X.unbind(-1)
    alpha, s = torch.atan2(x, z), (1 - y * y).sqrt()  # P_2m without a phase: 3 s^2, 3 y s, (3 y^2 - 1)/2
    one, two = y * s * 3**0.5, s * s * 3**0.5 / 2
    exact = [
        two * (2 * alpha).sin(),
        one * alpha.sin(),
        (3 * y * y - 1) / 2,
        one * alpha.cos(),
        two * (2 * alpha).cos(),
    ]
    assert torch.allclose(
        spherical_harmonics(2, X, normalize=True, normalization="norm"), torch.stack(exact, -1), atol=1e-14
    )


@pins("Their size is")
def test_the_sizes():
    for name, square in (("integral", 7 / (4 * math.pi)), ("component", 7.0), ("norm", 1.0)):
        Y = spherical_harmonics(3, X, normalize=True, normalization=name)
        assert torch.allclose((Y * Y).sum(-1), torch.tensor(square, dtype=torch.float64))
    assert torch.allclose(spherical_harmonics(1, X, normalize=True, normalization="norm"), X)


@pins("An irrep is a degree and a parity")
def test_the_parity_is_the_sign_of_the_inversion():
    minus = -torch.eye(3)
    assert torch.equal(Irrep("1o").matrix(minus), minus)
    assert torch.equal(Irrep("1e").matrix(minus), torch.eye(3))
    assert torch.equal(wigner_d(2, minus), torch.eye(5))
    assert torch.equal(wigner_d(3, minus), -torch.eye(7))


@pins("Irreps sort by degree")
def test_irreps_sort_as_in_e3nn():
    assert str(Irreps("2e+1o+0o+1e+0e").sort().irreps) == "1x0o+1x0e+1x1o+1x1e+1x2e"  # o3.Irreps.sort of e3nn 0.6.0


@pins("Features are `mul_ir`")
def test_layouts():
    x = torch.tensor([1.0, 2, 3, 10, 20, 30])  # two vectors
    assert to_ir_mul(x, "2x1o").tolist() == [1, 10, 2, 20, 3, 30]
    R = SO3().sample(rng=1, dtype=torch.float32)
    assert torch.allclose(Irreps("2x1o").matrix(R) @ x, torch.cat([R @ x[:3], R @ x[3:]]))


@pins("A function on the sphere")
def test_irreps_of_signals():
    assert str(Irreps.signal(2)) == "1x0e+1x1o+1x2e"
    assert str(Irreps.signal(2, p_val=-1)) == "1x0o+1x1e+1x2o"


@pins("The 3j tensor has")
def test_the_3j_tensor():
    C = wigner_3j(1, 1, 1)
    assert C[0, 1, 2] == pytest.approx(6**-0.5, abs=1e-15)
    assert C.norm() == pytest.approx(1)
    assert torch.allclose(
        C * 2**0.5 * 3**0.5,
        torch.linalg.cross(*torch.broadcast_tensors(torch.eye(3)[:, None], torch.eye(3)[None])).double(),
    )
    whole = torch.cat([wigner_3j(1, 2, k) * (2 * k + 1) ** 0.5 for k in (1, 2, 3)], -1).reshape(15, 15)
    assert torch.allclose(
        whole @ whole.T, torch.eye(15, dtype=torch.float64)
    )  # coefficients of Clebsch and Gordan are unitary


@pins("Gaunt's integrals are")
def test_gaunt_integrals_are_positive_multiples():
    for t, symbol in (((1, 1, 2), (2 / 15) ** 0.5), ((2, 2, 2), (2 / 35) ** 0.5), ((1, 2, 3), (3 / 35) ** 0.5)):
        scale = math.sqrt(math.prod(2 * k + 1 for k in t) / (4 * math.pi)) * symbol
        assert torch.allclose(gaunt(*t), scale * wigner_3j(*t), atol=1e-15)
    points = rule(8, "gauss-legendre")
    P, w = (torch.tensor(a) for a in (points.points, points.weights))
    Y = [spherical_harmonics(k, P, normalize=True, normalization="integral") for k in (1, 2, 3)]
    assert torch.allclose(torch.einsum("n,ni,nj,nk->ijk", w, *Y), gaunt(1, 2, 3), atol=1e-14)


@pins("Euler's angles are")
def test_eulers_angles():
    R = angles_to_matrix(0.4, 1.1, -0.3)
    assert np.allclose(matrix_y(-0.4) @ R @ matrix_y(0.3) @ [1, 0, 0], [1, 0, 0])  # what is left turns about x
    assert np.allclose(R[:, 1], [math.sin(1.1) * math.sin(0.4), math.cos(1.1), math.sin(1.1) * math.cos(0.4)])
    assert np.allclose(matrix_to_angles(R), [0.4, 1.1, -0.3])


@pins("Quaternions are")
def test_quaternions():
    R = axis_angle_to_matrix([0.0, 0.0, 1.0], math.pi / 2)
    assert np.allclose(R @ [1, 0, 0], [0, 1, 0])
    assert np.allclose(matrix_to_quaternion(R), [0.5**0.5, 0, 0, 0.5**0.5])
    assert (matrix_to_quaternion(SO3().sample(50, rng=0))[:, 0] >= 0).all()


@pins("Haar's measure has total mass one")
def test_haar_and_half_turns():
    one = torch.eye(3, dtype=torch.float64)
    assert SO3().haar_log_density(one).exp() == pytest.approx(1 / (8 * math.pi**2))
    assert O3().haar_log_density(-one).exp() == pytest.approx(1 / (16 * math.pi**2))
    with pytest.raises(DomainError, match="two logarithms"):
        SO3().log(axis_angle_to_matrix(X[0], torch.tensor(math.pi, dtype=torch.float64)))


@pins("Weights of a rule")
def test_weights_sum_to_the_area():
    for kind in ("lebedev", "gauss-legendre"):
        assert float(np.sum(np.asarray(rule(5, kind).weights))) == pytest.approx(4 * math.pi)
