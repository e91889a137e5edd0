"""What changed in the store: new runs, and the verdicts they changed.

Definition: an :class:`Item` is a run that ended since a moment; a :class:`Change` is a claim whose verdict differs from that of the paper's run before.
Convention: times are ISO 8601 in UTC, newest first; everything is computed from the store, nothing is remembered between calls.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from xml.etree import ElementTree

from erlangen.cli.claims import verdict_summary
from erlangen.cli.table import number, seconds
from erlangen.papers import Claim, Judgement, Paper, Verdict, judge_run
from erlangen.runs import Run, RunStatus

__all__ = ["Change", "Item", "as_atom", "as_eml", "as_text", "count", "news"]

_ATOM = "http://www.w3.org/2005/Atom"


@dataclass(frozen=True)
class Change:
    """A claim, its verdict before and after."""

    claim: Claim
    before: Verdict | None
    after: Verdict
    value: float | None

    @property
    def sentence(self) -> str:
        """The change in one line."""
        before = "not run yet" if self.before is None else str(self.before)
        paper = "" if self.claim.paper_value is None else f", the paper's {number(self.claim.paper_value)}"
        value = "" if self.value is None else f" (ours {number(self.value)}{paper})"
        return f"{self.claim.text}: {before} -> {self.after}{value}"


@dataclass(frozen=True)
class Item:
    """A run that ended, and the verdicts it changed."""

    paper: Paper
    run: Run
    judgements: tuple[Judgement, ...]
    changes: tuple[Change, ...]

    @property
    def when(self) -> str:
        """When the run ended, or started last where it has not ended."""
        return self.run.finished or self.run.started

    @property
    def headline(self) -> str:
        """The run in one line."""
        return (
            f"{self.paper.title}: run {self.run.id} ({self.run.preset}) {self.run.status}, {seconds(self.run.seconds)}"
        )


def count(number: int, noun: str) -> str:
    """Return a number with its noun.

    Examples
    --------
    >>> count(1, "run"), count(2, "run")
    ('1 run', '2 runs')
    """
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _moment(text: str) -> datetime:
    """Return an ISO text as a moment in UTC."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def news(papers: Iterable[Paper], runs: Iterable[Run], since: datetime) -> list[Item]:
    """Return the runs that ended since a moment, newest first."""
    known: Mapping[str, Paper] = {paper.slug: paper for paper in papers}
    verdicts: dict[tuple[str, str], Verdict | None] = {}
    items = []
    ended = (run for run in runs if run.slug in known and run.status in (RunStatus.FINISHED, RunStatus.FAILED))
    for run in sorted(ended, key=lambda run: run.finished or run.started):
        paper = known[run.slug]
        judgements = judge_run(paper, run)
        changes = []
        for judgement in judgements:
            key = (paper.slug, judgement.claim.id)
            before = verdicts.get(key)
            if judgement.verdict is not None and judgement.verdict != before:
                changes.append(Change(judgement.claim, before, judgement.verdict, judgement.value))
                verdicts[key] = judgement.verdict
        item = Item(paper, run, judgements, tuple(changes))
        if _moment(item.when) >= since:
            items.append(item)
    return items[::-1]


def as_text(items: list[Item], since: datetime) -> str:
    """Return the news as plain text."""
    lines = [f"erlangen, news since {since:%Y-%m-%d %H:%M} UTC", ""]
    if not items:
        lines.append("nothing new")
    for item in items:
        lines += [
            f"{item.when[:16].replace('T', ' ')}  {item.headline}",
            f"    claims: {verdict_summary(item.judgements)}",
        ]
        lines += [f"    * {change.sentence}" for change in item.changes]
        if item.run.error:
            lines.append(f"    ! {item.run.error}")
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def as_atom(items: list[Item], since: datetime) -> str:
    """Return the news as an Atom feed (RFC 4287), one entry a run."""
    feed = ElementTree.Element("feed", xmlns=_ATOM)
    updated = _moment(items[0].when) if items else since
    _add(feed, "id", "urn:erlangen:digest")
    _add(feed, "title", "erlangen: runs and verdicts")
    _add(feed, "updated", updated.isoformat())
    _add(_add(feed, "author"), "name", "erlangen")
    for item in items:
        entry = _add(feed, "entry")
        _add(entry, "id", f"urn:erlangen:run:{item.run.id}:{item.run.attempt}")
        _add(entry, "title", item.headline)
        _add(entry, "updated", _moment(item.when).isoformat())
        lines = [f"claims: {verdict_summary(item.judgements)}", *(change.sentence for change in item.changes)]
        _add(entry, "content", "\n".join(lines)).set("type", "text")
    ElementTree.indent(feed)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(feed, encoding="unicode") + "\n"


def _add(parent: ElementTree.Element, name: str, text: str | None = None) -> ElementTree.Element:
    """Append a child element."""
    child = ElementTree.SubElement(parent, name)
    child.text = text
    return child


def as_eml(items: list[Item], since: datetime) -> str:
    """Return the news as a mail that a mail program opens as a draft (RFC 5322); it is not sent."""
    mail = EmailMessage(policy=SMTP)
    changed = sum(len(item.changes) for item in items)
    mail["Subject"] = (
        f"erlangen: {count(len(items), 'run')}, {count(changed, 'verdict')} changed since {since:%Y-%m-%d}"
    )
    mail["From"] = "erlangen <erlangen@localhost.localdomain>"
    mail["Date"] = format_datetime(_moment(items[0].when) if items else since)
    mail["X-Unsent"] = "1"
    mail.set_content(as_text(items, since))
    return mail.as_string()
