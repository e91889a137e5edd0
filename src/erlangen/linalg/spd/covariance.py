r"""Covariance matrices of multichannel signals, by seven estimators, in batches.

Definition: :math:`S = \frac1T \sum_t (x_t - \bar x)(x_t - \bar x)^T` and what is made of it; see :mod:`erlangen.linalg.spd.shrinkage` for the shrunk ones.
Convention: signals are ``(..., n, T)``; names and normalisations are those of pyriemann 0.12: "cov" divides by T - 1, "scm", "oas" and "lwf" by T.
"""

from __future__ import annotations

import warnings

import numpy as np
import torch
from torch import Tensor

from erlangen.edges import array_edge
from erlangen.errors import DomainError, DomainWarning, ShapeError, UnsupportedError
from erlangen.linalg.spd.effective_samples import effective_samples as measured_samples
from erlangen.linalg.spd.shrinkage import ledoit_wolf, oracle_approximating, schaefer_strimmer
from erlangen.linalg.spd.tyler import tyler
from erlangen.linalg.spectral.derivatives import symmetric_part
from erlangen.validation import check_choice, check_integer, check_real

__all__ = ["ESTIMATORS", "covariance"]

ESTIMATORS = ("cov", "scm", "corr", "oas", "lwf", "sch", "tyl")
_UNSHRUNK = ("cov", "scm", "corr")


@array_edge("X")
def covariance(
    X: Tensor,
    estimator: str = "cov",
    *,
    assume_centred: bool = False,
    effective_samples: float | str | None = None,
    tol: float = 1e-8,
    max_iter: int = 200,
) -> Tensor:
    r"""Return the covariance matrices of multichannel signals.

    ======  ==============================================================================================
    "cov"   :math:`\frac{1}{T-1}\sum_t (x_t - \bar x)(x_t - \bar x)^T`, unbiased
    "scm"   the same with 1/T
    "corr"  correlations
    "oas"   oracle approximating shrinkage towards :math:`\mu I` (Chen et al. 2010)
    "lwf"   Ledoit & Wolf 2004, towards :math:`\mu I`
    "sch"   Schäfer & Strimmer 2005, towards the diagonal
    "tyl"   Tyler 1987, robust, trace n
    ======  ==============================================================================================

    Parameters
    ----------
    X : Tensor or ndarray (..., n, T)
        n channels, T samples; real, float32 or float64.
    estimator : str
        One of the table.
    assume_centred : bool
        Do not remove the mean over time ("cov" then divides by T).
    effective_samples : float or "auto", optional
        How many samples the shrinkage of "oas", "lwf" and "sch" counts on; "auto" measures it by
        :func:`erlangen.linalg.effective_samples`. ``None`` takes T, which trusts an autocorrelated signal too much.
    tol, max_iter
        Relative step at which Tyler's iteration stops, and the most steps it may take.

    Returns
    -------
    Tensor or ndarray (..., n, n)
        Exactly symmetric, in the square of the signals' unit.

    Raises
    ------
    ShapeError, DomainError
        If X has no axes of channels and time, is complex or not finite (with trial, channel and sample), or a channel
        without variance is asked for its correlations.

    Warns
    -----
    DomainWarning
        If T <= n and the estimator does not shrink: the matrices are singular.

    References
    ----------
    Ledoit & Wolf, J. Multivariate Anal. 88 (2004); Chen, Wiesel, Eldar & Hero, IEEE Trans. Signal Process. 58 (2010), eq. (23)
    in scikit-learn's form; Schäfer & Strimmer, Stat. Appl. Genet. Mol. Biol. 4 (2005); Bartz & Müller, NeurIPS 27 (2014).

    Examples
    --------
    >>> import numpy as np
    >>> covariance(np.array([[1.0, -1.0, 3.0, -3.0], [0.0, 0.0, 2.0, -2.0]]))
    array([[6.66666667, 4.        ],
           [4.        , 2.66666667]])
    """
    kind = check_choice(estimator, "estimator", ESTIMATORS)
    _check_signals(X, kind)
    count = X.shape[-1]
    if not assume_centred:
        X = X - X.mean(dim=-1, keepdim=True)
    S = _gram(X) / (count - 1 if kind == "cov" and not assume_centred else count)
    _check_result(S, X)
    if kind in _UNSHRUNK:
        _warn_if_starved(X, kind, assume_centred)
        return _correlations(S) if kind == "corr" else S
    if kind == "tyl":
        limit = check_real(tol, "tol", low=0, open_low=True)
        return tyler(X, S, tol=limit, max_iter=check_integer(max_iter, "max_iter", low=1))
    return _shrunk(X, S, kind, _samples(X, effective_samples))


