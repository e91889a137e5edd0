from __future__ import annotations

import json

import pytest

from erlangen.bench import Record, write_record
from erlangen.gallery.benchmark import read_benchmarks, records_folder


def _record(**other):
    fields = {
        "case": "c", "title": "T", "paper": "p", "unit": "cpu_seconds", "threads": 1, "parameters": {"n": 3},
        "peer": {"name": "rival", "version": "1"}, "ratio": {"median": 4.0, "low": 3.0, "high": 5.0}, "goal": None,
        "ours": {"cpu_seconds": 1.0}, "theirs": {"cpu_seconds": 4.0}, "machine": {"cores": 2}, "date": "2026-01-02T00:00:00",
    }  # fmt: skip
    return Record(**(fields | other))


def test_what_the_bench_writes_is_what_the_page_reads(tmp_path):
    write_record(_record(), tmp_path)
    (found,) = read_benchmarks(tmp_path)
    assert (found.peer, found.version, found.ratio, found.low, found.high) == ("rival", "1", 4.0, 3.0, 5.0)
    assert (found.date, found.ours, found.theirs) == ("2026-01-02", {"cpu_seconds": 1.0}, {"cpu_seconds": 4.0})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "nonsense",
        '{"ratio": {"median": -1}}',
        '{"ratio": {"median": NaN}}',
        '{"ratio": "fast"}',
        "[" * 100_000,
    ],
)
def test_a_file_that_is_no_record_is_passed_over(tmp_path, text):
    (tmp_path / "bad.json").write_text(text, encoding="utf-8")
    write_record(_record(), tmp_path)
    assert [record.case for record in read_benchmarks(tmp_path)] == ["c"]


def test_lenient_about_everything_but_the_ratio(tmp_path):
    (tmp_path / "x.json").write_text(
        json.dumps({"ratio": 2.5, "peer": "rival", "ours": [1], "threads": "two"}), encoding="utf-8"
    )
    (found,) = read_benchmarks(tmp_path)
    assert (found.case, found.ratio, found.low, found.high, found.ours, found.threads) == ("x", 2.5, 2.5, 2.5, {}, None)


def test_no_folder_no_records(tmp_path):
    assert read_benchmarks(tmp_path / "nowhere") == ()


def test_records_of_the_working_folder_come_before_those_installed(tmp_path, monkeypatch):
    installed = tmp_path / "erlangen" / "benchmarks"
    installed.mkdir(parents=True)
    monkeypatch.setattr("erlangen.gallery.benchmark.files", lambda name: tmp_path / name)
    monkeypatch.chdir(tmp_path)
    assert records_folder() is None
    (installed / "a.json").write_text("{}")
    assert records_folder() == installed
    (tmp_path / "benchmarks").mkdir()
    assert records_folder() == installed
    (tmp_path / "benchmarks" / "b.json").write_text("{}")
    assert records_folder().resolve() == tmp_path / "benchmarks"
    assert records_folder(tmp_path) == tmp_path
