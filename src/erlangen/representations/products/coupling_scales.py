r"""The strength of a path in each kind of product, and the matrices of the matrix product.

Definition: a kind couples (l1, l2) to l3 by a number times Wigner's 3j tensor: 1 (Clebsch-Gordan), :math:`\kappa` (Gaunt), the bracket's
:math:`\beta` and the matrix product's :math:`\mu`, a 6j symbol.
Convention: harmonics of integral one; :math:`\{A,B\} = \hat r\cdot(\nabla A\times\nabla B)` on the unit sphere; matrices of order ``2 t + 1``, t the lift.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from erlangen.errors import DomainError
from erlangen.representations.couplings import wigner_3j_array
from erlangen.representations.recoupling import wigner_6j

__all__ = ["bracket_scale", "lift_degree", "lift_matrices", "matrix_scale", "path_degrees"]


def path_degrees(l1: int, l2: int, l3: int, parity: int | None = None) -> list[tuple[int, int, int]]:
    """Return the triples of degrees up to (l1, l2, l3) that fulfil the triangle inequality, of even (0) or odd (1) sum if asked.

    Examples
    --------
    >>> len(path_degrees(2, 2, 4)), len(path_degrees(2, 2, 4, 0)), len(path_degrees(2, 2, 4, 1))
    (19, 14, 5)
    """
    return [
        (a, b, c)
        for a in range(l1 + 1)
        for b in range(l2 + 1)
        for c in range(abs(a - b), min(a + b, l3) + 1)
        if parity is None or (a + b + c) % 2 == parity
    ]


@lru_cache(maxsize=4096)
def bracket_scale(l1: int, l2: int, l3: int) -> float:
    r"""Return the number that the bracket's coupling is of the 3j tensor, zero where the sum of the degrees is even.

    .. math::
        \beta = \sqrt{\frac{(2l_1+1)(2l_2+1)(2l_3+1)}{4\pi}}\,\sqrt{l_1(l_1+1)\,l_2(l_2+1)}\;
        \left|\begin{pmatrix} l_1&l_2&l_3\\ 1&-1&0\end{pmatrix}\right|

    References
    ----------
    Varshalovich, Moskalev & Khersonskii, Quantum Theory of Angular Momentum, 5.6 and 8.5.

    Examples
    --------
    >>> round(abs(bracket_scale(1, 1, 1)), 12) == round((9 / (2 * math.pi)) ** 0.5, 12), bracket_scale(1, 1, 2)
    (True, 0.0)
    """
    if (l1 + l2 + l3) % 2 == 0 or min(l1, l2, l3) == 0:
        return 0.0
    squares = (2 * l1 + 1) * (2 * l2 + 1) * (2 * l3 + 1) / (4 * math.pi) * l1 * (l1 + 1) * l2 * (l2 + 1)
    return math.sqrt(squares) * abs(float(wigner_3j_array(l1, l2, l3)[l1 + 1, l2 - 1, l3]))


def lift_degree(l1: int, l2: int) -> int:
    """Return t, for which matrices of order ``2 t + 1`` hold all degrees up to the larger of l1 and l2 and their product's.

    Examples
    --------
    >>> lift_degree(2, 3)
    3
    """
    return -(-(l1 + l2) // 2)


@lru_cache(maxsize=64)
def lift_matrices(lmax: int, t: int) -> NDArray[np.float64]:
    r"""Return the orthonormal matrices of degrees up to ``lmax``, ((lmax+1)^2, 2 t + 1, 2 t + 1).

    .. math:: (M_{lm})_{ij} = \sqrt{2l+1}\; C_{ijm}, \qquad \operatorname{tr} M_{lm}^T M_{l'm'} = \delta_{ll'}\delta_{mm'}

    Examples
    --------
    >>> M = lift_matrices(2, 1).reshape(9, 9)
    >>> bool(np.allclose(M @ M.T, np.eye(9)))
    True
    """
    if lmax > 2 * t:
        message = f"matrices of order {2 * t + 1} hold degrees up to {2 * t}, not {lmax}"
        raise DomainError(message, hint=f"lift to t >= {-(-lmax // 2)}")
    blocks = [math.sqrt(2 * l + 1) * np.moveaxis(wigner_3j_array(t, t, l), 2, 0) for l in range(lmax + 1)]
    table = np.concatenate(blocks)
    table.flags.writeable = False
    return table


@lru_cache(maxsize=4096)
def matrix_scale(l1: int, l2: int, l3: int, t: int) -> float:
    r"""Return the number that the matrix product's coupling is of the 3j tensor, zero where the 6j symbol is.

    .. math::
        |\mu| = \sqrt{(2l_1+1)(2l_2+1)(2l_3+1)}\;\left|\begin{Bmatrix} l_1&l_2&l_3\\ t&t&t\end{Bmatrix}\right|

    Examples
    --------
    >>> round(matrix_scale(0, 1, 1, 1), 12) == round(3**-0.5 * 3**0.5, 12), matrix_scale(3, 5, 6, 6)
    (True, 0.0)
    """
    size = math.sqrt((2 * l1 + 1) * (2 * l2 + 1) * (2 * l3 + 1)) * abs(wigner_6j(l1, l2, l3, t, t, t))
    if not size:
        return 0.0
    C = wigner_3j_array(l1, l2, l3)
    a, b, c = (int(at) for at in np.unravel_index(np.argmax(np.abs(C)), C.shape))
    X, Y, Z = (lift_matrices(l, t)[l * l + m] for l, m in ((l1, a), (l2, b), (l3, c)))
    return math.copysign(size, float(np.sum(Z * (X @ Y))) * C[a, b, c])
