r"""Equivariant polynomials: the symmetric powers of a representation, coupled to one irrep.

Definition: :math:`P(x)_m = \sum_\alpha c_{m\alpha} x^\alpha` with :math:`P(gx) = g P(x)`; those of degree :math:`\nu` come from degree :math:`\nu - 1`,
:math:`P(x)_m = \sqrt{2l+1}\sum C^{lm}_{l'm', l_am_a} P'(x)_{m'} x_{am_a}` (Dusson et al., J. Comput. Phys. 454 (2022) 110946, sec. 3).
Convention: an irrep is a pair (l, p); a type is the sorted tuple of the summands multiplied; norms are those of the symmetric tensor, over 2l + 1.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from erlangen.representations.couplings import wigner_3j_array

__all__ = ["Chain", "Kind", "Monomial", "basis", "chains", "inner_product", "monomials", "types"]

Kind: TypeAlias = tuple[int, int]
Type: TypeAlias = tuple[int, ...]
Monomial: TypeAlias = tuple[int, ...]
Array: TypeAlias = NDArray[np.float64]

_EMPTY = 1e-9  # squared norm of what is left of a candidate that depends on those taken


def components(irreps: tuple[Kind, ...]) -> list[range]:
    """Return the places of each summand's components in a feature."""
    ends = list(itertools.accumulate((2 * l + 1 for l, _ in irreps), initial=0))
    return [range(start, end) for start, end in itertools.pairwise(ends)]


def types(irreps: tuple[Kind, ...], degree: int, kind: Kind) -> list[Type]:
    """Return the types of a degree that can reach an irrep: parities multiply to its own, and degrees suffice.

    Examples
    --------
    >>> types(((0, 1), (1, -1)), 2, (1, -1))
    [(0, 1)]
    """
    found = itertools.combinations_with_replacement(range(len(irreps)), degree)
    return [t for t in found if _parity(irreps, t) == kind[1] and sum(irreps[a][0] for a in t) >= kind[0]]


def _parity(irreps: tuple[Kind, ...], kinds: Type) -> int:
    return math.prod(irreps[a][1] for a in kinds)


@functools.lru_cache(maxsize=4096)
def monomials(irreps: tuple[Kind, ...], kinds: Type) -> tuple[Monomial, ...]:
    """Return the monomials of a type, each the sorted tuple of its components.

    Examples
    --------
    >>> monomials(((0, 1), (1, -1)), (0, 1))
    ((0, 1), (0, 2), (0, 3))
    """
    places = components(irreps)
    powers = [itertools.combinations_with_replacement(places[a], n) for a, n in sorted(Counter(kinds).items())]
    return tuple(tuple(itertools.chain(*parts)) for parts in itertools.product(*powers))


@functools.lru_cache(maxsize=4096)
def _weights(irreps: tuple[Kind, ...], kinds: Type) -> Array:
    """Return one over the multinomial coefficient of each monomial: the weight of its square in the tensor's norm."""
    orders = math.factorial(len(kinds))
    return np.array([math.prod(map(math.factorial, Counter(m).values())) / orders for m in monomials(irreps, kinds)])


def inner_product(irreps: tuple[Kind, ...], kinds: Type, P: Array, Q: Array) -> Array:
    r"""Return the inner products of polynomials of one type, (a, 2l+1, M) and (b, 2l+1, M) to (a, b).

    .. math:: \langle P, Q \rangle = \frac{1}{2l+1} \sum_{m\alpha} P_{m\alpha} Q_{m\alpha} \Big/ \binom{\nu}{\alpha}
    """
    found: Array = np.einsum("amn,bmn->ab", P * _weights(irreps, kinds), Q, optimize=True) / P.shape[-2]
    return found


@functools.lru_cache(maxsize=4096)
def _products(irreps: tuple[Kind, ...], kinds: Type, last: int) -> NDArray[np.int64]:
    """Return where each monomial of a type, times each component of one more summand, stands among those of the larger type."""
    larger = {m: i for i, m in enumerate(monomials(irreps, _with(kinds, last)))}
    places = components(irreps)[last]
    return np.array([[larger[tuple(sorted((*m, i)))] for i in places] for m in monomials(irreps, kinds)])


def _with(kinds: Type, last: int) -> Type:
    return tuple(sorted((*kinds, last)))


