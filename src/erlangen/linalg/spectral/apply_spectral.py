r"""The one way by which a spectral function is applied, with its checks or without.

Definition: decompose, apply f to the eigenvalues, put together again; derivatives from the same decomposition.
Convention: unchecked input is the caller's word that A is symmetric and in the domain of f; only its lower triangle is read.
"""

from __future__ import annotations

import torch
from torch import Tensor

from erlangen.errors import DomainError
from erlangen.linalg.spectral import refinement
from erlangen.linalg.spectral.checks import check_domain, check_symmetric_batch, decompose
from erlangen.linalg.spectral.derivatives import spectral_value, symmetric_part
from erlangen.linalg.spectral.spectral_function import SpectralFunction

__all__ = ["apply_spectral", "check_image"]


def apply_spectral(
    A: Tensor,
    f: SpectralFunction,
    *,
    check: bool = False,
    symmetric: bool = False,
    refine: bool = False,
    name: str = "A",
) -> Tensor:
    r"""Return f(A) for a tensor of symmetric matrices, with true first and second derivatives.

    Layers that made A themselves call it unchecked. In a compiled graph nothing that depends on data is checked.

    Parameters
    ----------
    A : Tensor (..., n, n)
        Symmetric, float32 or float64.
    f : SpectralFunction
        Which function.
    check : bool
        Look for what :func:`erlangen.linalg.spectral_function` refuses.
    symmetric : bool
        A is symmetric but for rounding, by the caller's word: then ``check`` looks for infinities and at the eigenvalues alone.
    refine : bool
        Make the decomposition good to twice the digits first (:mod:`erlangen.linalg.spectral.refinement`).
    name : str
        As messages call A.

    Returns
    -------
    Tensor (..., n, n)
        Exactly symmetric.

    Raises
    ------
    ShapeError, DomainError
        If ``check`` and A is not square, symmetric, finite or in the domain of f.

    Examples
    --------
    >>> from erlangen.linalg.spectral import SquareRoot
    >>> apply_spectral(4 * torch.eye(1), SquareRoot())
    tensor([[2.]])
    """
    if check and not (symmetric and _is_finite(A)):
        check_symmetric_batch(A, name)
        A = symmetric_part(A)
    if A.numel() == 0:
        return A.clone()
    refined = None
    if refine:
        double = A.detach().to(torch.float64)
        refined = refinement.refine(double, *decompose(double, name))
        values, vectors = refined.values, refined.vectors.to(A.dtype)
    else:
        values, vectors = decompose(A, name)
    if check:
        values = check_domain(values, f, torch.finfo(A.dtype).eps, name)
        check_image(values, f, A.dtype, name)
    elif f.domain == "nonnegative":
        values = values.clamp_min(0)
    image = spectral_value(A, values, vectors, f)
    if refined is None:
        return image
    better = refinement.refined_value(refined._replace(values=values), f).to(A.dtype)
    return better if not image.requires_grad else image + (better - image).detach()


def _is_finite(A: Tensor) -> bool:
    """Return whether the sum of all entries is finite, which decides for most (in a compiled graph nothing is looked at)."""
    return torch.compiler.is_compiling() or bool(torch.isfinite(A.detach().sum()))


def check_image(values: Tensor, f: SpectralFunction, dtype: torch.dtype, name: str) -> None:
    """Refuse eigenvalues whose image is not finite in the dtype of the matrix (not in a compiled graph)."""
    if torch.compiler.is_compiling():
        return
    finite = torch.isfinite(f.value(values).to(dtype))
    if not bool(finite.all()):
        index = tuple(int(i) for i in (~finite).nonzero()[0])
        where = f"{name}[{', '.join(map(str, index[:-1]))}]" if len(index) > 1 else name
        message = f"{where}: {f.name} of the eigenvalue {float(values[index]):.6g} is not finite in {dtype}"
        raise DomainError(message, hint="rescale the matrix")
