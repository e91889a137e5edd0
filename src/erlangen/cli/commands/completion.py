"""``erlangen completion``: the completion script of a shell.

Definition: the script asks ``erlangen`` itself for words, so it completes commands, options, slugs and runs, and never goes stale.
Convention: the script goes to standard output, how to install it to standard error.
"""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from erlangen.cli.options import verb
from erlangen.cli.terminal import Terminal

__all__ = ["command"]

_INSTALL = {
    "bash": 'add to ~/.bashrc:  eval "$(erlangen completion bash -q)"',
    "zsh": 'add to ~/.zshrc:  eval "$(erlangen completion zsh -q)"',
    "fish": "erlangen completion fish -q > ~/.config/fish/completions/erlangen.fish",
}


@verb("completion")
@click.argument("shell", type=click.Choice(list(_INSTALL)))
def command(terminal: Terminal, shell: str) -> None:
    """Print the completion script of your shell."""
    kind = get_completion_class(shell)
    root = click.get_current_context().find_root()
    if kind is None:
        message = f"click has no completion for {shell}"
        raise click.ClickException(message)
    script = kind(root.command, {}, "erlangen", "_ERLANGEN_COMPLETE")
    text = script.source_template % script.source_vars()
    if terminal.json:
        terminal.document({"shell": shell, "script": text, "install": _INSTALL[shell]})
        return
    terminal.line(text.strip())
    terminal.note(f"# {_INSTALL[shell]}")
