r"""
Five geodesics between the same two covariances
===============================================

What lies between two covariance matrices depends on the metric that the cone of positive definite matrices is given. A matrix :math:`P` is drawn as
the ellipse

.. math:: \{P^{1/2} u : \|u\| = 1\}.
"""

# %%
# The two ends
# ------------
# Both have the determinant 1; one points along, the other across.
import matplotlib.pyplot as plt
import numpy as np

from erlangen.manifolds import AffineInvariant, BuresWasserstein, Frobenius, LogCholesky, LogEuclidean

turn = np.deg2rad(75)
R = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
P = np.diag([6.0, 1 / 6])
Q = R @ P @ R.T
metrics = {
    "affine-invariant": AffineInvariant(),
    "log-Euclidean": LogEuclidean(),
    "log-Cholesky": LogCholesky(),
    "Bures–Wasserstein": BuresWasserstein(),
    "Euclidean": Frobenius(),
}

# %%
# What lies between
# -----------------
# The first three keep the area: theirs are the geometric means of the determinants. The Euclidean segment swells most, Bures–Wasserstein less.
times = np.linspace(0, 1, 9)
circle = np.linspace(0, 2 * np.pi, 200)
colours = plt.colormaps["viridis"](np.linspace(0, 0.9, len(times)))
figure, axes = plt.subplots(len(metrics), 1, figsize=(9, 5.6), layout="constrained", sharex=True)
for ax, (name, metric) in zip(axes, metrics.items(), strict=True):
    points = [metric.geodesic(P, Q, t) for t in times]
    for k, (point, colour) in enumerate(zip(points, colours, strict=True)):
        values, vectors = np.linalg.eigh(point)
        x, y = (vectors * np.sqrt(values)) @ np.stack([np.cos(circle), np.sin(circle)])
        ax.fill(x + 5.5 * k, y, color=colour, alpha=0.25)
        ax.plot(x + 5.5 * k, y, color=colour)
    ax.set(aspect="equal", xticks=[], yticks=[])
    ax.set_ylabel(name, rotation=0, ha="right", va="center")
    ax.spines[:].set_visible(False)
plt.show()

# %%
# The same as numbers: length of the geodesic, and determinant in its middle.
for name, metric in metrics.items():
    middle = metric.geodesic(P, Q, 0.5)
    print(f"{name:18s} distance {metric.dist(P, Q):.3f}   determinant {np.linalg.det(middle):.3f}")

# %%
# Where the exponential ends
# --------------------------
# Bures–Wasserstein geodesics are squares of straight lines, :math:`(I + tL) P (I + tL)`. At the border of the cone the formula turns back: what it
# gives beyond is positive definite again, and no longer the exponential. ``exp`` refuses there, and ``in_exp_domain`` says so beforehand.
metric, one = BuresWasserstein(), np.eye(2)
V = np.diag([-1.0, 0.6])
times = np.linspace(0, 4, 400)
curve = np.array([np.diag(metric.exp(one, t * V, check=False)) for t in times])
inside = metric.in_exp_domain(one, times[:, None, None] * V)
figure, ax = plt.subplots(figsize=(7, 3.5), layout="constrained")
for k, colour in enumerate(("tab:blue", "tab:orange")):
    ax.semilogy(times[inside], curve[inside, k], color=colour, label=f"eigenvalue along axis {k + 1}")
    ax.semilogy(times[~inside], curve[~inside, k], color=colour, linestyle=":")
ax.axvspan(times[inside][-1], times[-1], color="0.92", zorder=0)
ax.text(3, 2e-5, "outside of the domain:\nfolded back", ha="center")
ax.set(xlabel="t", ylabel="eigenvalues of the formula", ylim=(1e-5, 20))
ax.legend(loc="center left")
plt.show()
