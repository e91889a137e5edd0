"""Benchmark cases: what is measured, against which peer, and what must hold before a clock is started.

Definition: ``case.toml`` names title, paper, peer, threads, rounds, unit, parameters and the least score each side must reach.
Convention: ``data`` (default ``data.py``) makes the input and scores a result with NumPy alone, so that both environments can run it;
cases may share it, and their sides, beside their folders.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import Any

from erlangen.errors import DomainError, ParseError
from erlangen.validation import check_choice, check_integer, check_real

__all__ = ["Case", "case", "cases"]

_FOLDER = Path(__file__).parent / "cases"
_SIDES = ("ours", "theirs")
_UNITS = ("cpu", "wall", "memory")
_KNOWN = frozenset(
    (
        *("title", "paper", "peer", "threads", "rounds", "unit", "parameters", "require", "goal", "heavy", "note"),
        *("data", "ours", "theirs"),
    )
)


@dataclass(frozen=True)
class Case:
    """One comparison with a named peer.

    Attributes
    ----------
    name, title, paper : str
        Folder name, one-line title, slug of the paper it belongs to (may be empty).
    peer : str
        Name of the peer in ``peers.toml``.
    threads, rounds : int
        Threads given to both sides; rounds counted after one warm-up.
    unit : {"cpu", "wall", "memory"}
        What the ratio is made of: seconds of processor time, seconds of the clock, or peak memory.
    parameters : Mapping
        Passed to ``data.make``.
    require : Mapping[str, Mapping[str, float]]
        Least score of ``ours`` and ``theirs``, by the names ``data.score`` returns; checked before timing.
    goal : float or None
        The ratio aimed at.
    heavy : bool
        True if one round takes more than a minute.
    folder : Path
        Where the files of the case lie.
    data : Path
        The file with ``make`` and ``score``.
    ours, theirs : Path
        The files with ``run``, one a side.
    """

    name: str
    title: str
    paper: str
    peer: str
    threads: int
    rounds: int
    unit: str
    parameters: Mapping[str, Any]
    require: Mapping[str, Mapping[str, float]]
    goal: float | None
    heavy: bool
    note: str
    folder: Path
    data: Path
    ours: Path
    theirs: Path

    @property
    def measured(self) -> str:
        """The figure of a round that the ratio is made of."""
        return "peak" if self.unit == "memory" else self.unit

    def side(self, name: str) -> Path:
        """Return the file of ``"ours"`` or ``"theirs"``."""
        return {"ours": self.ours, "theirs": self.theirs}[check_choice(name, "side", _SIDES)]


def _read(folder: Path) -> Case:
    """Read one case folder, refusing what its schema does not say."""
    path = folder / "case.toml"
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        message = f"{path.name} of benchmark case {folder.name!r} cannot be read: {error}"
        raise ParseError(message, hint="mend the file") from error
    unknown = sorted(set(raw) - _KNOWN)
    missing = sorted({"title", "peer"} - set(raw))
    if unknown or missing:
        message = f"case.toml of {folder.name!r}: unknown keys {unknown}, missing keys {missing}"
        raise ParseError(message, hint=f"the keys are {', '.join(sorted(_KNOWN))}")
    require = raw.get("require", {})
    for side in require:
        check_choice(side, f"require of {folder.name}", _SIDES)
    return Case(
        name=folder.name.replace("_", "-"),
        title=str(raw["title"]),
        paper=str(raw.get("paper", "")),
        peer=str(raw["peer"]),
        threads=check_integer(raw.get("threads", 1), "threads", low=1, high=256),
        rounds=check_integer(raw.get("rounds", 7), "rounds", low=1, high=1000),
        unit=check_choice(raw.get("unit", "cpu"), "unit", _UNITS),
        parameters=MappingProxyType(dict(raw.get("parameters", {}))),
        require=MappingProxyType({side: MappingProxyType(dict(least)) for side, least in require.items()}),
        goal=None if raw.get("goal") is None else check_real(raw["goal"], "goal", low=0),
        heavy=bool(raw.get("heavy", False)),
        note=str(raw.get("note", "")),
        folder=folder,
        data=_file(folder, "data", raw.get("data", "data.py")),
        ours=_file(folder, "ours", raw["ours"]) if "ours" in raw else folder / "ours.py",
        theirs=_file(folder, "theirs", raw["theirs"]) if "theirs" in raw else folder / "theirs.py",
    )


def _file(folder: Path, key: str, name: object) -> Path:
    """Return a file of the case: in its folder or beside it."""
    path = (folder / str(name)).resolve()
    if not isinstance(name, str) or folder.parent.resolve() not in path.parents or not path.is_file():
        message = f"case.toml of {folder.name!r}: {key} = {name!r} is no file in the folder of the case or beside it"
        raise ParseError(message, hint=f"for example data = '../swiss_roll.py'; left out it is {key}.py")
    return path


def cases(root: Path | None = None) -> tuple[Case, ...]:
    """Return every case found below ``root`` (default: those shipped), by name.

    Examples
    --------
    >>> all(c.unit in ("cpu", "wall", "memory") for c in cases())
    True
    """
    folder = _FOLDER if root is None else Path(root)
    return tuple(_read(path.parent) for path in sorted(folder.rglob("case.toml"), key=lambda path: path.parent.name))


def case(name: str, root: Path | None = None) -> Case:
    """Return the case called ``name``.

    Raises
    ------
    DomainError
        If there is none; the nearest name is proposed.
    """
    found = {item.name: item for item in cases(root)}
    if name in found:
        return found[name]
    near = get_close_matches(name, found, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"the cases are {', '.join(found) or 'none'}"
    message = f"there is no benchmark case {name!r}"
    raise DomainError(message, hint=hint)
