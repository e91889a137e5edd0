"""Conversions between matrices, quaternions, axes and Euler's angles: SciPy as oracle, hard places, derivatives."""

import math

import numpy as np
import pytest
import torch
from scipy.spatial.transform import Rotation

from erlangen.errors import DomainError, ShapeError
from erlangen.groups import (
    SO3,
    angles_to_matrix,
    axis_angle_to_matrix,
    axis_angle_to_quaternion,
    compose_quaternion,
    hat,
    matrix_to_angles,
    matrix_to_axis_angle,
    matrix_to_quaternion,
    matrix_x,
    matrix_y,
    matrix_z,
    quaternion_to_axis_angle,
    quaternion_to_matrix,
    vee,
)

R = SO3().sample(200, rng=0).numpy()
SCIPY = Rotation.from_matrix(R)


def test_quaternions_are_scipys():
    assert np.allclose(matrix_to_quaternion(R), SCIPY.as_quat(canonical=True, scalar_first=True), atol=1e-14)
    q = np.random.default_rng(1).standard_normal((50, 4))
    assert np.allclose(quaternion_to_matrix(q), Rotation.from_quat(q, scalar_first=True).as_matrix(), atol=1e-14)


def test_products_of_quaternions_are_products_of_matrices():
    p, q = np.random.default_rng(2).standard_normal((2, 30, 4))
    assert np.allclose(
        quaternion_to_matrix(compose_quaternion(p, q)), quaternion_to_matrix(p) @ quaternion_to_matrix(q)
    )
    assert np.array_equal(compose_quaternion([0.0, 1, 0, 0], [0.0, 0, 1, 0]), [0, 0, 0, 1])  # i j = k


def test_eulers_angles_are_scipys():
    assert np.allclose(np.stack(matrix_to_angles(R), -1), SCIPY.as_euler("YXY"), atol=1e-13)
    a, b, c = np.random.default_rng(3).uniform(-3, 3, (3, 40))
    assert np.allclose(angles_to_matrix(a, b, c), Rotation.from_euler("YXY", np.stack([a, b, c], -1)).as_matrix())


def test_turns_about_the_axes():
    t = np.linspace(-3, 3, 7)
    for turn, name in ((matrix_x, "x"), (matrix_y, "y"), (matrix_z, "z")):
        assert np.allclose(turn(t), Rotation.from_euler(name, t[:, None]).as_matrix(), atol=1e-15)


def test_the_angles_are_those_of_the_image_of_the_polar_axis():
    alpha, beta, _ = matrix_to_angles(R)
    image = np.stack([np.sin(beta) * np.sin(alpha), np.cos(beta), np.sin(beta) * np.cos(alpha)], -1)
    assert np.allclose(image, R[:, :, 1], atol=1e-14)


@pytest.mark.parametrize("beta", [0.0, 1e-300, 1e-17, 1e-9, 1e-4, math.pi - 1e-9, math.pi])
def test_angles_compose_to_the_matrix_at_the_poles(beta):
    M = angles_to_matrix(2.0, beta, 0.7)
    assert np.allclose(angles_to_matrix(*matrix_to_angles(M)), M, atol=4e-16)


def test_axes_and_angles_are_scipys():
    axis, angle = matrix_to_axis_angle(R)
    assert np.allclose(axis * angle[:, None], SCIPY.as_rotvec(), atol=1e-12)
    assert np.allclose(axis_angle_to_matrix(7 * axis, angle), R, atol=1e-14)
    assert np.allclose(axis_angle_to_quaternion(axis, angle), matrix_to_quaternion(R), atol=1e-14)


@pytest.mark.parametrize("angle", [1e-12, 1e-6, 1.0, 3.0, math.pi - 1e-8, math.pi])
def test_no_digits_are_lost_at_any_angle(angle):
    axes = np.array([[1.0, 0, 0], [0, 1, 0], [0, 0, 1], [0.6, 0, 0.8], [1 / 3, 2 / 3, 2 / 3]])
    axis, found = matrix_to_axis_angle(axis_angle_to_matrix(axes, angle))
    assert np.allclose(found, angle, rtol=1e-14)
    sign = np.sign((axis * axes).sum(-1, keepdims=True)) if angle > math.pi - 1e-15 else 1
    assert np.allclose(sign * axis, axes, atol=1e-14 if angle > 1e-3 else 1e-3)


def test_the_identity_turns_about_y():
    axis, angle = quaternion_to_axis_angle([-2.0, 0, 0, 0])
    assert np.array_equal(axis, [0, 1, 0])
    assert angle == 0


def test_derivatives():
    q = torch.tensor([[0.4, -0.3, 0.8, 0.2], [-0.1, 0.9, 0.3, 0.1]], dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(quaternion_to_matrix, q)
    assert torch.autograd.gradgradcheck(quaternion_to_matrix, q)
    assert torch.autograd.gradcheck(lambda q: matrix_to_quaternion(quaternion_to_matrix(q)), q)
    assert torch.autograd.gradcheck(lambda q: matrix_to_angles(quaternion_to_matrix(q)), q)
    assert torch.autograd.gradcheck(lambda q: quaternion_to_axis_angle(q), q)


def test_hat_and_vee():
    u, v = np.random.default_rng(4).standard_normal((2, 6, 3))
    assert np.allclose(np.einsum("nij,nj->ni", hat(u), v), np.cross(u, v))
    assert np.array_equal(vee(hat(u)), u)


def test_kinds():
    assert matrix_to_quaternion(torch.eye(3)).dtype == torch.float32
    assert isinstance(angles_to_matrix(0.1, 0.2, 0.3), np.ndarray)
    assert angles_to_matrix(torch.zeros(4, 1), torch.zeros(5), torch.tensor(0.0)).shape == (4, 5, 3, 3)
    assert quaternion_to_matrix(np.zeros((0, 4))).shape == (0, 3, 3)


def test_refusals():
    with pytest.raises(DomainError, match=r"q\[1\] has length 0: it is no rotation"):
        quaternion_to_matrix([[1.0, 0, 0, 0], [0, 0, 0, 0]])
    with pytest.raises(DomainError, match="q has length nan"):
        quaternion_to_matrix([np.nan, 0, 0, 1])
    with pytest.raises(DomainError, match=r"axis has length 0: it has no direction"):
        axis_angle_to_matrix([0.0, 0, 0], 1.0)
    for convert in (matrix_to_quaternion, matrix_to_angles, matrix_to_axis_angle):
        with pytest.raises(DomainError, match="R is a reflection"):
            convert(-np.eye(3))
        with pytest.raises(DomainError, match="R is not orthogonal"):
            convert(np.ones((3, 3)))
    with pytest.raises(ShapeError, match=r"\(\.\.\., 4\), got \(3,\)"):
        quaternion_to_matrix([1.0, 0, 0])
    with pytest.raises(ShapeError):
        hat(1.0)
