"""The harness is tested on sides whose cost is known: one burns three times the processor time of the other."""

import sys
from dataclasses import replace
from importlib import metadata

import pytest

from erlangen.bench import case, measure
from erlangen.errors import ConvergenceError, DomainError, ReproductionError

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


NUMB = "import time\ndef run(work):\n    time.sleep(0.01)\n    return sum(range(1000))\n"


def test_a_round_too_short_to_be_timed_is_refused(toy):
    with pytest.raises(DomainError, match=r"one round of theirs took .* s, too short to be timed"):
        measure(toy(body="def run(work):\n    return 499500\n"), python=sys.executable)


def test_a_side_that_cannot_make_its_input_says_why(toy):
    with pytest.raises(ConvergenceError, match="failed: TypeError: make"):
        measure(toy(), python=sys.executable, parameters={"effort": 3})


def test_a_side_that_cannot_be_imported_says_why(toy):
    with pytest.raises(ConvergenceError, match="'theirs' failed: ModuleNotFoundError: No module named 'nosuchpeer'"):
        measure(toy(body="import nosuchpeer\n"), python=sys.executable)


def test_an_interpreter_that_is_gone_is_named(toy, tmp_path):
    with pytest.raises(DomainError, match="no-python cannot be started"):
        measure(toy(), python=tmp_path / "no-python")


def test_an_unknown_peer_lists_the_known(toy):
    with pytest.raises(DomainError, match="there is no peer 'nobody'"):
        measure(replace(toy(), peer="nobody"), python=sys.executable)


def test_the_versions_are_those_really_installed(toy):
    record = measure(toy(), rounds=1, python=sys.executable)
    assert record.theirs["version"] == record.peer["version"] == metadata.version("scipy")
    assert record.ratio["low"] == record.ratio["median"] == record.ratio["high"]


@pytest.mark.parametrize(("unit", "body"), [("wall", NUMB), ("cpu", SIDE)])
def test_the_unit_decides_which_time_is_compared(toy, unit, body):
    """A side that sleeps takes the clock's time, but no processor's."""
    record = measure(replace(toy(body=body), unit=unit), rounds=1, python=sys.executable)
    assert record.ratio["median"] == record.theirs[unit] / record.ours[unit]
    if body is NUMB:
        assert record.theirs["wall"] >= 0.01 > record.theirs["cpu"]


def test_the_quartiles_lie_within_the_rounds(toy):
    seen = []
    record = measure(toy(), rounds=3, python=sys.executable, on_progress=lambda *args: seen.append(args[3]["ratio"]))
    assert min(seen) <= record.ratio["low"] <= record.ratio["median"] <= record.ratio["high"] <= max(seen)
    assert record.ratio["median"] == sorted(seen)[1]


def test_rounds_alternate_and_both_sides_have_the_same_threads(tmp_path, toy):
    log = tmp_path / "log"
    body = f"""
import os, time
def run(work):
    with open({str(log)!r}, "a") as file: print(SIDE, os.environ["OMP_NUM_THREADS"], os.environ["ERLANGEN_BENCH_THREADS"], file=file)
    time.sleep(0.001)
    return sum(range(1000))
"""
    case = toy()
    for side in ("ours", "theirs"):
        (case.folder / f"{side}.py").write_text(body.replace("SIDE", repr(side)))
    measure(replace(case, threads=2, unit="wall"), rounds=4, python=sys.executable)
    lines = [line.split() for line in log.read_text().splitlines()]
    order = "".join(line[0][0] for line in lines)
    assert order == "ot" + "to" + "ot" + "to" + "ot"  # the warm-up first
    assert {tuple(line[1:]) for line in lines} == {("2", "2")}
