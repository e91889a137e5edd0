from __future__ import annotations

import os

import pytest

from erlangen.errors import DomainError, StoreError
from erlangen.gallery import build


def test_a_site_that_stands_alone(ran, toys, records, tmp_path):
    steps = []
    index = build(
        tmp_path / "out", store=ran[0], root=toys, benchmarks=records, progress=lambda *told: steps.append(told)
    )
    assert index == tmp_path / "out" / "index.html"
    names = {path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*") if path.is_file()}
    assert {
        "index.html",
        "assets/style.css",
        "assets/search.js",
        "papers/toy-roll.html",
        "papers/toy-roll.csv",
    } <= names
    assert "data-live" not in index.read_text(encoding="utf-8")
    assert steps[-1][0] == steps[-1][1] == len(steps)
    assert [path.name for path in tmp_path.iterdir()] == ["out"], "nothing is left beside it"


def test_built_again_it_is_replaced_whole(ran, toys, tmp_path):
    out = tmp_path / "out"
    build(out, store=ran[0], root=toys)
    (out / "stale.html").write_text("old", encoding="utf-8")
    first = {p.relative_to(out): p.read_bytes() for p in out.rglob("*") if p.is_file() and p.name != "stale.html"}
    build(out, store=ran[0], root=toys)
    assert {p.relative_to(out): p.read_bytes() for p in out.rglob("*") if p.is_file()} == first


def test_an_empty_folder_is_taken(ran, toys, tmp_path):
    (tmp_path / "empty").mkdir()
    assert build(tmp_path / "empty", store=ran[0], root=toys).is_file()


def test_other_things_are_left_alone(ran, toys, tmp_path):
    (tmp_path / "thesis.tex").write_text("precious", encoding="utf-8")
    with pytest.raises(DomainError, match="holds other things"):
        build(tmp_path, store=ran[0], root=toys)
    with pytest.raises(DomainError, match="is a file"):
        build(tmp_path / "thesis.tex", store=ran[0], root=toys)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_when_a_page_fails_the_old_site_stays(ran, toys, tmp_path, monkeypatch):
    out = tmp_path / "out"
    build(out, store=ran[0], root=toys)
    before = (out / "index.html").read_bytes()

    def broken(*_args, **_names):
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr("erlangen.gallery.static_site._write", broken)
    with pytest.raises(StoreError, match="No space left"):
        build(out, store=ran[0], root=toys)
    assert (out / "index.html").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written(ran, toys, tmp_path):
    (tmp_path / "locked").mkdir(mode=0o500)
    with pytest.raises(StoreError, match="cannot be written"):
        build(tmp_path / "locked" / "out", store=ran[0], root=toys)
