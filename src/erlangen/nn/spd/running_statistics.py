"""Running mean and dispersion of one or several domains, as buffers.

Definition: mean <- point at eta on the geodesic from the old mean to the batch's, dispersion <- (1 - eta) old + eta new.
Convention: means are kept in data space, so that they stay true when the metric's parameters are learnt; shapes ``(domains, channels, n, n)``.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence

import torch
from torch import Tensor, nn

from erlangen.errors import DomainError
from erlangen.validation import check_real

__all__ = ["Domains", "Momentum", "RunningStatistics"]

Momentum = float | Callable[[int], float]


class Domains:
    """Names of domains and their places.

    Examples
    --------
    >>> Domains(["monday", "friday"]).place("friday")
    1
    """

    def __init__(self, given: int | Sequence[Hashable] | None) -> None:
        names = range(given) if isinstance(given, int) else (() if given is None else given)
        self.names = tuple(names)
        self._places = {name: index for index, name in enumerate(self.names)}
        if given is not None and (not self.names or len(self._places) < len(self.names)):
            message = f"domains must be a positive number or distinct names, got {given!r}"
            raise DomainError(message, hint="e.g. domains=3 or domains=['s1', 's2']")

    def __bool__(self) -> bool:
        return bool(self.names)

    def __len__(self) -> int:
        return len(self.names) or 1

    def place(self, name: Hashable) -> int:
        """Return the place of a domain.

        Raises
        ------
        DomainError
            If there is none of that name.
        """
        if name not in self._places:
            message = f"domain {name!r} is not one of {', '.join(map(repr, self.names))}"
            raise DomainError(message, hint="name it in domains= when the layer is made")
        return self._places[name]

    def groups(self, domain: object, count: int) -> list[tuple[int, Tensor | None]]:
        """Return the places of a batch's domains with the rows of each (None = all rows).

        Raises
        ------
        DomainError
            If domains were given to a layer without any, or not given to one with some, or not one a sample.
        """
        if not self:
            if domain is not None:
                message = "domain was passed to a layer that was made without domains="
                raise DomainError(message, hint="pass domains= to SPDBatchNorm")
            return [(0, None)]
        if domain is None:
            message = f"the layer has statistics of {len(self)} domains; say which the batch belongs to"
            raise DomainError(message, hint="pass a domain, or one a sample, as second argument")
        if isinstance(domain, (str, bytes, int)) or not hasattr(domain, "__len__"):
            return [(self.place(domain), None)]
        names = domain.tolist() if isinstance(domain, Tensor) else list(domain)  # type: ignore[call-overload]
        if not isinstance(names, list) or len(names) != count:
            message = f"domain must be one a sample, got {domain!r} for {count} samples"
            raise DomainError(message, hint="pass a tensor or list of the batch's length")
        places = torch.tensor([self.place(name) for name in names])
        return [(int(p), (places == p).nonzero().squeeze(-1)) for p in places.unique()]


class RunningStatistics(nn.Module):
    """Buffers ``mean``, ``variance`` and ``batches`` for each domain.

    Examples
    --------
    >>> RunningStatistics(2, 3, 1, 0.1, torch.float64).mean.shape
    torch.Size([1, 2, 3, 3])
    """

    mean: Tensor
    variance: Tensor
    batches: Tensor

    def __init__(self, channels: int, n: int, domains: int, momentum: Momentum, dtype: torch.dtype) -> None:
        super().__init__()
        if not callable(momentum):
            momentum = check_real(momentum, "momentum", low=0.0, high=1.0)
        self.momentum = momentum
        self.register_buffer("mean", torch.eye(n, dtype=dtype).expand(domains, channels, n, n).clone())
        self.register_buffer("variance", torch.ones(domains, channels, dtype=dtype))
        self.register_buffer("batches", torch.zeros(domains, dtype=torch.long))

    def eta(self, place: int) -> float:
        """Return the weight of the coming batch: the momentum, or that of its schedule at the number of batches seen."""
        if not callable(self.momentum):
            return self.momentum
        return check_real(self.momentum(int(self.batches[place])), "momentum(step)", low=0.0, high=1.0)

    @torch.no_grad()
    def keep(self, place: int, mean: Tensor, variance: Tensor) -> None:
        """Store the statistics of a domain."""
        self.mean[place].copy_(mean)
        self.variance[place].copy_(variance)
        self.batches[place] += 1

    def extra_repr(self) -> str:
        """Return the momentum."""
        return f"momentum={self.momentum}"
