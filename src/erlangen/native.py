"""The compiled kernels, where they were built: what is there, and the choice between a kernel and its Python twin.

Definition: ``erlangen._native`` is one nanobind extension; each kernel exists for several instruction sets and is dispatched at run time.
Convention: every function with a kernel takes ``backend="auto" | "native" | "python"``; ``"auto"`` uses the kernel where it was built.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from erlangen.errors import BackendError
from erlangen.validation import check_choice, check_integer

__all__ = ["available", "cpu_levels", "default_threads", "kernels"]

_MODULE = "erlangen._native"


def available() -> bool:
    """Return whether the compiled extension was built and is found.

    Examples
    --------
    >>> isinstance(available(), bool)
    True
    """
    return sys.modules.get(_MODULE) is not None or find_spec(_MODULE) is not None


def kernels(backend: str = "auto") -> ModuleType | None:
    """Return the extension module, or ``None`` where the Python twin is to serve.

    Raises
    ------
    BackendError
        If ``backend="native"`` and the extension was not built.

    Examples
    --------
    >>> kernels("python") is None
    True
    """
    check_choice(backend, "backend", ("auto", "native", "python"))
    if backend == "python":
        return None
    if available():
        return sys.modules.get(_MODULE) or import_module(_MODULE)
    if backend == "native":
        message = "backend='native' was asked for, but the compiled kernels are not installed"
        raise BackendError(message, hint="reinstall with a C++20 compiler at hand, or use backend='auto'")
    return None


def cpu_levels() -> tuple[str, ...]:
    """Return the instruction sets this machine can run, best last, among those compiled; ``()`` without the extension.

    Examples
    --------
    >>> not available() or "baseline" in cpu_levels()
    True
    """
    module = kernels()
    return () if module is None else tuple(module.cpu_levels())


def default_threads(threads: int | None = None) -> int:
    """Return the number of threads to use: ``threads`` if given, else the processors this process may run on.

    Examples
    --------
    >>> default_threads(3)
    3
    """
    if threads is not None:
        return check_integer(threads, "threads", low=1, high=1024)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1)
