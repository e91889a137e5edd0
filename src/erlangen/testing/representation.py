"""The battery of linear representations: homomorphism, characters, Schur's lemma, orthogonality.

Definition: primitives ``dim, matrix(g), character(g)`` and, where there are any, ``decompose()`` as pairs ``(representation, multiplicity)``.
Convention: ``matrix(g)`` acts on column vectors, ``matrix(g h) = matrix(g) matrix(h)``; Schur counts are taken over the complex numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.random import RngLike, as_generator
from erlangen.testing.arrays import eps_of, like, to_array, value_of
from erlangen.testing.law_report import LawReport
from erlangen.testing.laws import Measurement, NotApplicable, agree, holds, register, run_laws
from erlangen.validation import check_integer

__all__ = ["check_representation", "commutant_dimension"]

_LARGEST = 24


@dataclass(frozen=True)
class _Case:
    rep: Any
    group: Any
    a: Any
    b: Any
    rtol: float
    quadrature: tuple[Any, Any] | None
    irreducible: bool | None

    @property
    def dim(self) -> int:
        return int(value_of(self.rep, "dim"))

    def matrix(self, g: Any) -> NDArray[Any]:
        return to_array(self.rep.matrix(g))

    def parts(self) -> list[tuple[Any, int]]:
        if not hasattr(self.rep, "decompose"):
            reason = "the representation has no decompose"
            raise NotApplicable(reason)
        return [(part, int(multiplicity)) for part, multiplicity in self.rep.decompose()]

    def commutant(self) -> int:
        if self.dim > _LARGEST:
            reason = f"dim {self.dim} > {_LARGEST}: the commutant would be too large"
            raise NotApplicable(reason)
        return commutant_dimension(self.matrix(self.a), tolerance=self.rtol)


def commutant_dimension(matrices: Any, *, tolerance: float = 1e-9) -> int:
    """Return the dimension over C of the matrices that commute with all of ``matrices`` ``(n, d, d)``.

    It is the nullity of the stacked ``M ⊗ 1 - 1 ⊗ Mᵀ``; singular values below ``tolerance`` times the largest count as zero.

    Examples
    --------
    >>> commutant_dimension(np.eye(2)[None])
    4
    """
    stack = to_array(matrices)
    d = stack.shape[-1]
    one = np.eye(d)
    system = np.concatenate([np.kron(m, one) - np.kron(one, m.T) for m in stack])
    values = np.linalg.svd(system, compute_uv=False)
    return int(d * d - np.count_nonzero(values > tolerance * max(1.0, float(np.abs(stack).max()))))


def _shape(case: _Case) -> Measurement:
    found = case.matrix(case.a).shape
    wanted = (len(case.a), case.dim, case.dim)
    return holds(found == wanted, f"matrix(g) has shape {found} where {wanted} was expected")


def _identity(case: _Case) -> Measurement:
    unit = like(to_array(value_of(case.group, "identity"))[None], case.a)
    return agree(case.matrix(unit), np.eye(case.dim)[None], case.rtol)


def _homomorphism(case: _Case) -> Measurement:
    together = case.matrix(case.group.compose(case.a, case.b))
    return agree(together, case.matrix(case.a) @ case.matrix(case.b), case.rtol)


def _inverse(case: _Case) -> Measurement:
    product = case.matrix(case.group.inverse(case.a)) @ case.matrix(case.a)
    return agree(product, np.broadcast_to(np.eye(case.dim), product.shape), case.rtol)


def _character(case: _Case) -> Measurement:
    trace = np.trace(case.matrix(case.a), axis1=-2, axis2=-1)
    return agree(case.rep.character(case.a), trace, case.rtol, scale=1.0)


def _class_function(case: _Case) -> Measurement:
    mul = case.group.compose
    moved = mul(mul(case.b, case.a), case.group.inverse(case.b))
    return agree(case.rep.character(moved), case.rep.character(case.a), case.rtol, scale=float(case.dim))


def _unitary(case: _Case) -> Measurement:
    if not getattr(case.rep, "unitary", False):
        reason = "the representation does not claim to be unitary"
        raise NotApplicable(reason)
    m = case.matrix(case.a)
    return agree(np.swapaxes(m.conj(), -1, -2) @ m, np.broadcast_to(np.eye(case.dim), m.shape), case.rtol)


def _schur(case: _Case) -> Measurement:
    if case.irreducible is None:
        reason = "pass irreducible=True or False"
        raise NotApplicable(reason)
    found = case.commutant()
    return holds(
        (found == 1) == case.irreducible, f"the commutant has dimension {found}, irreducible={case.irreducible}"
    )


def _decompose_dimension(case: _Case) -> Measurement:
    total = sum(multiplicity * int(value_of(part, "dim")) for part, multiplicity in case.parts())
    return holds(total == case.dim, f"the parts have dimension {total}, the whole {case.dim}")


def _decompose_character(case: _Case) -> Measurement:
    total: Any = sum(multiplicity * to_array(part.character(case.a)) for part, multiplicity in case.parts())
    return agree(total, case.rep.character(case.a), case.rtol, scale=1.0)


def _decompose_multiplicities(case: _Case) -> Measurement:
    wanted, found = sum(multiplicity**2 for _, multiplicity in case.parts()), case.commutant()
    return holds(found == wanted, f"the commutant has dimension {found}, the squared multiplicities sum to {wanted}")


def _orthogonality(case: _Case) -> Measurement:
    if case.quadrature is None or not case.irreducible:
        reason = "needs irreducible=True and quadrature=(elements, weights)"
        raise NotApplicable(reason)
    elements, weights = case.quadrature
    m, w = case.matrix(elements), to_array(weights)
    flat = m.reshape(len(m), -1)
    gram = np.einsum("n,ni,nj->ij", w / w.sum(), flat, flat.conj())
    return agree(gram, np.eye(case.dim**2) / case.dim, case.rtol, what="matrix coefficient")


LAWS: dict[str, Callable[[_Case], Measurement]] = {
    "shape": _shape,
    "the identity acts as one": _identity,
    "homomorphism": _homomorphism,
    "inverses": _inverse,
    "character is the trace": _character,
    "character is a class function": _class_function,
    "unitary": _unitary,
    "Schur's lemma": _schur,
    "decompose keeps the dimension": _decompose_dimension,
    "decompose keeps the character": _decompose_character,
    "decompose counts the commutant": _decompose_multiplicities,
    "orthogonality of matrix coefficients": _orthogonality,
}


def check_representation(
    representation: Any,
    group: Any,
    *,
    n: int = 8,
    irreducible: bool | None = None,
    quadrature: tuple[Any, Any] | None = None,
    rtol: float | None = None,
    rng: RngLike = 0,
    only: Iterable[str] | None = None,
) -> LawReport:
    """Measure the laws of a linear representation of ``group``.

    Schur: an irreducible representation commutes with scalars only; ``decompose`` into irreducibles with multiplicities ``m_i`` must
    give a commutant of dimension ``Σ m_i²``. Orthogonality: ``∫ M_ij conj(M_kl) dg = δ_ik δ_jl / dim``.

    Parameters
    ----------
    representation : object
        ``dim``; ``matrix(g)`` ``(n, dim, dim)``; ``character(g)`` ``(n,)``; optional ``decompose()`` and ``unitary``.
    group : object
        ``compose, inverse, identity, sample(n, rng=)``, see :func:`check_group`.
    n : int
        Number of group elements.
    irreducible : bool, optional
        The claim that Schur's lemma tests; over C and by sampled elements.
    quadrature : pair of arrays, optional
        Group elements and positive weights that integrate products of two matrix coefficients exactly (a finite group: all elements).
    rtol : float, optional
        Relative tolerance, ``eps**0.6`` if omitted.
    rng : int or Generator
        Seed of the samples.
    only : names, optional
        Measure these laws only.

    Returns
    -------
    LawReport

    References
    ----------
    J.-P. Serre, Linear Representations of Finite Groups, §2.2, corollaries 2 and 3 of proposition 4.

    Examples
    --------
    >>> class Signs:
    ...     identity = np.ones(1)
    ...     def compose(self, a, b): return a * b
    ...     def inverse(self, a): return a
    ...     def sample(self, n, rng): return np.random.default_rng(rng).choice([-1.0, 1.0], (n, 1))
    >>> class Sign:
    ...     dim = 1
    ...     def matrix(self, g): return g[:, :, None]
    ...     def character(self, g): return g[:, 0]
    >>> check_representation(Sign(), Signs(), irreducible=True).passed
    True
    """

    def build() -> _Case:
        generator = as_generator(rng)
        check_integer(n, "n", low=1)
        a, b = (group.sample(n, rng=generator) for _ in range(2))
        return _Case(representation, group, a, b, rtol or eps_of(a) ** 0.6, quadrature, irreducible)

    return run_laws(representation, LAWS, build, only=only)


register(check_representation, LAWS)
