r"""The tensor product of a feature with itself, without what symmetry makes zero or double.

Definition: :math:`x \otimes x` decomposed: pairs of different summands once, pairs u < v of copies of one summand, and each copy with itself in even degrees.
Convention: e3nn 0.6's paths, path weights and normalisation, which give unit variance for normal x.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from torch import Tensor

from erlangen.errors import DomainError
from erlangen.nn.equivariant.tensor_product import TensorProduct
from erlangen.representations.irrep import Irrep
from erlangen.representations.irreps import Irreps
from erlangen.representations.products.path import Path
from erlangen.validation import check_choice

__all__ = ["TensorSquare"]


class TensorSquare(TensorProduct):
    r"""Symmetric tensor square :math:`x \otimes x`, whole and without weights, or fully connected to given irreps.

    Parameters
    ----------
    irreps_in : Irreps or str
        Type of the feature; simplified.
    irreps_out : Irreps or str, optional
        Type of the result, with weights; if omitted, all paths without weights.
    filter_ir_out : iterable of irreps, optional
        Which irreps are kept, where ``irreps_out`` is omitted.
    irrep_normalization : {"component", "norm", "none"}
        As :class:`TensorProduct`.
    **options
        As :class:`TensorProduct`.

    Raises
    ------
    DomainError
        If both ``irreps_out`` and ``filter_ir_out`` are given, or an output is not reached.

    Examples
    --------
    >>> TensorSquare("1o")
    TensorSquare(1x1o -> 1x0e+1x2e | 2 paths | 0 weights)
    """

    def __init__(
        self,
        irreps_in: Any,
        irreps_out: Any = None,
        filter_ir_out: Iterable[Any] | None = None,
        *,
        irrep_normalization: str = "component",
        **options: Any,
    ) -> None:
        check_choice(irrep_normalization, "irrep_normalization", ("component", "norm", "none"))
        if options.get("method") == "so2":
            message = "method='so2' multiplies by the harmonics of a direction, not by the feature itself"
            raise DomainError(message, hint="leave out method")
        irreps = Irreps(irreps_in).simplify()
        if irreps_out is None:
            kept = None if filter_ir_out is None else {Irrep(ir) for ir in filter_ir_out}
            out, paths = _whole(irreps, kept, irrep_normalization)
        elif filter_ir_out is not None:
            message = "irreps_out and filter_ir_out were both given"
            raise DomainError(message, hint="give one of them")
        else:
            out = Irreps(irreps_out).simplify()
            paths = _connected(irreps, out, irrep_normalization)
        super().__init__(irreps, irreps, out, paths, irrep_normalization="none", **options)
        self.irreps_in = irreps

    def forward(self, x: Tensor, weight: Any = None) -> Tensor:  # type: ignore[override]
        """Return the square of x (..., irreps_in.dim); see :meth:`TensorProduct.forward`."""
        return super().forward(x, x, weight)

    def extra_repr(self) -> str:
        """Return types, paths and weights."""
        return self._summary(f"{self.irreps_in1}")


def _products(irreps: Irreps, normalization: str) -> Iterator[tuple[int, int, Irrep, str, float]]:
    """Yield summands, irrep, kind (distinct, pairs or own) and path weight of every product that symmetry leaves."""
    for a, (mul, ir1) in enumerate(irreps):
        for b, (_, ir2) in enumerate(irreps):
            if a > b:
                continue
            for ir in ir1 * ir2:
                plain = {"component": ir.dim, "norm": ir1.dim * ir2.dim, "none": 1}[normalization]
                if a < b:
                    yield a, b, ir, "distinct", float(plain)
                    continue
                if mul > 1:
                    yield a, b, ir, "pairs", float(plain)
                if ir.l % 2 == 0:
                    yield a, b, ir, "own", _own_weight(ir1, ir, normalization)


def _own_weight(ir1: Irrep, ir: Irrep, normalization: str) -> float:
    """Return the path weight of a copy's product with itself, whose terms are not independent."""
    if normalization == "none":
        return 1.0
    if normalization == "component":
        return ir.dim / (ir1.dim + 2) if ir.l == 0 else ir.dim / 2
    return float(ir.dim * ir1.dim) if ir.l == 0 else ir1.dim * (ir1.dim + 2) / 2


def _whole(irreps: Irreps, kept: set[Irrep] | None, normalization: str) -> tuple[Irreps, list[Path]]:
    """Return outputs and paths of the whole square."""
    summands: list[tuple[int, Irrep]] = []
    found = []
    for a, b, ir, kind, weight in _products(irreps, normalization):
        if kept is not None and ir not in kept:
            continue
        mul = irreps[a].mul
        copies = {"distinct": mul * irreps[b].mul, "pairs": mul * (mul - 1) // 2, "own": mul}[kind]
        found.append((a, b, {"distinct": "uvuv", "pairs": "uvu<v", "own": "uuu"}[kind], weight))
        summands.append((copies, ir))
    ordered = Irreps(summands).sort()
    paths = [Path(a, b, place, mode, False, w) for (a, b, mode, w), place in zip(found, ordered.p, strict=True)]
    return ordered.irreps, paths


def _connected(irreps: Irreps, out: Irreps, normalization: str) -> list[Path]:
    """Return the weighted paths to given outputs."""
    modes = {"distinct": "uvw", "pairs": "u<vw", "own": "uuw"}
    products: dict[tuple[int, int], list[tuple[Irrep, str, float]]] = {}
    for a, b, ir, kind, weight in _products(irreps, normalization):
        products.setdefault((a, b), []).append((ir, kind, weight))
    return [
        Path(a, b, place, modes[kind], True, weight)
        for (a, b), group in products.items()
        for place, (_, wanted) in enumerate(out)
        for ir, kind, weight in group
        if ir == wanted
    ]
