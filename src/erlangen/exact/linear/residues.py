"""Elements and kernels modulo a prime: how an ansatz is tried before it is solved exactly.

Definition: elements at values in ``F_p``; the kernel of a dense matrix over ``F_p`` in reduced row echelon form.
Convention: the prime is ``WORD = 2^31 - 1``, whose products fit machine words; it is 3 modulo 4, so ``a^((p+1)/4)`` is a root of squares.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import flint

from erlangen.exact.differential.differential_element import DifferentialElement

__all__ = ["WORD", "residue_kernel", "residue_program", "residue_root"]

WORD = 2**31 - 1


def residue_program(elements: Sequence[DifferentialElement]) -> Callable[[Mapping[str, int]], list[int] | None]:
    """Return a function from residues by name to the residues of elements, ``None`` where a denominator vanishes.

    Examples
    --------
    >>> from erlangen.exact import DifferentialRing
    >>> ring = DifferentialRing("x")
    >>> residue_program([ring.parse("x^2/2"), ring["x"]])({"x": 4})
    [8, 4]
    """
    programs = []
    for element in elements:
        names = element.ring.names
        parts = []
        for polynomial in element.pair:
            terms = None
            if polynomial is not None:
                terms = [
                    (int(number) % WORD, [(names[i], int(e)) for i, e in enumerate(exponents) if e])
                    for exponents, number in polynomial.terms()
                ]
            parts.append(terms)
        programs.append(parts)

    def run(values: Mapping[str, int]) -> list[int] | None:
        def total(terms: list[tuple[int, list[tuple[str, int]]]]) -> int:
            result = 0
            for number, powers in terms:
                term = number
                for name, power in powers:
                    term = term * (values[name] if power == 1 else pow(values[name], power, WORD)) % WORD
                result += term
            return result % WORD

        found = []
        for top, bottom in programs:
            value = total(top or [])
            if bottom is not None:
                below = total(bottom)
                if not below:
                    return None
                value = value * pow(below, -1, WORD) % WORD
            found.append(value)
        return found

    return run


def residue_root(value: int) -> int | None:
    """Return a square root modulo the prime, or ``None`` where there is none.

    Examples
    --------
    >>> residue_root(9) in (3, WORD - 3)
    True
    """
    root = pow(value, (WORD + 1) // 4, WORD)
    return root if root * root % WORD == value % WORD else None


def residue_kernel(rows: Sequence[Sequence[int]], columns: int) -> list[dict[int, int]]:
    """Return the kernel of a matrix modulo the prime, one sparse vector for each free column, which has 1 there.

    Examples
    --------
    >>> residue_kernel([[1, 2, 3]], 3) == [{0: WORD - 2, 1: 1}, {0: WORD - 3, 2: 1}]
    True
    """
    matrix = flint.nmod_mat(len(rows), columns, [entry for row in rows for entry in row], WORD)
    form, rank = matrix.rref()
    reduced = [[int(entry) for entry in row] for row in form.tolist()[:rank]]
    pivots = [next(k for k, entry in enumerate(row) if entry) for row in reduced]
    kernel = []
    for free in range(columns):
        if free not in pivots:
            vector = {pivot: WORD - row[free] for pivot, row in zip(pivots, reduced, strict=True) if row[free]}
            kernel.append({**vector, free: 1})
    return kernel
