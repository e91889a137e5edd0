r"""What a product couples, as a value: its irreps, its kind and its rank, without weights or route.

Definition: a kind gives each path (l1, l2, l3) a strength: 1, :math:`\kappa`, :math:`\beta`, both, or :math:`\mu`; paths of strength zero are lost.
Convention: settings as in Xie et al. (ICML 2025): SISO (L) x (L) -> (L), SIMO (L) x (L) -> 0..2L, MIMO 0..L x 0..L -> 0..2L, natural parity.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from erlangen.errors import DomainError
from erlangen.representations.couplings import gaunt_scale
from erlangen.representations.irrep import Irrep
from erlangen.representations.irreps import Irreps
from erlangen.representations.products.coupling_scales import bracket_scale, lift_degree, matrix_scale
from erlangen.validation import check_choice, check_integer

__all__ = ["KINDS", "ProductSpec", "setting", "spec_of"]

KINDS = ("clebsch-gordan", "gaunt", "bracket", "complete-gaunt", "matrix")
TermPath = tuple[int, int, int]


@dataclass(frozen=True)
class ProductSpec:
    """The type of a bilinear product.

    Parameters
    ----------
    irreps_in1, irreps_in2, irreps_out : Irreps or str
        Types of the arguments and of the result.
    kind : {"clebsch-gordan", "gaunt", "bracket", "complete-gaunt", "matrix"}
        Which couplings there are.
    rank : int
        Number of products that are summed, each with weights of its own; without effect on ``clebsch-gordan``, whose paths are free.
    parity : bool
        Whether inversion counts; if not, irreps are those of SO(3).

    Raises
    ------
    DomainError
        If the kind is unknown or the rank is not positive.

    Examples
    --------
    >>> spec = ProductSpec("0e+1o", "0e+1o", "0e+1o+2e", kind="gaunt")
    >>> len(spec.paths), spec == eval(repr(spec))
    (5, True)
    """

    irreps_in1: Irreps
    irreps_in2: Irreps
    irreps_out: Irreps
    kind: str = "clebsch-gordan"
    rank: int = 1
    parity: bool = True

    def __post_init__(self) -> None:
        for name in ("irreps_in1", "irreps_in2", "irreps_out"):
            object.__setattr__(self, name, Irreps(getattr(self, name)))
        check_choice(self.kind, "kind", KINDS)
        check_integer(self.rank, "rank", low=1)

    def __repr__(self) -> str:
        types = ", ".join(repr(str(irreps)) for irreps in (self.irreps_in1, self.irreps_in2, self.irreps_out))
        return f"ProductSpec({types}, kind={self.kind!r}, rank={self.rank}, parity={self.parity})"

    @property
    def degrees(self) -> tuple[int, int, int]:
        """The highest degrees of the three types, 0 for an empty one."""
        l1, l2, l3 = (
            max((ir.l for _, ir in irreps), default=0) for irreps in (self.irreps_in1, self.irreps_in2, self.irreps_out)
        )
        return l1, l2, l3

    @cached_property
    def allowed(self) -> tuple[TermPath, ...]:
        """The terms (i, j, k) that symmetry lets meet: all equivariant bilinear maps."""
        return tuple(
            (i, j, k)
            for i, (_, a) in enumerate(self.irreps_in1)
            for j, (_, b) in enumerate(self.irreps_in2)
            for k, (_, c) in enumerate(self.irreps_out)
            if abs(a.l - b.l) <= c.l <= a.l + b.l and (not self.parity or a.p * b.p == c.p)
        )

    @cached_property
    def paths(self) -> tuple[TermPath, ...]:
        """The terms (i, j, k) that the kind couples."""
        return tuple(path for path in self.allowed if self.strength(*self.irreps_of(path)))

    def irreps_of(self, path: TermPath) -> tuple[Irrep, Irrep, Irrep]:
        """Return the three irreps of a path."""
        i, j, k = path
        return self.irreps_in1[i].ir, self.irreps_in2[j].ir, self.irreps_out[k].ir

    def size(self, path: TermPath) -> int:
        """Return the number of copies that meet, ``mul1 mul2 mul3``."""
        i, j, k = path
        return self.irreps_in1[i].mul * self.irreps_in2[j].mul * self.irreps_out[k].mul

    def strength(self, a: Irrep, b: Irrep, c: Irrep) -> float:
        """Return the coupling of three irreps in units of the 3j tensor, zero if the kind lacks it.

        Examples
        --------
        >>> spec = ProductSpec("1o", "1o", "1e", kind="gaunt")
        >>> spec.strength(Irrep("1o"), Irrep("1o"), Irrep("1e"))
        0.0
        """
        return _strength(self.kind, a.l, b.l, c.l, lift_degree(*self.degrees[:2]))


def _strength(kind: str, l1: int, l2: int, l3: int, t: int) -> float:
    if kind == "clebsch-gordan":
        return 1.0
    if kind == "matrix":
        return matrix_scale(l1, l2, l3, t) if l3 <= 2 * t else 0.0
    even = (l1 + l2 + l3) % 2 == 0
    if kind == "gaunt" or (kind == "complete-gaunt" and even):
        return gaunt_scale(l1, l2, l3)
    return bracket_scale(l1, l2, l3)


def setting(name: str, lmax: int, *, kind: str = "clebsch-gordan", rank: int = 1, parity: bool = True) -> ProductSpec:
    """Return a setting in which products are compared.

    Parameters
    ----------
    name : {"siso", "simo", "mimo"}
        One degree into one, one into all, all into all.
    lmax : int
        The degree L.
    kind, rank, parity
        As :class:`ProductSpec`.

    Raises
    ------
    DomainError
        If the name is unknown or L is negative.

    Examples
    --------
    >>> setting("mimo", 1)
    ProductSpec('1x0e+1x1o', '1x0e+1x1o', '1x0e+1x1o+1x2e', kind='clebsch-gordan', rank=1, parity=True)
    >>> len(setting("siso", 3).paths)  # 3o x 3o holds no 3o
    0
    """
    check_choice(name, "name", ("siso", "simo", "mimo"))
    L = check_integer(lmax, "lmax", low=0)
    single = Irreps([(1, (L, (-1) ** L))])
    low = Irreps.signal(L) if name == "mimo" else single
    return ProductSpec(low, low, single if name == "siso" else Irreps.signal(2 * L), kind, rank, parity)


def spec_of(product: Any) -> ProductSpec:
    """Return the type of a product: a :class:`ProductSpec`, or a module with ``irreps_in1``, ``irreps_in2``, ``irreps_out``.

    Raises
    ------
    DomainError
        If it is neither.

    Examples
    --------
    >>> spec_of(setting("siso", 2)).kind
    'clebsch-gordan'
    """
    if isinstance(product, ProductSpec):
        return product
    if isinstance(getattr(product, "spec", None), ProductSpec):
        return product.spec
    try:
        types = product.irreps_in1, product.irreps_in2, product.irreps_out
    except AttributeError as error:
        message = f"{type(product).__name__} is no product: it has no {error.name}"
        raise DomainError(message, hint="pass a ProductSpec or a tensor product module") from error
    return ProductSpec(*types, getattr(product, "kind", "clebsch-gordan"), getattr(product, "rank", 1))
