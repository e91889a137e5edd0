"""The source under test, as text and as syntax trees, and fresh interpreters to load it in."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import erlangen

SOURCE = Path(erlangen.__file__).parent
_SCRIPT = """
import json, os, resource, sys
def cpu():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
before, start = set(sys.modules), cpu()
{body}
spent = cpu() - start
with open({answer!r}, "w") as stream:
    json.dump([spent, cpu(), sorted(set(sys.modules) - before)], stream)
"""


def module_name(path):
    """Return the dotted name of a source file."""
    parts = ("erlangen", *path.relative_to(SOURCE).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


# The peers' sides of the benchmarks are scripts of other environments, not modules of the package.
FILES = {
    module_name(path): path for path in sorted(SOURCE.rglob("*.py")) if "cases" not in path.relative_to(SOURCE).parts
}


@pytest.fixture(scope="session")
def trees():
    """Syntax tree of each module, by name."""
    return {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in FILES.items()}


def _fresh(body, answer):
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("COV_", "PYTEST_", "PYTHONPATH"))}
    environment = {**kept, "PYTHONPATH": str(SOURCE.parent), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    script = _SCRIPT.format(body=body, answer=str(answer))
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return json.loads(answer.read_text(encoding="utf-8"))


@pytest.fixture
def fresh(tmp_path):
    """Run a body in a new interpreter; return its CPU seconds, those of the whole process, and the modules it loaded."""
    return lambda body: _fresh(body, tmp_path / "answer.json")


@pytest.fixture(scope="session")
def files():
    """Path of each module, by name."""
    return FILES
