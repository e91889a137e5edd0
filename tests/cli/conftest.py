"""A store of its own for every test, and two ways to call the command."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from erlangen.cli.app import cli

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    folder = tmp_path / "erlangen home"
    monkeypatch.setenv("ERLANGEN_HOME", str(folder))
    return folder


@pytest.fixture
def call():
    """Call the command in this process: ``call("papers", "--json")`` -> click's result."""

    def run(*arguments, code=0):
        result = CliRunner().invoke(cli, [str(a) for a in arguments], prog_name="erlangen")
        assert result.exit_code == code, f"exit code {result.exit_code}\n{result.stdout}\n{result.stderr}"
        return result

    return run


@pytest.fixture
def document(call):
    """Call with ``--json`` and return the one document on standard output."""

    def run(*arguments, code=0):
        return json.loads(call(*arguments, "--json", code=code).stdout)

    return run


@pytest.fixture
def environment(home):
    """The environment of a real child process."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("COV_", "PYTEST_"))}
    source = str(ROOT / "src")
    return {**kept, "ERLANGEN_HOME": str(home), "OMP_NUM_THREADS": "1", "PYTHONPATH": os.pathsep.join(filter(None, [source, kept.get("PYTHONPATH")]))}


@pytest.fixture
def shell(environment, tmp_path):
    """Run the command in a process of its own, in an empty folder."""

    def run(*arguments, **extra):
        settings = {**environment, **extra.pop("env", {})}
        return subprocess.run(
            [sys.executable, "-m", "erlangen", *map(str, arguments)],
            env=settings, cwd=tmp_path, capture_output=True, timeout=300, check=False, **extra,
        )

    return run
