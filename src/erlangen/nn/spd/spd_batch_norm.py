r"""Batch normalisation of SPD matrices under any metric.

Definition: centre at the batch's mean by transport to I, scale tangent vectors by :math:`s/\sqrt{v^2 + \epsilon}`, move to the bias W:
:math:`X'_i = \exp_W \Gamma_{I \to W}\big(\tfrac{s}{\sqrt{v^2 + \epsilon}}\, \Gamma_{G \to I} \log_G X_i\big)`.
Convention: statistics per channel and domain, without gradient unless asked; under Bures–Wasserstein :math:`\epsilon` counts in mean eigenvalues of G.
"""

from __future__ import annotations

import warnings
from collections.abc import Hashable, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from erlangen.errors import DomainError, DomainWarning, ShapeError
from erlangen.linalg.spectral.derivatives import symmetric_part
from erlangen.manifolds import SPD, BuresWasserstein, Metric, metric_named
from erlangen.nn.precision import check_batch, matrix_precision, together
from erlangen.nn.spd.normalisation import Centred, Normaliser, normaliser_for
from erlangen.nn.spd.normalisation.compiled_bures import Parameters, Rules, compiled_step
from erlangen.nn.spd.normalisation.domain_exit import MARGIN, POLICIES
from erlangen.nn.spd.running_statistics import Domains, Momentum, RunningStatistics
from erlangen.validation import check_choice, check_integer, check_real

__all__ = ["SPDBatchNorm"]


