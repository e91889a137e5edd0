r"""Real spherical harmonics of any degree.

Definition: :math:`Y_{lm}` of :math:`\alpha = \operatorname{atan2}(x, z)`, :math:`\cos\beta = y`: associated Legendre function of :math:`y` times
:math:`\sqrt2\sin|m|\alpha` (m < 0), 1, :math:`\sqrt2\cos m\alpha` (m > 0); off the sphere the solid harmonics :math:`|v|^l Y_{lm}(v/|v|)`.
Convention: polar axis y, ``m = -l..l``, no Condon-Shortley phase: the basis of e3nn; degree one of norm one is ``(x, y, z)``.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from math import isfinite
from typing import Any

import torch
from torch import Tensor

from erlangen import native
from erlangen.edges import array_edge
from erlangen.errors import BackendError, DomainError, DtypeError, ShapeError
from erlangen.representations.harmonic_kernels import (
    MOST_DEGREE,
    Request,
    kernel_gradients,
    kernel_harmonics,
    refuse_rows,
)
from erlangen.representations.harmonic_tables import NORMALIZATIONS
from erlangen.representations.irreps import Irreps
from erlangen.representations.plain_harmonics import plain_gradients, plain_harmonics
from erlangen.validation import check_choice, check_integer

__all__ = ["spherical_harmonics", "spherical_harmonics_gradient"]

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
        Components ``(x, y, z)``, finite (checked on the CPU, outside compiled graphs and torch.func); half precision is computed in
        float32.
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
        If a degree is negative, the irreps have other parities, or a vector is not finite.

    References
    ----------
    E. W. Hobson, The Theory of Spherical and Ellipsoidal Harmonics, 1931, ch. IV.

    Examples
    --------
    >>> spherical_harmonics([0, 1], torch.tensor([0.0, 3.0, 4.0]), normalize=True, normalization="norm")
    tensor([1.0000, 0.0000, 0.6000, 0.8000])
    """
    wanted = degrees(l)
    if backend == "auto":
        plain = plain_harmonics(vectors, wanted, bool(normalize), normalization, threads, level)
        if plain is not None:
            return plain
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
    if isinstance(l, (range, tuple)):
        return _checked(l)
    if isinstance(l, str):
        l = Irreps(l)
    if isinstance(l, Iterable):
        items = list(l)
        if items and all(isinstance(item, tuple) for item in items):
            return _degrees_of_irreps(items)
        return tuple(check_integer(item, f"l[{i}]", low=0) for i, item in enumerate(items))
    return (check_integer(l, "l", low=0),)


@lru_cache(maxsize=256)
def _checked(l: range | tuple[Any, ...]) -> tuple[int, ...]:
    """Return the degrees of a range or a tuple, kept because layers ask for the same ones again and again."""
    return degrees(list(l))


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
    v, request = _request(vectors, wanted or (0,), normalize, normalization, threads, level)
    if not wanted:
        _check_finite(v, vectors.shape[:-1])
        return vectors.new_zeros((*vectors.shape[:-1], 0))
    if _by_kernel(v, request, backend):
        full = kernel_harmonics(v, request, vectors.shape[:-1])
    else:
        _check_finite(v, vectors.shape[:-1])
        full = request.twin(v)
    return _shaped(_selected(full, wanted), vectors)


def _by_kernel(v: Tensor, request: Request, backend: str) -> bool:
    """Return whether the kernel serves, refusing ``backend="native"`` where it cannot."""
    traced = torch.compiler.is_compiling() or torch._C._are_functorch_transforms_active()
    fits = v.device.type == "cpu" and request.lmax <= MOST_DEGREE and not traced
    if backend == "native" and not fits:
        message = f"backend='native' takes vectors on the CPU and degrees up to {MOST_DEGREE}, outside compiled graphs and torch.func"
        raise BackendError(message, hint="use backend='auto'")
    return fits and hasattr(native.kernels(backend), "harmonics")


def _selected(full: Tensor, wanted: tuple[int, ...]) -> Tensor:
    """Return the components of the wanted degrees along the last axis."""
    if wanted == tuple(range(wanted[0], wanted[-1] + 1)):
        return full[..., wanted[0] ** 2 :] if wanted[0] else full
    return torch.cat([full[..., l * l : (l + 1) ** 2] for l in wanted], -1)


