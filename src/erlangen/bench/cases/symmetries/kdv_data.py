"""The rank of the density, and a check that it is conserved.

Definition: ``d/dt ∫ρ dx = ∫ Σ ∂ρ/∂u_k D_k K dx`` vanishes for every periodic u, here trigonometric polynomials, integrated exactly by a
    sum over points; ρ holds ``u^(rank/2)``, so that it is no total derivative.
Convention: a density is a list of terms ``(number, powers of u, u_x, u_xx, …)``; ``u_t = K = -6 u u_x - u_xxx``.
"""

import numpy as np

_POINTS = 512


def make(rank):
    """Return the rank."""
    return {"rank": rank}


def _derivative(values, count):
    modes = np.fft.rfft(values)
    modes[12:] = 0  # what is differentiated has fewer
    return np.fft.irfft(modes * (1j * np.arange(len(modes))) ** count)


def _rate(terms, jets, flow):
    """Return ``d/dt ∫ρ`` over the integral of the absolute values of its terms."""
    rate = size = 0.0
    for number, powers in terms:
        for k, power in enumerate(powers):
            if power:
                slope = [p - (j == k) for j, p in enumerate(powers)]
                values = (
                    float(number) * power * np.prod([u**p for u, p in zip(jets, slope, strict=True)], axis=0) * flow[k]
                )
                rate, size = rate + values.sum(), size + np.abs(values).sum()
    return abs(rate) / size


def score(data, result):
    """Return 1 for one conserved density that is no total derivative."""
    if len(result) != 1:
        return {"right": 0.0}
    (terms,) = result
    pure = [number for number, powers in terms if powers[0] == data["rank"] // 2 and not any(powers[1:])]
    rng, x = np.random.default_rng(3), 2 * np.pi * np.arange(_POINTS) / _POINTS
    rates = []
    for _ in range(3):
        u = sum(rng.normal() * np.cos(m * x + rng.uniform(0, 7)) for m in range(1, 4))
        jets = [_derivative(u, k) for k in range(len(terms[0][1]))]
        change = -6 * u * jets[1] - _derivative(u, 3)
        rates.append(_rate(terms, jets, [_derivative(change, k) for k in range(len(jets))]))
    return {"right": float(bool(pure) and max(rates) < 1e-10)}
