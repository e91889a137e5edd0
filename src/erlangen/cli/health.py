"""What this installation is made of, and whether it is well.

Definition: a :class:`Check` is one question with an answer and a status, ``ok``, ``warning`` or ``fail``.
Convention: a check that raises is a ``fail`` with the exception as its answer, so that one fault never hides the others.
"""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from erlangen import __version__, native
from erlangen.runs import RunStore, default_store_path
from erlangen.validation import available_memory, format_bytes

__all__ = ["Check", "guarded", "installation", "machine", "store_health"]

_CORE = ("numpy", "scipy", "torch", "scikit-learn", "joblib", "safetensors", "click", "rich", "starlette", "uvicorn")
_EXTRAS = {"plot": "matplotlib", "dask": "distributed", "cells": "anndata", "grid": "h5py", "exact": "flint"}


@dataclass(frozen=True)
class Check:
    """One question, its answer and its status."""

    group: str
    name: str
    status: str
    answer: str

    @property
    def ok(self) -> bool:
        """Whether the answer is not a failure."""
        return self.status != "fail"


def guarded(group: str, name: str, question: Callable[[], tuple[str, str]]) -> Check:
    """Ask one question that returns status and answer; an exception is a failure."""
    try:
        status, answer = question()
    except Exception as error:  # every fault is an answer here
        status, answer = "fail", f"{type(error).__name__}: {' '.join(str(error).split())}"
    return Check(group, name, status, answer)


def _version(name: str) -> tuple[str, str]:
    try:
        return "ok", version(name)
    except PackageNotFoundError:
        return "fail", "not installed"


def installation() -> Iterator[Check]:
    """Yield versions, extras and kernels."""
    yield Check("versions", "erlangen", "ok", __version__)
    yield Check("versions", "python", "ok", f"{platform.python_version()} ({sys.executable})")
    yield Check("versions", "platform", "ok", platform.platform())
    for name in _CORE:
        yield guarded("versions", name, partial(_version, name))
    present = [extra for extra, module in _EXTRAS.items() if find_spec(module) is not None]
    missing = [extra for extra in _EXTRAS if extra not in present]
    yield Check(
        "versions", "extras", "ok", f"{', '.join(present) or 'none'} (not installed: {', '.join(missing) or 'none'})"
    )
    yield guarded("kernels", "native", _kernels)


def _kernels() -> tuple[str, str]:
    if not native.available():
        return (
            "warning",
            "Python twins serve: the compiled kernels were not built (reinstall with a C++20 compiler at hand)",
        )
    levels = native.cpu_levels()
    return "ok", f"compiled kernels in use, level {levels[-1]} (this machine runs {', '.join(levels)})"


def machine() -> Iterator[Check]:
    """Yield processors, threads, BLAS, memory and devices."""
    yield Check("machine", "processors", "ok", f"{native.default_threads()} of {os.cpu_count()} usable")
    limits = {
        name: os.environ[name]
        for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
        if name in os.environ
    }
    yield Check("machine", "thread limits", "ok", ", ".join(f"{k}={v}" for k, v in limits.items()) or "none set")
    yield guarded("machine", "blas", _blas)
    yield Check("machine", "memory", "ok", f"{format_bytes(available_memory())} available")
    yield guarded("machine", "devices", _devices)


def _blas() -> tuple[str, str]:
    for name in ("numpy", "scipy.linalg"):
        import_module(name)
    pools = import_module("threadpoolctl").threadpool_info()
    found = [
        f"{p['internal_api']} {p.get('version') or ''} ({p['num_threads']} threads)"
        for p in pools
        if p["user_api"] == "blas"
    ]
    return ("ok", "; ".join(dict.fromkeys(found))) if found else ("warning", "no known BLAS found")


def _devices() -> tuple[str, str]:
    torch: Any = import_module("torch")
    names = ["cpu", *(f"cuda:{i} ({torch.cuda.get_device_name(i)})" for i in range(torch.cuda.device_count()))]
    if torch.backends.mps.is_available():
        names.append("mps")
    return "ok", ", ".join(names)


def store_health() -> Iterator[Check]:
    """Yield where the store is, whether it can be written, and whether it is sound."""
    yield guarded("store", "path", lambda: ("ok", str(default_store_path())))
    yield guarded("store", "writable", lambda: _writable(default_store_path().parent))
    yield guarded("store", "integrity", _integrity)


def _writable(folder: Path) -> tuple[str, str]:
    folder.mkdir(parents=True, exist_ok=True)
    probe = folder / f".doctor.{os.getpid()}"
    probe.write_bytes(b"erlangen")
    probe.unlink()
    return "ok", str(folder)


def _integrity() -> tuple[str, str]:
    found = RunStore().verify()
    if found.ok:
        return "ok", f"{found.runs} runs, {found.rows} rows, every hash agrees"
    return "fail", f"{len(found.problems)} problems, the first: {found.problems[0]}"
