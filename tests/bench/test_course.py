"""Courses: sides that learn at known speeds, in turn, to equal processor time."""

import json
import sys

import pytest

from erlangen.bench import course, courses, run_course, write_course
from erlangen.errors import ConvergenceError, DomainError, ParseError

DATA = """
def make(gain, work): return {"gain": gain, "work": work, "done": 0}
def score(data, result): return {"error": result()}
"""
SIDE = """
import time
def run(data):
    stop = time.process_time() + data["work"]
    while time.process_time() < stop: sum(range(1000))
    data["done"] += data["gain"]
    return lambda: 1 / data["done"]
"""
PLAN = """
title = "toy"
[parameters]
gain = 1
[[sides]]
name = "slow"
peer = "scipy"
file = "side.py"
parameters = { work = 0.3 }
[[sides]]
name = "fast"
file = "side.py"
every = 2
parameters = { work = 0.1, gain = 2 }
"""


@pytest.fixture
def toy(tmp_path):
    folder = tmp_path / "toy_course"
    folder.mkdir()
    for name, text in (("data.py", DATA), ("side.py", SIDE), ("course.toml", PLAN)):
        (folder / name).write_text(text)
    return course("toy-course", tmp_path)


def test_sides_go_on_in_turn_until_all_have_their_time(toy, tmp_path):
    told = []
    record = run_course(toy, 0.5, python=sys.executable, on_progress=lambda *args: told.append(args))
    slow, fast = record["sides"]
    assert [len(side["stages"]) for side in (slow, fast)] == [2, 5]
    assert all(side["stages"][-1]["cpu"] >= 0.5 for side in (slow, fast))
    assert [row["score"]["error"] for row in slow["stages"]] == [1.0, 0.5]
    assert [row.get("score") for row in fast["stages"]] == [None, {"error": 1 / 4}, None, {"error": 1 / 8}, None]
    assert len(told) == 7
    assert told[-1][0] == told[-1][1] == 2000  # thousandths of each side
    path = write_course(record, tmp_path)
    assert path.parent.name == "courses"
    assert json.loads(path.read_text()) == record


def test_stages_end_a_side_and_a_record_keeps_sides_that_ran_before(toy, tmp_path):
    first = run_course(toy, 100.0, stages=1, only=("fast",))
    again = run_course(toy, 100.0, stages=3, python=sys.executable, only=("slow",))
    write_course(first, tmp_path)
    kept = json.loads(write_course(again, tmp_path).read_text())
    assert [(side["name"], len(side["stages"])) for side in kept["sides"]] == [("fast", 1), ("slow", 3)]
    assert kept["sides"][0] == first["sides"][0]
    replaced = json.loads(write_course(run_course(toy, 100.0, stages=2, only=("fast",)), tmp_path).read_text())
    assert [(side["name"], len(side["stages"])) for side in replaced["sides"]] == [("fast", 2), ("slow", 3)]
    other = json.loads(write_course({**first, "threads": 2}, tmp_path).read_text())
    assert [side["name"] for side in other["sides"]] == ["fast"]


def test_a_side_may_run_alone(toy):
    record = run_course(toy, 0.1, only=("fast",))
    assert [side["name"] for side in record["sides"]] == ["fast"]
    with pytest.raises(DomainError, match="toy-course has no side 'quick'"):
        run_course(toy, 0.1, only=("quick",))


def test_a_side_that_fails_says_so(toy):
    (toy.data.parent / "side.py").write_text("def run(data): raise ValueError('no')")
    with pytest.raises(ConvergenceError, match="benchmark side 'fast' failed: ValueError: no"):
        run_course(toy, 0.1, only=("fast",))


def test_plans_are_read_with_care(tmp_path):
    assert "learning-acac" in [item.name for item in courses()]
    with pytest.raises(DomainError, match="there is no course 'none'"):
        course("none")
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "course.toml").write_text('title = "x"\ncolour = 1\nsides = []')
    with pytest.raises(ParseError, match="unknown keys \\['colour'\\]"):
        courses(tmp_path)
    (tmp_path / "bad" / "course.toml").write_text('title = "x"')
    with pytest.raises(ParseError, match="cannot be read: 'sides'"):
        courses(tmp_path)
