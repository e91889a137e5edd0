r"""
What an augmented covariance remembers
======================================

Two autoregressive signals, each the time reversal of the other. Their covariances :math:`\Gamma(0)` are equal, so that no classifier of covariances can
tell them apart. The covariance of the signal stacked with its own future,

.. math:: \operatorname{Cov}[x(t); x(t + 1); \dots; x(t + p - 1)] = \bigl(\Gamma(i - j)\bigr)_{ij},

can: reversing time transposes every :math:`\Gamma(h)`.
"""

# %%
# The population matrices
# -----------------------
# Here they are known exactly. The blocks on the diagonal agree, the others are each other's transpose.
import matplotlib.pyplot as plt
import numpy as np

from erlangen.datasets import reversed_var_pair
from erlangen.estimators import MDM, AugmentedCovariance
from erlangen.linalg import block_toeplitz

pair = reversed_var_pair(120, 4, 200, rng=1)
forwards, backwards = (block_toeplitz(gammas[:4]) for gammas in pair.truth["autocovariances"])
figure, axes = plt.subplots(1, 3, figsize=(10, 3.6), layout="constrained")
largest = np.abs(forwards).max()
for ax, matrix, title in zip(
    axes, (forwards, backwards, forwards - backwards), ("forwards", "backwards", "difference"), strict=True
):
    image = ax.imshow(matrix, cmap="RdBu_r", vmin=-largest, vmax=largest)
    ax.set(title=title, xticks=np.arange(3.5, 15, 4), yticks=np.arange(3.5, 15, 4), xticklabels=[], yticklabels=[])
    ax.grid(color="0.4", linewidth=0.8)
    ax.tick_params(length=0)
figure.colorbar(image, ax=axes, shrink=0.8)
plt.show()

# %%
# How long must a trial be?
# -------------------------
# Half of the trials train, half test. Without delays the score is chance at every length. One further block holds all there is to know of an
# autoregression of order one, and a third adds little.
lengths = (15, 20, 30, 50, 80, 130, 200)
train, test = np.arange(60), np.arange(60, 120)
figure, ax = plt.subplots(figsize=(7, 3.8), layout="constrained")
for order in (1, 2, 3):
    scores = []
    for length in lengths:
        C = AugmentedCovariance(order, lag=1, estimator="oas").fit_transform(pair.X[:, :, :length])
        scores.append(MDM().fit(C[train], pair.y[train]).score(C[test], pair.y[test]))
    ax.semilogx(lengths, scores, "o-", label=f"order {order}")
ax.axhline(0.5, color="0.7", linestyle="--", linewidth=1)
ax.set(xlabel="samples in a trial", ylabel="accuracy", ylim=(0.3, 1.03), xticks=lengths, xticklabels=lengths)
ax.minorticks_off()
ax.legend()
plt.show()

# %%
# Whether there are enough samples is reported beforehand.
print(AugmentedCovariance(3, lag=1, estimator="oas").fit(pair.X).report_)
