r"""Real spherical harmonics of any degree.

Definition: :math:`Y_{lm}` of :math:`\alpha = \operatorname{atan2}(x, z)`, :math:`\cos\beta = y`: associated Legendre function of :math:`y` times
:math:`\sqrt2\sin|m|\alpha` (m < 0), 1, :math:`\sqrt2\cos m\alpha` (m > 0); off the sphere the solid harmonics :math:`|v|^l Y_{lm}(v/|v|)`.
Convention: polar axis y, ``m = -l..l``, no Condon-Shortley phase: the basis of e3nn; degree one of norm one is ``(x, y, z)``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor

from erlangen.edges import array_edge
from erlangen.errors import DomainError, DtypeError, ShapeError
from erlangen.representations.harmonic_tables import NORMALIZATIONS
from erlangen.representations.irreps import Irreps
from erlangen.representations.solid_harmonics import solid_harmonics, unit_vectors
from erlangen.validation import check_choice, check_integer

__all__ = ["spherical_harmonics"]

_COMPUTED = (torch.float32, torch.float64)


def spherical_harmonics(
    l: Any,
    vectors: Any,
    *,
    normalize: bool,
    normalization: str = "component",
    threads: int | None = None,
    backend: str = "auto",
    level: str = "auto",
) -> Any:
    r"""Return real spherical harmonics of vectors, with derivatives of any order.

    .. math::
        \int_{S^2} Y_{lm}^2 = 1 \;\text{("integral")}, \quad \sum_m Y_{lm}^2 = 2l + 1 \;\text{("component")}, \quad
        \sum_m Y_{lm}^2 = 1 \;\text{("norm")}

    There is no highest degree: the recursion is stable (1e-13 at degree 50). The gradient of degree l is a combination of degree l - 1,
    and is computed so.

    Parameters
    ----------
    l : int, iterable of int, Irreps or str
        Degrees in the order wanted, repeats allowed; irreps must have the parities of harmonics of a vector (p = (-1)^l) or of a
        pseudovector (p = 1).
    vectors : Tensor or array_like (..., 3)
        Components ``(x, y, z)``; half precision is computed in float32.
    normalize : bool
        True: harmonics of ``v / |v|``, zero (l > 0) with derivative zero where v = 0. False: the solid harmonics, polynomials in v.
    normalization : {"component", "integral", "norm"}
        Size of each degree, as above.
    threads : int, optional
        Threads of the kernel (default: all processors of this process); the result does not depend on their number.
    backend : {"auto", "native", "python"}
        Compiled kernel or torch operations.
    level : str
        Instruction set of the kernel, see :func:`erlangen.native.cpu_levels`.

    Returns
    -------
    Tensor or ndarray (..., sum of 2 l + 1)
        Of the kind, type and device of ``vectors``.

    Raises
    ------
    ShapeError
        If the last axis of ``vectors`` has not length 3.
    DtypeError
        If ``vectors`` are integers or complex.
    DomainError
        If a degree is negative, or the irreps have other parities.

    References
    ----------
    E. W. Hobson, The Theory of Spherical and Ellipsoidal Harmonics, 1931, ch. IV.

    Examples
    --------
    >>> spherical_harmonics([0, 1], torch.tensor([0.0, 3.0, 4.0]), normalize=True, normalization="norm")
    tensor([1.0000, 0.0000, 0.6000, 0.8000])
    """
    wanted = degrees(l)
    check_choice(normalization, "normalization", NORMALIZATIONS)
    _check_dtype(vectors)
    return _evaluate(vectors, wanted, bool(normalize), normalization, threads, backend, level)


def degrees(l: Any) -> tuple[int, ...]:
    """Return the degrees named by an int, an iterable of ints, irreps or their text.

    Examples
    --------
    >>> degrees([0, 2]), degrees("2x0e+1o")
    ((0, 2), (0, 0, 1))
    """
    if isinstance(l, str):
        l = Irreps(l)
    if isinstance(l, Iterable):
        items = list(l)
        if items and all(isinstance(item, tuple) for item in items):
            return _degrees_of_irreps(items)
        return tuple(check_integer(item, f"l[{i}]", low=0) for i, item in enumerate(items))
    return (check_integer(l, "l", low=0),)


def _degrees_of_irreps(items: list[Any]) -> tuple[int, ...]:
    """Return the degrees of (multiplicity, irrep) pairs, refusing parities no harmonics have."""
    pairs = [(ir.l, ir.p) for mul, ir in items for _ in range(mul)]
    odd = {p for l, p in pairs if l % 2}
    even = {p for l, p in pairs if l % 2 == 0}
    if len(odd) > 1 or -1 in even:
        message = (
            f"l = {'+'.join(f'{mul}x{ir}' for mul, ir in items)}: harmonics have parity p = (-1)^l, or 1 throughout"
        )
        raise DomainError(
            message, hint="even degrees are even; odd degrees are all odd (a vector) or all even (a pseudovector)"
        )
    return tuple(l for l, _ in pairs)


def _check_dtype(vectors: Any) -> None:
    """Refuse numbers that are not real floating-point numbers."""
    kind = getattr(vectors, "dtype", None)
    real = vectors.is_floating_point() if isinstance(vectors, Tensor) else getattr(kind, "kind", "f") == "f"
    if not real:
        message = f"vectors must be real floating-point numbers, got {kind}"
        raise DtypeError(message, hint="convert them first, for example vectors.double()")


@array_edge("vectors")
def _evaluate(
    vectors: Any,
    wanted: tuple[int, ...],
    normalize: bool,
    normalization: str,
    threads: int | None,
    backend: str,
    level: str,
) -> Any:
    """Return the harmonics of floating-point vectors."""
    if vectors.ndim == 0 or vectors.shape[-1] != 3:
        message = f"vectors must have shape (..., 3), got {tuple(vectors.shape)}"
        raise ShapeError(message, hint="components (x, y, z) go along the last axis")
    check_choice(backend, "backend", ("auto", "native", "python"))
    if not wanted:
        return vectors.new_zeros((*vectors.shape[:-1], 0))
    v = vectors if vectors.dtype in _COMPUTED else vectors.float()
    full = solid_harmonics(unit_vectors(v) if normalize else v, max(wanted), normalization)
    return _selected(full, wanted).to(vectors.dtype)


def _selected(full: Tensor, wanted: tuple[int, ...]) -> Tensor:
    """Return the components of the wanted degrees."""
    if wanted == tuple(range(wanted[0], wanted[-1] + 1)):
        return full[..., wanted[0] ** 2 :]
    return torch.cat([full[..., l * l : (l + 1) ** 2] for l in wanted], -1)
