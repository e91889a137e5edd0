r"""
Torsion of torus knots
======================

Khovanov homology over :math:`\mathbb Z` has torsion. In the tables of knots with few crossings all of it has order two; torus knots are where
other orders begin. Here is the homology of :math:`T(4,5)`, with a summand :math:`\mathbb Z/4`, and the number of open strands while diagrams are scanned,
which decides what a knot costs.
"""

# %%
# A bigraded table
# ----------------
# Homological degree to the right, quantum degree upwards, ranks as numbers, orders of torsion as subscripts.
import matplotlib.pyplot as plt

from erlangen.topology import khovanov_homology, scan_plan, torus_link

BLUE, ORANGE = "#3566a8", "#e0663a"
group = khovanov_homology(torus_link(4, 5))
figure, ax = plt.subplots(figsize=(6.6, 5.4), layout="constrained")
for order, count, h, q in group.summands:
    shift = 0.22 if order else -0.12 if group.torsion(h, q) else 0.0
    text = f"${count}_{{{order}}}$" if order else str(count)
    ax.text(h + shift, q, text, ha="center", va="center", color=ORANGE if order else BLUE, fontsize=13)
(low, high), (bottom, top) = group.h_range, group.q_range
ax.set(xlim=(low - 0.5, high + 0.5), ylim=(bottom - 1, top + 1), xlabel="$h$", ylabel="$q$")
ax.set_xticks(range(low, high + 1))
ax.set_yticks(range(bottom, top + 1, 2))
ax.set_xticks([h - 0.5 for h in range(low, high + 2)], minor=True)
ax.set_yticks(range(bottom - 1, top + 2, 2), minor=True)
ax.grid(which="minor", color="#d8d8d4", lw=0.8)
ax.tick_params(which="both", length=0)
ax.set_title("Khovanov homology of $T(4,5)$ over $\\mathbb{Z}$")

# %%
# What a scan costs
# -----------------
# The girth, the number of ends that are open after each crossing, grows with the number of strands and stays bounded along the braid: memory and time
# grow with the Catalan number of half the girth, and only in proportion to the length.
figure, ax = plt.subplots(figsize=(6.6, 3.0), layout="constrained")
for colour, (p, q) in zip(("#9aa7b5", BLUE, "#c58a2b", ORANGE), ((3, 20), (5, 9), (6, 7), (7, 8)), strict=True):
    girths = scan_plan(torus_link(p, q)).girths
    ax.step(range(1, len(girths) + 1), girths, where="mid", color=colour, lw=1.8, label=f"$T({p},{q})$")
ax.set(xlabel="crossings scanned", ylabel="open ends", ylim=(0, None))
ax.spines[["top", "right"]].set_visible(False)
ax.legend(frameon=False, ncols=4, loc="lower center")
plt.show()
