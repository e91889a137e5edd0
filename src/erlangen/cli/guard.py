"""From exceptions to one line on standard error and an exit code.

Definition: ``error: MESSAGE (HINT)``; the code is the ``exit_code`` of an :class:`~erlangen.errors.ErlangenError`, else by the table of :func:`verdict`.
Convention: ``--debug`` adds the traceback; with ``--json`` the refusal is also the one document on standard output: ``{"error": {...}}``.
"""

from __future__ import annotations

import codecs
import errno
import json
import os
import sys
import traceback
import warnings
from collections.abc import Callable, Sequence
from typing import Any, TextIO

import click

from erlangen.cli.exit_code import ExitCode
from erlangen.cli.lazy_group import LazyGroup
from erlangen.errors import ErlangenError, ErlangenWarning

__all__ = ["GuardedGroup", "OutputClosed", "prepare_streams", "refusal_line", "verdict"]

_PLAIN = {
    "–": "-",
    "—": "-",
    "·": "-",
    "…": "...",
    "≤": "<=",
    "≥": ">=",
    "×": "x",
    "±": "+-",
    "’": "'",
    "→": "->",
    "√": "sqrt",
}


class OutputClosed(Exception):  # noqa: N818 - not an error: the reader has seen enough
    """The other end of our standard output was closed."""


def _transliterate(error: UnicodeError) -> tuple[str, int]:
    """Write what an old terminal's encoding lacks in plain letters, or as an escape."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    piece = error.object[error.start : error.end]
    text = "".join(_PLAIN.get(c) or c.encode("ascii", "backslashreplace").decode() for c in piece)
    return text, error.end


def prepare_streams(*streams: TextIO) -> None:
    """Make every stream able to take any text, whatever its encoding is."""
    codecs.register_error("erlangen-plain", _transliterate)
    for stream in streams:
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="erlangen-plain")


def refusal_line(message: str, hint: str | None = None, *, kind: str = "error") -> str:
    """Return the one line that standard error gets.

    Examples
    --------
    >>> refusal_line("t must be > 0", "choose a positive time")
    'error: t must be > 0 (choose a positive time)'
    """
    text = f"{message} ({hint})" if hint else message
    return f"{kind}: {' '.join(text.split())}"


def _usage(error: click.ClickException) -> tuple[str, str | None]:
    """Return message and hint of a click exception, in our own form."""
    message = error.format_message().strip().rstrip(".")
    message = message[:1].lower() + message[1:]
    context = getattr(error, "ctx", None)
    near = getattr(error, "possibilities", None)
    if isinstance(error, click.NoSuchOption):
        message = f"no such option {error.option_name!r}"
    if near:
        return message, f"did you mean {' or '.join(map(repr, sorted(near)[:3]))}?"
    if message.endswith(")") or context is None:
        return message, None
    return message, f"see '{context.command_path} --help'"


def verdict(error: BaseException) -> tuple[int, str, str | None]:
    """Return exit code, message and hint of an exception.

    Examples
    --------
    >>> code, message, hint = verdict(PermissionError(13, "Permission denied", "/etc/x"))
    >>> int(code), message
    (3, "permission denied: '/etc/x'")
    """
    if isinstance(error, (click.Abort, KeyboardInterrupt)):
        return ExitCode.INTERRUPTED, "interrupted", None
    if isinstance(error, click.ClickException):
        code = ExitCode.USAGE if isinstance(error, click.UsageError) else ExitCode.BAD_INPUT
        return code, *_usage(error)
    if isinstance(error, ErlangenError):
        return error.exit_code, error.message, error.hint
    if isinstance(error, (MemoryError, OSError)):
        return _system(error)
    message = f"unexpected {type(error).__name__}: {error}".rstrip(": ")
    return ExitCode.INTERNAL, message, "this is a defect; run with --debug for the traceback"


def _system(error: MemoryError | OSError) -> tuple[int, str, str]:
    """Return what the operating system refused."""
    if isinstance(error, MemoryError):
        return ExitCode.RESOURCE_LIMIT, f"out of memory: {error}".rstrip(": "), "make the problem smaller"
    full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.ENOMEM, errno.EFBIG)
    where = f": {os.fsdecode(error.filename)!r}" if isinstance(error.filename, (str, bytes)) else ""
    text = (error.strerror or str(error) or type(error).__name__).rstrip(".")
    hint = "free some space" if full else "check the path and its permissions"
    code = ExitCode.RESOURCE_LIMIT if full else ExitCode.BAD_INPUT
    return code, text[:1].lower() + text[1:] + where, hint


def _flag(arguments: Sequence[str], name: str) -> bool:
    """Return whether a flag stands among the options (before a lone ``--``)."""
    options = arguments[: arguments.index("--")] if "--" in arguments else arguments
    return name in options


def _warn_in_one_line(debug: bool) -> Callable[..., None]:
    """Return a ``showwarning`` that prints our own warnings in one line, those of third parties only with ``--debug``."""

    def show(message: Warning | str, category: type[Warning], *args: Any, **kwargs: Any) -> None:
        if issubclass(category, ErlangenWarning):
            click.echo(refusal_line(str(message), kind="warning"), err=True)
        elif debug:
            click.echo(refusal_line(f"{category.__name__}: {message}", kind="warning"), err=True)

    return show


def _report(error: BaseException, *, debug: bool, as_json: bool) -> int:
    """Print the refusal and return its exit code."""
    code, message, hint = verdict(error)
    if debug and not isinstance(error, click.ClickException):
        traceback.print_exception(error, file=sys.stderr)
    click.echo(refusal_line(message, hint), err=True)
    if as_json:
        document = {"kind": type(error).__name__, "message": message, "hint": hint, "exit_code": int(code)}
        click.echo(json.dumps({"error": document}))
    return int(code)


def _discard_output() -> None:
    """Point standard output at nothing, so that the interpreter's last flush cannot fail."""
    try:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, sys.stdout.fileno())
        os.close(null)
    except (OSError, ValueError, AttributeError):
        pass


class GuardedGroup(LazyGroup):
    """The root group: whatever happens below it ends as an exit code and, if it is a refusal, as one line."""

    def invoke(self, ctx: click.Context) -> Any:
        """Invoke the command; a closed pipe is told apart from other failures."""
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError as error:
            raise OutputClosed from error
        return result

    def main(  # type: ignore[override]
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        *,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> int:
        """Run the command line ``args`` and leave with its exit code (return it if not ``standalone_mode``)."""
        arguments = list(sys.argv[1:] if args is None else args)
        prepare_streams(sys.stdout, sys.stderr)
        code = self._guarded(arguments, prog_name or "erlangen", extra)
        if standalone_mode:
            sys.exit(code)
        return code

    def _guarded(self, arguments: list[str], prog_name: str, extra: dict[str, Any]) -> int:
        debug, as_json = _flag(arguments, "--debug"), _flag(arguments, "--json")
        try:
            with warnings.catch_warnings():
                warnings.showwarning = _warn_in_one_line(debug)
                result = super().main(arguments, prog_name, standalone_mode=False, **extra)
        except (OutputClosed, BrokenPipeError):
            _discard_output()
            return int(ExitCode.OUTPUT_CLOSED)
        except (Exception, KeyboardInterrupt) as error:
            try:
                return _report(error, debug=debug, as_json=as_json)
            except BrokenPipeError:
                _discard_output()
                return int(ExitCode.OUTPUT_CLOSED)
        return result if isinstance(result, int) else 0
