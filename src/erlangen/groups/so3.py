r"""The rotations of space.

Definition: real matrices with :math:`R^T R = 1` and :math:`\det R = 1`; the algebra is that of the antisymmetric matrices.
Convention: elements ``(..., 3, 3)`` act on columns; Haar's measure has total mass one and is given against Lebesgue's in ``vee(log(R))``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from erlangen.edges import array_edge
from erlangen.errors import DomainError
from erlangen.groups.axis_angle import hat, vee
from erlangen.groups.checks import check_axes, check_rotation
from erlangen.groups.euler import angles_of, matrix_x, matrix_y
from erlangen.groups.haar import random_rotations
from erlangen.groups.matrices_of_space import MatricesOfSpace
from erlangen.groups.quaternions import quaternion_of
from erlangen.groups.sinc import angle_over_sine, sinc
from erlangen.random import RngLike

__all__ = ["SO3"]

_STRAY = 1e-3


@dataclass(frozen=True)
class SO3(MatricesOfSpace):
    r"""The group of rotations of space.

    Examples
    --------
    >>> import numpy as np
    >>> group = SO3()
    >>> R = group.exp(np.array([[0, -0.5, 0], [0.5, 0, 0], [0, 0, 0]]))
    >>> float(group.dist(np.eye(3), R))
    0.5
    >>> group.sample(4, rng=0).shape
    torch.Size([4, 3, 3])
    """

    def check(self, a: Tensor, name: str = "a") -> None:
        """Refuse what is no rotation.

        Raises
        ------
        ShapeError, DomainError
            Naming the first offender and the law it breaks.
        """
        check_rotation(torch.as_tensor(a), name)

    @array_edge("X")
    def exp(self, X: Tensor) -> Tensor:
        r"""Return the rotations of antisymmetric matrices ``(..., 3, 3)``.

        .. math::
            \exp X = 1 + \frac{\sin\theta}{\theta} X + \frac{1 - \cos\theta}{\theta^2} X^2, \qquad \theta^2 = \tfrac12 \|X\|^2

        Raises
        ------
        DomainError
            If a matrix is not antisymmetric.
        """
        check_axes(X, "X", self.shape)
        if not torch.compiler.is_compiling():
            gap = (X + X.mT).detach().abs().amax((-2, -1))
            limit = _STRAY * (1 + X.detach().abs().amax((-2, -1)))
            bad = ~(gap <= limit)
            if bool(bad.any()):
                index = [int(i) for i in bad.nonzero()[0]]
                message = f"X{index if index else ''} is not antisymmetric: |X + X^T| = {float(gap[tuple(index)]):.3g}"
                raise DomainError(message, hint="erlangen.groups.hat makes one of a vector")
        X = (X - X.mT) / 2
        square = (X * X).sum((-2, -1))[..., None, None] / 2
        return torch.eye(3, dtype=X.dtype, device=X.device) + sinc(square) * X + sinc(square / 4).square() / 2 * (X @ X)

    @array_edge("a")
    def log(self, a: Tensor) -> Tensor:
        """Return the antisymmetric matrices ``(..., 3, 3)`` of angle below pi whose exponentials are the rotations.

        Raises
        ------
        DomainError
            If a matrix is no rotation, or a half turn, which has two logarithms.
        """
        check_rotation(a, "a")
        q = quaternion_of(a)
        w, v = q[..., 0], q[..., 1:]
        if not torch.compiler.is_compiling():
            bad = w.detach() <= 64 * torch.finfo(a.dtype).eps
            if bool(bad.any()):
                index = [int(i) for i in bad.nonzero()[0]]
                message = f"a{index if index else ''} is a half turn: it has two logarithms"
                raise DomainError(message, hint="matrix_to_axis_angle returns one of its axes")
        logarithm: Tensor = hat(2 * angle_over_sine((v * v).sum(-1), w)[..., None] * v)
        return logarithm

    @array_edge("a")
    def factors(self, a: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return turns about y, x and y whose product is ``a``, with Euler's angles; refuses what is no rotation."""
        check_rotation(a, "a")
        alpha, beta, gamma = angles_of(a)
        return matrix_y(alpha), matrix_x(beta), matrix_y(gamma)

    @array_edge("a")
    def haar_log_density(self, a: Tensor) -> Tensor:
        r"""Return the logarithms ``(...)`` of the density of Haar's measure in the coordinates ``vee(log(a))``.

        .. math::
            \frac{1}{8\pi^2} \left(\frac{\sin(\theta/2)}{\theta/2}\right)^2
        """
        check_rotation(a, "a")
        q = quaternion_of(a)
        half = torch.atan2(q[..., 1:].norm(dim=-1), q[..., 0])
        return 2 * sinc(half.square()).log() - math.log(8 * math.pi**2)

    @array_edge("a", "b")
    def dist(self, a: Tensor, b: Tensor) -> Tensor:
        """Return the angles ``(...)`` of ``a^T b``, from 0 to pi radians."""
        check_axes(a, "a", self.shape)
        check_axes(b, "b", self.shape)
        turn = a.mT @ b
        cosine = (turn.diagonal(dim1=-2, dim2=-1).sum(-1) - 1) / 2
        return torch.atan2(vee(turn).norm(dim=-1), cosine)

    def sample(
        self,
        n: int | None = None,
        *,
        rng: RngLike = None,
        generator: torch.Generator | None = None,
        dtype: torch.dtype = torch.float64,
        device: torch.device | str | None = None,
    ) -> Tensor:
        """Return n uniform rotations ``(n, 3, 3)`` (or one ``(3, 3)``); see :mod:`erlangen.groups.haar`."""
        return random_rotations(n, rng, generator, dtype, device)
