import dataclasses
import datetime
import enum
import io
import json
import math

import numpy as np
import pytest

from erlangen.cli.table import Column, Table
from erlangen.cli.terminal import Terminal, is_interactive, plain


class Colour(enum.StrEnum):
    RED = "red"


@dataclasses.dataclass
class Point:
    x: float
    when: datetime.date


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (math.nan, None),
        (math.inf, None),
        (Colour.RED, "red"),
        (Point(1.5, datetime.date(2026, 11, 24)), {"x": 1.5, "when": "2026-11-24"}),
        ({1: (2, {"a"})}, {"1": [2, ["a"]]}),
        (np.float64(0.5), 0.5),
        (np.array([[1, 2]]), [[1, 2]]),
        (np.array([np.nan]), [None]),
        (None, None),
        (True, True),
    ],
)
def test_plain_is_what_json_can_hold(value, expected):
    assert plain(value) == expected
    json.dumps(plain(value), allow_nan=False)


def test_json_silences_text_and_tables(capsys):
    terminal = Terminal(json=True)
    table = Table([Column("a")])
    table.add("1")
    terminal.line("text")
    terminal.table(table)
    assert capsys.readouterr().out == ""
    terminal.document({"a": "é"})
    assert json.loads(capsys.readouterr().out) == {"a": "é"}


def test_quiet_silences_notes_only(capsys):
    Terminal(quiet=True).note("remark")
    Terminal(quiet=True).line("result")
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("result\n", "")
    Terminal().note("remark")
    assert capsys.readouterr().err == "remark\n"


class Screen(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(("term", "interactive"), [("xterm-256color", True), ("dumb", False), ("", False)])
def test_a_dumb_terminal_gets_plain_columns(monkeypatch, term, interactive):
    monkeypatch.setenv("TERM", term)
    assert is_interactive(Screen()) is interactive
    assert is_interactive(io.StringIO()) is False


def test_no_color_is_honoured(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    screen = Screen()
    monkeypatch.setattr("sys.stdout", screen)
    table = Table([Column("a")])
    table.add("failed")
    monkeypatch.setenv("NO_COLOR", "1")
    Terminal().table(table)
    Terminal().line("head", style="bold")
    assert "\x1b[31" not in screen.getvalue()
    assert "\x1b[1;31" not in screen.getvalue()
    monkeypatch.delenv("NO_COLOR")
    Terminal().table(table)
    assert "\x1b[1;31m" in screen.getvalue()
