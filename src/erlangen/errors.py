"""The one tree of refusals: every error this library raises on purpose is an :class:`ErlangenError`.

Definition: a refusal names the argument, the index of the first offender, the law broken with the measured number, and a remedy.
Convention: each class also derives from the built-in a careful caller would expect (``ValueError``, ``RuntimeError`` …).
"""

from __future__ import annotations

__all__ = [
    "BackendError",
    "CastWarning",
    "ConvergenceError",
    "ConvergenceWarning",
    "DomainError",
    "DomainWarning",
    "DtypeError",
    "ErlangenError",
    "ErlangenWarning",
    "LawError",
    "MissingDependencyError",
    "NotSPDError",
    "ParseError",
    "ReproductionError",
    "ResourceLimitError",
    "ShapeError",
    "SingularMetricError",
    "StoreError",
    "UnsupportedError",
]


class ErlangenError(Exception):
    """Base of every refusal; ``hint`` is the remedy, printed after the message.

    Parameters
    ----------
    message : str
        What is wrong: argument, index, law, measured number.
    hint : str, optional
        What to do about it.

    Examples
    --------
    >>> raise DomainError("t must be > 0, got t=-1.0", hint="pass a positive diffusion time")
    Traceback (most recent call last):
        ...
    erlangen.errors.DomainError: t must be > 0, got t=-1.0 (pass a positive diffusion time)
    """

    exit_code = 3

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} ({self.hint})" if self.hint else self.message

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (type(self), self.args, self.__dict__.copy()))


def _rebuild(kind: type[ErlangenError], args: tuple[object, ...], state: dict[str, object]) -> ErlangenError:
    """Rebuild an error that crossed a process border, whatever its constructor asks for."""
    error = BaseException.__new__(kind)  # kind.__new__ would be MemoryError's own, which CPython refuses here
    Exception.__init__(error, *args)
    error.__dict__.update(state)
    return error


class ShapeError(ErlangenError, ValueError):
    """An array has the wrong number of axes or the wrong length along one."""


class DomainError(ErlangenError, ValueError):
    """A value lies outside the set on which the operation is defined (not finite, not SPD, t <= 0, det <= 0 …)."""


class DtypeError(ErlangenError, TypeError):
    """An array holds numbers of a type the operation does not take (integers, complex), or arguments differ in type or device."""


class NotSPDError(DomainError):
    """A matrix is not positive definite; carries the batch ``index``, the ``smallest_eigenvalue`` and the numerical ``rank``."""

    def __init__(
        self,
        message: str,
        *,
        index: tuple[int, ...] = (),
        smallest_eigenvalue: float | None = None,
        rank: int | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message, hint=hint)
        self.index = index
        self.smallest_eigenvalue = smallest_eigenvalue
        self.rank = rank


class UnsupportedError(DomainError, NotImplementedError):
    """The input has a meaning, but this library does not provide for it (complex Hermitian matrices).

    Examples
    --------
    >>> issubclass(UnsupportedError, NotImplementedError), issubclass(UnsupportedError, ValueError)
    (True, True)
    """


class SingularMetricError(DomainError):
    """A metric is degenerate; carries the coordinates of the ``block`` whose determinant vanishes."""

    def __init__(self, message: str, *, block: tuple[str, ...] = (), hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.block = block


class ParseError(ErlangenError, ValueError):
    """A text could not be read; ``position`` is the offset of the first offender and ``expected`` what could stand there."""

    def __init__(
        self, message: str, *, position: int | None = None, expected: str | None = None, hint: str | None = None
    ) -> None:
        super().__init__(message, hint=hint)
        self.position = position
        self.expected = expected


class ConvergenceError(ErlangenError, ArithmeticError):
    """An iteration stopped before its tolerance; carries ``residual``, ``iterations`` and the ``partial`` result."""

    def __init__(
        self,
        message: str,
        *,
        residual: float | None = None,
        iterations: int | None = None,
        partial: object = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message, hint=hint)
        self.residual = residual
        self.iterations = iterations
        self.partial = partial


class ResourceLimitError(ErlangenError, MemoryError):
    """The work was estimated before it began and exceeds ``limit`` (both in bytes for memory)."""

    exit_code = 4

    def __init__(
        self, message: str, *, estimate: float | None = None, limit: float | None = None, hint: str | None = None
    ) -> None:
        super().__init__(message, hint=hint)
        self.estimate = estimate
        self.limit = limit


class StoreError(ErlangenError, RuntimeError):
    """The run store or a file of results cannot be read or written as its schema says."""


class ReproductionError(ErlangenError, AssertionError):
    """A run finished and at least one claim of its paper came out as failed."""

    exit_code = 1


class LawError(ErlangenError, AssertionError):
    """An object breaks a law of its family; ``report`` is the :class:`erlangen.testing.LawReport` (or ``None``)."""

    def __init__(self, message: str, *, report: object = None, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.report = report


class BackendError(ErlangenError, RuntimeError):
    """A native kernel was asked for by name where it was not built."""


class MissingDependencyError(ErlangenError, ImportError):
    """An optional third party is not installed; the hint is the exact line that installs it."""


class ErlangenWarning(UserWarning):
    """Base of every warning this library gives."""


class ConvergenceWarning(ErlangenWarning, RuntimeWarning):
    """An iteration stopped early; the message carries the numbers."""


class DomainWarning(ErlangenWarning, RuntimeWarning):
    """The input is legal, yet the result is known to degenerate there; the message says how."""


class CastWarning(ErlangenWarning):
    """Numbers of another type were converted before the computation; the message says from which to which.

    Examples
    --------
    >>> issubclass(CastWarning, UserWarning)
    True
    """
