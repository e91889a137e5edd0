"""Provenance: versions of what computes, and a hash that changes with the source that computes and with nothing else."""

import platform
from importlib import metadata

import pytest

import erlangen
from erlangen.runs import digest, environment, source_hash
from erlangen.runs.provenance import _sources


def test_the_environment_names_what_is_installed():
    found = environment()
    assert found["erlangen"] == erlangen.__version__
    assert found["python"] == platform.python_version()
    assert found["numpy"] == metadata.version("numpy")
    assert all(isinstance(value, str) and value for value in found.values())


@pytest.mark.parametrize(
    ("change", "differs"),
    [
        (lambda f: (f / "run.py").write_text("x = 2\n"), True),
        (lambda f: (f / "more.py").write_text(""), True),
        (lambda f: (f / "run.py").rename(f / "ran.py"), True),
        (lambda f: (f / "deep" / "inner.py").write_text("y = 1\n"), True),
        (lambda f: (f / "notes.md").write_text("other words"), False),
        (lambda f: (f / "__pycache__" / "run.py").write_text("x"), False),
    ],
)
def test_the_hash_is_over_paths_and_contents_of_python(tmp_path, change, differs):
    for name in ("deep", "__pycache__"):
        (tmp_path / name).mkdir()
    (tmp_path / "run.py").write_text("x = 1\n")
    before = source_hash(tmp_path)
    change(tmp_path)
    assert (source_hash(tmp_path) != before) is differs
    assert len(before) == 12


def test_no_folder_is_the_library_alone(tmp_path):
    assert source_hash() == source_hash(tmp_path)


def test_sources_come_in_one_order_with_their_paths(tmp_path):
    (tmp_path / "b").mkdir()
    for name in ("c.py", "a.py", "b/d.py", "b/e.txt"):
        (tmp_path / name).write_text(name)
    found = list(_sources(tmp_path, "", (".py",)))
    assert found == [(name, name.encode()) for name in ("a.py", "b/d.py", "c.py")]
    assert digest("a", "bc") != digest("ab", "c")
