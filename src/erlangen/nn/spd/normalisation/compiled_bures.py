r"""The whole step of Bures–Wasserstein normalisation, statistics and all, in one call of a kernel, and its derivative in another.

Definition: as :mod:`fused_bures` with :math:`\varphi(X) = M^{-1/2} X M^{-1/2}`; one call finds mean, dispersion, output and the running mean to be.
Convention: the kernel answers for sound float64 batches whose samples stay in the domain; all else, and second derivatives, is left to the general path.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function

from erlangen import native
from erlangen.linalg.spectral.derivatives import symmetric_part
from erlangen.nn.spd.normalisation.deformation import deform, roots, undo
from erlangen.nn.spd.normalisation.fused_bures import centre_in_frame, eigenpairs, left_image

__all__ = ["Parameters", "Rules", "Step", "compiled_step"]

WIDEST = 32


@dataclass(frozen=True)
class Parameters:
    """Bias W ``(c, n, n)``, scale ``(c,)`` and M ``(n, n)`` or None, which are differentiated, and running or given mean and dispersion."""

    W: Tensor
    scale: Tensor
    M: Tensor | None
    mean: Tensor
    variance: Tensor


@dataclass(frozen=True)
class Rules:
    """What a step does: ``iterations`` of the mean (0: statistics are given), weight ``eta`` of the batch in the running ones (negative: none)."""

    iterations: int
    released: bool
    eps: float
    eta: float
    margin: float
    theta: float = 1.0
    level: str = "auto"


@dataclass(frozen=True)
class Step:
    """What a step gave: the output, and the running statistics to be, or the batch's dispersion where none are kept."""

    out: Tensor
    mean: Tensor
    variance: Tensor


def compiled_step(X: Tensor, p: Parameters, theta: float | Tensor, rules: Rules) -> Step | None:
    """Return the normalised batch and its statistics; None where the general path is to serve.

    Parameters
    ----------
    X : Tensor (N, c, n, n), or (N, n, n) for one channel
    theta : float or Tensor ()
        The powers are taken apart, before and after the kernel.

    Examples
    --------
    >>> I = torch.eye(2)[None]
    >>> compiled_step(I, Parameters(I, torch.ones(1), None, I, torch.ones(1)), 1.0, Rules(1, False, 0.0, 0.1, 0.0)) is None  # float32
    True
    """
    if X.dtype != torch.float64 or X.device.type != "cpu" or X.shape[-1] > WIDEST or torch.compiler.is_compiling():
        return None
    module = native.kernels()
    if module is None:
        return None
    if isinstance(theta, Tensor) or theta != 1:
        return _with_powers(X, p, theta, rules)
    try:
        found = _forward(module, X, p, rules)
    except RuntimeError:  # a transform of torch.func holds no numbers
        return None
    if found is None:
        return None
    step, kept = found
    run: Any = _Compiled.apply
    return replace(step, out=run(X, p.W, p.scale, p.M, step.out, kept))


def _with_powers(X: Tensor, p: Parameters, theta: float | Tensor, rules: Rules) -> Step | None:
    number = float(theta.detach()) if isinstance(theta, Tensor) else theta
    with torch.no_grad():
        old = deform(p.mean, None, number)
    images = replace(p, W=deform(symmetric_part(p.W), None, theta), mean=old)
    step = compiled_step(deform(X.reshape(-1, *p.W.shape), None, theta), images, 1.0, replace(rules, theta=number))
    if step is None:
        return None
    with torch.no_grad():
        mean = undo(step.mean, None, number) if rules.eta >= 0 else p.mean
    return replace(step, out=undo(step.out, None, theta).reshape(X.shape), mean=mean)


@dataclass(frozen=True)
class _Kept:
    """What the forward pass leaves: the module, the arrays X, W and M, the kernel's record, and the instruction set."""

    module: Any
    arrays: tuple[Any, ...]
    record: Tensor
    numbers: Any
    level: str


def _array(A: Tensor) -> Any:
    return A.detach().contiguous().numpy()


def _forward(module: Any, X: Tensor, p: Parameters, rules: Rules) -> tuple[Step, _Kept] | None:
    c, n, _ = p.W.shape
    out = torch.empty(X.shape, dtype=X.dtype)
    record = torch.empty(module.normalise_record(len(X), c, n), dtype=X.dtype)
    shape, numbers = (len(X), c, n, n), record.numpy()
    arrays = (_array(X).reshape(shape), _array(p.W), None if p.M is None else _array(p.M))
    done = module.normalise_forward(
        *arrays, _array(p.scale), _array(p.mean), _array(p.variance),
        rules.iterations, rules.released, rules.eps, rules.eta, rules.margin, rules.theta,
        out.numpy().reshape(shape), numbers, torch.get_num_threads(), rules.level,
    )  # fmt: skip
    if not done:
        return None
    size = c * n * n
    step = Step(out, record[:size].view(c, n, n), record[2 * size : 2 * size + c])
    return step, _Kept(module, arrays, record, numbers, rules.level)


class _Compiled(Function):
    @staticmethod
    def forward(ctx: Any, X: Tensor, W: Tensor, scale: Tensor, M: Tensor | None, out: Tensor, kept: _Kept) -> Tensor:
        ctx.save_for_backward(X, W, scale, M)
        ctx.kept = kept
        return out

    @staticmethod
    def backward(ctx: Any, *gradients: Any) -> Any:
        inputs, needs = ctx.saved_tensors, ctx.needs_input_grad[:4]
        if torch.is_grad_enabled():
            wanted = [item for item, need in zip(inputs, needs, strict=True) if need]
            found = iter(torch.autograd.grad(_composite(inputs, ctx.kept), wanted, gradients[0], create_graph=True))
            return *(next(found) if need else None for need in needs), None, None
        return *_backward(gradients[0], ctx.kept, needs[3]), None, None


def _backward(G: Tensor, kept: _Kept, parameter: bool) -> tuple[Tensor | None, ...]:
    """Return the gradients in X, W, scale and, if asked for, M."""
    X, W, _ = kept.arrays
    c, n, _ = W.shape
    size = c * n * n
    to_X, to_rest = (torch.empty(shape, dtype=G.dtype) for shape in (G.shape, size + c + parameter * n * n))
    kept.module.normalise_backward(
        _array(G).reshape(X.shape), *kept.arrays, kept.numbers, parameter,
        to_X.numpy().reshape(X.shape), to_rest.numpy(), torch.get_num_threads(), kept.level,
    )  # fmt: skip
    to_M = to_rest[size + c :].view(n, n) if parameter else None
    return to_X, to_rest[:size].view(c, n, n), to_rest[size : size + c], to_M


def _composite(inputs: Any, kept: _Kept) -> Tensor:
    """Return the output in operations that can be differentiated any number of times; statistics are constants."""
    X, W, scale, M = inputs
    c, n, _ = W.shape
    size = c * n * n
    centre = kept.record[size : 2 * size].view(c, n, n)
    factor = kept.record[2 * size + c : 2 * size + 2 * c]
    root, lower = (None, None) if M is None else roots(symmetric_part(M))
    Y = deform(X.reshape(-1, c, n, n), lower, 1.0)
    _, frame = centre_in_frame(Y.detach(), eigenpairs(centre))
    out = left_image(Y, deform(symmetric_part(W), lower, 1.0), scale * factor, frame)
    return undo(out, root, 1.0).reshape(X.shape)
