import io
from types import SimpleNamespace

import pytest

from erlangen.cli.progress import Progress, progress_line
from erlangen.cli.terminal import Terminal


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("run", 0, 10, 1.0), "run 0/10 0 %"),
        (("run", 5, 10, 10.0, "row"), "run 5/10 50 %, 0.5/s, 10 s left: row"),
        (("run", 10, 10, 20.0), "run 10/10 100 %, 0.5/s, 20 s"),
        (("run", 1, 1000, 60.0), "run 1/1000 0 %, 0.017/s, 16 h 39 min left"),
        (("run", 0, 0, 0.0), "run 0/0 0 %"),
    ],
)
def test_a_line_has_rate_and_time_left(arguments, expected):
    assert progress_line(*arguments) == expected


def test_plain_lines_go_to_standard_error_and_are_rare(capsys):
    with Progress(Terminal(), "run", every=0.0) as progress:
        progress(1, 3, "a", {"loss": 1.0})
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("run 1/3 33 %")
    with Progress(Terminal(), "run", every=3600) as progress:
        for step in range(1000):
            progress(step, 1000)
    assert capsys.readouterr().err == ""


def test_what_a_resumed_run_finds_done_does_not_count_for_its_rate(capsys, monkeypatch):
    clock = iter([0.0, 1.0, 3.0, 5.0])
    monkeypatch.setattr("erlangen.cli.progress.time", SimpleNamespace(monotonic=lambda: next(clock)))
    with Progress(Terminal(), "run") as progress:
        progress(12, 40)
        progress(22, 40)
        progress(32, 40)
    assert capsys.readouterr().err == "run 22/40 55 %, 5/s, 3.6 s left\nrun 32/40 80 %, 5/s, 1.6 s left\n"


def test_each_part_of_a_job_has_a_rate_of_its_own(capsys, monkeypatch):
    clock = iter([0.0, 0.0, 8.0, 8.0, 10.0])
    monkeypatch.setattr("erlangen.cli.progress.time", SimpleNamespace(monotonic=lambda: next(clock)))
    with Progress(Terminal(), "run", every=1.0) as progress:
        progress(0, 4, "rolls")
        progress(4, 4, "rolls")
        progress(0, 4, "trees")
        progress(1, 4, "trees")
    assert capsys.readouterr().err.splitlines()[-1] == "run 1/4 25 %, 0.5/s, 6 s left: trees"


def test_quiet_shows_nothing(capsys):
    with Progress(Terminal(quiet=True), "run", every=0.0) as progress:
        progress(1, 3)
    assert capsys.readouterr().err == ""


def test_a_terminal_gets_a_bar(monkeypatch):
    class Screen(io.StringIO):
        def isatty(self):
            return True

    screen = Screen()
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr("sys.stderr", screen)
    with Progress(Terminal(), "the run") as progress:
        progress(2, 3, "second")
        progress(3, 3, "third")
    assert "the run" in screen.getvalue()
    assert "3/3" in screen.getvalue()
