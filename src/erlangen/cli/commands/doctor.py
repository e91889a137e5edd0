"""``erlangen doctor``: is this installation well?

Definition: versions, kernels, machine, store, then the self-test; see :mod:`erlangen.cli.health` and :mod:`erlangen.cli.self_test`.
Convention: exit code 1 if anything fails; a warning is no failure; every answer is one line.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from importlib import import_module

import click

from erlangen.cli.health import Check, guarded, installation, machine, store_health
from erlangen.cli.options import verb
from erlangen.cli.progress import Progress
from erlangen.cli.table import Column, Table, seconds
from erlangen.cli.terminal import Terminal

__all__ = ["command"]


@verb("doctor")
@click.option(
    "--self-test/--no-self-test", default=True, show_default=True, help="Compute closed forms and run law batteries."
)
def command(terminal: Terminal, self_test: bool) -> int:
    """Report versions, threads, kernels and the store, and run a short self-test."""
    start = time.perf_counter()
    checks = [*installation(), *machine(), *store_health()]
    if self_test:
        checks += _self_test(terminal)
    elapsed = time.perf_counter() - start
    failed = [check for check in checks if not check.ok]
    if terminal.json:
        terminal.document({"ok": not failed, "seconds": elapsed, "checks": checks})
        return int(bool(failed))
    table = Table([Column("what"), Column("status"), Column("answer", fold=True)])
    for check in checks:
        table.add(f"{check.group}: {check.name}", check.status, check.answer)
    terminal.table(table)
    ending = f"{len(failed)} of {len(checks)} checks failed" if failed else f"all {len(checks)} checks passed"
    terminal.line(f"{ending}, {seconds(elapsed)}")
    return int(bool(failed))


def _self_test(terminal: Terminal) -> Iterator[Check]:
    """Yield the outcome of every self-test."""
    loading = guarded("self-test", "loading", lambda: ("ok", import_module("erlangen.cli.self_test").__name__))
    if not loading.ok:
        yield loading
        return
    tests = import_module("erlangen.cli.self_test").SELF_TESTS
    with Progress(terminal, "self-test") as progress:
        for step, (name, question) in enumerate(tests.items()):
            progress(step, len(tests), name)
            yield guarded("self-test", name, question)