def _coupled(irreps: tuple[Kind, ...], kinds: Type, P: Array, last: int, l: int) -> Array:
    """Return polynomials (r, 2l'+1, M) coupled with one more summand to degree l: (r, 2l+1, M') of the larger type."""
    half, l_last = (P.shape[1] - 1) // 2, irreps[last][0]
    C = wigner_3j_array(l, half, l_last) * math.sqrt(2 * l + 1)
    spread = np.einsum("kij,rin->rknj", C, P, optimize=True)
    where: Any = (slice(None), slice(None), _products(irreps, kinds, last))
    out = np.zeros((len(P), 2 * l + 1, len(monomials(irreps, _with(kinds, last)))))
    np.add.at(out, where, spread)
    return out


@functools.lru_cache(maxsize=4096)
def basis(irreps: tuple[Kind, ...], kinds: Type, l: int) -> Array:
    """Return an orthonormal basis (r, 2l+1, M) of the polynomials of a type that transform as degree l.

    Candidates are all couplings of the bases one degree lower with the last summand; of those, the largest remainder is taken first.

    Examples
    --------
    >>> basis(((1, -1),), (0, 0), 0).round(4)  # x . x / sqrt 3
    array([[[0.5774, 0.    , 0.    , 0.5774, 0.    , 0.5774]]])
    """
    *lower, last = kinds
    l_last = irreps[last][0]
    if not lower:
        return np.eye(2 * l + 1)[None] if l == l_last else np.zeros((0, 2 * l + 1, 2 * l_last + 1))
    reach = range(abs(l - l_last), min(l + l_last, sum(irreps[a][0] for a in lower)) + 1)
    found = [_coupled(irreps, tuple(lower), basis(irreps, tuple(lower), half), last, l) for half in reach]
    left = np.concatenate(found) if found else np.zeros((0, 2 * l + 1, len(monomials(irreps, kinds))))
    chosen = np.zeros((0, *left.shape[1:]))
    while len(left):
        norms = np.diagonal(inner_product(irreps, kinds, left, left))
        best = int(np.argmax(norms > norms.max() * (1 - 1e-6)))
        if norms[best] < _EMPTY:
            break
        new = left[best : best + 1] / math.sqrt(norms[best])
        for _ in range(2):  # once more, against rounding
            new = new - np.einsum("ab,bmn->amn", inner_product(irreps, kinds, new, chosen), chosen)
        new /= math.sqrt(inner_product(irreps, kinds, new, new)[0, 0])
        new[np.abs(new) < 1e-13] = 0.0
        chosen = np.concatenate([chosen, new])
        left = left - np.einsum("ab,bmn->amn", inner_product(irreps, kinds, left, new), new)
    return chosen


@dataclass(frozen=True, eq=False)
class Chain:
    """One way to couple summands from left to right: its irrep, its type and its polynomial (2l+1, M)."""

    kind: Kind
    type: Type
    polynomial: Array


def chains(irreps: tuple[Kind, ...], degree: int, kind: Kind) -> list[Chain]:
    """Return every chain of couplings that ends in an irrep, in the order and with the signs of MACE's redundant paths.

    Each step runs through the chains so far, the summands and the irreps of their product, and is then sorted by irrep; where there are
    four factors, only natural parities up to degree 11 are passed through, as MACE does. Signs are those of e3nn 0.4, on which MACE rests.

    Examples
    --------
    >>> len(chains(((0, 1), (1, -1), (2, 1), (3, -1)), 3, (1, -1)))
    51
    """
    found = [Chain(ir, (a,), np.eye(2 * ir[0] + 1)) for a, ir in enumerate(irreps)]
    natural = degree == 4
    for step in range(2, degree + 1):
        wanted = kind if step == degree else None
        found = sorted(_longer(irreps, found, wanted, natural), key=lambda chain: chain.kind)
    return [chain for chain in found if chain.kind == kind]


def _longer(irreps: tuple[Kind, ...], found: list[Chain], wanted: Kind | None, natural: bool) -> Iterator[Chain]:
    for chain, (a, (l_a, p_a)) in itertools.product(found, enumerate(irreps)):
        l, p = chain.kind
        for reached in range(abs(l - l_a), l + l_a + 1):
            if wanted not in (None, (reached, p * p_a)) or (natural and (p * p_a != (-1) ** reached or reached > 11)):
                continue
            P = _coupled(irreps, chain.type, chain.polynomial[None], a, reached)[0]
            yield Chain((reached, p * p_a), _with(chain.type, a), _former_sign(reached, l, l_a) * P)


def _former_sign(*degrees: int) -> int:
    """Return the sign of a coupling of e3nn 0.4 relative to that of 0.6, which differ for some odd sums of degrees (compared up to degree 11)."""
    a, b, c = sorted(degrees)
    return -1 if (a + b + c) % 2 and (a + c - b) % 4 == 1 and not (a == b and c == 2 * a - 1) else 1
