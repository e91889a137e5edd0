r"""The equivariant maps from symmetric powers of one feature to each output irrep, numbered as the weights are.

Definition: paths of degree 1 … :math:`\nu` for each output irrep: a basis of the symmetrised maps, or all chains of couplings (MACE, NeurIPS 2022, eq. 10).
Convention: the basis is orthonormal, :math:`U U^T = I` for each symmetric tensor U; chains have component normalisation. Output by output, degree by degree.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from erlangen.errors import DomainError
from erlangen.representations.irreps import Irreps
from erlangen.representations.products.symmetric_polynomials import Kind, basis, chains, types
from erlangen.validation import check_integer

__all__ = ["SymmetricBasis", "SymmetricPath"]


@dataclass(frozen=True, eq=False)
class SymmetricPath:
    """One equivariant polynomial: its output, its degree, the summands it multiplies, its coefficients (2l+1, M)."""

    output: int
    degree: int
    type: tuple[int, ...]
    polynomial: NDArray[np.float64]


@dataclass(frozen=True, init=False)
class SymmetricBasis:
    r"""The paths of a symmetric contraction.

    .. math:: B_{Lm}(x) = \sum_{\nu} \sum_{p} w_{\nu p} \sum_{i_1 \dots i_\nu} U^{(\nu p)}_{m, i_1 \dots i_\nu} x_{i_1} \cdots x_{i_\nu}

    Parameters
    ----------
    irreps_in, irreps_out : Irreps or str
        Irreps of one channel of the feature and of the result; multiplicities stand for channels and are not read.
    correlation : int or sequence of int
        Highest degree, for all outputs or for each.
    reduced : bool
        A basis of the symmetrised maps; otherwise all chains, of which many are the same map (as mace-torch keeps them).

    Raises
    ------
    DomainError
        If an output cannot be reached; those that can be are named.

    Examples
    --------
    >>> full = SymmetricBasis("0e+1o+2e+3o", "0e+1o", 3, reduced=False)
    >>> SymmetricBasis("0e+1o+2e+3o", "0e+1o", 3)
    SymmetricBasis('0e+1o+2e+3o', '0e+1o', 3, reduced=True)
    >>> full.counts[1], SymmetricBasis("0e+1o+2e+3o", "0e+1o", 3).counts[1]
    ((1, 6, 51), (1, 3, 12))
    """

    kinds_in: tuple[Kind, ...]
    kinds_out: tuple[Kind, ...]
    correlation: tuple[int, ...]
    reduced: bool
    text: str = field(compare=False)

    def __init__(
        self, irreps_in: Irreps | str, irreps_out: Irreps | str, correlation: int | Sequence[int], reduced: bool = True
    ) -> None:
        kinds_in, kinds_out = (tuple((ir.l, ir.p) for _, ir in Irreps(irreps)) for irreps in (irreps_in, irreps_out))
        each = [correlation] * len(kinds_out) if isinstance(correlation, int) else list(correlation)
        if len(each) != len(kinds_out):
            message = f"correlation has {len(each)} entries for {len(kinds_out)} outputs"
            raise DomainError(message, hint="give one integer, or one for each output irrep")
        object.__setattr__(self, "kinds_in", kinds_in)
        object.__setattr__(self, "kinds_out", kinds_out)
        object.__setattr__(self, "correlation", tuple(check_integer(nu, "correlation", low=1, high=8) for nu in each))
        object.__setattr__(self, "reduced", bool(reduced))
        powers = ",".join(map(str, self.correlation))
        object.__setattr__(self, "text", ";".join((_names(kinds_in), _names(kinds_out), powers, str(self.reduced))))
        for kind, nu in zip(kinds_out, self.correlation, strict=True):
            if not _reaches(kinds_in, nu, kind):
                message = f"irreps_out: {_name(kind)} is not reached by powers up to {nu} of {_names(kinds_in)}"
                raise DomainError(message, hint=f"within reach are {_names(_reached(kinds_in, nu))}")

    def __repr__(self) -> str:
        nu = self.correlation if len(set(self.correlation)) > 1 else self.correlation[0] if self.correlation else 1
        return f"SymmetricBasis({_names(self.kinds_in)!r}, {_names(self.kinds_out)!r}, {nu}, reduced={self.reduced})"

    @property
    def dim_in(self) -> int:
        """Components of the feature, one channel."""
        return sum(2 * l + 1 for l, _ in self.kinds_in)

    @property
    def dim_out(self) -> int:
        """Components of the result, one channel."""
        return sum(2 * l + 1 for l, _ in self.kinds_out)

    @property
    def paths(self) -> tuple[SymmetricPath, ...]:
        """The paths in the order of the weights."""
        return _paths(self)

    @property
    def counts(self) -> tuple[tuple[int, ...], ...]:
        """Number of paths of each degree, output by output."""
        found = [[0] * nu for nu in self.correlation]
        for path in self.paths:
            found[path.output][path.degree - 1] += 1
        return tuple(map(tuple, found))

    def twin(self, *, reduced: bool) -> SymmetricBasis:
        """Return the same maps in the basis, or by all chains."""
        return SymmetricBasis(_names(self.kinds_in), _names(self.kinds_out), self.correlation, reduced)


@functools.lru_cache(maxsize=256)
def _paths(maps: SymmetricBasis) -> tuple[SymmetricPath, ...]:
    return tuple(
        path
        for output, (kind, correlation) in enumerate(zip(maps.kinds_out, maps.correlation, strict=True))
        for degree in range(1, correlation + 1)
        for path in _paths_of_degree(maps, output, kind, degree)
    )


def _paths_of_degree(maps: SymmetricBasis, output: int, kind: Kind, degree: int) -> Iterator[SymmetricPath]:
    irreps = maps.kinds_in
    if not maps.reduced:
        for chain in chains(irreps, degree, kind):
            yield SymmetricPath(output, degree, chain.type, chain.polynomial)
        return
    for kinds in types(irreps, degree, kind):
        for polynomial in basis(irreps, kinds, kind[0]):
            yield SymmetricPath(output, degree, kinds, polynomial)


def _name(kind: Kind) -> str:
    return f"{kind[0]}{'e' if kind[1] == 1 else 'o'}"


def _names(kinds: Sequence[Kind]) -> str:
    return "+".join(map(_name, kinds))


def _reaches(kinds: tuple[Kind, ...], correlation: int, kind: Kind) -> bool:
    degrees = range(1, correlation + 1)
    return any(len(basis(kinds, t, kind[0])) for degree in degrees for t in types(kinds, degree, kind))


def _reached(kinds: tuple[Kind, ...], correlation: int) -> list[Kind]:
    top = correlation * max((l for l, _ in kinds), default=0)
    return [(l, p) for l in range(top + 1) for p in (1, -1) if _reaches(kinds, correlation, (l, p))]
