r"""Riemannian Gaussians on SPD matrices under the affine-invariant metric, sampled exactly.

Definition: density :math:`\propto \exp(-d^2(X, M)/(2\sigma^2))` against the invariant measure. At M = I, :math:`X = U e^{r} U^T` with U uniform and
:math:`r \sim \exp(-|r|^2/2\sigma^2)\prod_{i<j}\sinh(|r_i - r_j|/2)` (Said et al. 2017, prop. 4); elsewhere :math:`X \mapsto C X C^T`, :math:`M = CC^T`.
Convention: rejection. Where :math:`n\sigma^2 < 6` from symmetric Gaussian matrices, whose eigenvalues have :math:`\prod|r_i - r_j|`, widened because
:math:`\sinh x \le x e^{x^2/6}`; else from :math:`r \sim N(\sigma^2\rho, \sigma^2)`, :math:`\rho_i = (n + 1)/2 - i`, because :math:`2\sinh x \le e^x`.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from erlangen.edges import to_tensor
from erlangen.errors import DomainError, ResourceLimitError, ShapeError
from erlangen.linalg.spd.check_spd import spd_cholesky
from erlangen.linalg.spectral.derivatives import symmetric_part
from erlangen.random import RngLike, as_generator
from erlangen.validation import check_integer, check_real

__all__ = ["riemannian_gaussian"]

Array = NDArray[np.float64]
_NARROW = 6.0
_BATCH = 4096
_RAREST = 1e-4
_WIDEST = -float(np.log(np.finfo(float).eps))
_LARGEST = 300.0


def riemannian_gaussian(mean: Tensor, sigma: float, count: int, *, rng: RngLike = None) -> Tensor:
    r"""Return independent SPD matrices of density :math:`\propto \exp(-d^2(X, M)/(2\sigma^2))` under the affine-invariant metric.

    Their Fréchet mean is M; the mean squared distance is :math:`\sigma^3\, d\log Z/d\sigma`, about :math:`\sigma^2 n(n + 1)/2` for small
    :math:`\sigma` and more for large, where the cone is wide.

    Parameters
    ----------
    mean : Tensor or ndarray (n, n)
        M, symmetric positive definite.
    sigma : float
        Positive.
    count : int
        How many.
    rng : int or Generator
        Seed.

    Returns
    -------
    Tensor (count, n, n), float64

    Raises
    ------
    ShapeError, NotSPDError, DomainError
        If mean is not one SPD matrix, sigma not positive, or so large that a sample's condition number is beyond float64.
    ResourceLimitError
        If fewer than one proposal in 1e4 would be taken (n large and sigma near 1).

    References
    ----------
    Said, Bombrun, Berthoumieu & Manton, IEEE Trans. Inf. Theory 63 (2017).

    Examples
    --------
    >>> X = riemannian_gaussian(torch.eye(2), 0.5, 3, rng=0)
    >>> X.shape, bool((torch.linalg.eigvalsh(X) > 0).all())
    (torch.Size([3, 2, 2]), True)
    """
    M = to_tensor(mean, "mean").detach().to(torch.float64)
    if M.ndim != 2:
        message = f"mean must have shape (n, n), got {tuple(M.shape)}"
        raise ShapeError(message, hint="one matrix is the centre of all")
    C = spd_cholesky(M, "mean")[1]
    sigma = check_real(sigma, "sigma", low=0.0, open_low=True)
    count = check_integer(count, "count", low=0)
    generator = as_generator(rng)
    n = len(M)
    propose = _narrow if n * sigma**2 < _NARROW else _wide
    r = _accepted(lambda: propose(n, sigma, generator), count, n)
    _check_width(r, sigma)
    normal = torch.from_numpy(generator.standard_normal((count, n, n)))
    Q, R = torch.linalg.qr(normal)
    frame = C @ (Q * R.diagonal(dim1=-2, dim2=-1).sign().unsqueeze(-2))
    return symmetric_part((frame * torch.from_numpy(r).exp().unsqueeze(-2)) @ frame.mT)


def _accepted(propose: Callable[[], tuple[Array, Array]], count: int, n: int) -> Array:
    """Return accepted spectra (count, n)."""
    found: list[Array] = [np.zeros((0, n))]
    have = tried = 0
    while have < count:
        r, kept = propose()
        found.append(r[kept])
        have, tried = have + int(kept.sum()), tried + len(r)
        if tried >= 2 / _RAREST and have < _RAREST * tried:
            message = f"{have} of {tried} proposals were taken: a Gaussian of this width on {n} x {n} matrices is too rare to sample by rejection"
            raise ResourceLimitError(
                message,
                estimate=float(tried),
                limit=2 / _RAREST,
                hint="take sigma smaller than (6 / n)^(1/2), or fewer channels",
            )
    return np.concatenate(found)[:count]


def _check_width(r: Array, sigma: float) -> None:
    """Refuse spectra that no matrix of float64 holds: a condition number beyond 1/eps, or eigenvalues beyond the range."""
    for amounts, most, what in (
        (np.ptp(r, axis=1), _WIDEST, "has condition number exp({:.3g}), beyond what float64 tells from singular"),
        (np.abs(r).max(axis=1), _LARGEST, "has an eigenvalue of size exp({:.3g})"),
    ):
        if bool((amounts > most).any()):
            k = int(np.argmax(amounts > most))
            message = f"sigma = {sigma:g} is too large: sample {k} " + what.format(amounts[k])
            raise DomainError(message, hint="take a smaller sigma")


def _gaps(r: Array) -> Array:
    """Return the differences of all pairs of ascending spectra, not negative."""
    low, high = np.triu_indices(r.shape[1], 1)
    return np.asarray(r[:, high] - r[:, low])


def _narrow(n: int, sigma: float, generator: np.random.Generator) -> tuple[Array, Array]:
    """Return spectra of symmetric Gaussian matrices, wider off the trace, and which are taken."""
    width = (sigma**-2 - n / 12) ** -0.5
    A = generator.standard_normal((_BATCH, n, n))
    S = (A + A.transpose(0, 2, 1)) / 2
    r = np.linalg.eigvalsh(S)
    centre = r.mean(axis=1, keepdims=True)
    r = width * (r - centre) + sigma * centre
    half = _gaps(r) / 2
    safe = np.where(half < 1e-3, 1.0, half)
    logs = np.where(half < 1e-3, -(half**4) / 180, np.log(np.sinh(safe) / safe) - half**2 / 6)
    return r, generator.random(len(r)) < np.exp(logs.sum(axis=1))


def _wide(n: int, sigma: float, generator: np.random.Generator) -> tuple[Array, Array]:
    """Return Gaussian spectra that fall into the chamber in order, and which of them are taken."""
    rho = np.arange(n) - (n - 1) / 2
    r = sigma**2 * rho + sigma * generator.standard_normal((_BATCH, n))
    share = -np.expm1(-np.maximum(_gaps(r), 0.0))  # zero where the order is another
    return r, generator.random(len(r)) < share.prod(axis=1)
