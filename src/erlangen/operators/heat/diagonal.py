r"""The diagonal of the heat kernel, exactly or by random probes: the return probabilities that measure volume.

Definition: :math:`H_{ii} = \|H_{t/2} e_i\|^2`; for Rademacher z, :math:`E[(H_{t/2} z)_i^2] = H_{ii}` (Bekas, Kokiopoulou, Saad 2007, in squares).
Convention: estimates have relative standard deviation at most :math:`\sqrt{2/m}` for m probes; they are positive, see :func:`heat_diagonal` for odd steps.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.operators.graph import Graph
from erlangen.operators.heat.choice import heat_method
from erlangen.operators.heat.implicit_euler import DEFAULT_STEPS, ImplicitEuler
from erlangen.operators.heat.method import HeatMethod
from erlangen.random import RngLike, as_generator
from erlangen.validation import check_integer, check_memory

__all__ = ["heat_diagonal", "probed_diagonal"]


def heat_diagonal(
    graph: Any,
    t: float,
    *,
    laplacian: str = "combinatorial",
    method: str = "auto",
    steps: int = DEFAULT_STEPS,
    rtol: float = 1e-10,
    rank: int | None = None,
    probes: int | None = None,
    rng: RngLike = 0,
    threads: int | None = None,
) -> NDArray[np.float64]:
    r"""Return the diagonal :math:`H_{ii}` of the heat kernel; it is the same for the symmetric form and the random walk.

    With ``probes`` the mean of :math:`(H_{t/2} z)_i^2` over Rademacher vectors z: unbiased and positive. An odd number S of implicit
    steps has no half; there :math:`u = A^{-(S-1)/2} z`, :math:`v = A^{-1} u` and the mean of :math:`u_i v_i` are taken, which is unbiased too,
    and where chance makes that negative, its Cauchy–Schwarz bound :math:`(\overline{u_i^2}\,\overline{v_i^2})^{1/2}`.

    Parameters
    ----------
    graph, t, laplacian, method, steps, rtol, rank, threads
        See :func:`heat_kernel`.
    probes : int, optional
        Number of random vectors; exact, at the cost of n rows, where it is left away.
    rng : seed or Generator
        Of the probes.

    Returns
    -------
    ndarray (n,)

    Raises
    ------
    DomainError, ResourceLimitError
        As :func:`heat_kernel`.

    Examples
    --------
    >>> heat_diagonal([[0, 1], [1, 0]], 0.5).round(6)
    array([0.68394, 0.68394])
    """
    graph = Graph.coerce(graph)
    count = None if probes is None else check_integer(probes, "probes", low=1)
    options: dict[str, Any] = {"laplacian": laplacian, "method": method, "steps": steps, "rtol": rtol, "rank": rank}
    way = heat_method(graph, t, **options, threads=threads, sources=count)
    return way.diagonal() if count is None else probed_diagonal(way, count, rng)


def probed_diagonal(way: HeatMethod, probes: int, rng: RngLike = 0) -> NDArray[np.float64]:
    """Return the estimate (n,) of the diagonal by random probes, see :func:`heat_diagonal`."""
    n = way.graph.n
    check_memory(40.0 * n * probes, f"{probes} probes of {n} vertices", hint="use fewer probes")
    z = as_generator(rng).choice(np.array([-1.0, 1.0]), size=(n, probes))
    half = way.half()
    if half is not None:
        return np.asarray((half.apply(z) ** 2).mean(axis=1))
    u, v = _unequal_halves(way, z)
    product = (u * v).mean(axis=1)
    bound = np.sqrt((u**2).mean(axis=1) * (v**2).mean(axis=1))
    return np.where(product > 0, product, bound)


def _unequal_halves(way: HeatMethod, z: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return u and v whose mean product is the diagonal: two parts of an odd number of implicit steps, or z and H z."""
    if not isinstance(way, ImplicitEuler):
        return z, way.apply(z)
    u = way.part(way.steps // 2).apply(z) if way.steps > 1 else z
    return u, way.part(1).apply(u)
