"""From ``manifest.toml`` to a Paper, every key checked.

Definition: tables ``[paper]``, ``[parameters.NAME]``, ``[presets.NAME]`` and ``[[claims]]``; see the how-to for writing one.
Convention: an error names file, key, offending value and what could stand there.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from datetime import date, datetime
from importlib.resources.abc import Traversable
from typing import Any

from erlangen.errors import DomainError, ErlangenError, ParseError
from erlangen.papers.claim import Claim, Rule
from erlangen.papers.parameter import TYPES, Parameter, settle
from erlangen.papers.record import SUBJECTS, Paper
from erlangen.papers.suggestion import suggestion
from erlangen.runs import canonical, digest

__all__ = ["read_manifest"]

_LIMIT = 1_000_000

Check = Callable[[Any], bool]


def _text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_text, value))


def _number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _matches(pattern: str) -> Check:
    return lambda value: isinstance(value, str) and re.fullmatch(pattern, value) is not None


def _one_of(*options: str) -> Check:
    return lambda value: value in options


_NAME = r"[a-z][a-z0-9_]*"
_PAPER: dict[str, tuple[Check, str]] = {
    "slug": (_matches(r"[a-z0-9]+(-[a-z0-9]+)*"), "lower-case words joined by '-'"),
    "title": (_text, "a text"),
    "authors": (lambda v: _texts(v) and bool(v), "a list of names"),
    "listed": (lambda v: isinstance(v, date) and not isinstance(v, datetime), "a TOML date like 2023-05-30"),
    "order": (
        lambda v: isinstance(v, int) and not isinstance(v, bool) and v >= 0,
        "an integer >= 0, the place in the listing",
    ),
    "arxiv": (_matches(r"(\d{4}\.\d{4,5})?"), "an arXiv identifier like 2305.19043, or ''"),
    "code": (_matches(r"(https://\S+)?"), "an https address, or ''"),
    "subjects": (lambda v: _texts(v) and bool(v) and set(v) <= set(SUBJECTS), f"a list from {', '.join(SUBJECTS)}"),
    "abstract": (_text, "a text"),
    "summary": (lambda v: _text(v) and len(v) <= 120 and "\n" not in v, "one line of at most 120 characters"),
    "formulas": (_texts, "a list of TeX formulas"),
    "venue": (_text, "a text"),
    "bibtex": (_matches(r"[A-Za-z0-9:_-]+"), "a citation key"),
}
_PAPER_NEEDS = ("slug", "title", "authors", "listed", "subjects", "abstract", "summary", "bibtex")

_PARAMETER: dict[str, tuple[Check, str]] = {
    "type": (_one_of(*TYPES), f"one of {', '.join(TYPES)}"),
    "default": (lambda v: isinstance(v, (int, float, str, list)), "a value of the parameter's type"),
    "low": (_number, "a number"),
    "high": (_number, "a number"),
    "choices": (lambda v: isinstance(v, list) and bool(v), "a list of values"),
    "help": (_text, "a text"),
    "unit": (_text, "a text"),
}

_CLAIM: dict[str, tuple[Check, str]] = {
    "id": (_matches(r"[a-z0-9]+(-[a-z0-9]+)*"), "lower-case words joined by '-'"),
    "text": (_text, "a text"),
    "source": (_text, "a text: table, figure, theorem or section"),
    "metric": (_text, "the name of a metric"),
    "paper_value": (_number, "a number"),
    "tolerance": (lambda v: _number(v) and v >= 0, "a number >= 0"),
    "rule": (_one_of(*Rule), f"one of {', '.join(Rule)}"),
    "unit": (_text, "a text"),
    "reason": (_text, "a text"),
    "scale": (_text, "a text"),
    "better": (_one_of("higher", "lower"), "'higher' or 'lower'"),
    "threshold": (_number, "a number"),
    "presets": (_texts, "a list of presets"),
    "instances": (_text, "the name of a metric"),
}
_CLAIM_NEEDS = {
    Rule.EQUAL: ("metric", "paper_value", "tolerance"),
    Rule.AT_LEAST: ("metric", "paper_value"),
    Rule.AT_MOST: ("metric", "paper_value"),
    Rule.THEOREM: ("metric",),
    Rule.DIRECTION: ("metric", "scale"),
    Rule.UNAVAILABLE: ("reason",),
}
_BETTER = {Rule.AT_LEAST: "higher", Rule.AT_MOST: "lower"}


class _Reader:
    """Checks of one file."""

    def __init__(self, path: str) -> None:
        self.path = path

    def refuse(self, key: str, value: object, expected: str, *, hint: str | None = None) -> ParseError:
        """Return the error for a value that cannot stand at a key."""
        shown = repr(value) if len(repr(value)) <= 120 else f"{repr(value)[:117]}…"
        return ParseError(
            f"{self.path}: {key} = {shown} should be {expected}", expected=expected, hint=hint or "correct the manifest"
        )

    def table(
        self, value: Any, key: str, checks: Mapping[str, tuple[Check, str]], needs: tuple[str, ...]
    ) -> dict[str, Any]:
        """Return a table whose keys are known and whose values pass; ``needs`` must be there."""
        if not isinstance(value, dict):
            raise self.refuse(key, value, "a table")
        for name, item in value.items():
            if name not in checks:
                raise self.refuse(
                    f"{key}.{name}", item, "left out: there is no such key", hint=suggestion(name, checks)
                )
            check, expected = checks[name]
            if not check(item):
                raise self.refuse(f"{key}.{name}", item, expected)
        for name in needs:
            if name not in value:
                message = f"{self.path}: {key}.{name} is missing; it should be {checks[name][1]}"
                raise ParseError(message, expected=checks[name][1], hint="correct the manifest")
        return value

    def named(self, value: Any, key: str) -> dict[str, Any]:
        """Return a table of tables, with names that can be used on a command line."""
        if not isinstance(value, dict):
            raise self.refuse(key, value, "a table")
        for name in value:
            if not re.fullmatch(_NAME, name):
                raise self.refuse(key, name, "a name of lower-case letters, digits and '_'")
        return value

    def parameters(self, value: Any) -> dict[str, Parameter]:
        """Return the parameters, each with a default inside its own range."""
        found = {}
        for name, fields in self.named(value, "parameters").items():
            key = f"parameters.{name}"
            known = dict(self.table(fields, key, _PARAMETER, ("type", "help")))
            choices = tuple(known.pop("choices", ()))
            item = Parameter(name, **known, choices=choices)
            if item.low is not None and item.high is not None and not item.low <= item.high:
                raise self.refuse(f"{key}.low", item.low, f"at most high = {item.high:g}")
            if item.default is not None:
                self.inside(f"{key}.default", lambda item=item: item.check(item.default))
            found[name] = item
        return found

    def presets(self, value: Any, parameters: Mapping[str, Parameter]) -> dict[str, dict[str, Any]]:
        """Return the presets with a checked value for every parameter."""
        found = {}
        for name, fields in self.named(value, "presets").items():
            if not isinstance(fields, dict):
                raise self.refuse(f"presets.{name}", fields, "a table")
            found[name] = self.inside(f"presets.{name}", lambda fields=fields: settle(parameters, fields))
        return found

    def inside(self, key: str, check: Callable[[], Any]) -> Any:
        """Return ``check()``, its refusal told with file and key."""
        try:
            return check()
        except DomainError as error:
            message = f"{self.path}: {key}: {error.message}"
            raise ParseError(message, hint=error.hint) from error

    def claims(self, value: Any, presets: Mapping[str, Any]) -> tuple[Claim, ...]:
        """Return the claims, ids unique, rules with what they need."""
        if not isinstance(value, list):
            raise self.refuse("claims", value, "an array of tables [[claims]]")
        found: dict[str, Claim] = {}
        for i, fields in enumerate(value):
            claim = self.claim(fields, f"claims[{i}]", presets)
            if claim.id in found:
                raise self.refuse(f"claims[{i}].id", claim.id, "an id no other claim has")
            found[claim.id] = claim
        return tuple(found.values())

    def claim(self, value: Any, key: str, presets: Mapping[str, Any]) -> Claim:
        """Return one claim."""
        fields = dict(self.table(value, key, _CLAIM, ("id", "text", "source", "rule")))
        rule = fields["rule"] = Rule(fields["rule"])
        self.table(value, key, _CLAIM, _CLAIM_NEEDS[rule])
        for name in fields.get("presets", ()):
            if name not in presets:
                raise self.refuse(
                    f"{key}.presets", name, f"one of {', '.join(presets) or 'the presets (there is none)'}"
                )
        fields["presets"] = tuple(fields.get("presets", ()))
        if fields.get("better", _BETTER.get(rule, "")) != _BETTER.get(rule, fields.get("better", "")):
            raise self.refuse(f"{key}.better", fields["better"], f"{_BETTER[rule]!r}, as the rule {rule} has it")
        fields["better"] = fields.get("better", _BETTER.get(rule, ""))
        if "threshold" in fields and not fields["better"]:
            raise self.refuse(
                f"{key}.threshold", fields["threshold"], "given together with better = 'higher' or 'lower'"
            )
        return Claim(**fields)


def _load(path: str, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        message = f"{path}: not TOML: {error}"
        raise ParseError(message, hint="correct the manifest at that place") from error


def read_text(file: Traversable) -> str:
    """Return the text of a file of a paper's folder.

    Raises
    ------
    ParseError
        If it cannot be read, is too long or not UTF-8.
    """
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
    reader = _Reader(str(file))
    tables = _load(reader.path, read_text(file))
    for name, value in tables.items():
        if name not in ("paper", "parameters", "presets", "claims"):
            raise reader.refuse(
                name, value, "left out", hint=suggestion(name, ("paper", "parameters", "presets", "claims"))
            )
    fields = reader.table(tables.get("paper", {}), "paper", _PAPER, _PAPER_NEEDS)
    if fields["slug"].replace("-", "_") != folder.name:
        raise reader.refuse("paper.slug", fields["slug"], f"the folder's name {folder.name!r} with '-' for '_'")
    parameters = reader.parameters(tables.get("parameters", {}))
    presets = reader.presets(tables.get("presets", {}), parameters)
    built = (folder / "run.py").is_file()
    if built and "quick" not in presets:
        raise reader.refuse("presets", sorted(presets), "with a preset 'quick', for the paper is built")
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
        notes=read_text(notes) if notes.is_file() else "",
        venue=fields.get("venue", ""),
        key=fields["bibtex"],
        manifest_hash=manifest_hash,
        order=fields.get("order", 1000),
        folder=folder,
    )
