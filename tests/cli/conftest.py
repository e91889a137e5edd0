"""A store of its own and a terminal of one width for every test, and two ways to call the command."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import erlangen
from erlangen.cli.app import cli

SOURCE = Path(erlangen.__file__).parents[1]  # what is tested here is what a child process sees


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    folder = tmp_path / "erlangen home"
    monkeypatch.setenv("ERLANGEN_HOME", str(folder))
    monkeypatch.setenv("COLUMNS", "160")
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
    return {
        **kept,
        "ERLANGEN_HOME": str(home),
        "OMP_NUM_THREADS": "1",
        "PYTHONPATH": os.pathsep.join(filter(None, [str(SOURCE), kept.get("PYTHONPATH")])),
    }


@pytest.fixture
def shell(environment, tmp_path):
    """Run the command in a process of its own, in an empty folder."""

    def run(*arguments, **extra):
        settings = {**environment, **extra.pop("env", {})}
        return subprocess.run(
            [sys.executable, "-m", "erlangen", *map(str, arguments)],
            env=settings,
            cwd=tmp_path,
            capture_output=True,
            timeout=300,
            check=False,
            **extra,
        )

    return run


MANIFEST = """
[paper]
slug = "sums-of-squares"
title = "Sums of squares"
authors = ["A. Nobody", "B. Nobody"]
listed = 2026-11-01
subjects = ["operators"]
abstract = "The first n squares are summed, slowly where asked."
summary = "Squares, summed."
bibtex = "nobody2026sums"

[parameters.n]
type = "int"
low = 1
high = 1000
help = "how many"

[parameters.pause]
type = "float"
default = 0.0
low = 0.0
help = "seconds a row"

[parameters.mode]
type = "str"
default = "fine"
choices = ["fine", "wrong", "raise"]
help = "how to behave"

[presets.quick]
n = 4

[presets.full]
n = 20

[[claims]]
id = "sum"
text = "The sum of the first four squares is 30"
source = "Eq. 1"
rule = "equal"
metric = "sum"
paper_value = 30.0
tolerance = 0.5
presets = ["quick"]

[[claims]]
id = "faraway"
text = "The sum of all squares is known"
source = "Table 2"
rule = "unavailable"
reason = "there are infinitely many"
"""

RUN = """
import time


def square(i, pause):
    time.sleep(pause)
    return i * i


def run(context):
    p = context.parameters
    if p["mode"] == "raise":
        raise ZeroDivisionError("the toy was told to raise")
    rows = context.map(square, {str(i): (i, p["pause"]) for i in range(1, p["n"] + 1)})
    total = sum(rows.values())
    context.metric("sum", float(total if p["mode"] == "fine" else -total))
    context.figure("dot", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml", "nothing")
"""


@pytest.fixture
def root(tmp_path):
    """A folder with one paper of our own: sums of squares."""
    folder = tmp_path / "papers" / "sums_of_squares"
    folder.mkdir(parents=True)
    (folder / "manifest.toml").write_text(MANIFEST)
    (folder / "run.py").write_text(RUN)
    return folder.parent
