r"""The peer's side: the arithmetic of the released layer, every operation on the whole batch.

Definition: steps 1 to 6 with a decomposition each: :math:`X^\theta`, mean, dispersion, logarithm at the mean, twice :math:`\log_I`, :math:`1/\theta`;
spectral functions with Loewner's quotient in the backward pass, as such layers have it.
Convention: written from the formulas, a stand-in for code without licence; faster than that code, which works matrix by matrix in places.
"""

import torch
from torch.autograd import Function

torch.set_num_threads(1)
THETA, MOMENTUM, EPS = 1.0, 0.1, 1e-5


class _Power(Function):
    """A power of symmetric matrices."""

    @staticmethod
    def forward(ctx, A, p):
        values, vectors = torch.linalg.eigh(A)
        powers = values.pow(p)
        ctx.save_for_backward(values, vectors, powers)
        ctx.p = p
        return (vectors * powers.unsqueeze(-2)) @ vectors.mT

    @staticmethod
    def backward(ctx, gradient):
        values, vectors, powers = ctx.saved_tensors
        gap = values.unsqueeze(-1) - values.unsqueeze(-2)
        slope = (ctx.p * values.pow(ctx.p - 1)).unsqueeze(-1).expand_as(gap)
        close = gap.abs() < 1e-10
        quotient = torch.where(
            close, slope, (powers.unsqueeze(-1) - powers.unsqueeze(-2)) / torch.where(close, 1.0, gap)
        )
        inner = vectors.mT @ ((gradient + gradient.mT) / 2) @ vectors
        return vectors @ (quotient * inner) @ vectors.mT, None


def _power(A, p):
    return _Power.apply(A, p)


def _mean_step(A, X):
    root, inverse = _power(A, 0.5), _power(A, -0.5)
    inner = _power(root @ X @ root, 0.5).mean(0)
    return inverse @ inner @ inner @ inverse


def _log(P, X, unit):
    root, inverse = _power(P, 0.5), _power(P, -0.5)
    move = inverse @ _power(root @ X @ root, 0.5) @ inverse - unit
    return move @ P + P @ move


def _exp(P, V, unit):
    values, vectors = torch.linalg.eigh(P)
    inner = (vectors.mT @ V @ vectors) / (values.unsqueeze(-1) + values.unsqueeze(-2))
    factor = unit + vectors @ inner @ vectors.mT
    return factor @ P @ factor


def _transport(P, V, *, to_identity):
    values, vectors = torch.linalg.eigh(P)
    ratio = (2 / (values.unsqueeze(-1) + values.unsqueeze(-2))).sqrt()
    inner = vectors.mT @ V @ vectors
    return vectors @ (inner * ratio if to_identity else inner / ratio) @ vectors.mT


class Layer(torch.nn.Module):
    """Batch normalisation as released."""

    def __init__(self, bias):
        super().__init__()
        n = len(bias)
        self.bias = torch.nn.Parameter(bias)
        self.M = torch.nn.Parameter(torch.eye(n, dtype=torch.float64))
        self.scale = torch.nn.Parameter(torch.ones((), dtype=torch.float64))
        self.unit = torch.eye(n, dtype=torch.float64)
        self.running_mean, self.running_variance = self.unit.clone(), torch.ones((), dtype=torch.float64)

    def forward(self, X):
        """Return the normalised batch."""
        unit = self.unit
        root, inverse = _power(self.M, 0.5), _power(self.M, -0.5)
        Y = inverse @ _power(X, THETA) @ inverse
        W = inverse @ _power(self.bias, THETA) @ inverse
        with torch.no_grad():
            mean = _mean_step(Y.mean(0), Y)
            singular = torch.linalg.svdvals(Y).sqrt()
            variance = (singular - 1).square().sum(-1).mean() / THETA**2
            self.running_mean = _exp(self.running_mean, MOMENTUM * _log(self.running_mean, mean, unit), unit)
            self.running_variance = (1 - MOMENTUM) * self.running_variance + MOMENTUM * variance
        centred = _exp(unit, _transport(mean, _log(mean, Y, unit), to_identity=True), unit)
        scaled = _exp(unit, self.scale / (variance + EPS).sqrt() * 2 * (_power(centred, 0.5) - unit), unit)
        moved = _exp(W, _transport(W, 2 * (_power(scaled, 0.5) - unit), to_identity=False), unit)
        return _power(root @ moved @ root, 1 / THETA)


def run(data):
    """Return the output and the gradient of the input."""
    layer, weights = Layer(torch.from_numpy(data["bias"]).clone()), torch.from_numpy(data["weights"])
    for _ in range(data["repeat"]):
        X = torch.from_numpy(data["matrices"]).clone().requires_grad_()
        out = layer(X)
        (out * weights).sum().backward()
    return out.detach().numpy(), X.grad.numpy()
