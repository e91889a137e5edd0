"""The choice between kernel and twin, in both worlds: with the extension and without."""

import os
import sys

import pytest

from erlangen import native
from erlangen.errors import BackendError, DomainError


@pytest.fixture
def no_kernels(monkeypatch):
    monkeypatch.delitem(sys.modules, "erlangen._native", raising=False)
    monkeypatch.setattr(native, "find_spec", lambda name: None)


@pytest.mark.usefixtures("no_kernels")
def test_without_the_extension_the_twin_serves_and_a_wish_by_name_is_refused():
    assert not native.available()
    assert native.kernels("auto") is None
    assert native.kernels("python") is None
    assert native.cpu_levels() == ()
    with pytest.raises(BackendError, match=r"backend='native' was asked for.*\(reinstall with a C\+\+20 compiler"):
        native.kernels("native")


@pytest.mark.skipif(not native.available(), reason="the kernels are not built")
def test_with_the_extension_it_is_chosen_unless_the_twin_is_asked_for():
    module = native.kernels("auto")
    assert module is native.kernels("native")
    assert native.kernels("python") is None
    assert callable(module.spmm)


@pytest.mark.skipif(not native.available(), reason="the kernels are not built")
def test_the_instruction_sets_begin_with_the_baseline_and_are_known():
    levels = native.cpu_levels()
    assert levels[0] == "baseline"
    assert len(set(levels)) == len(levels)


def test_an_unknown_backend_lists_the_known_ones():
    with pytest.raises(DomainError, match="backend must be one of 'auto', 'native', 'python'; got 'cuda'"):
        native.kernels("cuda")


def test_threads_are_those_given_or_those_this_process_may_use():
    assert native.default_threads(3) == 3
    expected = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    assert native.default_threads() == expected
    for threads in (0, -1, 1.0, True, 5000):
        with pytest.raises(DomainError, match=r"threads must be an integer in \[1, 1024\]"):
            native.default_threads(threads)
