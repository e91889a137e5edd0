"""The source of a peer that no package index has: where it lies, which commit, how it is compiled in its own environment.

Definition: a git repository, checked out at one commit (only ``paths`` of it) into ``ENVIRONMENT/source``, then commands run there in turn.
Convention: a clone in the folder ``$ERLANGEN_PEER_SOURCES`` named like the repository is taken before its address; ``{python}`` and ``{packages}``
in a command are the environment's interpreter and its site-packages.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from erlangen.errors import StoreError

__all__ = ["PeerSource"]


@dataclass(frozen=True)
class PeerSource:
    """One commit of a repository and the commands that compile it.

    Attributes
    ----------
    repository, commit : str
        Address of the git repository; the commit, 40 hexadecimal digits.
    paths : tuple of str
        What of it is checked out.
    commands : tuple of tuples of str
        Run in turn in the folder of the source, without a shell.
    needs : tuple of str
        Programs that must be on the path.
    """

    repository: str
    commit: str
    paths: tuple[str, ...]
    commands: tuple[tuple[str, ...], ...]
    needs: tuple[str, ...]

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> Self:
        """Read the table ``source`` of an entry of ``peers.toml``."""
        commands = tuple(tuple(command) for command in table.get("commands", ()))
        paths, needs = tuple(table.get("paths", (".",))), tuple(table.get("needs", ()))
        return cls(table["repository"], table["commit"], paths, commands, needs)

    def stamp(self) -> list[str]:
        """Return what the build depends on, as texts."""
        return [f"{self.repository}@{self.commit}", *self.paths, *(" ".join(command) for command in self.commands)]

    def address(self) -> str:
        """Return where the repository is taken from: a clone in ``$ERLANGEN_PEER_SOURCES``, else its address."""
        name = self.repository.rstrip("/").rsplit("/", 1)[-1].removesuffix(".git")
        clones = os.environ.get("ERLANGEN_PEER_SOURCES")
        if clones:
            for candidate in (Path(clones) / name, Path(clones) / f"{name}.git"):
                if candidate.is_dir():
                    return str(candidate.resolve())
        return self.repository

    def build(self, environment: Path) -> Path:
        """Fetch and compile into ``environment/source`` and return that folder.

        Raises
        ------
        StoreError
            If a program is missing or a command fails; its last lines are in the message.
        """
        for program in ("git", *self.needs):
            if shutil.which(program) is None:
                message = f"the peer in {self.repository} needs the program {program!r}, which is not on the path"
                raise StoreError(message, hint=f"install {program} and build the peer again")
        folder = environment / "source"
        python = environment / "bin" / "python"
        packages = str(next((environment / "lib").glob("python*/site-packages"), environment))
        _run(["git", "clone", "--quiet", "--no-checkout", self.address(), str(folder)], environment)
        _run(["git", "checkout", "--quiet", self.commit, "--", *self.paths], folder)
        for command in self.commands:
            _run([part.replace("{python}", str(python)).replace("{packages}", packages) for part in command], folder)
        return folder


def _run(command: Sequence[str], folder: Path) -> None:
    """Run one command in a folder."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        tail = " | ".join((done.stderr or done.stdout).strip().splitlines()[-3:])
        message = f"{command[0]} failed while a peer was built: {tail}"
        hint = "fetch the repository by other means and name the folder of the clone in ERLANGEN_PEER_SOURCES"
        raise StoreError(message, hint=hint)
