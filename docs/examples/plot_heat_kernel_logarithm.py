r"""
The logarithm of a heat kernel, down to its last digit
======================================================

Distances from heat are read off the *exponent* of the kernel. On a long cycle the kernel is known in closed form,

.. math:: H_t(0, k) = e^{-2t} I_k(2t),

with the modified Bessel function :math:`I_k`, and at :math:`t = 1` it has fallen to :math:`10^{-65}` at fifty hops. A method that is accurate to
:math:`10^{-16}` in absolute terms has no digits left there.
"""

# %%
# The cycle, and three ways to its heat
# -------------------------------------
# ``"uniformisation"`` adds non-negative terms only; ``"chebyshev"`` and ``"eigh"`` cancel.
import matplotlib.pyplot as plt
import numpy as np
import scipy.sparse as sp
from scipy.special import ive

from erlangen.operators import Graph, heat_kernel

n, t = 400, 1.0
ring = sp.csr_array(sp.diags_array([np.ones(n - 1)] * 2 + [np.ones(1)] * 2, offsets=[-1, 1, n - 1, 1 - n]))
graph = Graph(ring)
hops = np.arange(80)
exact = ive(hops, 2 * t)
rows = {
    name: heat_kernel(graph, t, sources=[0], method=name)[0, hops] for name in ("uniformisation", "chebyshev", "eigh")
}

# %%
# What each of them knows
# -----------------------
# Eigenvectors end on a floor of rounding, some entries of it negative; a polynomial of degree K is exactly zero beyond K hops, and what it says
# before that ends at the accuracy it was made for. Uniformisation follows the Bessel functions.
figure, axes = plt.subplots(figsize=(7, 4), layout="constrained")
axes.semilogy(hops, exact, color="0.75", linewidth=6, label="closed form")
for name, marker in (("uniformisation", "-"), ("chebyshev", "o"), ("eigh", "x")):
    axes.semilogy(hops, np.abs(rows[name]), marker, markersize=4, label=name)
axes.set(xlabel="hops from the source", ylabel="heat after t = 1")
axes.legend()
plt.show()

# %%
# The same as numbers: the largest relative error over eighty hops.
for name, row in rows.items():
    print(f"{name:15s} {np.max(np.abs(row / exact - 1)):.1e}")

# %%
# A certificate comes with the kernel for the asking: a bound of the relative error of *each* entry that was proved while it was computed.
_, certificate = heat_kernel(graph, t, sources=[0], method="uniformisation", certificate=True)
print(certificate)
