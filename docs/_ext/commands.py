"""The reference of the command, made from the command itself: a section for each of its verbs, with the text of ``--help``."""

from collections.abc import Iterator

import click
from docutils import nodes
from docutils.parsers.rst import Directive
from sphinx.application import Sphinx

from erlangen.cli.app import cli

_WIDTH = 100


def _walk(command: click.Command, context: click.Context) -> Iterator[tuple[str, str]]:
    """Yield name and help of a command and of those below it."""
    yield context.command_path, command.get_help(context)
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            if inner is not None and not inner.hidden:
                yield from _walk(inner, click.Context(inner, info_name=name, parent=context, terminal_width=_WIDTH))


class Commands(Directive):
    """``.. erlangen-commands::`` stands for the help of every command."""

    has_content = False

    def run(self) -> list[nodes.Node]:
        root = click.Context(cli, info_name="erlangen", terminal_width=_WIDTH)
        found: list[nodes.Node] = []
        for path, text in _walk(cli, root):
            section = nodes.section(ids=[nodes.make_id(path)], names=[path])
            section += nodes.title("", "", nodes.literal(path, path))
            block = nodes.literal_block(text, text)
            block["language"] = "text"
            section += block
            found.append(section)
        return found


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("erlangen-commands", Commands)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
