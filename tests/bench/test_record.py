import dataclasses
import json

import pytest

from erlangen.bench import Record, read_records, write_record
from erlangen.errors import ParseError

EXAMPLE = Record(
    case="toy",
    title="Toy",
    paper="",
    unit="cpu",
    threads=1,
    parameters={"n": 3},
    peer={"name": "scipy", "version": "1"},
    ratio={"median": 2.0, "low": 1.9, "high": 2.1},
    goal=None,
    ours={"cpu": 1.0},
    theirs={"cpu": 2.0},
    machine={},
    date="2026-01-01",
)


def test_a_record_reads_back_as_it_was_written(tmp_path):
    path = write_record(EXAMPLE, tmp_path / "deep")
    assert read_records(path.parent) == [EXAMPLE]
    assert json.loads(path.read_text())["ratio"]["median"] == 2.0


def test_writing_again_replaces_and_leaves_no_temporary(tmp_path):
    write_record(EXAMPLE, tmp_path)
    write_record(dataclasses.replace(EXAMPLE, date="2026-01-02"), tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["toy.json"]
    assert read_records(tmp_path)[0].date == "2026-01-02"


@pytest.mark.parametrize("text", ["{", "[]", '{"case": "x"}', '{"unknown": 1}'])
def test_a_file_that_is_no_record_is_named(tmp_path, text):
    (tmp_path / "bad.json").write_text(text)
    with pytest.raises(ParseError, match=r"bad\.json"):
        read_records(tmp_path)
