"""Times of the routes of a product, forward and backward, with the freedom that each kind buys.

Definition: processor time of one call over rows and channels, median of repetitions that are interleaved between the routes.
Convention: float32, one thread of torch, ``ir_mul``; a route is timed only after its numbers agreed with those of the sparse terms.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.errors import DomainError, ErlangenError
from erlangen.representations import wigner_3j
from erlangen.representations.products import (
    BilinearTerms,
    ProductSpec,
    bracket_product,
    complete_gaunt_product,
    contract,
    expressivity,
    flops,
    gaunt_product,
    matrix_product,
    setting,
)

__all__ = ["Timing", "coupled", "routes", "timings"]

_AGREE = 2e-4
_FUNCTIONS: dict[str, tuple[Callable[..., Any], tuple[str, ...]]] = {
    "gaunt": (gaunt_product, ("dense", "grid", "grid-separable", "fourier")),
    "bracket": (bracket_product, ("dense", "grid")),
    "complete-gaunt": (complete_gaunt_product, ("dense", "grid")),
    "matrix": (matrix_product, ("dense", "matrix")),
}


@dataclass(frozen=True)
class Timing:
    """What one route of one kind took, in seconds of processor time a call.

    Attributes
    ----------
    kind, method : str
        Which product, by which route; ``twin`` is the sparse sum in torch, without the compiled kernel.
    forward, both : float
        Median of the forward pass, and of forward and backward together.
    expressivity : int
        Dimension of the maps the kind reaches.
    flops : int or None
        Operations a sample in the accounts of the paper, where the route has an entry.
    defect : float
        Largest difference to the sparse terms, relative to the largest entry.
    """

    kind: str
    method: str
    forward: float
    both: float
    expressivity: int
    flops: int | None
    defect: float

    def per_unit(self, products: int) -> float | None:
        """Return seconds of forward and backward a product and unit of expressivity; ``None`` where nothing is reached.

        Examples
        --------
        >>> Timing("gaunt", "grid", 1.0, 2.0, 4, None, 0.0).per_unit(10)
        0.05
        """
        return self.both / products / self.expressivity if self.expressivity else None


def routes(kinds: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield kind and method of every route that is timed.

    Examples
    --------
    >>> list(routes(("clebsch-gordan", "matrix")))
    [('clebsch-gordan', 'sparse'), ('clebsch-gordan', 'twin'), ('matrix', 'sparse'), ('matrix', 'dense'), ('matrix', 'matrix')]
    """
    for kind in kinds:
        for method in ("sparse", *_FUNCTIONS.get(kind, (None, ("twin",)))[1]):
            yield kind, method


def coupled(name: str, lmax: int, kinds: tuple[str, ...], *, parity: bool) -> tuple[str, ...]:
    """Return the kinds that couple anything in a setting.

    Raises
    ------
    DomainError
        If none does.

    Examples
    --------
    >>> coupled("siso", 3, ("clebsch-gordan", "gaunt"), parity=False)  # 3 + 3 + 3 is odd
    ('clebsch-gordan',)
    """
    found = tuple(kind for kind in kinds if setting(name, lmax, kind=kind, parity=parity).paths)
    if not found:
        message = f"{', '.join(kinds)} couple nothing in {name} at L = {lmax}{' with parity' if parity else ''}"
        raise DomainError(message, hint="choose another setting, degree or kind")
    return found


def timings(
    name: str,
    lmax: int,
    kinds: tuple[str, ...],
    *,
    parity: bool,
    rows: int,
    channels: int,
    repeats: int,
    seed: int,
    on_progress: Callable[[int, int, str], None],
) -> list[Timing]:
    """Return the time of each route, in a setting of Xie et al. (siso, simo, mimo); each kind must couple something.

    Raises
    ------
    ErlangenError
        If a route disagrees with the sparse terms.
    """
    torch: Any = import_module("torch")
    generator = torch.Generator().manual_seed(seed)
    specs = {kind: setting(name, lmax, kind=kind, parity=parity) for kind in kinds}
    size = specs[kinds[0]].irreps_in1.dim
    x, y = (torch.randn(rows, size, channels, generator=generator) for _ in range(2))
    chosen = list(routes(kinds))
    calls = [_call(specs[kind], method, lmax) for kind, method in chosen]
    defects = [_defect(torch, specs[kind], call, x, y, lmax) for (kind, _), call in zip(chosen, calls, strict=True)]
    for (kind, method), defect in zip(chosen, defects, strict=True):
        if not defect <= _AGREE:
            message = f"{kind} by {method} differs from its sparse terms by {defect:.1e} (allowed {_AGREE:.0e})"
            raise ErlangenError(message, hint="erlangen doctor examines this installation")
    gradients = [torch.randn_like(call(x, y)) for call in calls]
    forward: list[list[float]] = [[] for _ in chosen]
    both: list[list[float]] = [[] for _ in chosen]
    for step in range(repeats + 1):
        for k, (kind, method) in enumerate(chosen):
            on_progress(step * len(chosen) + k, (repeats + 1) * len(chosen), f"{kind} by {method}")
            spent = _once(calls[k], x, y, gradients[k])
            if step:  # the first round fills tables and caches
                forward[k].append(spent[0])
                both[k].append(spent[1])
    reached = {kind: expressivity(specs[kind]) for kind in kinds}
    return [
        Timing(kind, method, statistics.median(forward[k]), statistics.median(both[k]), reached[kind], _flops(specs[kind], method), defects[k])
        for k, (kind, method) in enumerate(chosen)
    ]  # fmt: skip