class SPDBatchNorm(nn.Module):
    r"""Riemannian batch normalisation, ``(N, channels, n, n)`` or with one channel ``(N, n, n)``, in and out.

    In training the batch's own mean and dispersion are used and the running ones updated; in evaluation the running ones are used.

    Parameters
    ----------
    n : int
        Size of the matrices.
    metric : str or Metric
        Any of :func:`erlangen.manifolds.metric_named`.
    channels : int
        Each channel has its own statistics, bias and scale.
    mean_iterations : int or "converged"
        Steps of the mean from the arithmetic one, or the Fréchet mean itself.
    variance : {"about_mean", "released"}
        Dispersion about the batch's mean, or about the identity, as the code of the paper has it.
    momentum : float or callable
        Weight of a batch in the running statistics; a callable gets the number of batches seen before (schedules of TSMNet).
    eps : float
        Added to the dispersion. It is relative to the mean eigenvalue of the mean under Bures–Wasserstein, whose distance has units;
        with ``variance="released"`` it is absolute.
    affine : bool
        Learn bias W and scale s; else they stay I and 1.
    learn_metric, learn_theta : bool
        Learn M and theta of the Bures–Wasserstein metric.
    domains : int or sequence, optional
        Names of domains, each with running statistics of its own; ``forward`` then takes the domain (one, or one a sample).
    unseen : {"raise", "adapt"}
        In evaluation, what happens to a domain without statistics: refusal, or the statistics of the batch at hand.
    differentiable_stats : bool
        Differentiate mean and dispersion, too (the converged mean by the implicit function theorem).
    on_domain_exit : {"shrink", "warn", "raise", "fold"}
        Samples outside the domain of the Bures–Wasserstein exponential: shorten the vector, warn, refuse, or fold as the paper's
        code does; see :mod:`erlangen.nn.spd.normalisation.domain_exit`. The buffer ``exits`` counts them, per channel together.
    track_running_stats : bool
        Without it evaluation uses the batch's statistics as well.
    dtype : torch.dtype
        Of parameters and buffers.

    Raises
    ------
    ShapeError, DomainError, NotSPDError
        If the input does not fit, is empty or not positive definite, or an argument is none of the above.

    Warns
    -----
    DomainWarning
        If a batch has no dispersion (one sample): it is then not scaled.

    References
    ----------
    Wang et al., CVPR 2025, arXiv 2504.00660 (Bures–Wasserstein); Brooks et al., NeurIPS 2019; Chen et al., ICLR 2024 (Lie groups);
    Kobler et al., NeurIPS 2022 (domains, schedules).

    Examples
    --------
    >>> layer = SPDBatchNorm(2)
    >>> X = torch.diag_embed(torch.tensor([[1.0, 4.0], [9.0, 1.0]], dtype=torch.float64))
    >>> layer(X).detach().round(decimals=3).diagonal(dim1=-2, dim2=-1)  # mean roots are 2 and 3/2
    tensor([[0.0110, 2.0940],
            [3.5890, 0.3060]], dtype=torch.float64)
    """

    bias: Tensor
    scale: Tensor
    exits: Tensor

    def __init__(
        self,
        n: int,
        metric: str | Metric = "bures-wasserstein",
        *,
        channels: int = 1,
        mean_iterations: int | str = 1,
        variance: str = "about_mean",
        momentum: Momentum = 0.1,
        eps: float = 1e-5,
        affine: bool = True,
        learn_metric: bool = False,
        learn_theta: bool = False,
        domains: int | Sequence[Hashable] | None = None,
        unseen: str = "raise",
        differentiable_stats: bool = False,
        on_domain_exit: str = "shrink",
        track_running_stats: bool = True,
        dtype: torch.dtype = torch.float64,
    ) -> None:
        super().__init__()
        self.n = check_integer(n, "n", low=1)
        self.channels = check_integer(channels, "channels", low=1)
        if mean_iterations != "converged":
            check_integer(mean_iterations, "mean_iterations", low=1)
        self.mean_iterations = mean_iterations
        self.variance = check_choice(variance, "variance", ("about_mean", "released"))
        self.eps = check_real(eps, "eps", low=0.0)
        self.unseen = check_choice(unseen, "unseen", ("raise", "adapt"))
        self.differentiable_stats = differentiable_stats
        self.on_domain_exit = check_choice(on_domain_exit, "on_domain_exit", POLICIES)
        self.track_running_stats = track_running_stats
        self.domains = Domains(domains)
        self.running = RunningStatistics(self.channels, self.n, len(self.domains), momentum, dtype)
        self.register_buffer("exits", torch.zeros((), dtype=torch.long))
        self._register(("bias", torch.eye(self.n, dtype=dtype).repeat(self.channels, 1, 1)), affine)
        self._register(("scale", torch.ones(self.channels, dtype=dtype)), affine)
        self._set_metric(metric_named(metric), learn_metric, learn_theta, dtype)

    def _register(self, entry: tuple[str, Tensor], learn: bool) -> None:
        name, value = entry
        if learn:
            self.register_parameter(name, nn.Parameter(value))
        else:
            self.register_buffer(name, value)

    def _set_metric(self, metric: Metric, learn_metric: bool, learn_theta: bool, dtype: torch.dtype) -> None:
        """Keep the metric; its parameters M and theta become the layer's where they are learnt."""
        self.metric: Metric = metric
        self.M: Tensor | None = None
        self.theta: float | Tensor = 1.0
        if not isinstance(metric, BuresWasserstein):
            if learn_metric or learn_theta:
                message = f"the {metric.name} metric has no parameters to learn"
                raise DomainError(message, hint='use metric="bures-wasserstein"')
            return
        M = metric.M if metric.M is not None else torch.eye(self.n) if learn_metric else None
        del self.M, self.theta
        if M is None:
            self.M = None
        else:
            if M.shape != (self.n, self.n):
                message = f"M must have shape {(self.n, self.n)}, got {tuple(M.shape)}"
                raise ShapeError(message, hint="M acts on the matrices that come in")
            self._register(("M", M.detach().to(dtype).clone()), learn_metric)
        theta = float(metric.theta)
        if learn_theta:
            self._register(("theta", torch.tensor(theta, dtype=dtype)), True)
        else:
            self.theta = theta
        self.metric = BuresWasserstein(theta=theta)

    def manifolds(self) -> dict[str, Any]:
        """Return the manifold of each parameter that has one: W under the layer's metric, M under Bures–Wasserstein."""
        found: dict[str, Any] = {}
        if isinstance(self.bias, nn.Parameter):
            found["bias"] = SPD(self.n, self._current_metric())
        if isinstance(self.M, nn.Parameter):
            found["M"] = SPD(self.n, BuresWasserstein())
        return found

    def undecayed(self) -> tuple[str, ...]:
        """Return the parameters without a manifold that weight decay must spare: it would pull scale and theta to 0."""
        return tuple(name for name in ("scale", "theta") if isinstance(getattr(self, name), nn.Parameter))

    def _current_metric(self) -> Metric:
        if not isinstance(self.metric, BuresWasserstein):
            return self.metric
        M = None if self.M is None else self.M.detach().clone()
        theta = self.theta.detach() if isinstance(self.theta, Tensor) else self.theta
        return BuresWasserstein(M, float(theta))

    @matrix_precision
    def forward(self, X: Tensor, domain: object = None) -> Tensor:
        """Return the normalised batch.

        Parameters
        ----------
        X : Tensor (N, channels, n, n), or (N, n, n)
            Symmetric positive definite.
        domain : name, or one a sample, optional
            Which running statistics.
        """
        batch = self._batch(X)
        if not self.domains and domain is None:
            return self._normalise(batch, 0)
        batch = self._with_channels(batch)
        groups = self.domains.groups(domain, len(batch))
        out = batch
        for place, rows in groups:
            part = self._normalise(batch if rows is None else batch[rows], place)
            out = part if rows is None else out.index_copy(0, rows, part)
        return out.reshape(X.shape)

    def _batch(self, X: Tensor) -> Tensor:
        single = X.ndim == 3 and self.channels == 1
        check_batch(X, self.n, None if single else self.channels, "SPDBatchNorm")
        if len(X) == 0:
            message = "SPDBatchNorm got an empty batch"
            raise ShapeError(message, hint="pass at least one matrix")
        X, _ = together(X, self.scale)
        return X

    def _with_channels(self, X: Tensor) -> Tensor:
        return X.unsqueeze(1) if X.ndim == 3 else X

    def _normaliser(self, like: Tensor) -> Normaliser:
        M = None if self.M is None else symmetric_part(self.M.to(like.dtype))
        return normaliser_for(self.metric, M, self.theta, self.on_domain_exit)

    def _normalise(self, X: Tensor, place: int) -> Tensor:
        """Return one domain's samples, normalised by the batch's statistics or the running ones."""
        found = self._compiled(X, place)
        if found is not None:
            return found
        shape, X = X.shape, self._with_channels(X)
        normal = self._normaliser(X)
        Y, W = normal.image(X), normal.image(symmetric_part(self.bias.to(X.dtype)))
        if self._uses_batch(place):
            keeps = self.training and self.track_running_stats
            old = self._running_image(normal, place, Y) if keeps else W
            normal.expect(W, old)
            centred, G, variance = self._statistics(normal, Y)
            if keeps:
                self._update(normal, place, old, G.detach(), variance.detach())
        else:
            mean, variance = (item[place].to(X.dtype) for item in (self.running.mean, self.running.variance))
            G = normal.image(mean)
            normal.expect(W)
            centred = normal.centre(Y, G)
        out, exits = normal.leave(centred, self._factor(normal, G, variance), W)
        if self.training and not (isinstance(exits, int) and exits == 0):
            self.exits += exits
        return normal.preimage(out).reshape(shape)

    def _compiled(self, X: Tensor, place: int) -> Tensor | None:
        """Return the same from one call of a kernel, or None where that does not serve."""
        if not isinstance(self.metric, BuresWasserstein) or self.on_domain_exit == "fold":
            return None
        batch, iterations = self._uses_batch(place), self.mean_iterations
        if (self.differentiable_stats or not isinstance(iterations, int)) if batch else self._learns_metric():
            return None
        keeps = batch and self.training and self.track_running_stats
        rules = Rules(
            iterations=int(iterations) if batch else 0,
            released=self.variance == "released",
            eps=self.eps,
            eta=self.running.eta(place) if keeps else -1.0,
            margin=MARGIN if self.on_domain_exit == "shrink" else 0.0,
        )
        M = () if self.M is None else (self.M,)
        statistics = self.running.mean[place], self.running.variance[place]
        W, scale, mean, variance, *rest = together(X, self.bias, self.scale, *statistics, *M)[1:]
        step = compiled_step(X, Parameters(W, scale, rest[0] if M else None, mean, variance), self.theta, rules)
        if step is not None and keeps:
            self.running.keep(place, step.mean, step.variance)
        return None if step is None else step.out

    def _learns_metric(self) -> bool:
        """Return whether the image of given statistics has a gradient."""
        return torch.is_grad_enabled() and any(
            isinstance(item, Tensor) and item.requires_grad for item in (self.M, self.theta)
        )

    def _uses_batch(self, place: int) -> bool:
        if self.training or not self.track_running_stats:
            return True
        if not self.domains or int(self.running.batches[place]) > 0:
            return False
        if self.unseen == "adapt":
            return True
        message = f"domain {self.domains.names[place]!r} has no statistics: no batch of it was seen in training"
        raise DomainError(
            message, hint='call adapt(X, domain) on unlabelled data, or make the layer with unseen="adapt"'
        )

    def _statistics(self, normal: Normaliser, Y: Tensor) -> tuple[Centred, Tensor, Tensor]:
        """Return the centred batch, its mean in the image and its dispersion."""
        with torch.set_grad_enabled(torch.is_grad_enabled() and self.differentiable_stats):
            G = normal.mean(Y, self.mean_iterations, self.differentiable_stats)
        centred = normal.centre(Y, G)
        with torch.set_grad_enabled(torch.is_grad_enabled() and self.differentiable_stats):
            about = self.variance == "about_mean"
            squares = normal.squares(centred.V) if about else normal.squares_about_identity(Y)
            variance = squares.mean(0) if len(Y) > 1 or not about else 0 * squares.mean(0)
        return centred, G, variance if self.differentiable_stats else variance.detach()

    def _factor(self, normal: Normaliser, G: Tensor, variance: Tensor) -> Tensor:
        """Return s / sqrt(v^2 + eps), or s where there is no dispersion."""
        scale = self.scale.to(variance.dtype)
        unit = normal.unit(G) if self.variance == "about_mean" else torch.ones_like(variance)
        none = variance <= (100 * self.n * torch.finfo(variance.dtype).eps) ** 2 * unit
        if not torch.compiler.is_compiling() and bool(none.any()):
            message = f"the batch has no dispersion in {int(none.sum())} of {self.channels} channels; it is not scaled"
            warnings.warn(message, DomainWarning, stacklevel=4)
        return scale * torch.where(none, 1.0, torch.where(none, 1.0, variance + self.eps * unit).rsqrt())

    @torch.no_grad()
    def _running_image(self, normal: Normaliser, place: int, Y: Tensor) -> Tensor:
        return normal.image(self.running.mean[place].to(Y.dtype))

    @torch.no_grad()
    def _update(self, normal: Normaliser, place: int, old: Tensor, G: Tensor, variance: Tensor) -> None:
        eta = self.running.eta(place)
        blended = (1 - eta) * self.running.variance[place] + eta * variance
        self.running.keep(place, normal.preimage(normal.between(old, G, eta)), blended)

    @torch.no_grad()
    def adapt(self, X: Tensor, domain: Hashable = None) -> None:
        """Set the statistics of a domain to those of unlabelled data: its Fréchet mean and the dispersion about it.

        Parameters
        ----------
        X : Tensor (N, channels, n, n), or (N, n, n)
            Symmetric positive definite.
        domain : name, optional
            Which domain.
        """
        batch = self._with_channels(self._batch(X))
        ((place, _),) = self.domains.groups(domain, len(batch))
        normal = self._normaliser(batch)
        Y = normal.image(batch)
        G = normal.converged(Y, False)
        self.running.keep(place, normal.preimage(G), normal.squares(normal.centre(Y, G).V).mean(0))

    def extra_repr(self) -> str:
        """Return size, metric and options."""
        name = self.metric.name if isinstance(self.metric, BuresWasserstein) else repr(self.metric)
        return f"{self.n}, {name}, channels={self.channels}, mean_iterations={self.mean_iterations}, variance={self.variance}"
