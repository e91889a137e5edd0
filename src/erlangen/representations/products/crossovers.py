"""Which route is fastest: a table of measured crossovers, and the measurement itself.

Definition: for each kind, the largest degree L = max(l1, l2) up to which a route was the fastest, forward and backward, in order of growing L.
Convention: CPU seconds of one thread, float32, 64 channels innermost; other devices, and builds without kernels from
L = 2, take the grid, which is matrix products only.
"""

from __future__ import annotations

from erlangen.representations.products.bilinear_kernel import kernel_built

__all__ = ["CROSSOVERS", "choose_method"]

# Measured with measure_crossovers(rows=32), forward and backward to degree 2 L, one thread of a shared AVX-512 server, torch 2.13.0, kernels on:
# sparse/grid 1.2/2.5 ms at L = 2, 3.5/7.1 at 4, 11.0/15.6 at 6, 18.6/22.5 at 7; bracket 10.5/29 and matrix 11.9/20 at 6; Fourier 22 to 430 ms.
# Degrees above 7 (bracket and matrix: above 6) were not measured with the kernels; without them the grid is the faster at every L from 2.
CROSSOVERS: dict[str, tuple[tuple[int, str], ...]] = {
    "gaunt": ((7, "sparse"), (24, "grid")),
    "bracket": ((6, "sparse"), (24, "grid")),
    "matrix": ((6, "sparse"), (24, "matrix")),
}
_BEYOND = {"gaunt": "grid-separable", "bracket": "grid", "matrix": "matrix"}


def choose_method(
    kind: str,
    degrees: tuple[int, int, int],
    layout: str = "ir_mul",
    device: str = "cpu",
    kernels: bool | None = None,
) -> str:
    """Return the route that ``auto`` stands for.

    Parameters
    ----------
    kind : {"gaunt", "bracket", "matrix"}
        The product.
    degrees : (int, int, int)
        Degrees of x, y and z.
    layout : {"mul_ir", "ir_mul"}
        Layout of the arguments.
    device : str
        Type of device.
    kernels : bool, optional
        Whether the compiled sparse product is there; looked up by default.

    Examples
    --------
    >>> choose_method("gaunt", (1, 1, 2))
    'sparse'
    >>> choose_method("gaunt", (4, 4, 8), kernels=True), choose_method("gaunt", (4, 4, 8), kernels=False)
    ('sparse', 'grid')
    """
    L = max(degrees[0], degrees[1])
    there = kernel_built() if kernels is None else kernels
    if device != "cpu" or (not there and L > 1):
        return "matrix" if kind == "matrix" else ("grid" if L <= 10 else _BEYOND[kind])
    for highest, method in CROSSOVERS[kind]:
        if highest >= L:
            return method
    return _BEYOND[kind]
