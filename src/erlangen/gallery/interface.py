"""Which public names of this library a paper's code uses.

Definition: the imports ``from erlangen.… import …`` of the Python files in the paper's folder, read from their syntax trees.
Convention: nothing is imported or executed; rooms of the house's front and the framework of papers are left out.
"""

from __future__ import annotations

import ast
from importlib.resources.abc import Traversable

__all__ = ["names_used"]

_LEFT_OUT = ("erlangen.papers", "erlangen.runs", "erlangen.errors")


def names_used(folder: Traversable | None) -> tuple[str, ...]:
    """Return the dotted names, sorted; none for a folder without code.

    Examples
    --------
    >>> names_used(None)
    ()
    """
    found: set[str] = set()
    files = folder.iterdir() if folder is not None and folder.is_dir() else ()
    for file in files:
        if not file.name.endswith(".py"):
            continue
        try:
            tree = ast.parse(file.read_bytes())
        except (SyntaxError, ValueError, OSError):
            continue
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.ImportFrom)
                and node.module
                and node.module.split(".")[0] == "erlangen"
                and not node.level
            ):
                found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return tuple(sorted(name for name in found if not name.startswith(_LEFT_OUT)))