def _shaped(rows: Tensor, vectors: Tensor) -> Tensor:
    """Return rows in the leading shape and the type of the vectors."""
    out = rows if vectors.ndim == 2 else rows.reshape((*vectors.shape[:-1], *rows.shape[1:]))
    return out if out.dtype == vectors.dtype else out.to(vectors.dtype)


def spherical_harmonics_gradient(
    l: Any,
    vectors: Any,
    *,
    normalize: bool,
    normalization: str = "component",
    threads: int | None = None,
    backend: str = "auto",
    level: str = "auto",
) -> tuple[Any, Any]:
    r"""Return real spherical harmonics and their gradients, together and without autograd.

    .. math:: Y_{lm}(v), \qquad \partial_d Y_{lm}(v), \quad d = x, y, z

    With ``normalize`` the gradient is that of :math:`Y_{lm}(v/|v|)`: across v, and divided by its length.

    Parameters
    ----------
    l, vectors, normalize, normalization, threads, backend, level
        As :func:`spherical_harmonics`.

    Returns
    -------
    values : Tensor or ndarray (..., K)
        K is the sum of 2 l + 1.
    gradients : Tensor or ndarray (..., 3, K)

    Raises
    ------
    ShapeError, DtypeError, DomainError
        As :func:`spherical_harmonics`.

    Examples
    --------
    >>> values, gradients = spherical_harmonics_gradient(
    ...     1, torch.tensor([0.0, 0.0, 2.0]), normalize=False, normalization="norm"
    ... )
    >>> gradients + 0.0  # no negative zeros
    tensor([[1., 0., 0.],
            [0., 1., 0.],
            [0., 0., 1.]])
    """
    wanted = degrees(l)
    if backend == "auto":
        plain = plain_gradients(vectors, wanted, bool(normalize), normalization, threads, level)
        if plain is not None:
            return plain
    check_choice(normalization, "normalization", NORMALIZATIONS)
    _check_dtype(vectors)
    values, gradients = _gradients(vectors, wanted, bool(normalize), normalization, threads, backend, level)
    return values, gradients


@array_edge("vectors")
def _gradients(
    vectors: Any,
    wanted: tuple[int, ...],
    normalize: bool,
    normalization: str,
    threads: int | None,
    backend: str,
    level: str,
) -> Any:
    """Return values and gradients of floating-point vectors."""
    v, request = _request(vectors.detach(), wanted or (0,), normalize, normalization, threads, level)
    if _by_kernel(v, request, backend):
        pair = kernel_gradients(v, request, vectors.shape[:-1])
    else:
        _check_finite(v, vectors.shape[:-1])
        axes = torch.eye(3, dtype=v.dtype, device=v.device)
        slopes = [torch.func.jvp(request.twin, (v,), (axis.expand_as(v),))[1] for axis in axes]
        pair = request.twin(v), torch.stack(slopes, 1)
    if not wanted:
        return tuple(_shaped(full[..., :0], vectors) for full in pair)
    return tuple(_shaped(_selected(full, wanted), vectors) for full in pair)


def _request(
    vectors: Tensor, wanted: tuple[int, ...], normalize: bool, normalization: str, threads: int | None, level: str
) -> tuple[Tensor, Request]:
    """Return the vectors as rows (N, 3) of float32 or float64, and what is asked of them."""
    if vectors.ndim == 0 or vectors.shape[-1] != 3:
        message = f"vectors must have shape (..., 3), got {tuple(vectors.shape)}"
        raise ShapeError(message, hint="components (x, y, z) go along the last axis")
    v = vectors if vectors.dtype in _COMPUTED else vectors.float()
    rows = v if v.ndim == 2 else v.reshape(-1, 3)
    graph = torch.compiler.is_compiling()  # holds no kernel and cannot ask for processors
    count = 1 if graph else native.default_threads(threads)
    return rows, _asked(max(wanted), normalize, normalization, count, level)


@lru_cache(maxsize=256)
def _asked(lmax: int, normalize: bool, normalization: str, threads: int, level: str) -> Request:
    """Return the request, made once."""
    return Request(lmax, normalize, normalization, threads, level)


def _check_finite(v: Tensor, lead: torch.Size) -> None:
    """Refuse rows (N, 3) that are not finite, by their place; one sum, and only where reading it waits for nothing."""
    if torch.compiler.is_compiling() or torch._C._are_functorch_transforms_active() or v.device.type != "cpu":
        return
    if not isfinite(v.detach().sum().item()):
        refuse_rows(v.detach(), lead)
