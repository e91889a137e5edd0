r"""Operations of the released sparse and Fourier code of Xie et al. (ICML 2025), as XLA counts them after it has compiled that code.

Definition: XLA counts 1 an element for each addition, multiplication (complex too), comparison, choice, real or imaginary part and change of type, the terms
of a reduction or of a scattered sum less one an output, and 2 a product of a convolution; gathers and copies count nothing.
Convention: a sample of one channel; what does not depend on the samples is counted once a batch. JAX 0.5.0 on a processor, batch 10,000, was read term by term.
"""

from __future__ import annotations

from erlangen.representations.products.product_spec import ProductSpec

__all__ = ["four_tables", "four_tables_once", "fourier_direct"]


def four_tables(spec: ProductSpec) -> int:
    r"""Return the operations a sample of the sparse code: for each :math:`(m_1, m_3)` four :math:`m_2`, each with a table of coefficients and a mask.

    A pair costs four outer products, four coefficients, four masks and three additions, and a sum over :math:`m_1` follows. Where a degree is zero,
    masks that hold everywhere and products that coincide fall away; a coefficient one costs nothing, a table of zeros is multiplied by.

    Examples
    --------
    >>> from erlangen.representations.products.product_spec import setting
    >>> [four_tables(setting("mimo", L)) for L in (1, 2, 3)]
    [392, 3132, 13023]
    """
    total = 0
    for path in spec.paths:
        i, j, _ = path
        a, b, c = (ir.l for ir in spec.irreps_of(path))
        d1, d3 = 2 * a + 1, 2 * c + 1
        if a == 0:
            pair = 7 if c else 5  # one coefficient is one; at degree zero the two outer products are the same
        elif c == 0:
            pair = 8
        else:
            pair = 15 if b else 11
        total += (pair * d1 * d3 + (d1 - 1) * d3) * spec.irreps_in1[i].mul * spec.irreps_in2[j].mul
    return total


def four_tables_once(spec: ProductSpec) -> int:
    """Return the operations that do not depend on the samples: four a mask and, where the second degree is not zero, four an index.

    Examples
    --------
    >>> from erlangen.representations.products.product_spec import setting
    >>> [four_tables_once(setting("mimo", L)) for L in (1, 2, 3)]
    [624, 5824, 25200]
    """
    total = 0
    for path in spec.paths:
        a, b, c = (ir.l for ir in spec.irreps_of(path))
        if a and c:
            total += (32 if b else 16) * (2 * a + 1) * (2 * c + 1)
    return total


def fourier_direct(spec: ProductSpec) -> int:
    r"""Return the operations a sample of the Fourier code, whose convolution is summed directly and whose sparse tables have no zeros.

    With sides :math:`n_i = 2 l_i + 1`, :math:`N = 2 (l_1 + l_2) + 1` and dimensions d: each entry of a table is multiplied by and added
    (:math:`2 d_i n_i^2`, :math:`2 d N^2`), the inputs become complex (:math:`d_i`), the complex convolution is three real ones
    (:math:`6 n_1^2 n_2^2`) between sums of real and imaginary parts (5 and 7 a point before, 4 behind), and the result's real part is taken.
    The tables are integrals summed in single precision and rounded at :math:`10^{-8}`, below their error, so that every entry is kept.

    Examples
    --------
    >>> from erlangen.representations.products.product_spec import setting
    >>> [fourier_direct(setting("mimo", L, kind="gaunt")) for L in (1, 2, 3)]
    [1305, 9367, 35449]
    """
    l1, l2, _ = spec.degrees
    high, low, side = (2 * max(l1, l2) + 1) ** 2, (2 * min(l1, l2) + 1) ** 2, (2 * (l1 + l2) + 1) ** 2
    d1, d2, d3 = (l1 + 1) ** 2, (l2 + 1) ** 2, (l1 + l2 + 1) ** 2
    into = 2 * (d1 * (2 * l1 + 1) ** 2 + d2 * (2 * l2 + 1) ** 2) + d1 + d2
    convolved = 5 * high + 7 * low + 6 * high * low + 4 * side
    return into + convolved + 2 * d3 * side + d3
