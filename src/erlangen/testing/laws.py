"""The engine of the batteries: laws are plain functions of a case, a battery is a table of them.

Definition: a law takes the case (object, samples, tolerance) and returns a :class:`Measurement`, or raises :class:`NotApplicable`.
Convention: a law that raises anything else counts as broken and the exception is its detail, so that one fault never hides the other laws.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from erlangen.errors import DomainError
from erlangen.testing.arrays import to_array
from erlangen.testing.law_report import LawReport
from erlangen.testing.law_result import LawResult

__all__ = ["Measurement", "NotApplicable", "agree", "holds", "laws_of", "magnitude", "refuses", "register", "run_laws"]

C = TypeVar("C")
_REGISTRY: dict[Callable[..., Any], tuple[str, ...]] = {}
PRIMITIVES = "the primitives are there"


@dataclass(frozen=True, slots=True)
class Measurement:
    """The number a law measured, the number allowed, and where."""

    residual: float
    tolerance: float
    detail: str = ""


class NotApplicable(Exception):  # noqa: N818 - a signal between law and engine, not an error
    """Raised by a law that does not apply to the object at hand; its text is the reason."""


def magnitude(a: Any) -> np.ndarray[Any, Any]:
    """Return the Euclidean norm of every sample ``(n, ...)`` as an array ``(n,)``; a scalar counts as one sample."""
    array = to_array(a)
    rows = array.reshape(array.shape[0] if array.ndim else 1, -1)
    return np.asarray(np.sqrt(np.sum(np.abs(rows.astype(np.result_type(rows, np.float64))) ** 2, axis=-1)))


def agree(actual: Any, expected: Any, tolerance: float, *, scale: float | None = None, what: str = "") -> Measurement:
    """Measure ``|actual - expected|`` sample by sample, relative to the larger of both (and at least ``scale``).

    Examples
    --------
    >>> agree([1.0, 2.0], [1.0, 2.2], 0.01).detail
    'worst at sample 1'

    Raises
    ------
    NotApplicable
        If the arrays are empty: a law that compared nothing has not been measured.
    """
    a, b = to_array(actual), to_array(expected)
    note = f"{what}: " if what else ""
    if a.shape != b.shape:
        return Measurement(float("inf"), tolerance, f"{note}shape {a.shape} where {b.shape} was expected")
    if a.size == 0:
        reason = f"{note}nothing to compare, the arrays have shape {a.shape}"
        raise NotApplicable(reason)
    with np.errstate(all="ignore"):
        gap = magnitude(np.asarray(a, dtype=np.result_type(a, b, np.float64)) - b)
        size = np.maximum(magnitude(a), magnitude(b))
        size = np.maximum(size, np.finfo(np.float64).tiny if scale is None else scale)
        ratio = np.where(gap == 0, 0.0, gap / size)
    ratio = np.where(np.isfinite(ratio), ratio, np.inf)
    worst = int(np.argmax(ratio))
    return Measurement(float(ratio[worst]), tolerance, f"{note}worst at sample {worst}")


def holds(condition: object, detail: str = "") -> Measurement:
    """Measure a law that is yes or no; ``detail`` is kept where it is broken."""
    return Measurement(0.0, 0.0) if bool(condition) else Measurement(1.0, 0.0, detail)


def refuses(
    call: Callable[[], object], what: str, kinds: tuple[type[Exception], ...] = (ValueError, ArithmeticError)
) -> Measurement:
    """Measure whether ``call`` raises one of ``kinds`` with a message; a failure inside a solver (``LinAlgError``) is no refusal."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            call()
    except np.linalg.LinAlgError as error:
        return holds(False, f"{what}: crashed in a solver, LinAlgError: {error}")
    except kinds as error:
        return holds(str(error).strip(), f"{what}: refused without a message ({type(error).__name__})")
    except Exception as error:
        return holds(False, f"{what}: raised {type(error).__name__}: {error}")
    return holds(False, f"{what}: was accepted")


def register(battery: Callable[..., LawReport], laws: Iterable[str]) -> None:
    """Note the names of the laws of a battery, for :func:`laws_of`."""
    _REGISTRY[battery] = tuple(laws)


def laws_of(battery: Callable[..., LawReport]) -> tuple[str, ...]:
    """Return the names of the laws a battery measures.

    Raises
    ------
    DomainError
        If ``battery`` is not one of the batteries of this room.
    """
    if battery not in _REGISTRY:
        message = f"battery: {getattr(battery, '__name__', battery)!r} is not a law battery"
        known = ", ".join(sorted(function.__name__ for function in _REGISTRY))
        raise DomainError(message, hint=f"the batteries are {known}")
    return _REGISTRY[battery]


def _measure(law: str, function: Callable[[C], Measurement], case: C) -> LawResult:
    try:
        found = function(case)
    except NotApplicable:
        raise
    except Exception as error:
        return LawResult(law, False, float("inf"), 0.0, f"raised {type(error).__name__}: {error}")
    return LawResult(law, bool(found.residual <= found.tolerance), float(found.residual), found.tolerance, found.detail)


def run_laws(
    subject: object,
    laws: Mapping[str, Callable[[C], Measurement]],
    build: Callable[[], C],
    *,
    only: Iterable[str] | None = None,
) -> LawReport:
    """Build the case and measure its laws, all of them or those named in ``only``.

    Raises
    ------
    DomainError
        If ``only`` names a law the battery does not have.
    """
    wanted = tuple(laws) if only is None else (only,) if isinstance(only, str) else tuple(only)
    for law in wanted:
        if law not in laws:
            message = f"only: there is no law {law!r}"
            raise DomainError(message, hint=f"the laws are {', '.join(laws)}")
    name = describe(subject)
    try:
        case = build()
    except Exception as error:
        broken = LawResult(PRIMITIVES, False, float("inf"), 0.0, f"raised {type(error).__name__}: {error}")
        return LawReport(name, (broken,), dict.fromkeys(wanted, "the primitives could not be called"))
    results = [LawResult(PRIMITIVES, True, 0.0, 0.0)] if only is None else []
    skipped = {}
    for law in wanted:
        try:
            results.append(_measure(law, laws[law], case))
        except NotApplicable as reason:
            skipped[law] = str(reason)
    return LawReport(name, tuple(results), skipped)


def describe(subject: object) -> str:
    """Return a one-line name of an object for the head of a report."""
    if isinstance(subject, str):
        return subject
    text = " ".join(repr(subject).split())
    return type(subject).__name__ if text.startswith("<") or len(text) > 80 else text
