"""The checks of a manifest's tables: which keys there are, and what may stand at them.

Definition: each table has a list of keys, each key a test and the words for what passes it; claims need what their rule compares.
Convention: a refusal names file, key, offending value and what could stand there.
"""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, NoReturn

from erlangen.errors import DomainError, ParseError
from erlangen.papers.claim import Claim, Rule
from erlangen.papers.parameter import TYPES, Parameter, settle
from erlangen.papers.record import SUBJECTS
from erlangen.papers.suggestion import suggestion

__all__ = ["ManifestReader"]

Check = Callable[[Any], bool]


def _text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_text, value))


def _number(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return abs(value) < math.inf and abs(value) <= sys.float_info.max


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


class ManifestReader:
    """Checks of one file.

    Parameters
    ----------
    path : str
        Named in every refusal.
    """

    def __init__(self, path: str) -> None:
        self.path = path

    def refuse(self, key: str, value: object, expected: str, *, hint: str | None = None) -> NoReturn:
        """Refuse a value that cannot stand at a key."""
        shown = repr(value) if len(repr(value)) <= 120 else f"{repr(value)[:117]}…"
        message = f"{self.path}: {key} = {shown} should be {expected}"
        raise ParseError(message, expected=expected, hint=hint or "correct the manifest")

    def table(
        self, value: Any, key: str, checks: Mapping[str, tuple[Check, str]], needs: tuple[str, ...]
    ) -> dict[str, Any]:
        """Return a table whose keys are known and whose values pass; ``needs`` must be there."""
        if not isinstance(value, dict):
            self.refuse(key, value, "a table")
        for name, item in value.items():
            if name not in checks:
                self.refuse(f"{key}.{name}", item, "left out: there is no such key", hint=suggestion(name, checks))
            check, expected = checks[name]
            if not check(item):
                self.refuse(f"{key}.{name}", item, expected)
        for name in needs:
            if name not in value:
                message = f"{self.path}: {key}.{name} is missing; it should be {checks[name][1]}"
                raise ParseError(message, expected=checks[name][1], hint="correct the manifest")
        return value

    def paper(self, value: Any) -> dict[str, Any]:
        """Return the table ``[paper]``."""
        return self.table(value, "paper", _PAPER, _PAPER_NEEDS)

    def named(self, value: Any, key: str) -> dict[str, Any]:
        """Return a table of tables, with names that can be used on a command line."""
        if not isinstance(value, dict):
            self.refuse(key, value, "a table")
        for name in value:
            if not re.fullmatch(_NAME, name):
                self.refuse(key, name, "a name of lower-case letters, digits and '_'")
        return value

    def parameters(self, value: Any) -> dict[str, Parameter]:
        """Return the parameters, each with a default inside its own range."""
        found = {}
        for name, fields in self.named(value, "parameters").items():
            key = f"parameters.{name}"
            known = dict(self.table(fields, key, _PARAMETER, ("type", "help")))
            choices = tuple(known.pop("choices", ()))
            item = Parameter(name, **known, choices=choices)
            self.range(item, key)
            if item.default is not None:
                self.inside(f"{key}.default", item.check, item.default)
            found[name] = item
        return found

    def range(self, item: Parameter, key: str) -> None:
        """Refuse a range or choices that no value of the parameter's type could meet."""
        for end, bound in (("low", item.low), ("high", item.high)):
            if bound is not None and item.type not in ("int", "float", "list[int]", "list[float]"):
                self.refuse(f"{key}.{end}", bound, f"left out: a parameter of type {item.type} has no range")
        if item.low is not None and item.high is not None and not item.low <= item.high:
            self.refuse(f"{key}.low", item.low, f"at most high = {item.high:g}")
        for choice in item.choices:
            self.inside(f"{key}.choices", item.check, [choice] if item.type.startswith("list") else choice)

    def presets(self, value: Any, parameters: Mapping[str, Parameter]) -> dict[str, dict[str, Any]]:
        """Return the presets with a checked value for every parameter."""
        found = {}
        for name, fields in self.named(value, "presets").items():
            if not isinstance(fields, dict):
                self.refuse(f"presets.{name}", fields, "a table")
            found[name] = self.inside(f"presets.{name}", settle, parameters, fields)
        return found

    def inside(self, key: str, check: Callable[..., Any], *args: Any) -> Any:
        """Return ``check(*args)``, its refusal told with file and key."""
        try:
            return check(*args)
        except DomainError as error:
            message = f"{self.path}: {key}: {error.message}"
            raise ParseError(message, hint=error.hint) from error

    def claims(self, value: Any, presets: Mapping[str, Any]) -> tuple[Claim, ...]:
        """Return the claims, ids unique, rules with what they need."""
        if not isinstance(value, list):
            self.refuse("claims", value, "an array of tables [[claims]]")
        found: dict[str, Claim] = {}
        for i, fields in enumerate(value):
            claim = self.claim(fields, f"claims[{i}]", presets)
            if claim.id in found:
                self.refuse(f"claims[{i}].id", claim.id, "an id no other claim has")
            found[claim.id] = claim
        return tuple(found.values())

    def claim(self, value: Any, key: str, presets: Mapping[str, Any]) -> Claim:
        """Return one claim."""
        fields = dict(self.table(value, key, _CLAIM, ("id", "text", "source", "rule")))
        rule = fields["rule"] = Rule(fields["rule"])
        self.table(value, key, _CLAIM, _CLAIM_NEEDS[rule])
        for name in fields.get("presets", ()):
            if name not in presets:
                self.refuse(f"{key}.presets", name, f"one of {', '.join(presets) or 'the presets (there is none)'}")
        fields["presets"] = tuple(fields.get("presets", ()))
        if fields.get("better", _BETTER.get(rule, "")) != _BETTER.get(rule, fields.get("better", "")):
            self.refuse(f"{key}.better", fields["better"], f"{_BETTER[rule]!r}, as the rule {rule} has it")
        fields["better"] = fields.get("better", _BETTER.get(rule, ""))
        if "threshold" in fields and not fields["better"]:
            self.refuse(f"{key}.threshold", fields["threshold"], "given together with better = 'higher' or 'lower'")
        return Claim(**fields)
