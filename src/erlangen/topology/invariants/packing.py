"""Integer polynomials packed into one integer, so that big-integer arithmetic does the work of polynomial arithmetic.

Definition: p(2^b), with b so large that every coefficient lies strictly between -2^(b-1) and 2^(b-1) (Kronecker).
Convention: digits are balanced: the lowest bits, read as a signed number, are the constant term.
"""

from __future__ import annotations

__all__ = ["unpack"]


def unpack(value: int, bits: int) -> list[int]:
    """Return the coefficients, lowest first, of the polynomial whose value at ``2**bits`` is given.

    Examples
    --------
    >>> unpack(3 - 5 * 2**8 + 2**24, 8)
    [3, -5, 0, 1]
    """
    base, half = 1 << bits, 1 << (bits - 1)
    coefficients = []
    while value:
        digit = value & (base - 1)
        if digit >= half:
            digit -= base
        coefficients.append(digit)
        value = (value - digit) >> bits
    return coefficients
