"""A paper for the tests that is never run."""

from __future__ import annotations

from erlangen.runs import RunContext


def run(context: RunContext) -> None:
    """Record one metric."""
    context.metric("one", 1.0)
