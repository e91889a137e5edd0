r"""A product explained: which paths it keeps, loses or recovers, what each route costs, which route is chosen and why.

Definition: a row a path (l1, l2, l3), a row a method; the choice is that of the measured crossovers.
Convention: costs are operations a sample; *recovered* says that the bracket couples what the product of functions loses.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from erlangen.representations.products.crossovers import choose_method
from erlangen.representations.products.expressivity import expressivity
from erlangen.representations.products.flop_counts import ALGORITHMS, flops
from erlangen.representations.products.product_spec import ProductSpec, spec_of

__all__ = ["Explanation", "explain"]

Row = dict[str, str | int | float]


@dataclass(frozen=True)
class Explanation:
    """What a product does; prints as a table, ``rows()`` gives plain data.

    Attributes
    ----------
    spec : ProductSpec
        The product.
    expressivity, paths_allowed, paths_kept : int
        Its dimension, the paths that symmetry allows, the paths it couples.
    paths, methods : tuple of dict
        A row a path and a row a method.
    method, reason : str
        The route chosen, and why.

    Examples
    --------
    >>> from erlangen.representations.products import setting
    >>> report = explain(setting("mimo", 1, kind="gaunt", parity=False))
    >>> report.paths_allowed, report.paths_kept, report.method
    (6, 5, 'sparse')
    """

    spec: ProductSpec
    expressivity: int
    paths_allowed: int
    paths_kept: int
    paths: tuple[Row, ...]
    methods: tuple[Row, ...]
    method: str
    reason: str

    def rows(self) -> dict[str, Any]:
        """Return everything as plain data, ready for JSON."""
        return {
            "product": repr(self.spec),
            "expressivity": self.expressivity,
            "paths_allowed": self.paths_allowed,
            "paths_kept": self.paths_kept,
            "paths": [dict(row) for row in self.paths],
            "methods": [dict(row) for row in self.methods],
            "method": self.method,
            "reason": self.reason,
        }

    def __str__(self) -> str:
        spec = self.spec
        head = [
            f"{spec.kind} product, rank {spec.rank}: {spec.irreps_in1} x {spec.irreps_in2} -> {spec.irreps_out}",
            f"paths: {self.paths_kept} of {self.paths_allowed}; expressivity {self.expressivity}",
            "",
        ]
        return "\n".join([*head, *_table(self.paths), "", *_table(self.methods), "", f"{self.method}: {self.reason}"])


def explain(product: Any) -> Explanation:
    """Return the paths kept and lost, the cost of each method, and the method that ``auto`` stands for.

    Parameters
    ----------
    product : ProductSpec or module
        What to look at.

    Examples
    --------
    >>> from erlangen.representations.products import ProductSpec
    >>> print(explain(ProductSpec("1o", "1o", "0e+1e+2e", kind="gaunt")))
    gaunt product, rank 1: 1x1o x 1x1o -> 1x0e+1x1e+1x2e
    paths: 2 of 3; expressivity 2
    <BLANKLINE>
    in1  in2  out  copies  fate  strength
     1o   1o   0e       1  kept  0.488603
     1o   1o   1e       1  lost         0
     1o   1o   2e       1  kept  0.690988
    <BLANKLINE>
    method          flops
    sparse             56
    einsum            123
    dense             304
    grid              240
    gauss-legendre    843
    grid-separable    378
    fourier          1211
    fourier-direct   1305
    <BLANKLINE>
    sparse: fastest as measured up to L = 7 (here L = 1)
    """
    spec = spec_of(product)
    method, reason = _choice(spec)
    return Explanation(
        spec,
        expressivity(spec),
        len(spec.allowed),
        len(spec.paths),
        tuple(_path_row(spec, path) for path in spec.allowed),
        tuple(
            {"method": name, "flops": flops(spec, method=name)}
            for name, (kinds, _) in ALGORITHMS.items()
            if spec.kind in kinds
        ),
        method,
        reason,
    )


def _path_row(spec: ProductSpec, path: tuple[int, int, int]) -> Row:
    """Return one path: its irreps, copies, what becomes of it, and its strength."""
    irreps = spec.irreps_of(path)
    strength = spec.strength(*irreps)
    fate = "kept" if strength else "lost"
    if spec.kind == "complete-gaunt" and not replace(spec, kind="gaunt").strength(*irreps):
        fate = "recovered"
    names = dict(zip(("in1", "in2", "out"), map(str, irreps), strict=True))
    return {**names, "copies": spec.size(path), "fate": fate, "strength": float(f"{strength:.6g}")}


def _choice(spec: ProductSpec) -> tuple[str, str]:
    """Return the method that ``auto`` stands for, and why."""
    if spec.kind == "clebsch-gordan":
        return "sparse", "free paths are summed by their terms; no product of functions has them all"
    L = max(spec.degrees[:2])
    kind = "gaunt" if spec.kind == "complete-gaunt" else spec.kind
    method = choose_method(kind, spec.degrees)
    same = [other for other in range(L, 33) if choose_method(kind, (other, other, other)) == method]
    if method == "sparse":
        return method, f"fastest as measured up to L = {same[-1]} (here L = {L})"
    return method, f"beyond the degrees where sparse terms were measured fastest (here L = {L}); they grow as L^5"


def _table(rows: tuple[Row, ...]) -> list[str]:
    """Return the lines of a table, numbers to the right."""
    if not rows:
        return ["(none)"]
    keys = list(rows[0])
    cells = [[f"{row[key]:g}" if isinstance(row[key], float) else str(row[key]) for key in keys] for row in rows]
    widths = [max(len(line[n]) for line in [keys, *cells]) for n in range(len(keys))]
    left = [key in {"method", "fate"} for key in keys]
    return [
        "  ".join(
            c.ljust(w) if to_left else c.rjust(w) for c, w, to_left in zip(line, widths, left, strict=True)
        ).rstrip()
        for line in [keys, *cells]
    ]
