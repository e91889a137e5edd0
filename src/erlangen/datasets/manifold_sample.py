"""A sample of points together with what is known of the space they came from.

Definition: points X and, where known, the geodesic distances of the noise-free space, labels and the times at which the points were taken.
Convention: geodesics are in the units of X before noise; arrays are read-only; nothing is computed before :meth:`ManifoldSample.geodesics` is called.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.csgraph import dijkstra
from scipy.spatial.distance import cdist

from erlangen.errors import DomainError, ShapeError

__all__ = ["ManifoldSample"]


@dataclass(frozen=True, eq=False)
class ManifoldSample:
    """Points and their ground truth.

    Parameters
    ----------
    X : ndarray (n, p)
        The points.
    name : str
        Which generator or data set.
    coordinates : ndarray (n, q), optional
        Intrinsic coordinates: isometric ones of a flat space, or unit vectors where ``radius`` is given.
    radius : float, optional
        Radius of the sphere on which ``coordinates`` are unit vectors.
    skeleton : sparse array (m, m), optional
        Edge lengths of a graph whose first n vertices are the points and whose shortest paths are the geodesics.
    labels : ndarray (n,), optional
        Class of each point, 0 … c - 1.
    label_names : tuple of str
        Names of the classes.
    times : ndarray (n,), optional
        When each point was taken, in steps.
    source : str
        Where the data come from, and their licence.

    Examples
    --------
    >>> line = ManifoldSample(np.zeros((3, 2)), "line", coordinates=np.array([[0.0], [1.0], [3.0]]))
    >>> line.geodesics([0])
    array([[0., 1., 3.]])
    """

    X: NDArray[np.float64]
    name: str
    coordinates: NDArray[np.float64] | None = None
    radius: float | None = None
    skeleton: Any = None
    labels: NDArray[np.int64] | None = None
    label_names: tuple[str, ...] = ()
    times: NDArray[np.float64] | None = None
    source: str = "simulated"

    def __post_init__(self) -> None:
        for field in ("X", "coordinates", "labels", "times"):
            array = getattr(self, field)
            if array is None:
                continue
            if len(array) != len(self.X):
                message = f"{field} has {len(array)} rows, X has {len(self.X)}"
                raise ShapeError(message, hint="one row for each point")
            frozen = array.view()
            frozen.flags.writeable = False
            object.__setattr__(self, field, frozen)

    def __repr__(self) -> str:
        return f"ManifoldSample({self.name!r}, n={self.n}, p={self.X.shape[1]})"

    @property
    def n(self) -> int:
        """Number of points."""
        return len(self.X)

    def geodesics(self, rows: Any = None) -> NDArray[np.float64]:
        """Return the true geodesic distances (m, n) from the points ``rows`` (default: all) to all points.

        Raises
        ------
        DomainError
            If no geodesics are known for these data, or a row lies outside 0 … n - 1.
        """
        index = np.arange(self.n) if rows is None else np.asarray(rows, dtype=np.int64).ravel()
        outside = (index < 0) | (index >= self.n)
        if outside.any():
            i = int(np.argmax(outside))
            message = f"rows[{i}] = {index[i]} lies outside 0 … {self.n - 1}"
            raise DomainError(message, hint="rows are indices of points")
        if self.skeleton is not None:
            return dijkstra(self.skeleton, directed=False, indices=index)[:, : self.n]
        if self.coordinates is None:
            message = f"{self.name}: no true geodesics are known for these data"
            raise DomainError(message, hint="use a simulated data set, e.g. swiss_roll or tree")
        if self.radius is None:
            return cdist(self.coordinates[index], self.coordinates)
        # Kahan's angle keeps its digits for near and for antipodal points, where arccos loses them.
        here, all_points = self.coordinates[index], self.coordinates
        return 2 * self.radius * np.arctan2(cdist(here, all_points), cdist(here, -all_points))
