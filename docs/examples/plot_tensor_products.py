r"""
What a product of functions keeps of a tensor product
=====================================================

A feature that holds every degree :math:`l \le L` once is a function on the sphere,

.. math:: F_x(r) = \sum_{l \le L} \sum_{m=-l}^{l} x_{lm} Y_{lm}(r).

Multiplying two of them is cheap and equivariant. It couples the degrees :math:`(l_1, l_2)` to :math:`l_3` only where
:math:`l_1 + l_2 + l_3` is even; what is missing, cross products among it, is what the Poisson bracket
:math:`r \cdot (\nabla F_x \times \nabla F_y)` has.
"""

# %%
# Kept, lost, recovered
# ---------------------
# Each square holds the degrees :math:`l_3` that symmetry allows for two degrees.
import matplotlib.pyplot as plt
import numpy as np
import torch

from erlangen.representations import sphere, spherical_harmonics
from erlangen.representations.products import bracket_product, expressivity, gaunt_product, setting

BLUE, ORANGE = "#3566a8", "#e0663a"
L = 3
spec = setting("mimo", L, kind="complete-gaunt", parity=False)
function = setting("mimo", L, kind="gaunt", parity=False)
figure, ax = plt.subplots(figsize=(7.2, 6.2), layout="constrained")
for a, b, c in (tuple(ir.l for ir in spec.irreps_of(path)) for path in spec.allowed):
    count, place = a + b - abs(a - b) + 1, c - abs(a - b)
    rows = -(-count // 4)
    row, column = divmod(place, 4)
    wide = min(4, count - 4 * row)
    x, y = a + 0.22 * (column - (wide - 1) / 2), b + 0.15 * (rows - 1) - 0.3 * row
    kept = (a + b + c) % 2 == 0
    ax.scatter(x, y, s=250, color=BLUE if kept else "white", edgecolor=BLUE if kept else ORANGE, linewidth=2, zorder=2)
    ax.text(x, y, str(c), ha="center", va="center_baseline", color="white" if kept else ORANGE, zorder=3)
ticks = range(L + 1)
ax.set(
    xlim=(-0.5, L + 0.5),
    ylim=(-0.5, L + 0.5),
    xticks=ticks,
    yticks=ticks,
    aspect="equal",
    xlabel="$l_1$",
    ylabel="$l_2$",
)
ax.hlines(np.arange(L) + 0.5, -0.5, L + 0.5, color="0.85", linewidth=0.8)
ax.vlines(np.arange(L) + 0.5, -0.5, L + 0.5, color="0.85", linewidth=0.8)
ax.tick_params(length=0)
ax.spines[:].set_color("0.85")
labels = {
    f"kept: {len(function.paths)} paths": BLUE,
    f"lost, recovered by the bracket: {len(spec.paths) - len(function.paths)}": "white",
}
for label, colour in labels.items():
    ax.scatter([], [], s=120, color=colour, edgecolor=BLUE if colour == BLUE else ORANGE, linewidth=2, label=label)
figure.legend(loc="outside upper center", ncols=2, frameon=False)
plt.show()

# %%
# Free weights on all paths reach as many dimensions as there are paths; a product of functions has one number a degree, however many paths it keeps.
print(" L   free paths   gaunt   gaunt and bracket")
for top in range(1, 7):
    kinds = ("clebsch-gordan", "gaunt", "complete-gaunt")
    free, one, two = (expressivity(setting("mimo", top, kind=kind, parity=False)) for kind in kinds)
    print(f"{top:2d}{free:13d}{one:8d}{two:20d}")

# %%
# Two functions and their product
# -------------------------------
# The product has all degrees up to the sum of the two; the bars are the norms of its degrees. Red is positive, blue negative.
generator = torch.Generator().manual_seed(5)
x = torch.randn(9, generator=generator, dtype=torch.float64)
y = torch.randn(16, generator=generator, dtype=torch.float64)
signals = {
    "$F_x$": x,
    "$F_y$": y,
    "$F_x F_y$": gaunt_product(x, y),
    r"$r \cdot (\nabla F_x \times \nabla F_y)$": bracket_product(x, y),
}
across, up = np.meshgrid(np.linspace(-1, 1, 220), np.linspace(1, -1, 220))
outside = across**2 + up**2 > 1
points = np.stack([across, up, np.sqrt(np.where(outside, 0, 1 - across**2 - up**2))], -1)  # the half that faces us
points[outside] /= np.linalg.norm(points[outside], axis=-1, keepdims=True)

figure, axes = plt.subplots(2, 4, figsize=(10, 4.6), layout="constrained", height_ratios=(3, 2))
for k, (name, z) in enumerate(signals.items()):
    top = int(len(z) ** 0.5) - 1
    Y = spherical_harmonics(range(top + 1), torch.from_numpy(points), normalize=False, normalization="integral")
    values = np.ma.masked_array((Y @ z).numpy(), outside)
    ball, bars = axes[:, k]
    most = np.abs(values).max()
    ball.imshow(values, cmap="RdBu_r", vmin=-most, vmax=most, extent=(-1, 1, -1, 1), interpolation="bilinear")
    ball.contour(across, up, values, levels=[0], colors="0.35", linewidths=0.7)
    ball.add_patch(plt.Circle((0, 0), 1, fill=False, edgecolor="0.5"))
    ball.set(title=name, xlim=(-1.02, 1.02), ylim=(-1.02, 1.02))
    ball.set_axis_off()
    norms = [float(z[n * n : (n + 1) ** 2].norm()) for n in range(top + 1)]
    bars.bar(range(top + 1), np.array(norms) / max(norms), color=BLUE if k < 3 else ORANGE, width=0.7)
    bars.set(xticks=range(6), xlim=(-0.6, 5.6), ylim=(0, 1.05), yticks=[], xlabel="degree")
    bars.spines[["top", "left", "right"]].set_visible(False)
plt.show()

# %%
# Nodes on the sphere
# -------------------
# A product is computed by its values at points. For degrees up to two in both factors and four in the result, sums by weights must be exact up to degree
# eight. The minimal rule asks less: pairs of antipodal points, as many as there are dimensions of even functions of degree four, which their values
# determine; odd functions have fewer.
rules = {
    "minimal": sphere.projection_rule(4, 4, "minimal"),
    "Lebedev": sphere.projection_rule(4, 4, "lebedev"),
    "Gauss–Legendre": sphere.projection_rule(4, 4, "gauss-legendre"),
    "equal angles": sphere.projection_rule(4, 4, "equal-angle"),
}
tilt = np.deg2rad(20)
view = np.array([[1, 0, 0], [0, np.cos(tilt), -np.sin(tilt)], [0, np.sin(tilt), np.cos(tilt)]])
figure, axes = plt.subplots(1, 4, figsize=(10, 3), layout="constrained")
for ax, (name, rule) in zip(axes, rules.items(), strict=True):
    across, depth, up = view @ np.asarray(rule.points).T
    near = depth < 1e-9
    ax.add_patch(plt.Circle((0, 0), 1, facecolor="#f4f6f8", edgecolor="0.7"))
    ax.scatter(across[~near], up[~near], s=22, facecolor="none", edgecolor="0.65", linewidth=0.8)
    ax.scatter(across[near], up[near], s=30, color=BLUE, zorder=2)
    ax.set(aspect="equal", xlim=(-1.1, 1.1), ylim=(-1.1, 1.1), title=f"{name}: {len(rule)}")
    ax.set_axis_off()
plt.show()
