"""What a symmetric batch and its eigenvalues must satisfy before a function is applied.

Definition: symmetric within ``100 eps`` of each matrix's largest entry; eigenvalues inside the domain of the function.
Convention: messages name the batch index and the eigenvalue; rounding below zero is forgiven where zero itself is allowed.
"""

from __future__ import annotations

import warnings

import torch
from torch import Tensor

from erlangen.errors import ConvergenceError, DomainError, DomainWarning, NotSPDError, UnsupportedError
from erlangen.linalg.matrix_batch import WIDEST
from erlangen.linalg.spectral.spectral_function import SpectralFunction
from erlangen.linalg.symmetric_eigen import eigh
from erlangen.validation import check_square

__all__ = ["check_domain", "check_symmetric_batch", "decompose", "refuse_complex"]


def _place(name: str, index: tuple[int, ...]) -> str:
    return f"{name}[{', '.join(map(str, index))}]" if index else name


def _first(mask: Tensor) -> tuple[int, ...]:
    return tuple(int(i) for i in mask.nonzero()[0])


def refuse_complex(A: Tensor, name: str) -> None:
    """Refuse complex matrices, Hermitian or not.

    Raises
    ------
    UnsupportedError
        A NotImplementedError, naming the dtype.
    """
    if A.is_complex():
        message = f"{name} is complex ({A.dtype}); Hermitian matrices are not provided for"
        hint = "pass a real symmetric matrix, or the real form [[Re, -Im], [Im, Re]] of twice the size"
        raise UnsupportedError(message, hint=hint)


def check_symmetric_batch(A: Tensor, name: str = "A", *, rtol: float = 0.0) -> None:
    """Refuse a tensor that is not ``(..., n, n)``, real float32 or float64, finite and symmetric.

    The tolerance is the larger of ``rtol`` and 100 rounding units, of the largest entry. While a graph is compiled,
    only shape and dtype are looked at.

    Raises
    ------
    ShapeError, DomainError
        Naming the first index; UnsupportedError for complex matrices.

    Examples
    --------
    >>> check_symmetric_batch(torch.tensor([[0.0, 1.0], [2.0, 0.0]]))
    Traceback (most recent call last):
        ...
    erlangen.errors.DomainError: A is not symmetric: |A[0, 1] - A[1, 0]| = 1 > 2.4e-05 (symmetrise it, e.g. (A + A.mT) / 2)
    """
    check_square(A, name)
    refuse_complex(A, name)
    if A.dtype not in (torch.float32, torch.float64):
        message = f"{name} has dtype {A.dtype}; float32 or float64 is needed"
        raise DomainError(message, hint="convert it, e.g. A.to(torch.float64)")
    if torch.compiler.is_compiling() or A.numel() == 0:
        return
    values = A.detach()
    if torch.equal(values, values.mT) and bool(torch.isfinite(values.sum())):  # one pass decides for most
        return
    finite = torch.isfinite(values)
    if not bool(finite.all()):
        index = _first(~finite)
        message = f"{_place(name, index)} = {float(values[index])} is not finite"
        raise DomainError(message, hint="remove or repair the matrices that are not finite")
    limit = max(rtol, 100 * torch.finfo(A.dtype).eps) * values.abs().amax(dim=(-2, -1), keepdim=True)
    gap = (values - values.mT).abs()
    bad = gap > limit
    if bool(bad.any()):
        index = _first(bad)
        mirror = (*index[:-2], index[-1], index[-2])
        bound = float(limit[(*index[:-2], 0, 0)])
        message = (
            f"{name} is not symmetric: |{_place(name, index)} - {_place(name, mirror)}| = "
            f"{float(gap[index]):.3g} > {bound:.2g}"
        )
        raise DomainError(message, hint=f"symmetrise it, e.g. ({name} + {name}.mT) / 2")


def decompose(A: Tensor, name: str = "A") -> tuple[Tensor, Tensor]:
    """Return ascending eigenvalues in float64 and the vectors, without gradient.

    Raises
    ------
    ConvergenceError
        If LAPACK gives up.
    """
    matrix = A.detach()
    if torch.compiler.is_compiling():
        values, vectors = torch.linalg.eigh(matrix)
        return values.to(torch.float64), vectors
    try:
        values, vectors = _eigh(matrix)
    except RuntimeError as error:
        message = f"the eigendecomposition of {name} failed: {error}"
        raise ConvergenceError(message, hint="rescale the matrix") from error
    return values.to(torch.float64), vectors


def _eigh(matrix: Tensor) -> tuple[Tensor, Tensor]:
    """Return eigenvalues and vectors, by the kernel for batches of small matrices of numbers on the processor."""
    n = matrix.shape[-1]
    if matrix.device.type == "cpu" and n <= WIDEST and matrix.numel() > n * n * (2 + n // 24):
        try:
            numbers = matrix.numpy()
        except RuntimeError:  # a transform of torch.func holds no numbers
            return _lapack(matrix)
        values, vectors = eigh(numbers, threads=torch.get_num_threads())
        return torch.from_numpy(values), torch.from_numpy(vectors)
    return _lapack(matrix)


def _lapack(matrix: Tensor) -> tuple[Tensor, Tensor]:
    values, vectors = torch.linalg.eigh(matrix)
    return values, vectors


def check_domain(values: Tensor, function: SpectralFunction, eps: float, name: str = "A") -> Tensor:
    """Return the eigenvalues, refused where the function is not defined and cut at zero where rounding went below.

    Warns
    -----
    DomainWarning
        Where a positive eigenvalue is smaller than the rounding error of the largest.
    """
    if function.domain == "real" or values.numel() == 0:
        return values
    if torch.compiler.is_compiling():
        return values.clamp_min(0) if function.domain == "nonnegative" else values
    least = values[..., 0]
    noise = values.shape[-1] * eps * values.abs().amax(dim=-1)
    nonnegative = function.domain == "nonnegative"
    bad = least < -4 * noise if nonnegative else least <= 0
    if bool(bad.any()):
        index = _first(bad)
        kind = "semidefinite" if nonnegative else "definite"
        law = ">= 0" if nonnegative else "> 0"
        message = f"{_place(name, index)} is not positive {kind}: its smallest eigenvalue is {float(least[index]):.6g}"
        remedy = f"{function.name} needs eigenvalues {law}; add a multiple of the identity or repair the matrix"
        rank = int((values[index] > noise[index]).sum())
        raise NotSPDError(message, index=index, smallest_eigenvalue=float(least[index]), rank=rank, hint=remedy)
    if nonnegative:
        return values.clamp_min(0)
    lost = least < noise
    if bool(lost.any()):
        index = _first(lost)
        message = (
            f"{_place(name, index)} is singular to working precision: its smallest eigenvalue {float(least[index]):.3g} "
            f"is below the rounding error {float(noise[index]):.3g} of the largest; {function.name} of it is not reliable"
        )
        warnings.warn(message, DomainWarning, stacklevel=5)
    return values
