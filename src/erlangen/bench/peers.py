"""The peers and their environments: one virtual environment each, so that no peer's pins touch ours.

Definition: ``peers.toml`` lists version, licence and requirements of each peer, and for one that no index has, its source and how it is compiled.
Convention: environments live in the folder ``$ERLANGEN_PEERS`` or ``.peers``; an environment is complete when its stamp equals its requirements.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from erlangen.bench.peer_source import PeerSource
from erlangen.errors import DomainError, StoreError

__all__ = ["Peer", "build_peers", "peer_python", "peers", "peers_folder"]

OnProgress = Callable[[int, int, str, dict[str, object] | None], None]


@dataclass(frozen=True)
class Peer:
    """A package we measure against: its name, version, licence, the requirements of its environment and, where it is compiled, its source."""

    name: str
    version: str
    licence: str
    requires: tuple[str, ...]
    source: PeerSource | None = None

    def stamp(self) -> list[str]:
        """Return what a complete environment was built from."""
        return [*self.requires, *(self.source.stamp() if self.source else ())]


def peers() -> dict[str, Peer]:
    """Return the peers by name.

    Examples
    --------
    >>> peers()["phate"].version
    '2.0.0'
    """
    raw = tomllib.loads((Path(__file__).parent / "peers.toml").read_text(encoding="utf-8"))
    return {
        name: Peer(
            name,
            entry["version"],
            entry["licence"],
            tuple(entry["requires"]),
            PeerSource.from_table(entry["source"]) if "source" in entry else None,
        )
        for name, entry in raw.items()
    }


def peers_folder(folder: Path | str | None = None) -> Path:
    """Return the folder of the peers' environments: the argument, ``$ERLANGEN_PEERS`` or ``.peers``."""
    return Path(folder or os.environ.get("ERLANGEN_PEERS") or ".peers").resolve()


def _stamp(folder: Path, peer: Peer) -> Path:
    return folder / peer.name / "erlangen-peer.json"


def _is_built(folder: Path, peer: Peer) -> bool:
    """Whether the environment was built to the end from these very requirements."""
    try:
        return bool(json.loads(_stamp(folder, peer).read_text(encoding="utf-8")) == peer.stamp())
    except (OSError, ValueError):
        return False


def peer_python(name: str, folder: Path | str | None = None) -> Path:
    """Return the interpreter of a peer's environment.

    Raises
    ------
    DomainError
        If there is no such peer, or its environment has not been built.
    """
    known = peers()
    if name not in known:
        message = f"there is no peer {name!r}"
        raise DomainError(message, hint=f"the peers are {', '.join(known)}")
    base = peers_folder(folder)
    if not _is_built(base, known[name]):
        message = f"the environment of peer {name!r} is not built in {base}"
        raise DomainError(message, hint="run `erlangen bench peers` (or `make peers`)")
    return base / name / "bin" / "python"


def build_peers(
    names: Iterable[str] | None = None, folder: Path | str | None = None, *, on_progress: OnProgress | None = None
) -> list[Path]:
    """Build the environments of the named peers (default: all) and return their interpreters; those complete are left alone.

    Raises
    ------
    DomainError
        If a name is unknown.
    StoreError
        If an installation fails; the last lines of the installer are in the message.
    """
    known = peers()
    wanted = list(known if names is None else names)
    unknown = [name for name in wanted if name not in known]
    if unknown:
        message = f"there is no peer {unknown[0]!r}"
        raise DomainError(message, hint=f"the peers are {', '.join(known)}")
    base = peers_folder(folder)
    built = []
    for step, name in enumerate(wanted):
        if on_progress:
            on_progress(step, len(wanted), f"building {name} {known[name].version}", None)
        if not _is_built(base, known[name]):
            _build(base, known[name])
        built.append(peer_python(name, base))
    if on_progress:
        on_progress(len(wanted), len(wanted), "all peers are built", None)
    return built


def _build(base: Path, peer: Peer) -> None:
    """Make one environment and stamp it when it is complete."""
    target = base / peer.name
    python = target / "bin" / "python"
    install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *peer.requires]
    commands = [[sys.executable, "-m", "venv", "--clear", str(target)], *([install] if peer.requires else [])]
    for command in commands:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            tail = " | ".join((done.stderr or done.stdout).strip().splitlines()[-3:])
            message = f"the environment of peer {peer.name!r} could not be built: {tail}"
            raise StoreError(message, hint="check the network and the requirements in peers.toml")
    if peer.source is not None:
        peer.source.build(target)
    _stamp(base, peer).write_text(json.dumps(peer.stamp()), encoding="utf-8")
