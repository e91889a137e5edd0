"""From ``manifest.toml`` to a Paper, every key checked.

Definition: tables ``[paper]``, ``[parameters.NAME]``, ``[presets.NAME]`` and ``[[claims]]``; see the how-to for writing one.
Convention: the manifest's hash is over parameters, presets and claims: a better worded abstract is no other experiment.
"""

from __future__ import annotations

import tomllib
from importlib.resources.abc import Traversable
from typing import Any

from erlangen.errors import ErlangenError, ParseError
from erlangen.papers.manifest_reader import ManifestReader
from erlangen.papers.record import Paper
from erlangen.papers.suggestion import suggestion
from erlangen.runs import canonical, digest

__all__ = ["read_manifest"]

_LIMIT = 1_000_000
_TABLES = ("paper", "parameters", "presets", "claims")


def _load(path: str, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        message = f"{path}: not TOML: {error}"
        raise ParseError(message, hint="correct the manifest at that place") from error


def _read_text(file: Traversable) -> str:
    """Return the text of a file of a paper's folder."""
    try:
        data = file.read_bytes()
        if len(data) > _LIMIT:
            message = f"{file}: {len(data)} bytes are more than {_LIMIT}"
            raise ParseError(message, hint="shorten it")
        return data.decode("utf-8").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError) as error:
        message = f"{file}: cannot be read: {error}"
        raise ParseError(message, hint="it should be a UTF-8 text file") from error


def read_manifest(folder: Traversable) -> Paper:
    """Return the paper of a folder.

    Raises
    ------
    ParseError
        Naming file, key, offending value and what could stand there.
    """
    file = folder / "manifest.toml"
    reader = ManifestReader(str(file))
    tables = _load(reader.path, _read_text(file))
    for name, value in tables.items():
        if name not in _TABLES:
            reader.refuse(name, value, "left out", hint=suggestion(name, _TABLES))
    fields = reader.paper(tables.get("paper", {}))
    if fields["slug"].replace("-", "_") != folder.name:
        reader.refuse("paper.slug", fields["slug"], f"the folder's name {folder.name!r} with '-' for '_'")
    parameters = reader.parameters(tables.get("parameters", {}))
    presets = reader.presets(tables.get("presets", {}), parameters)
    built = (folder / "run.py").is_file()
    if built and "quick" not in presets:
        reader.refuse("presets", sorted(presets), "with a preset 'quick', for the paper is built")
    notes = folder / "notes.md"
    decisive = {name: tables.get(name) for name in ("parameters", "presets", "claims")}
    try:
        manifest_hash = digest(canonical(decisive))[:12]
    except ErlangenError as error:
        message = f"{reader.path}: {error.message}"
        raise ParseError(message, hint="use texts, numbers, truth values and lists only") from error
    return Paper(
        slug=fields["slug"],
        title=fields["title"],
        authors=tuple(fields["authors"]),
        listed=fields["listed"],
        arxiv=fields.get("arxiv", ""),
        code=fields.get("code", ""),
        subjects=tuple(fields["subjects"]),
        abstract=" ".join(fields["abstract"].split()),
        summary=fields["summary"],
        formulas=tuple(fields.get("formulas", ())),
        built=built,
        claims=reader.claims(tables.get("claims", []), presets),
        presets=presets,
        parameters=parameters,
        notes=_read_text(notes) if notes.is_file() else "",
        venue=fields.get("venue", ""),
        key=fields["bibtex"],
        manifest_hash=manifest_hash,
        order=fields.get("order", 1000),
        folder=folder,
    )
