"""The battery of linear operators: linearity, adjoint, tags that tell the truth, agreement with dense.

Definition: primitives ``shape, dtype, matmul(B), adjoint()``, optional ``tags`` and ``to_dense()``; SciPy's operators and matrices pass as they are.
Convention: the adjoint is the conjugate transpose; ``matmul`` takes ``(n,)`` and ``(n, m)``; tags are names such as ``"symmetric"`` and ``"psd"``.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.random import RngLike, as_generator
from erlangen.testing.arrays import eps_of, like, to_array
from erlangen.testing.law_report import LawReport
from erlangen.testing.laws import Measurement, NotApplicable, agree, holds, refuses, register, run_laws
from erlangen.validation import check_integer

__all__ = ["check_operator"]

_LARGEST = 1024
_TAGS = frozenset({"symmetric", "self-adjoint", "hermitian", "psd", "diagonal", "orthogonal", "unitary"})


@dataclass(frozen=True)
class _Case:
    operator: Any
    x: Any
    y: Any
    z: Any
    rtol: float

    def apply(self, x: Any) -> Any:
        return _apply(self.operator, x)

    def transposed(self) -> Any:
        adjoint = getattr(self.operator, "adjoint", None)
        if adjoint is None:
            return self.operator.conj().T
        return adjoint() if callable(adjoint) else adjoint

    def dense(self) -> NDArray[Any]:
        """Return the matrix found by applying the operator to the unit vectors."""
        columns = int(self.operator.shape[1])
        if columns > _LARGEST:
            reason = f"{columns} > {_LARGEST} columns: too many to make it dense"
            raise NotApplicable(reason)
        return to_array(self.apply(like(np.eye(columns), self.x)))

    def tags(self) -> frozenset[str]:
        tags: Any = getattr(self.operator, "tags", frozenset())
        return frozenset(map(str, tags() if callable(tags) else tags))


def _apply(operator: Any, x: Any) -> Any:
    return operator.matmul(x) if hasattr(operator, "matmul") else operator @ x


def _sample(dtype: Any) -> Any:
    """Return one number of a NumPy or torch dtype."""
    torch = sys.modules.get("torch")
    return torch.zeros(1, dtype=dtype) if torch and isinstance(dtype, torch.dtype) else np.zeros(1, dtype=dtype)


def _shape(case: _Case) -> Measurement:
    rows, columns = (int(length) for length in case.operator.shape)
    vector, block = case.apply(case.x[:, 0]), case.apply(case.x)
    wanted = ((rows,), (rows, case.x.shape[1]))
    found = (tuple(vector.shape), tuple(block.shape))
    return holds(found == wanted, f"results have shapes {found}, shape {(rows, columns)} means {wanted}")


def _dtype(case: _Case) -> Measurement:
    found, said = case.apply(case.x).dtype, case.operator.dtype
    return holds(
        str(found) == str(np.dtype(said) if isinstance(said, type) else said), f"the result is {found}, dtype {said}"
    )


def _block(case: _Case) -> Measurement:
    columns = [to_array(case.apply(case.x[:, j])) for j in range(case.x.shape[1])]
    return agree(to_array(case.apply(case.x)).T, np.stack(columns), case.rtol)


def _linear(case: _Case) -> Measurement:
    both = case.apply(2.0 * case.x - 3.0 * case.z)
    return agree(
        to_array(both).T, (2.0 * to_array(case.apply(case.x)) - 3.0 * to_array(case.apply(case.z))).T, case.rtol
    )


def _deterministic(case: _Case) -> Measurement:
    before = to_array(case.x).copy()
    first, second = to_array(case.apply(case.x)).copy(), to_array(case.apply(case.x))
    if not np.array_equal(before, to_array(case.x)):
        return holds(False, "matmul changes its argument")
    return agree(first, second, 0.0)


def _adjoint_shape(case: _Case) -> Measurement:
    found, wanted = tuple(case.transposed().shape), tuple(case.operator.shape)[::-1]
    return holds(found == wanted, f"the adjoint has shape {found} where {wanted} was expected")


def _adjoint(case: _Case) -> Measurement:
    image, back = to_array(case.apply(case.x)), to_array(_apply(case.transposed(), case.y))
    left = np.sum(to_array(case.y).conj() * image, axis=0)
    right = np.sum(back.conj() * to_array(case.x), axis=0)
    scale = float(np.linalg.norm(image) * np.linalg.norm(to_array(case.y)))
    return agree(left, right, case.rtol, scale=scale)


def _adjoint_twice(case: _Case) -> Measurement:
    once = case.transposed()
    adjoint = getattr(once, "adjoint", None)
    twice = once.conj().T if adjoint is None else (adjoint() if callable(adjoint) else adjoint)
    return agree(to_array(_apply(twice, case.x)), to_array(case.apply(case.x)), case.rtol)


def _agrees_with_dense(case: _Case) -> Measurement:
    for name in ("to_dense", "toarray"):
        if hasattr(case.operator, name):
            dense = case.dense()
            scale = float(np.linalg.norm(dense, axis=-1).max(initial=0.0))
            return agree(dense, getattr(case.operator, name)(), case.rtol, scale=scale or None)
    reason = "the operator has no to_dense or toarray"
    raise NotApplicable(reason)


def _need(case: _Case, *names: str) -> None:
    if not case.tags() & set(names):
        reason = f"the operator does not claim {' or '.join(names)}"
        raise NotApplicable(reason)


def _symmetric(case: _Case) -> Measurement:
    _need(case, "symmetric", "self-adjoint", "hermitian", "psd")
    dense = case.dense()
    return agree(dense, dense.conj().T, case.rtol, scale=float(np.linalg.norm(dense, axis=-1).max()))


def _psd(case: _Case) -> Measurement:
    _need(case, "psd")
    dense = case.dense()
    values = np.linalg.eigvalsh((dense + dense.conj().T) / 2)
    lowest, largest = float(values[0]), float(np.abs(values).max())
    residual = float(np.maximum(0.0, -lowest / largest)) if largest != 0 else 0.0
    return Measurement(residual, case.rtol, f"lowest eigenvalue {lowest:.3g}")


def _diagonal(case: _Case) -> Measurement:
    _need(case, "diagonal")
    dense = case.dense()
    return agree(dense, np.diag(np.diag(dense)), case.rtol, scale=float(np.abs(dense).max()))


def _orthogonal(case: _Case) -> Measurement:
    _need(case, "orthogonal", "unitary")
    dense = case.dense()
    return agree(dense.conj().T @ dense, np.eye(dense.shape[1]), case.rtol)


def _refuses_length(case: _Case) -> Measurement:
    wrong = like(np.ones(int(case.operator.shape[1]) + 1), case.x)
    return refuses(
        lambda: case.apply(wrong), "a vector of the wrong length", (ValueError, ArithmeticError, RuntimeError)
    )


def _known_tags(case: _Case) -> Measurement:
    if not case.tags():
        reason = "the operator has no tags"
        raise NotApplicable(reason)
    odd = sorted(case.tags() - _TAGS)
    return holds(not odd, f"no law tests the tags {odd}; known are {', '.join(sorted(_TAGS))}")


LAWS: dict[str, Callable[[_Case], Measurement]] = {
    "shape": _shape,
    "dtype": _dtype,
    "a block equals its columns": _block,
    "linearity": _linear,
    "deterministic and without side effect": _deterministic,
    "the adjoint has the transposed shape": _adjoint_shape,
    "adjoint identity": _adjoint,
    "the adjoint of the adjoint": _adjoint_twice,
    "agreement with dense": _agrees_with_dense,
    "tags are known": _known_tags,
    "tag symmetric is true": _symmetric,
    "tag psd is true": _psd,
    "tag diagonal is true": _diagonal,
    "tag orthogonal is true": _orthogonal,
    "refuses a wrong length": _refuses_length,
}


def check_operator(
    operator: Any,
    *,
    reference: Any = None,
    n: int = 4,
    rtol: float | None = None,
    rng: RngLike = 0,
    only: Iterable[str] | None = None,
) -> LawReport:
    """Measure the laws of a linear operator ``A``: linearity, ``<y, A x> = <A* y, x>``, true tags, agreement with its dense matrix.

    Parameters
    ----------
    operator : object
        ``shape``, ``dtype``, ``matmul(B)`` or ``@``, ``adjoint()`` (else ``.conj().T``); optional ``to_dense()`` and ``tags`` among
        ``symmetric`` (``hermitian``, ``self-adjoint``: all mean ``A = A*``), ``psd``, ``diagonal``, ``orthogonal`` (``unitary``: ``A* A = 1``).
    reference : array or tensor, optional
        One array of the kind the operator takes; if omitted, its ``dtype`` says whether that is NumPy or torch.
    n : int
        Number of probe vectors.
    rtol : float, optional
        Relative tolerance, ``eps**0.6`` if omitted.
    rng : int or Generator
        Seed of the probes.
    only : names, optional
        Measure these laws only.

    Returns
    -------
    LawReport

    References
    ----------
    J. F. Claerbout, Earth Soundings Analysis, §5.1.3 (the dot-product test of an adjoint).

    Examples
    --------
    >>> check_operator(np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])).passed
    True
    """

    def build() -> _Case:
        generator = as_generator(rng)
        check_integer(n, "n", low=1)
        sample = _sample(operator.dtype) if reference is None else reference
        rows, columns = (int(length) for length in operator.shape)

        def probe(length: int) -> Any:
            values = generator.standard_normal((length, n))
            if to_array(sample).dtype.kind == "c":
                values = values + 1j * generator.standard_normal((length, n))
            return like(values, sample)

        return _Case(operator, probe(columns), probe(rows), probe(columns), rtol or eps_of(sample) ** 0.6)

    return run_laws(operator, LAWS, build, only=only)


register(check_operator, LAWS)