def _gram(X: Tensor) -> Tensor:
    """Return X X^T, on the processor through NumPy, whose product of a matrix with itself takes half the work."""
    if torch.compiler.is_compiling() or X.requires_grad or X.device.type != "cpu":
        return symmetric_part(X @ X.mT)
    signals = X.numpy()
    with np.errstate(all="ignore"):  # what is not finite is refused by name
        product = np.matmul(signals, np.swapaxes(signals, -1, -2))
    return symmetric_part(torch.from_numpy(product))


def _shrunk(X: Tensor, S: Tensor, kind: str, samples: Tensor) -> Tensor:
    if kind == "oas":
        return oracle_approximating(S, samples)
    return ledoit_wolf(X, S, samples) if kind == "lwf" else schaefer_strimmer(X, S, samples)


def _samples(X: Tensor, wanted: float | str | None) -> Tensor:
    """Return the number of samples that the shrinkage may count on, of the batch shape."""
    if wanted == "auto":
        return measured_samples(X)
    if isinstance(wanted, str):
        message = f'effective_samples must be a number, "auto" or None, got {wanted!r}'
        raise DomainError(message, hint='pass effective_samples="auto" to measure it')
    count = X.shape[-1]
    number = float(count) if wanted is None else check_real(wanted, "effective_samples", low=1, high=count)
    return torch.full(X.shape[:-2], number, dtype=X.dtype, device=X.device)


def _check_signals(X: Tensor, kind: str) -> None:
    if X.is_complex():
        message = f"X is complex ({X.dtype}); Hermitian covariances are not provided for"
        raise UnsupportedError(message, hint="stack real and imaginary parts as channels")
    if X.dtype not in (torch.float32, torch.float64):
        message = f"X has dtype {X.dtype}; float32 or float64 signals are needed"
        raise DomainError(message, hint="convert them, e.g. X.float()")
    least = 2 if kind in ("cov", "corr", "sch", "tyl") else 1
    if X.ndim < 2 or X.shape[-2] < 1 or X.shape[-1] < least:
        message = f"X must have shape (..., n, T) with n >= 1 and T >= {least}, got {tuple(X.shape)}"
        raise ShapeError(message, hint="order the axes trials, channels, time")


def _check_result(S: Tensor, X: Tensor) -> None:
    """Refuse signals that are not finite: whatever is not shows in the covariance, which is far smaller to search."""
    if torch.compiler.is_compiling() or bool(torch.isfinite(S.detach()).all()):
        return
    finite = torch.isfinite(X.detach())
    if bool(finite.all()):
        message = f"the squares of X leave the range of {X.dtype}"
        raise DomainError(message, hint="rescale the signals, e.g. from microvolts to volts")
    *trial, channel, _ = (int(i) for i in (~finite).nonzero()[0])
    place = f"trial {trial if len(trial) != 1 else trial[0]}, channel {channel}" if trial else f"channel {channel}"
    message = f"X holds NaN or infinity at {place}; {int((~finite).any(dim=-1).sum())} channels of trials are affected"
    raise DomainError(message, hint="drop or interpolate them first")


def _warn_if_starved(X: Tensor, kind: str, centred: bool) -> None:
    n, count = X.shape[-2:]
    if torch.compiler.is_compiling() or count - (not centred) >= n:
        return
    message = (
        f'{count} samples of {n} channels (T/n = {count / n:.2g}): every "{kind}" matrix is singular, of rank at most '
        f'{count - (not centred)}; use estimator="oas" or "lwf", longer windows or fewer channels'
    )
    warnings.warn(message, DomainWarning, stacklevel=4)


def _correlations(S: Tensor) -> Tensor:
    variance = S.diagonal(dim1=-2, dim2=-1)
    if not torch.compiler.is_compiling() and bool((variance <= 0).any()):
        *trial, channel = (int(i) for i in (variance <= 0).nonzero()[0])
        message = f"channel {channel} of trial {trial} is constant: it has no correlations"
        raise DomainError(message, hint="drop the channel")
    scale = variance.rsqrt()
    identity = torch.eye(S.shape[-1], dtype=S.dtype, device=S.device)
    return torch.where(identity > 0, identity, S * (scale[..., None] * scale[..., None, :]))
