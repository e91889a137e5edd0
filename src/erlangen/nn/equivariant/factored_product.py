r"""Products channel by channel whose weights are products of weights of degrees, by any route of functions on the sphere or of matrices.

Definition: :math:`z^{(k)} = \gamma_k \sum_r c^r_k\, B\bigl(\sum_i \alpha_i a^r_i x^{(i)}, \sum_j \beta_j b^r_j y^{(j)}\bigr)^{(k)}`, B the
product, the bracket, both, or the matrix product of whole signals; equal to the sum over paths with weights :math:`a_i b_j c_k`.
Convention: inside, signals are (n, components, copies), natural and anti-natural ones apart; factors are (rank, summands times copies).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from erlangen.errors import DomainError
from erlangen.representations.irreps import Irreps
from erlangen.representations.products.matrix_product import matrix_once
from erlangen.representations.products.path import Path
from erlangen.representations.products.product_spec import ProductSpec
from erlangen.representations.products.signal_degrees import pad_degrees
from erlangen.representations.products.spherical_operations import Operation, spherical_operation
from erlangen.representations.sphere import SphereRule

__all__ = ["FactoredProduct", "factored_product"]

_HALVES = {
    "gaunt": ("gaunt",),
    "bracket": ("bracket",),
    "complete-gaunt": ("gaunt", "bracket"),
    "matrix": ("even", "odd"),
}
_ODD = frozenset({"bracket", "odd"})
_LAWFUL = 1e-9


@dataclass(frozen=True)
class _Signals:
    """How a feature of equal copies is read as signals: the degree of each, by the parity of values, and the place of each component.

    ``places`` numbers the components of all signals one after the other, ``owners`` the summand of each component.
    """

    lmax: tuple[tuple[int, int], ...]
    places: tuple[int, ...]
    owners: tuple[int, ...]

    @property
    def sizes(self) -> list[int]:
        """Components of each signal."""
        return [(l + 1) ** 2 for _, l in self.lmax]


def _signals(irreps: Irreps, least: int = 0) -> _Signals:
    """Return how a feature is read; each signal has at least the degree ``least``."""
    values = [ir.p * (-1) ** ir.l for _, ir in irreps]
    tops = {
        v: max(least, *(ir.l for (_, ir), w in zip(irreps, values, strict=True) if w == v))
        for v in (1, -1)
        if v in values
    }
    starts, start = {}, 0
    for v, l in tops.items():
        starts[v], start = start, start + (l + 1) ** 2
    places, owners = [], []
    for k, ((_, ir), v) in enumerate(zip(irreps, values, strict=True)):
        places += [starts[v] + ir.l**2 + m for m in range(ir.dim)]
        owners += [k] * ir.dim
    return _Signals(tuple(tops.items()), tuple(places), tuple(owners))


class FactoredProduct(nn.Module):
    r"""A product of whole signals, made by :func:`factored_product`; its weights are those of the layer that calls it.

    Parameters
    ----------
    ends : (Irreps, Irreps, Irreps)
        Types; the first and the last have equal copies, the second these or one.
    kind, method : str
        What is multiplied, and by which route.
    grid : str or SphereRule
        Points of the route ``grid``.
    layout : {"mul_ir", "ir_mul"}
        Of features.
    scales : tuple
        The numbers :math:`\alpha, \beta, \gamma`, one a summand.
    parts : tuple
        How the features are read as signals.
    """

    places2: Tensor

    def __init__(
        self,
        ends: tuple[Irreps, Irreps, Irreps],
        kind: str,
        method: str,
        grid: str | SphereRule,
        layout: str,
        scales: tuple[tuple[float, ...], ...],
        parts: tuple[_Signals, _Signals, _Signals],
    ) -> None:
        super().__init__()
        self.ends, self.kind, self.method, self.grid, self.layout = ends, kind, method, grid, layout
        self.scales, self.parts = scales, parts
        for role, part in enumerate(parts):
            for name in ("places", "owners"):
                self.register_buffer(f"{name}{role}", torch.tensor(getattr(part, name)), persistent=False)
        self.plan = tuple(self._planned())

    def _planned(self) -> Iterator[tuple[str, int, int, int, tuple[int, int, int]]]:
        """Yield half, parities of values of x, y and z, and the degrees, of each product that is needed."""
        tops = dict(self.parts[2].lmax)
        for half in _HALVES[self.kind]:
            for p, l1 in self.parts[0].lmax:
                for q, l2 in self.parts[1].lmax:
                    v = -p * q if half in _ODD else p * q
                    if v in tops and (half not in _ODD or min(l1, l2) > 0):
                        yield half, p, q, v, (l1, l2, min(tops[v], l1 + l2))

    def forward(self, x: Tensor, y: Tensor, factors: Tensor) -> Tensor:
        """Return the product of x (n, d1) and y (n, d2)."""
        counts = [len(irreps) * irreps[0].mul for irreps in self.ends]
        a, b, c = (
            part.reshape(-1, len(irreps), irreps[0].mul)
            for part, irreps in zip(torch.split(factors, counts, dim=1), self.ends, strict=True)
        )
        x, y = (self._columns(value, irreps) for value, irreps in zip((x, y), self.ends, strict=False))
        operations = [self._operation(half, degrees, x) for half, _, _, _, degrees in self.plan]
        total = self._once(x, y, a[0], b[0], c[0], operations)
        for r in range(1, factors.shape[0]):
            total = total + self._once(x, y, a[r], b[r], c[r], operations)
        return (total.flatten(1) if self.layout == "ir_mul" else self._rows(total)) / math.sqrt(factors.shape[0])

    def _once(self, x: Tensor, y: Tensor, a: Tensor, b: Tensor, c: Tensor, operations: list[Operation]) -> Tensor:
        """Return the product (n, components, copies) with one factor a summand."""
        first, second = self._read(x, a, 0), self._read(y, b, 1)
        found: dict[int, Tensor] = {}
        for (_, p, q, v, _), operation in zip(self.plan, operations, strict=True):
            z = operation(first[p], second[q])
            found[v] = _added(found[v], z) if v in found else z
        return self._written(found, c)

    def _columns(self, x: Tensor, irreps: Irreps) -> Tensor:
        """Return a feature as (n, components, copies)."""
        mul = irreps[0].mul
        if self.layout == "ir_mul" or mul == 1:
            return x.reshape(x.shape[0], x.shape[1] // mul, mul)
        blocks = [
            x[:, place].reshape(x.shape[0], mul, ir.dim).mT
            for place, (_, ir) in zip(irreps.slices(), irreps, strict=True)
        ]
        return torch.cat(blocks, dim=1)

    def _rows(self, z: Tensor) -> Tensor:
        """Return (n, dim) in the layout ``mul_ir``."""
        out = self.ends[2]
        if out[0].mul == 1:
            return z.flatten(1)
        blocks = torch.split(z, [ir.dim for _, ir in out], dim=1)
        return torch.cat([block.mT.flatten(1) for block in blocks], dim=1)

    def _weighted(self, weight: Tensor, role: int) -> Tensor:
        """Return the number of each component (components, copies) of an argument or of the result."""
        if any(scale != 1.0 for scale in self.scales[role]):
            weight = weight * torch.tensor(self.scales[role], dtype=weight.dtype, device=weight.device).unsqueeze(-1)
        return weight.index_select(0, getattr(self, f"owners{role}"))

    def _read(self, x: Tensor, weight: Tensor, role: int) -> dict[int, Tensor]:
        """Return the signals of a feature, scaled."""
        part = self.parts[role]
        x, size = x * self._weighted(weight, role), sum(part.sizes)
        if part.places != tuple(range(size)):
            places: Tensor = getattr(self, f"places{role}")
            x = x.new_zeros(x.shape[0], size, x.shape[2]).index_add(1, places, x)
        return dict(zip((v for v, _ in part.lmax), torch.split(x, part.sizes, dim=1), strict=True))

    def _written(self, signals: dict[int, Tensor], weight: Tensor) -> Tensor:
        """Return the components (n, components, copies) of a feature of signals, scaled."""
        part = self.parts[2]
        whole = [pad_degrees(signals[v], l, "ir_mul") for v, l in part.lmax]
        z = whole[0] if len(whole) == 1 else torch.cat(whole, dim=1)
        if part.places != tuple(range(sum(part.sizes))):
            z = z.index_select(1, self.places2)
        return z * self._weighted(weight, 2)

    def _operation(self, half: str, degrees: tuple[int, int, int], like: Tensor) -> Operation:
        """Return one half of the product of two signals."""
        if half in ("even", "odd"):
            return lambda x, y: matrix_once(x, y, degrees, half, self.method, "ir_mul")
        return spherical_operation(half, degrees, self.method, self.grid, "ir_mul", like)


def _added(a: Tensor, b: Tensor) -> Tensor:
    """Return the sum of two signals, of which one may have fewer degrees."""
    top = math.isqrt(max(a.shape[1], b.shape[1])) - 1
    return pad_degrees(a, top, "ir_mul") + pad_degrees(b, top, "ir_mul")


def factored_product(
    ends: tuple[Irreps, Irreps, Irreps],
    paths: Sequence[Path],
    coefficients: Sequence[float],
    shares: tuple[Sequence[float], Sequence[float]],
    *,
    kind: str,
    rank: int = 1,
    method: str = "auto",
    grid: str | SphereRule = "auto",
    layout: str = "mul_ir",
) -> FactoredProduct | None:
    """Return the product of whole signals that equals the paths of a kind, or ``None`` where the paths themselves are to be summed.

    Those are summed for ``clebsch-gordan``, ``so2``, features without copies, and by ``auto`` and ``sparse`` beyond a rank of (L + 1) / 2: one
    sum over all paths was measured as fast as that many sums over whole signals (L = 1 … 4, forward and backward, 160 rows of 32 channels).

    Parameters
    ----------
    ends, paths, coefficients
        Types of the features, the paths of the kind, and the normalised coefficient of each.
    shares : two sequences of float
        The part of the coefficients that belongs to each summand of the arguments, see :func:`argument_shares`.
    kind, rank, method, grid, layout
        As :class:`erlangen.nn.TensorProduct`.

    Raises
    ------
    DomainError
        If the coefficients are no products of numbers of the summands, as with variances of zero.

    Examples
    --------
    >>> ends = Irreps("4x0e+4x1o"), Irreps("0e+1o"), Irreps("4x0e")
    >>> made = factored_product(ends, [Path(0, 0, 0, "uvu")], [1.0], ([1.0, 1.0], [1.0, 1.0]), kind="gaunt")
    >>> made.parts[0].lmax  # one natural signal of degree 1
    ((1, 1),)
    """
    if kind == "clebsch-gordan" or method == "so2" or not paths or not all(mul for part in ends for mul, _ in part):
        return None
    one, two, three = (Irreps([(1, ir) for _, ir in irreps]) for irreps in ends)
    spec = ProductSpec(one, two, three, kind)
    L1, L2, _ = spec.degrees
    if method in ("auto", "sparse") and 2 * rank > max(L1, L2) + 1:
        return None
    least = (L1, L2) if kind == "matrix" else (0, 0)
    parts = _signals(ends[0], least[0]), _signals(ends[1], least[1]), _signals(ends[2])
    return FactoredProduct(ends, kind, method, grid, layout, _scales(spec, paths, coefficients, shares), parts)


def _scales(
    spec: ProductSpec,
    paths: Sequence[Path],
    coefficients: Sequence[float],
    shares: tuple[Sequence[float], Sequence[float]],
) -> tuple[tuple[float, ...], tuple[float, ...], tuple[float, ...]]:
    """Return the numbers of the summands whose product with a path's strength is its coefficient."""
    alpha, beta = (tuple(own) for own in shares)
    gamma = [0.0] * len(spec.irreps_out)
    for path, coefficient in zip(paths, coefficients, strict=True):
        ends = path.i_in1, path.i_in2, path.i_out
        own = abs(coefficient) / (abs(spec.strength(*spec.irreps_of(ends))) * alpha[ends[0]] * beta[ends[1]])
        before = gamma[ends[2]]
        if before and abs(own - before) > _LAWFUL * before:
            message = f"the coefficients of the paths into summand {ends[2]} do not factor: {own:.6g} and {before:.6g}"
            raise DomainError(message, hint="give in1_var and in2_var above zero")
        gamma[ends[2]] = own
    return alpha, beta, tuple(gamma)
