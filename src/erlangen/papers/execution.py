"""Run a paper by name: settings checked, code found, run stored.

Definition: the run's specification holds slug, preset, all parameters, seed, threads, code version and the manifest's hash.
Convention: the code version is the library's version and a hash of the source that computes; a run resumes only under the code it began with.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module, invalidate_caches
from pathlib import Path
from types import ModuleType
from typing import Any

import erlangen
from erlangen.errors import DomainError, ErlangenError
from erlangen.papers.record import Paper
from erlangen.papers.registry import PACKAGE, Root, paper
from erlangen.runs import Run, RunContext, RunSpec, RunStatus, RunStore, execute, source_hash

__all__ = ["resume_run", "run_function", "run_paper", "specification"]


def run_function(item: Paper) -> Callable[[RunContext], None]:
    """Return the function ``run(context)`` of a paper.

    Raises
    ------
    DomainError
        If the paper is not built, or its ``run.py`` has no such function.
    """
    if not item.built or item.folder is None:
        message = f"{item.slug} is not built yet"
        raise DomainError(message, hint="`erlangen papers` tells which are")
    name = f"{PACKAGE}.{item.folder.name}.run"
    own = isinstance(item.folder, Path) and item.folder.parent == Path(__file__).parent
    module = import_module(name) if own or not isinstance(item.folder, Path) else _foreign(item.folder)
    function: Callable[[RunContext], None] | None = getattr(module, "run", None)
    if function is None or not callable(function):
        message = f"{item.folder / 'run.py'} defines no function run(context)"
        raise DomainError(message, hint="see the how-to for adding a paper")
    return function


def _foreign(folder: Path) -> Any:
    """Load ``run.py`` of a folder outside this library, with the files beside it (``from .figures import draw``).

    The modules are not kept in ``sys.modules``, so workers get their functions by value.
    """
    package = ModuleType(f"erlangen_paper_{folder.name}")
    package.__path__ = [str(folder)]
    sys.modules[package.__name__] = package
    invalidate_caches()
    try:
        return import_module(f"{package.__name__}.run")
    except ErlangenError:
        raise
    except Exception as error:
        message = f"{folder / 'run.py'} cannot be loaded: {type(error).__name__}: {error}"
        raise DomainError(message, hint="correct the file; `--debug` shows the traceback") from error
    finally:
        for name in [name for name in sys.modules if f"{name}.".startswith(f"{package.__name__}.")]:
            del sys.modules[name]


def specification(
    item: Paper, preset: str, *, seed: int = 0, threads: int | None = None, overrides: Mapping[str, Any] | None = None
) -> RunSpec:
    """Return what determines a run of a paper under the present code."""
    return RunSpec(
        slug=item.slug,
        preset=preset,
        parameters=item.settings(preset, overrides),
        seed=seed,
        threads=1 if threads is None else threads,
        code_version=f"{erlangen.__version__}+{source_hash(item.folder)}",
        manifest_hash=item.manifest_hash,
    )


def run_paper(
    slug: str,
    preset: str = "quick",
    *,
    seed: int = 0,
    overrides: Mapping[str, Any] | None = None,
    threads: int | None = None,
    jobs: int = 1,
    cluster: str | None = None,
    store: RunStore | None = None,
    on_progress: Callable[[int, int, str, dict[str, Any] | None], None] | None = None,
    again: bool = False,
    root: Root = None,
) -> Run:
    """Run a paper and return the finished run; one that is there already is returned, an interrupted one resumed.

    Parameters
    ----------
    slug, preset : str
    seed : int
    overrides : mapping, optional
        Parameter to value, or to its text.
    threads : int, optional
        Inner threads, default 1; they belong to what determines the run.
    jobs, cluster, on_progress, again
        As in :func:`erlangen.runs.execute`.
    store : RunStore, optional
        Default: the user's own.
    root : path, optional
        Folder of papers of one's own.

    Raises
    ------
    DomainError
        If paper, preset or a parameter is unknown or refused, or the paper is not built yet.
    """
    item = paper(slug, root)
    function = run_function(item)
    spec = specification(item, preset, seed=seed, threads=threads, overrides=overrides)
    target = RunStore() if store is None else store
    return execute(function, spec, store=target, jobs=jobs, cluster=cluster, on_progress=on_progress, again=again)


def resume_run(
    run_id: str,
    *,
    jobs: int = 1,
    cluster: str | None = None,
    store: RunStore | None = None,
    on_progress: Callable[[int, int, str, dict[str, Any] | None], None] | None = None,
    root: Root = None,
) -> Run:
    """Go on with a run from its stored rows and return it finished (a finished one is returned as it is).

    Raises
    ------
    DomainError
        If there is no such run, or the code or manifest has changed since it began.
    """
    target = RunStore() if store is None else store
    before = target.run(run_id)
    if before.status is RunStatus.FINISHED:
        return before
    item = paper(before.slug, root)
    function = run_function(item)
    now = f"{erlangen.__version__}+{source_hash(item.folder)}", item.manifest_hash
    then = before.spec.code_version, before.spec.manifest_hash
    if now != then:
        message = (
            f"run {before.id} began under code {then[0]} and manifest {then[1]}; here they are {now[0]} and {now[1]}"
        )
        raise DomainError(message, hint=f"begin a new one: erlangen run {before.slug} --preset {before.preset}")
    return execute(function, before.spec, store=target, jobs=jobs, cluster=cluster, on_progress=on_progress)
