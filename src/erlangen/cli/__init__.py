"""The command ``erlangen``: every room of the house, from a shell.

Definition: ``erlangen COMMAND``; each command is one file of :mod:`erlangen.cli.commands` and is loaded only when it is named.
Convention: exit codes are those of :class:`erlangen.cli.exit_code.ExitCode`; ``--json`` prints one document on standard output and nothing else.
"""

from __future__ import annotations

from erlangen.cli.app import main

__all__ = ["main"]