def _once(call: Callable[..., Any], x: Any, y: Any, gradient: Any) -> tuple[float, float]:
    """Return processor seconds of a forward pass alone, and of forward and backward."""
    start = time.process_time()
    call(x, y)
    alone = time.process_time() - start
    a, b = x.detach().requires_grad_(), y.detach().requires_grad_()
    start = time.process_time()
    call(a, b).backward(gradient)
    return alone, time.process_time() - start


def _call(spec: ProductSpec, method: str, lmax: int) -> Callable[[Any, Any], Any]:
    """Return the product of the setting by a route, (rows, dim, channels) to (rows, dim_out, channels)."""
    if method in ("sparse", "twin"):
        terms = _terms(spec)
        backend = "auto" if method == "sparse" else "python"
        return lambda x, y: contract(terms, x, y, layout="ir_mul", backend=backend)
    function = _FUNCTIONS[spec.kind][0]
    out = spec.degrees[2]
    first, last = _start(spec.irreps_in1, lmax), _start(spec.irreps_out, out)

    def by_route(x: Any, y: Any) -> Any:
        whole = function(_padded(x, first), _padded(y, first), out, method=method, layout="ir_mul")
        whole = whole[0] + whole[1] if isinstance(whole, tuple) else whole  # both halves of the complete product
        return whole[:, last:]

    return by_route


def _start(irreps: Any, top: int) -> int:
    """Return where the signal begins among all degrees: 0 for all of them, ``top²`` for the highest alone."""
    return 0 if len(irreps) == top + 1 else top * top


def _padded(x: Any, before: int) -> Any:
    """Return the signal with zeros for the degrees below it."""
    return import_module("torch").nn.functional.pad(x, (0, 0, before, 0)) if before else x


def _terms(spec: ProductSpec) -> BilinearTerms:
    """Return the sparse terms of all paths, each its strength times the 3j tensor."""
    ends = [irreps.slices() for irreps in (spec.irreps_in1, spec.irreps_in2, spec.irreps_out)]
    parts: list[NDArray[np.float64]] = [np.zeros((0, 4))]
    for path in spec.paths:
        irreps = spec.irreps_of(path)
        block = wigner_3j(*(ir.l for ir in irreps)).numpy() * spec.strength(*irreps)
        places = np.argwhere(np.abs(block) > 1e-14)
        starts = [end[k].start for end, k in zip(ends, path, strict=True)]
        parts.append(np.column_stack([places + starts, block[tuple(places.T)]]))
    table = np.concatenate(parts)
    i, j, k = table[:, :3].astype(np.int64).T
    return BilinearTerms(i, j, k, table[:, 3], spec.irreps_in1.dim, spec.irreps_in2.dim, spec.irreps_out.dim)


def _defect(torch: Any, spec: ProductSpec, call: Callable[..., Any], x: Any, y: Any, lmax: int) -> float:
    """Return how far a route is from the sparse terms on the first rows."""
    with torch.no_grad():
        expected = _call(spec, "sparse", lmax)(x[:8], y[:8])
        return float((call(x[:8], y[:8]) - expected).abs().max() / expected.abs().max().clamp_min(1e-30))


def _flops(spec: ProductSpec, method: str) -> int | None:
    """Return the operations that the paper's accounts give a route, ``None`` where they have none."""
    try:
        return flops(spec, method=method)
    except ErlangenError:
        return None
