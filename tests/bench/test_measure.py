"""The harness is tested on sides whose cost is known: one burns three times the processor time of the other."""

import sys

import pytest

from erlangen.bench import case, measure
from erlangen.errors import ConvergenceError, ReproductionError

DATA = """
def make(work): return work
def score(data, result): return {"right": 1.0 if result == sum(range(1000)) else 0.0}
"""
SIDE = """
import time
def run(work):
    stop = time.process_time() + FACTOR * work
    while time.process_time() < stop: sum(range(1000))
    print("noise on standard output must not reach the harness")
    return sum(range(1000)) + WRONG
"""
TOML = """
title = "burn"
peer = "scipy"
rounds = 5
[parameters]
work = 0.02
[require.ours]
right = 1
[require.theirs]
right = 1
"""


@pytest.fixture
def toy(tmp_path):
    def build(ours="1", theirs="3", wrong="0", body=SIDE):
        folder = tmp_path / "burn"
        folder.mkdir()
        (folder / "case.toml").write_text(TOML)
        (folder / "data.py").write_text(DATA)
        (folder / "ours.py").write_text(SIDE.replace("FACTOR", ours).replace("WRONG", "0"))
        (folder / "theirs.py").write_text(body.replace("FACTOR", theirs).replace("WRONG", wrong))
        return case("burn", tmp_path)

    return build


def test_the_ratio_is_that_of_the_work(toy):
    record = measure(toy(), python=sys.executable)
    assert 2.0 < record.ratio["median"] < 4.0
    assert record.ratio["low"] <= record.ratio["median"] <= record.ratio["high"]
    assert record.ours["rounds"] == 5
    assert record.ours["peak"] > 2**20
    assert record.parameters == {"work": 0.02}


def test_a_wrong_side_is_not_timed(toy):
    with pytest.raises(ReproductionError, match="theirs must reach right >= 1"):
        measure(toy(wrong="1"), python=sys.executable)


def test_a_side_that_raises_is_named(toy):
    with pytest.raises(ConvergenceError, match="'theirs' failed: ValueError: no"):
        measure(toy(body="def run(work):\n    raise ValueError('no')\n"), python=sys.executable)


def test_a_side_that_dies_is_named(toy):
    with pytest.raises(ConvergenceError, match="the process ended"):
        measure(toy(body="import os\ndef run(work):\n    os._exit(3)\n"), python=sys.executable)


def test_progress_is_reported_each_round(toy):
    seen = []
    measure(toy(), rounds=2, python=sys.executable, on_progress=lambda *args: seen.append(args))
    assert [(step, total) for step, total, _, _ in seen] == [(1, 2), (2, 2)]
    assert all(metrics["ratio"] > 1 for *_, metrics in seen)
