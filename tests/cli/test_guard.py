import errno
import io
import json
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from erlangen.cli.exit_code import ExitCode
from erlangen.cli.guard import GuardedGroup, prepare_streams, refusal_line, verdict
from erlangen.errors import ConvergenceWarning, DomainError, ReproductionError, ResourceLimitError, StoreError


def _fails_with(error):
    group = GuardedGroup(name="toy", entries={})

    @click.command("do")
    @click.option("--json", is_flag=True)
    @click.option("--debug", is_flag=True)
    def do(json, debug):
        if isinstance(error, Warning):
            import warnings

            warnings.warn(error, stacklevel=1)
            return
        raise error

    group.get_command = lambda ctx, name: do
    group.entries = {"do": None}
    return group


def _run(error, *arguments):
    return CliRunner().invoke(_fails_with(error), ["do", *arguments], prog_name="toy")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (DomainError("t must be > 0, got -1", hint="choose a positive t"), 3),
        (StoreError("the store is damaged"), 3),
        (ResourceLimitError("needs 8 GiB", estimate=8.0, limit=1.0), 4),
        (ReproductionError("a claim failed"), 1),
        (MemoryError(), 4),
        (OSError(errno.ENOSPC, "No space left on device", "out.csv"), 4),
        (PermissionError(errno.EACCES, "Permission denied", "out.csv"), 3),
        (FileNotFoundError(errno.ENOENT, "No such file or directory", "in.csv"), 3),
        (click.UsageError("wrong"), 2),
        (click.BadParameter("wrong"), 2),
        (click.FileError("f", "gone"), 3),
        (click.Abort(), 130),
        (KeyboardInterrupt(), 130),
        (ZeroDivisionError("division by zero"), 70),
        (RecursionError("too deep"), 70),
    ],
)
def test_every_exception_has_its_code_and_one_line(error, code):
    result = _run(error)
    assert result.exit_code == code
    lines = [line for line in result.stderr.splitlines() if line]
    assert len(lines) == 1
    assert lines[0].startswith("error: ")
    assert "Traceback" not in result.stderr
    assert result.stdout == ""


def test_the_hint_stands_in_brackets():
    result = _run(DomainError("t must be > 0, got -1", hint="choose a positive t"))
    assert result.stderr == "error: t must be > 0, got -1 (choose a positive t)\n"


def test_an_unexpected_error_says_how_to_see_more_and_debug_shows_it():
    assert "run with --debug for the traceback" in _run(ZeroDivisionError("x")).stderr
    shown = _run(ZeroDivisionError("x"), "--debug")
    assert "Traceback (most recent call last)" in shown.stderr
    assert shown.exit_code == ExitCode.INTERNAL


def test_messages_of_several_lines_become_one():
    assert refusal_line("a\n  b\tc", "d\ne") == "error: a b c (d e)"


def test_with_json_the_refusal_is_the_one_document():
    result = _run(DomainError("bad", hint="mend"), "--json")
    assert json.loads(result.stdout) == {
        "error": {"kind": "DomainError", "message": "bad", "hint": "mend", "exit_code": 3}
    }
    assert result.stderr == "error: bad (mend)\n"


def test_json_after_a_lone_double_dash_is_no_option():
    result = CliRunner().invoke(_fails_with(DomainError("bad")), ["do", "--", "--json"], prog_name="toy")
    assert result.exit_code == 2
    assert result.stdout == ""


def test_our_warnings_are_one_line_and_those_of_others_are_kept_for_debug():
    assert _run(ConvergenceWarning("stopped at 7 of 10")).stderr == "warning: stopped at 7 of 10\n"
    assert _run(DeprecationWarning("old")).stderr == ""
    assert _run(DeprecationWarning("old"), "--debug").stderr == "warning: DeprecationWarning: old\n"


def test_a_misspelt_option_proposes_the_nearest():
    result = _run(DomainError("never"), "--jsno")
    assert result.exit_code == 2
    assert result.stderr == "error: no such option '--jsno' (did you mean '--json'?)\n"


def test_verdict_names_the_file_of_an_os_error():
    code, message, hint = verdict(IsADirectoryError(errno.EISDIR, "Is a directory", "x"))
    assert (int(code), message, hint) == (3, "is a directory: 'x'", "check the path and its permissions")


def test_an_old_encoding_gets_plain_letters():
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    prepare_streams(stream)
    stream.write("t ≤ 1 · σ – é \udc80")
    stream.flush()
    assert raw.getvalue() == rb"t <= 1 - \u03c3 - \xe9 \udc80"


@pytest.mark.parametrize(
    "settings",
    [
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"PYTHONIOENCODING": "ascii"},
        {"PYTHONIOENCODING": "latin-1"},
    ],
)
def test_locales_that_are_not_utf8_survive(shell, settings):
    done = shell("--help", env=settings)
    assert done.returncode == 0
    assert b"heat geodesic, PHATE, " in done.stdout
    assert b"Traceback" not in done.stderr


def test_a_closed_pipe_is_no_traceback(environment):
    command = f"'{sys.executable}' -m erlangen completion bash -q | true; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", f"for i in 1 2 3; do {command}; done"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    assert set(done.stdout.split()) <= {"0", "141"}


def test_a_closed_pipe_has_its_own_code():
    class Closed(io.StringIO):
        def flush(self):
            raise BrokenPipeError

    group = _fails_with(BrokenPipeError())
    assert group.main(["do"], "toy", standalone_mode=False) == ExitCode.OUTPUT_CLOSED
