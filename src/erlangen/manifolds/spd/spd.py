r"""The cone of symmetric positive definite matrices.

Definition: real symmetric n x n matrices with positive eigenvalues, an open cone of dimension n(n + 1)/2 in the symmetric matrices.
Convention: tangent vectors are symmetric matrices; the metric is affine-invariant unless another is given.
"""

from __future__ import annotations

import torch
from torch import Tensor

from erlangen.edges import array_edge
from erlangen.errors import DomainError, ParseError, ShapeError
from erlangen.linalg.spd.broadcast import same_batch
from erlangen.linalg.spd.check_spd import check_spd
from erlangen.linalg.spectral.checks import refuse_complex
from erlangen.linalg.spectral.derivatives import symmetric_part
from erlangen.manifolds.manifold import Manifold
from erlangen.manifolds.metric import Metric
from erlangen.manifolds.spd.affine_invariant import AffineInvariant
from erlangen.manifolds.spd.named import read_value
from erlangen.random import RngLike, as_generator
from erlangen.validation import check_integer, check_real

__all__ = ["SPD"]


class SPD(Manifold):
    r"""The symmetric positive definite n x n matrices under a metric.

    Parameters
    ----------
    n : int
        Size of the matrices.
    metric : Metric, optional
        :class:`AffineInvariant` if omitted.

    Raises
    ------
    DomainError
        If n is no positive integer.

    References
    ----------
    Bhatia, Positive Definite Matrices (2007), ch. 6; Thanwerdas & Pennec, SIAM J. Matrix Anal. Appl. 44 (2023).

    Examples
    --------
    >>> import numpy as np
    >>> from erlangen.manifolds import BuresWasserstein
    >>> m = SPD(2, BuresWasserstein())
    >>> float(m.dist(np.eye(2), 4 * np.eye(2)).round(12)) == round(2**0.5, 12)
    True
    >>> m, SPD.parse(repr(m)) == m
    (SPD(2, BuresWasserstein()), True)
    """

    def __init__(self, n: int, metric: Metric | None = None) -> None:
        n = check_integer(n, "n", low=1)
        object.__setattr__(self, "n", n)
        super().__init__((n, n), n * (n + 1) // 2, AffineInvariant() if metric is None else metric)

    n: int

    @array_edge("x")
    def project(self, x: Tensor) -> Tensor:
        r"""Return the nearest matrix whose eigenvalues are at least :math:`\sqrt\varepsilon` times the largest; points beyond that are kept.

        For a matrix without positive eigenvalue the floor is taken of its norm.
        """
        self._check_size(x, "x")
        symmetric = symmetric_part(x)
        values, vectors = torch.linalg.eigh(symmetric)
        most = torch.where(values[..., -1:] > 0, values[..., -1:], values.abs().amax(-1, keepdim=True))
        floor = torch.finfo(x.dtype).eps ** 0.5 * torch.where(most > 0, most, 1.0)
        inside = (values[..., :1] >= floor).unsqueeze(-1)
        lifted = symmetric_part((vectors * torch.maximum(values, floor).unsqueeze(-2)) @ vectors.mT)
        return torch.where(inside, symmetric, lifted)

    @array_edge("x", "v")
    def to_tangent(self, x: Tensor, v: Tensor) -> Tensor:
        """Return the symmetric part of v, ``(..., n, n)``."""
        self._check_size(v, "v")
        return same_batch(symmetric_part(v), x)[0].clone()

    def _check_size(self, x: Tensor, name: str) -> None:
        if tuple(x.shape[-2:]) != self.shape:
            message = f"{name} must have shape (..., {self.n}, {self.n}), got {tuple(x.shape)}"
            raise ShapeError(message, hint="check the order of the axes")
        refuse_complex(x, name)
        if not bool(torch.isfinite(x.detach()).all()):
            index = [int(i) for i in (~torch.isfinite(x.detach())).nonzero()[0]]
            message = f"{name}{index} = {float(x.detach()[tuple(index)])} is not finite"
            raise DomainError(message, hint="remove or repair it first")

    def _refuse(self, x: Tensor) -> None:
        self._check_size(x, "x")
        check_spd(x, "x")

    def random(
        self,
        n: int | None = None,
        *,
        rng: RngLike = None,
        condition: float | None = None,
        dtype: torch.dtype = torch.float64,
    ) -> Tensor:
        """Return n random matrices (or one).

        Parameters
        ----------
        n : int, optional
            How many; one without batch axis if omitted.
        rng : int or Generator
            Seed.
        condition : float, optional
            Condition number of each: eigenvalues spaced evenly in their logarithm about 1, in a uniformly random basis. Without it
            the matrices are Wishart's with 2 n degrees of freedom, divided by them.
        dtype : torch.dtype
            Of the result.

        Returns
        -------
        Tensor (n, n) or (count, n, n)

        Examples
        --------
        >>> P = SPD(3).random(2, rng=0, condition=100.0)
        >>> torch.linalg.cond(P).round()
        tensor([100., 100.], dtype=torch.float64)
        """
        generator = as_generator(rng)
        batch = () if n is None else (check_integer(n, "n", low=0),)
        if condition is None:
            G = torch.from_numpy(generator.standard_normal((*batch, self.n, 2 * self.n)))
            return symmetric_part(G @ G.mT / (2 * self.n)).to(dtype)
        kappa = check_real(condition, "condition", low=1.0)
        normal = torch.from_numpy(generator.standard_normal((*batch, self.n, self.n)))
        Q, R = torch.linalg.qr(normal)
        Q = Q * R.diagonal(dim1=-2, dim2=-1).sign().unsqueeze(-2)
        exponents = torch.linspace(-0.5, 0.5, self.n, dtype=torch.float64) if self.n > 1 else torch.zeros(1)
        values = torch.as_tensor(kappa, dtype=torch.float64) ** exponents
        return symmetric_part((Q * values) @ Q.mT).to(dtype)

    @classmethod
    def parse(cls, text: str) -> SPD:
        """Return the space that prints as ``text``.

        Raises
        ------
        ParseError
            With the position of the first character that does not fit.
        """
        found = read_value(text, {"SPD": cls})
        if not isinstance(found, cls):
            message = f"{text!r} is {type(found).__name__}, not SPD"
            raise ParseError(message, position=0, expected="SPD(n, metric)")
        return found

    def __repr__(self) -> str:
        return f"SPD({self.n}, {self.metric!r})"
