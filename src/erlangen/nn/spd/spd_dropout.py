r"""Dropout of channels for SPD matrices that keeps them positive definite.

Definition: with independent :math:`d_i \in \{0, 1\}`, :math:`P(d_i = 0) = p`:
:math:`X' = D X D + (I - D)\, \frac{\operatorname{tr} X}{n}`, :math:`D = \operatorname{diag}(d)`:
the rows and columns of dropped channels become those of white noise of the mean variance, uncorrelated with the rest.
Convention: in training only; one draw a matrix; no rescaling, since kept entries are variances, not sums.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from erlangen.edges import torch_generator
from erlangen.nn.precision import matrix_precision
from erlangen.random import RngLike
from erlangen.validation import check_real, check_square

__all__ = ["SPDDropout"]


class SPDDropout(nn.Module):
    r"""Replace each channel with probability p by uncorrelated noise of the mean variance, ``(..., n, n)`` to ``(..., n, n)``.

    Parameters
    ----------
    p : float
        Probability in [0, 1).
    rng : int, Generator or torch.Generator, optional
        Seed; torch's own stream if omitted, as in ``torch.nn.Dropout``.

    Raises
    ------
    ShapeError, DomainError
        If the input is not square, or p outside [0, 1).

    Examples
    --------
    >>> layer = SPDDropout(0.5, rng=0).train()
    >>> bool((torch.linalg.eigvalsh(layer(torch.eye(3) + 0.5)) > 0).all())
    True
    """

    def __init__(self, p: float = 0.5, *, rng: RngLike | torch.Generator = None) -> None:
        super().__init__()
        self.p = check_real(p, "p", low=0.0, high=1.0, open_high=True)
        self.seed = None if rng is None else torch_generator(rng).initial_seed()
        self.draws = 0

    @matrix_precision
    def forward(self, X: Tensor) -> Tensor:
        """Return X with channels dropped in training, X itself in evaluation."""
        n = check_square(X, "X")
        if not self.training or self.p == 0:
            return X
        generator = None
        if self.seed is not None:
            generator = torch.Generator(device=X.device).manual_seed((self.seed + self.draws) % 2**63)
            self.draws += 1
        keep = (torch.rand(X.shape[:-1], generator=generator, device=X.device) >= self.p).to(X.dtype)
        size = X.diagonal(dim1=-2, dim2=-1).sum(-1, keepdim=True) / n
        return keep.unsqueeze(-1) * X * keep.unsqueeze(-2) + torch.diag_embed((1 - keep) * size)

    def extra_repr(self) -> str:
        """Return the probability."""
        return f"p={self.p:g}"
