r"""A direct sum of irreps of O(3) with multiplicities, the type of an equivariant feature.

Definition: an ordered sum of ``mul x ir``; its dimension is ``sum mul (2l + 1)``.
Convention: e3nn's grammar, ``16x0e+8x1o``, with copies outside components (layout ``mul_ir``); the order of terms is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, ClassVar, NamedTuple, overload

import torch
from torch import Tensor

from erlangen.edges import array_edge
from erlangen.errors import DomainError, ShapeError
from erlangen.random import RngLike, as_generator
from erlangen.representations.grammar import parse_irreps
from erlangen.representations.irrep import Irrep
from erlangen.representations.mul_irrep import MulIrrep
from erlangen.representations.rotation_blocks import characters, matrices
from erlangen.validation import check_choice, check_integer

__all__ = ["Irreps", "SortedIrreps"]

Selection = Any  # Irreps | str | iterable of irreps | predicate on terms


class Irreps(Sequence[MulIrrep]):
    """A direct sum of irreps of O(3), a value that prints what it reads.

    Parameters
    ----------
    irreps : str, Irreps, Irrep or sequence of terms
        ``"16x0e + 8x1o"``, or terms ``(mul, ir)``, or irreps; nothing or the empty text is the empty sum.

    Raises
    ------
    ParseError
        If a text breaks the grammar; the position and the token are named.
    DomainError
        If a multiplicity is negative or a term is no irrep.

    Examples
    --------
    >>> x = Irreps("16x0e + 8x1o")
    >>> x, x.dim, x.lmax, x.num_irreps
    (16x0e+8x1o, 40, 1, 24)
    >>> [(mul, ir.l) for mul, ir in x]
    [(16, 0), (8, 1)]
    >>> Irreps([(2, (1, -1)), "0e"]) + "2e"
    2x1o+1x0e+1x2e
    """

    __slots__ = ("_terms",)
    unitary: ClassVar[bool] = True
    _terms: tuple[MulIrrep, ...]

    def __init__(self, irreps: object = ()) -> None:
        object.__setattr__(self, "_terms", _terms(irreps))

    def __setattr__(self, name: str, value: object) -> None:
        message = f"Irreps is a frozen value: {name!r} cannot be set"
        raise AttributeError(message)

    def __reduce__(self) -> tuple[Any, ...]:
        return Irreps, (str(self),)

    def __eq__(self, other: object) -> bool:
        return self._terms == other._terms if isinstance(other, Irreps) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._terms)

    def __len__(self) -> int:
        return len(self._terms)

    def __iter__(self) -> Iterator[MulIrrep]:
        return iter(self._terms)

    @overload
    def __getitem__(self, i: int) -> MulIrrep: ...
    @overload
    def __getitem__(self, i: slice) -> Irreps: ...
    def __getitem__(self, i: int | slice) -> MulIrrep | Irreps:
        return Irreps(self._terms[i]) if isinstance(i, slice) else self._terms[i]

    def __contains__(self, ir: object) -> bool:
        return self.count(ir) > 0 or any(term.ir == Irrep(ir) for term in self)  # type: ignore[arg-type]

    def __repr__(self) -> str:
        return "+".join(map(str, self._terms))

    def __add__(self, other: object) -> Irreps:
        return Irreps(self._terms + Irreps(other)._terms)

    def __radd__(self, other: object) -> Irreps:
        return Irreps(other) + self

    def __mul__(self, n: object) -> Irreps:
        """Return the sum of ``n`` copies, one after the other."""
        if not isinstance(n, int):
            return NotImplemented
        return Irreps(self._terms * n)

    __rmul__ = __mul__

    @staticmethod
    def spherical_harmonics(lmax: int, p: int = -1) -> Irreps:
        """Return the irreps of the harmonics ``Y_0 .. Y_lmax``, of parity ``p**l``.

        Examples
        --------
        >>> Irreps.spherical_harmonics(3), Irreps.spherical_harmonics(2, p=1)
        (1x0e+1x1o+1x2e+1x3o, 1x0e+1x1e+1x2e)
        """
        return Irreps([(1, (l, p**l)) for l in range(check_integer(lmax, "lmax", low=-1) + 1)])

    @staticmethod
    def signal(lmax: int, p_val: int = 1, p_arg: int = -1) -> Irreps:
        """Return the irreps of a function on the sphere of degree ``lmax``: ``(l, p_val p_arg^l)``.

        Parameters
        ----------
        lmax : int
            Degree.
        p_val : {1, -1}
            Parity of the values: -1 for a pseudoscalar function.
        p_arg : {1, -1}
            Parity of the points, -1 for points of space.

        Examples
        --------
        >>> Irreps.signal(2, p_val=-1)
        1x0o+1x1e+1x2o
        """
        return Irreps([(1, (l, p_val * p_arg**l)) for l in range(check_integer(lmax, "lmax", low=-1) + 1)])

    @property
    def dim(self) -> int:
        """The dimension, ``sum mul (2l + 1)``."""
        return sum(term.dim for term in self)

    @property
    def num_irreps(self) -> int:
        """The number of irreps, the sum of the multiplicities."""
        return sum(mul for mul, _ in self)

    @property
    def ls(self) -> list[int]:
        """The degrees, one for each copy."""
        return [ir.l for mul, ir in self for _ in range(mul)]

    @property
    def lmax(self) -> int:
        """The greatest degree; terms with multiplicity 0 do not count."""
        if not self.ls:
            message = f"lmax of {str(self)!r}: the sum is empty"
            raise DomainError(message, hint="ask .num_irreps first")
        return max(self.ls)

    def slices(self) -> list[slice]:
        """Return where each term stands in the last axis.

        Examples
        --------
        >>> Irreps("2x0e + 1e").slices()
        [slice(0, 2, None), slice(2, 5, None)]
        """
        found, start = [], 0
        for term in self:
            found.append(slice(start, start + term.dim))
            start += term.dim
        return found

    def count(self, ir: object) -> int:
        """Return the multiplicity of ``ir``, over all terms.

        Examples
        --------
        >>> Irreps("2x0e + 1o + 3x0e").count("0e")
        5
        """
        wanted = Irrep(ir)  # type: ignore[arg-type]
        return sum(mul for mul, found in self if found == wanted)

    def simplify(self) -> Irreps:
        """Join equal neighbours and drop multiplicities of zero; nothing is sorted.

        Examples
        --------
        >>> Irreps("1e + 1e + 0e + 0x2e + 1e").simplify()
        2x1e+1x0e+1x1e
        """
        joined: list[MulIrrep] = []
        for mul, ir in self:
            if joined and joined[-1].ir == ir:
                joined[-1] = MulIrrep(joined[-1].mul + mul, ir)
            elif mul:
                joined.append(MulIrrep(mul, ir))
        return Irreps(joined)

    def remove_zero_multiplicities(self) -> Irreps:
        """Drop the terms of multiplicity zero."""
        return Irreps([term for term in self if term.mul])

    def sort(self) -> SortedIrreps:
        """Sort the terms by ``(l, p)``; terms that are equal keep their order.

        Returns
        -------
        SortedIrreps
            ``irreps``; ``p``, where each old term went; ``inv``, where each new term came from.

        Examples
        --------
        >>> Irreps("2o + 1e + 0e + 1e").sort()
        SortedIrreps(irreps=1x0e+1x1e+1x1e+1x2o, p=(3, 1, 0, 2), inv=(2, 1, 3, 0))
        """
        inv = tuple(sorted(range(len(self)), key=lambda i: self[i].ir))
        p = tuple(sorted(range(len(self)), key=lambda i: inv[i]))
        return SortedIrreps(Irreps([self[i] for i in inv]), p, inv)

    def regroup(self) -> Irreps:
        """Sort, then simplify.

        Examples
        --------
        >>> Irreps("1e + 0e + 1e + 0x2e").regroup()
        1x0e+2x1e
        """
        return self.sort().irreps.simplify()

    @array_edge("R")
    def matrix(self, R: Tensor) -> Tensor:
        """Return the block-diagonal matrices ``(..., dim, dim)`` of orthogonal ``R`` ``(..., 3, 3)``, layout ``mul_ir``.

        Raises
        ------
        DomainError
            If a matrix is not orthogonal.

        Examples
        --------
        >>> import numpy as np
        >>> np.diag(Irreps("0o+2x1o").matrix(-np.eye(3)))
        array([-1., -1., -1., -1., -1., -1., -1.])
        """
        kinds = tuple({(ir.l, ir.p): None for mul, ir in self if mul})
        blocks = dict(zip(kinds, matrices(kinds, R), strict=True))
        whole = R.new_zeros((*R.shape[:-2], self.dim, self.dim))
        for s, (mul, ir) in zip(self.slices(), self, strict=True):
            if mul:
                copies = whole[..., s, s].view(*whole.shape[:-2], mul, ir.dim, mul, ir.dim)
                copies.diagonal(dim1=-4, dim2=-2).copy_(blocks[ir.l, ir.p][..., None])
        return whole

    @array_edge("R")
    def character(self, R: Tensor) -> Tensor:
        """Return the traces ``(...)`` of the matrices of orthogonal ``R`` ``(..., 3, 3)``.

        Examples
        --------
        >>> import numpy as np
        >>> float(Irreps("0o+2x1o").character(np.eye(3)))
        7.0
        """
        kinds = tuple((ir.l, ir.p) for _, ir in self)
        total = R.new_zeros(R.shape[:-2])
        for (mul, _), value in zip(self, characters(kinds, R), strict=True):
            total = total + mul * value
        return total

    def decompose(self) -> list[tuple[Irrep, int]]:
        """Return the irreps that occur with their multiplicities, sorted.

        Examples
        --------
        >>> Irreps("1o + 0e + 2x1o").decompose()
        [(0e, 1), (1o, 3)]
        """
        return [(ir, mul) for mul, ir in self.regroup()]

    def filter(self, keep: Selection = None, *, drop: Selection = None, lmax: int | None = None) -> Irreps:
        """Return the terms whose irrep is kept, not dropped, and of degree at most ``lmax``.

        Parameters
        ----------
        keep, drop : irreps, text, iterable of irreps, or predicate on terms, optional
            What stays and what goes.
        lmax : int, optional
            Greatest degree.

        Examples
        --------
        >>> x = Irreps("1e + 2e + 0e")
        >>> x.filter("0e + 2x1e"), x.filter(drop=["1e"]), x.filter(lmax=1), x.filter(lambda term: term.ir.l > 1)
        (1x1e+1x0e, 1x2e+1x0e, 1x1e+1x0e, 1x2e)
        """
        kept, dropped = _predicate(keep, True), _predicate(drop, False)
        return Irreps(
            [term for term in self if kept(term) and not dropped(term) and (lmax is None or term.ir.l <= lmax)]
        )

    def randn(
        self,
        *size: int,
        normalization: str = "component",
        rng: RngLike = None,
        generator: torch.Generator | None = None,
        dtype: torch.dtype | None = None,
        device: torch.device | str | None = None,
        requires_grad: bool = False,
    ) -> Tensor:
        """Return normal features, the ``-1`` in ``size`` standing for the dimension.

        Parameters
        ----------
        size : int
            Shape, with one ``-1`` (none: the last axis is added).
        normalization : {"component", "norm"}
            Variance one for each component, or length one for each copy.
        rng : int or numpy Generator, optional
            Seed.
        generator : torch.Generator, optional
            Used instead of ``rng``.
        dtype, device, requires_grad
            As in :func:`torch.randn`.

        Raises
        ------
        ShapeError
            If ``size`` has more than one ``-1``.

        Examples
        --------
        >>> Irreps("5x0e + 10x1o").randn(2, -1, 3, rng=0).shape
        torch.Size([2, 35, 3])
        """
        check_choice(normalization, "normalization", ("component", "norm"))
        size = size if -1 in size else (*size, -1)
        if size.count(-1) != 1:
            message = f"size must hold -1 once, got {size}"
            raise ShapeError(message, hint="-1 stands for the axis of the irreps")
        axis = size.index(-1)
        shape = (*size[:axis], *size[axis + 1 :], self.dim)
        kind = torch.get_default_dtype() if dtype is None else dtype
        if generator is None:
            x = torch.as_tensor(as_generator(rng).standard_normal(shape)).to(dtype=kind, device=device)
        else:
            x = torch.randn(shape, generator=generator, dtype=kind, device=device or generator.device)
        if normalization == "norm":
            parts = [
                x[..., s].reshape(*shape[:-1], mul, ir.dim) for s, (mul, ir) in zip(self.slices(), self, strict=True)
            ]
            x = torch.cat([x[..., :0], *((part / part.norm(dim=-1, keepdim=True)).flatten(-2) for part in parts)], -1)
        return x.movedim(-1, axis).contiguous().requires_grad_(requires_grad)


class SortedIrreps(NamedTuple):
    """What :meth:`Irreps.sort` returns.

    Parameters
    ----------
    irreps : Irreps
        The sorted sum.
    p : tuple of int
        ``p[old] = new`` place of a term.
    inv : tuple of int
        ``inv[new] = old`` place of a term.

    Examples
    --------
    >>> Irreps("1o + 0e").sort().inv
    (1, 0)
    """

    irreps: Irreps
    p: tuple[int, ...]
    inv: tuple[int, ...]


def _terms(irreps: object) -> tuple[MulIrrep, ...]:
    if isinstance(irreps, Irreps):
        return irreps._terms
    if isinstance(irreps, str):
        return tuple(MulIrrep(mul, Irrep(l, p)) for mul, l, p in parse_irreps(irreps))
    if isinstance(irreps, (Irrep, MulIrrep)):
        return (_term(irreps, 0),)
    if irreps is None:
        return ()
    if not isinstance(irreps, Iterable):
        message = f"irreps must be a text or a sequence of terms, got {irreps!r}"
        raise DomainError(message, hint="write Irreps('16x0e+8x1o')")
    return tuple(_term(term, index) for index, term in enumerate(irreps))


def _term(term: Any, index: int) -> MulIrrep:
    if isinstance(term, (Irrep, str)):
        return MulIrrep(1, Irrep(term))
    try:
        mul, ir = term
    except (TypeError, ValueError):
        message = f"irreps[{index}] must be an irrep or a pair (mul, ir), got {term!r}"
        raise DomainError(message, hint="write (8, '1o') or (8, (1, -1))") from None
    return MulIrrep(check_integer(mul, f"irreps[{index}]: mul", low=0), Irrep(ir))


def _predicate(selection: Selection, default: bool) -> Callable[[MulIrrep], bool]:
    if selection is None:
        return lambda term: default
    if callable(selection):
        return lambda term: bool(selection(term))
    chosen = {term.ir for term in Irreps(selection)}
    return lambda term: term.ir in chosen
