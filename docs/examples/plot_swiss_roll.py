r"""
A Swiss roll, unrolled
======================

Points on a rolled-up plane are embedded so that distances *along* the roll are kept,

.. math:: d_t(x, y)^2 = -4t \log H_t(x, y) + \dots,

with the heat kernel :math:`H_t` of a graph of nearest neighbours.
"""

# %%
# The data, with their truth
# --------------------------
# A data set knows the geodesics it was made with.
import matplotlib.pyplot as plt

from erlangen.datasets import swiss_roll
from erlangen.estimators import HeatGeodesicEmbedding

roll = swiss_roll(1000, width=25, noise=0.1, rng=0)
X, along = roll.X, roll.geodesics(rows=[0])[0]
Z = HeatGeodesicEmbedding(n_neighbors=10, random_state=0).fit_transform(X)
print(Z.shape)

# %%
# Before and after
# ----------------
# Colour is the true distance along the roll from the first point.
figure = plt.figure(figsize=(9, 4), layout="constrained")
left = figure.add_subplot(1, 2, 1, projection="3d")
left.scatter(*X.T, c=along, s=6)
left.set_title("on the roll")
right = figure.add_subplot(1, 2, 2)
points = right.scatter(*Z.T, c=along, s=6)
right.set(title="heat geodesic embedding", aspect="equal")
figure.colorbar(points, ax=right, label="geodesic distance from one point")
plt.show()
