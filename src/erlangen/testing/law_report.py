"""The report of a battery: every law that was measured, and every law that did not apply and why.

Definition: a report passes if each of its results does; a law that did not apply is listed, never silently dropped.
Convention: results keep the order of the battery; printing gives a table, one law a line.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from erlangen.errors import LawError
from erlangen.testing.law_result import LawResult

__all__ = ["LawReport"]


@dataclass(frozen=True)
class LawReport:
    """What a battery found out about one object.

    Parameters
    ----------
    subject : str
        The object that was tested.
    results : tuple of LawResult
        One entry for each law that was measured.
    skipped : mapping of str to str
        The laws that did not apply, with the reason.

    Examples
    --------
    >>> report = LawReport("Z/2", (LawResult("inverses", False, 1.0, 1e-9, "worst at sample 0"),))
    >>> report.passed, [result.law for result in report.failed]
    (False, ['inverses'])
    >>> report.raise_if_failed()
    Traceback (most recent call last):
        ...
    erlangen.errors.LawError: Z/2 breaks 1 of 1 laws; inverses: 1 > 1e-09 (worst at sample 0)
    """

    subject: str
    results: tuple[LawResult, ...]
    skipped: Mapping[str, str] = field(default_factory=dict)

    def __reduce__(self) -> tuple[object, ...]:
        return LawReport, (self.subject, self.results, dict(self.skipped))

    def __post_init__(self) -> None:
        object.__setattr__(self, "results", tuple(self.results))
        object.__setattr__(self, "skipped", MappingProxyType(dict(self.skipped)))

    @property
    def passed(self) -> bool:
        """Whether every measured law holds."""
        return all(result.passed for result in self.results)

    @property
    def failed(self) -> tuple[LawResult, ...]:
        """The results that do not hold, in order."""
        return tuple(result for result in self.results if not result.passed)

    def raise_if_failed(self) -> LawReport:
        """Return the report itself, or raise with the broken laws and their numbers.

        Raises
        ------
        LawError
            If a law is broken; its ``report`` attribute is this report.
        """
        if self.failed:
            broken = "; ".join(str(result).removeprefix("FAIL  ") for result in self.failed)
            message = f"{self.subject} breaks {len(self.failed)} of {len(self.results)} laws; {broken}"
            raise LawError(message, report=self)
        return self

    def __iter__(self) -> Iterator[LawResult]:
        return iter(self.results)

    def __len__(self) -> int:
        return len(self.results)

    def __getitem__(self, law: str) -> LawResult:
        for result in self.results:
            if result.law == law:
                return result
        raise KeyError(law)

    def __str__(self) -> str:
        width = max((len(name) for name in (*self.skipped, *(result.law for result in self.results))), default=0)
        lines = [f"{self.subject}: {len(self.results) - len(self.failed)} of {len(self.results)} laws hold"]
        for result in self.results:
            sign = "<=" if result.passed else "> "
            head = f"{'ok  ' if result.passed else 'FAIL'}  {result.law:<{width}}"
            lines.append(f"{head}  {result.residual:>9.2e} {sign} {result.tolerance:<9.2e} {result.detail}".rstrip())
        lines += [f"skip  {law:<{width}}  {reason}" for law, reason in self.skipped.items()]
        return "\n".join(lines)
