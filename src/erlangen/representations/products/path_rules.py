r"""The paths of a tensor product, checked, and their normalisation.

Definition: coefficient :math:`\sqrt{\alpha}`, :math:`\alpha = d_{out}` (component) or :math:`d_1 d_2` (norm), divided by the sum over the paths into the
same output of variances times elements (element), or by the number of paths times the own elements (path).
Convention: e3nn 0.6's numbers; parity and triangle rule are refused by the name of the path.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from erlangen.errors import DomainError, ShapeError
from erlangen.representations.irreps import Irreps
from erlangen.representations.products.path import Path
from erlangen.validation import check_choice, check_finite

__all__ = ["argument_shares", "check_paths", "default_paths", "path_coefficients", "reachable"]


def reachable(in1: Irreps, in2: Irreps) -> Irreps:
    """Return the irreps that products of the two features contain, each once, sorted.

    Examples
    --------
    >>> reachable(Irreps("4x0e+1o"), Irreps("1o"))
    1x0e+1x1o+1x1e+1x2e
    """
    found = {ir for mul1, ir1 in in1 if mul1 for mul2, ir2 in in2 if mul2 for ir in ir1 * ir2}
    return Irreps([(1, ir) for ir in sorted(found)])


def check_paths(in1: Irreps, in2: Irreps, out: Irreps, paths: Sequence[Path]) -> None:
    """Refuse paths that break a rule, and outputs that no path reaches.

    Raises
    ------
    DomainError
        If a position is out of range, a parity or the triangle rule is broken, or an output is not reached.
    ShapeError
        If multiplicities do not fit the mode.

    Examples
    --------
    >>> check_paths(Irreps("1o"), Irreps("1o"), Irreps("1o"), [Path(0, 0, 0, "uuu", False)])
    Traceback (most recent call last):
        ...
    erlangen.errors.DomainError: path 0, 1o x 1o -> 1o, breaks parity: -1 * -1 is not -1 (the product contains 0e, 1e, 2e)
    """
    for index, path in enumerate(paths):
        for name, place, irreps in (("i_in1", path.i_in1, in1), ("i_in2", path.i_in2, in2), ("i_out", path.i_out, out)):
            if place >= len(irreps):
                message = f"path {index}: {name} = {place}, but there are {len(irreps)} summands in {irreps}"
                raise DomainError(message, hint="positions count from 0")
        _check_path(index, path, in1, in2, out)
    reached = {path.i_out for path in paths}
    missed = [i for i, (mul, _) in enumerate(out) if mul and i not in reached]
    if missed:
        message = f"no path leads to {out[missed[0]]}, summand {missed[0]} of the output {out}"
        raise DomainError(message, hint=f"{in1} x {in2} reaches {reachable(in1, in2) or 'nothing'}")


def _check_path(index: int, path: Path, in1: Irreps, in2: Irreps, out: Irreps) -> None:
    """Refuse one path that breaks parity, the triangle rule or the law of its mode."""
    (mul1, ir1), (mul2, ir2), (mul3, ir3) = in1[path.i_in1], in2[path.i_in2], out[path.i_out]
    name = f"path {index}, {ir1} x {ir2} -> {ir3}"
    contains = f"the product contains {', '.join(map(str, ir1 * ir2))}"
    if ir1.p * ir2.p != ir3.p:
        message = f"{name}, breaks parity: {ir1.p} * {ir2.p} is not {ir3.p}"
        raise DomainError(message, hint=contains)
    if not abs(ir1.l - ir2.l) <= ir3.l <= ir1.l + ir2.l:
        message = f"{name}, breaks the triangle rule: {ir3.l} is not between {abs(ir1.l - ir2.l)} and {ir1.l + ir2.l}"
        raise DomainError(message, hint=contains)
    law = path.misfit(mul1, mul2, mul3)
    if law:
        message = f"{name}: mode {path.mode!r} needs {law}, got {mul1} x {mul2} -> {mul3}"
        raise ShapeError(message, hint="change the multiplicities or the mode")


def default_paths(
    in1: Irreps, in2: Irreps, out: Irreps | None, mode: str, has_weight: bool
) -> tuple[Irreps, tuple[Path, ...]]:
    """Return every path into ``out``, or one output for each path, sorted by irrep, where ``out`` is None.

    Examples
    --------
    >>> default_paths(Irreps("8x1o"), Irreps("1o"), None, "uvu", True)[0]
    8x0e+8x1e+8x2e
    """
    if out is not None:
        paths = [
            Path(a, b, c, mode, has_weight)
            for a, (_, ir1) in enumerate(in1)
            for b, (_, ir2) in enumerate(in2)
            for c, (_, ir3) in enumerate(out)
            if ir3 in list(ir1 * ir2)
        ]
        return out, tuple(paths)
    summands, ends = [], []
    for a, (mul1, ir1) in enumerate(in1):
        for b, (mul2, ir2) in enumerate(in2):
            mul = {"uvu": mul1, "uvv": mul2, "uuu": mul1, "uvuv": mul1 * mul2}.get(mode)
            if mul is None:
                message = f"mode {mode!r} does not say how many copies come out"
                raise DomainError(message, hint="give irreps_out")
            for ir in ir1 * ir2:
                summands.append((mul, ir))
                ends.append((a, b))
    ordered = Irreps(summands).sort()
    return ordered.irreps, tuple(
        Path(a, b, place, mode, has_weight) for (a, b), place in zip(ends, ordered.p, strict=True)
    )


def path_coefficients(
    in1: Irreps,
    in2: Irreps,
    out: Irreps,
    paths: Sequence[Path],
    *,
    irrep_normalization: str = "component",
    path_normalization: str = "element",
    variances: Sequence[Sequence[float] | None] = (None, None, None),
) -> tuple[float, ...]:
    """Return the number by which each path is multiplied.

    Examples
    --------
    >>> x = Irreps("4x0e+1o")
    >>> path_coefficients(x, x, Irreps("0e"), [Path(0, 0, 0), Path(1, 1, 0)])
    (0.24253562503633297, 0.24253562503633297)
    """
    check_choice(irrep_normalization, "irrep_normalization", ("component", "norm", "none"))
    check_choice(path_normalization, "path_normalization", ("element", "path", "none"))
    var1, var2, var3 = (
        _variances(given, len(irreps), f"{name}_var")
        for given, irreps, name in zip(variances, (in1, in2, out), ("in1", "in2", "out"), strict=True)
    )
    spread = [var1[p.i_in1] * var2[p.i_in2] * p.elements(in1[p.i_in1].mul, in2[p.i_in2].mul) for p in paths]
    found = []
    for path, own in zip(paths, spread, strict=True):
        d1, d2, d3 = in1[path.i_in1].ir.dim, in2[path.i_in2].ir.dim, out[path.i_out].ir.dim
        alpha = {"component": d3, "norm": d1 * d2, "none": 1}[irrep_normalization]
        siblings = [value for other, value in zip(paths, spread, strict=True) if other.i_out == path.i_out]
        divisor = {"element": sum(siblings), "path": own * len(siblings), "none": 1.0}[path_normalization]
        found.append(math.sqrt(alpha / (divisor if divisor > 0 else 1.0) * var3[path.i_out] * path.path_weight))
    return tuple(found)


def argument_shares(
    in1: Irreps,
    in2: Irreps,
    *,
    irrep_normalization: str = "component",
    path_normalization: str = "element",
    variances: Sequence[Sequence[float] | None] = (None, None, None),
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return the factor of :func:`path_coefficients` that belongs to each summand of the two features.

    Examples
    --------
    >>> argument_shares(Irreps("4x0e+1o"), Irreps("0e"), irrep_normalization="norm")
    ((1.0, 1.7320508075688772), (1.0,))
    """
    shares = []
    for given, irreps, name in zip(variances, (in1, in2), ("in1", "in2"), strict=False):
        var = _variances(given, len(irreps), f"{name}_var")
        shares.append(
            tuple(
                math.sqrt(ir.dim if irrep_normalization == "norm" else 1.0)
                / math.sqrt(v if path_normalization == "path" and v else 1.0)
                for (_, ir), v in zip(irreps, var, strict=True)
            )
        )
    return shares[0], shares[1]


def _variances(given: Sequence[float] | None, count: int, name: str) -> list[float]:
    """Return one variance for each summand."""
    values = np.ones(count) if given is None else np.asarray(given, dtype=np.float64)
    if values.shape != (count,):
        message = f"{name} has shape {values.shape}, there are {count} summands"
        raise ShapeError(message, hint="one variance for each summand")
    check_finite(values, name)
    if (values < 0).any():
        message = f"{name}[{int(np.argmax(values < 0))}] is negative"
        raise DomainError(message, hint="variances are at least 0")
    return [float(v) for v in values]
