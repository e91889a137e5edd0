"""Batteries as pytest cases: one test a law, named after it.

Definition: ``@parametrize_with_laws(battery, *arguments, **options)`` gives a test the argument ``law``, a callable that measures one law and raises.
Convention: a law that does not apply skips its test with the reason.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from erlangen.testing.law_report import LawReport
from erlangen.testing.laws import laws_of
from erlangen.validation import require

__all__ = ["LawCase", "parametrize_with_laws"]


@dataclass(frozen=True)
class LawCase:
    """One law of one battery on one object; calling it measures the law.

    Raises
    ------
    LawError
        If the law is broken.
    """

    battery: Callable[..., LawReport]
    law: str
    arguments: tuple[Any, ...]
    options: dict[str, Any]

    def __call__(self) -> LawReport:
        """Measure the law; raise if it is broken, skip the test if it does not apply."""
        report = self.battery(*self.arguments, **self.options, only=(self.law,)).raise_if_failed()
        if report.skipped:
            require("pytest", extra="test", purpose="parametrize_with_laws").skip(report.skipped[self.law])
        return report


def parametrize_with_laws(battery: Callable[..., LawReport], *arguments: Any, **options: Any) -> Any:
    """Return a pytest decorator that runs a test once for every law of ``battery`` on the object given.

    Examples
    --------
    >>> from erlangen.testing import check_operator
    >>> import numpy as np
    >>> @parametrize_with_laws(check_operator, np.eye(3))
    ... def test_identity(law):
    ...     law()
    """
    pytest = require("pytest", extra="test", purpose="parametrize_with_laws")
    cases = [LawCase(battery, law, arguments, options) for law in laws_of(battery)]
    return pytest.mark.parametrize("law", cases, ids=[case.law for case in cases])
