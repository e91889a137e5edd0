"""The site: every address and what is there.

Definition: addresses are matched against a closed table; slugs and ids in them are looked up in the catalogue, never joined to a path of the disk.
Convention: the same addresses hold on disk and on the server; what changes is only whether a page may run papers (``live``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.resources import files

from erlangen.gallery.catalogue import Catalogue, Entry
from erlangen.gallery.difference import compare_runs
from erlangen.gallery.downloads import claims_csv, claims_document, join_arrays, to_json
from erlangen.gallery.knots import examples
from erlangen.gallery.points import has_points, points_script
from erlangen.gallery.renderer import render
from erlangen.gallery.search_index import index_script
from erlangen.papers import SUBJECTS, judge_run
from erlangen.runs import Run

__all__ = ["Resource", "Site"]

_HTML, _SCRIPT, _JSON = "text/html; charset=utf-8", "text/javascript; charset=utf-8", "application/json"
_ASSETS = {
    "style.css": "text/css; charset=utf-8",
    "print.css": "text/css; charset=utf-8",
    "page.js": _SCRIPT,
    "home.js": _SCRIPT,
    "live.js": _SCRIPT,
    "viewer.js": _SCRIPT,
    "compare.js": _SCRIPT,
    "knotmath.js": _SCRIPT,
    "knots.js": _SCRIPT,
    "formula.js": _SCRIPT,
    "hillmath.js": _SCRIPT,
    "orbits.js": _SCRIPT,
    "algebra.js": _SCRIPT,
    "charges.js": _SCRIPT,
    "symmetry.css": "text/css; charset=utf-8",
    "icon.svg": "image/svg+xml",
}
_ENDINGS = {"image/svg+xml": "svg", "image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}
_LISTED = 300


@dataclass(frozen=True)
class Resource:
    """What lies at an address; ``lasting`` if it never changes under the same address."""

    media_type: str
    data: bytes
    lasting: bool = False


@cache
def _asset(name: str) -> Resource:
    return Resource(_ASSETS[name], (files("erlangen.gallery") / "assets" / name).read_bytes())


class Site:
    """The resources of the page over a catalogue.

    Parameters
    ----------
    catalogue : Catalogue
    live : bool
        Whether the page is served, so that papers can be run from it.
    """

    def __init__(self, catalogue: Catalogue, *, live: bool = False) -> None:
        self.catalogue = catalogue
        self.live = live
        self._table: tuple[tuple[re.Pattern[str], Callable[..., Resource | None]], ...] = tuple(
            (re.compile(pattern), function)
            for pattern, function in (
                (r"index\.html", self._home),
                (r"runs\.html", self._runs),
                (r"compare\.html", self._compare),
                (r"benchmarks\.html", self._benchmarks),
                (r"knots\.html", self._knots),
                (r"orbits\.html", self._orbits),
                (r"charges\.html", self._charges),
                (r"symmetries\.html", self._symmetries),
                (r"papers/([a-z0-9-]{1,80})\.(html|json|csv|bib)", self._paper),
                (r"runs/([0-9a-f]{12})\.(html|json|safetensors|js)", self._run),
                (r"runs/([0-9a-f]{12})-([0-9]{1,3})\.(svg|png|jpg|webp)", self._figure),
                (r"assets/search\.js", self._search),
                (r"assets/runs\.js", self._run_data),
                (r"assets/([a-z]{1,20}\.(?:css|js|svg))", self._static),
            )
        )

    def render(self, path: str) -> Resource | None:
        """Return what lies at an address (without leading slash; ``""`` is the first page), None where nothing does."""
        wanted = path or "index.html"
        for pattern, function in self._table:
            found = pattern.fullmatch(wanted)
            if found:
                return function(*found.groups())
        return None

    def paths(self) -> Iterator[str]:
        """Yield every address of the site."""
        yield from (
            "index.html",
            "runs.html",
            "compare.html",
            "benchmarks.html",
            "knots.html",
            "orbits.html",
            "symmetries.html",
            "charges.html",
        )
        yield from ("assets/search.js", "assets/runs.js")
        yield from (f"assets/{name}" for name in _ASSETS)
        for paper in self.catalogue.papers:
            yield from (f"papers/{paper.slug}.{ending}" for ending in ("html", "json", "csv", "bib"))
        for run in self._shown():
            yield from (f"runs/{run.id}.{ending}" for ending in ("html", "json"))
            names = set(self.catalogue.store.array_bytes(run.id))
            if names:
                yield f"runs/{run.id}.safetensors"
            if has_points(names):
                yield f"runs/{run.id}.js"
            yield from (f"runs/{place}" for place in self._figure_names(run))

    def _shown(self) -> list[Run]:
        """Return the newest runs, and those that a verdict rests on."""
        newest = self.catalogue.runs(_LISTED)
        known = {run.id for run in newest}
        for entry in self.catalogue.entries():
            for judgement in entry.report.judgements:
                if judgement.run_id and judgement.run_id not in known:
                    known.add(judgement.run_id)
                    newest.append(self.catalogue.store.run(judgement.run_id))
        return newest

    def _figure_names(self, run: Run | None) -> list[str]:
        if run is None:
            return []
        return [f"{run.id}-{k}.{_ENDINGS[f.media_type]}" for k, f in enumerate(self.catalogue.figures(run))]

    def _page(self, template: str, root: str, **names: object) -> Resource:
        return Resource(_HTML, render(template, root=root, live=self.live, **names))

    def missing(self) -> Resource:
        """Return the page for an address where nothing lies; its links start at the root, however deep the address."""
        return self._page("missing.html", "/", tab="")

    def _home(self) -> Resource:
        entries = self.catalogue.entries()
        used = {subject for entry in entries for subject in entry.paper.subjects}
        covers = {}
        for entry in entries:
            figures = self.catalogue.figures(entry.report.run)
            if figures and figures[0].name == "cover" and len(figures[0].data) <= 24_000:
                covers[entry.paper.slug] = f"runs/{self._figure_names(entry.report.run)[0]}"
        return self._page(
            "home.html",
            "",
            tab="papers",
            entries=entries,
            covers=covers,
            subjects=[subject for subject in SUBJECTS if subject in used],
            counts=self.catalogue.counts(entries),
        )

    def _paper(self, slug: str, ending: str) -> Resource | None:
        entry = self.catalogue.entry(slug)
        if entry is None:
            return None
        if ending == "json":
            return Resource(_JSON, to_json(claims_document(entry), indent=1))
        if ending == "csv":
            return Resource("text/csv; charset=utf-8", claims_csv(entry))
        if ending == "bib":
            return Resource("text/plain; charset=utf-8", entry.paper.bibtex().encode("utf-8"))
        return self._paper_page(entry)

    def _paper_page(self, entry: Entry) -> Resource:
        run = entry.report.run
        names = set(self.catalogue.store.array_bytes(run.id)) if run else set()
        ratios = [x for record in entry.benchmarks for x in (record.low, record.high, record.goal or 1.0)]
        around = [paper for paper in self.catalogue.papers if abs(paper.order - entry.paper.order) == 1]
        return self._page(
            "paper.html",
            "../",
            tab="papers",
            entry=entry,
            run=run,
            figures=list(zip(self._figure_names(run), self.catalogue.figures(run), strict=True)),
            arrays=sorted(names),
            points=has_points(names),
            axis=_axis(ratios),
            around=around,
        )

    def _runs(self) -> Resource:
        return self._page("runs.html", "", tab="runs", runs=self._shown(), papers=self.catalogue.slugs)

    def _run(self, run_id: str, ending: str) -> Resource | None:
        run = self.catalogue.run(run_id)
        if run is None:
            return None
        if ending == "json":
            return Resource(_JSON, to_json({**run.to_json(), "rows": self.catalogue.store.rows(run.id)}, indent=1))
        if ending == "html":
            return self._run_page(run)
        blobs = self.catalogue.store.array_bytes(run.id)
        if ending == "safetensors":
            return Resource("application/octet-stream", join_arrays(blobs, run)) if blobs else None
        script = points_script(blobs)
        return None if script is None else Resource(_SCRIPT, script.encode("utf-8"))

    def _run_page(self, run: Run) -> Resource:
        paper = self.catalogue.slugs.get(run.slug)
        before = self.catalogue.before(run)
        names = set(self.catalogue.store.array_bytes(run.id))
        return self._page(
            "run.html",
            "../",
            tab="runs",
            run=run,
            paper=paper,
            judgements=judge_run(paper, run) if paper else (),
            figures=list(zip(self._figure_names(run), self.catalogue.figures(run), strict=True)),
            arrays=sorted(names),
            points=has_points(names),
            before=before,
            difference=None if before is None else compare_runs(before, run),
        )

    def _figure(self, run_id: str, place: str, ending: str) -> Resource | None:
        run = self.catalogue.run(run_id)
        figures = self.catalogue.figures(run)
        index = int(place)
        if run is None or index >= len(figures) or _ENDINGS[figures[index].media_type] != ending:
            return None
        return Resource(figures[index].media_type, figures[index].data)

    def _compare(self) -> Resource:
        return self._page("compare.html", "", tab="runs", runs=self._shown(), papers=self.catalogue.slugs)

    def _benchmarks(self) -> Resource:
        records = self.catalogue.benchmarks
        ratios = [x for record in records for x in (record.low, record.high, record.goal or 1.0)]
        return self._page(
            "benchmarks.html", "", tab="benchmarks", records=records, axis=_axis(ratios), papers=self.catalogue.slugs
        )

    def _knots(self) -> Resource:
        return self._page("knots.html", "", tab="knots", examples=examples())

    def _orbits(self) -> Resource:
        orbits, tree = import_module("erlangen.gallery.orbits"), import_module("erlangen.gallery.orbit_tree")
        found = orbits.orbit_examples()
        names = {"examples": found, "vacua": orbits.vacuum_examples(), "tree": tree.orbit_tree(found)}
        return self._page("orbits.html", "", tab="symmetries", room="orbits", **names)

    def _symmetries(self) -> Resource:
        found = import_module("erlangen.gallery.symmetries").symmetry_examples()
        return self._page("symmetries.html", "", tab="symmetries", room="symmetries", examples=found)

    def _charges(self) -> Resource:
        charges = import_module("erlangen.gallery.charges")
        found = [
            {**item, "bare": [{key: curve[key] for key in ("prescription", "density")} for curve in item["curves"]]}
            for item in charges.charge_examples()
        ]
        return self._page("charges.html", "", tab="symmetries", room="charges", examples=found, metrics=charges.METRICS)

    def _search(self) -> Resource:
        return Resource(_SCRIPT, index_script(self.catalogue.entries()).encode("utf-8"))

    def _run_data(self) -> Resource:
        runs = {
            run.id: {
                "label": f"{run.slug} · {run.preset} · {run.id[:7]}",
                "parameters": {
                    "preset": run.preset,
                    "seed": run.spec.seed,
                    "threads": run.spec.threads,
                    **run.spec.parameters,
                },
                "metrics": {"seconds": run.seconds, **run.metrics},
                "environment": {**run.versions, "code": run.spec.code_version},
            }
            for run in self._shown()
        }
        return Resource(_SCRIPT, b"window.erlangenRuns=" + to_json(runs).rstrip() + b";\n")

    def _static(self, name: str) -> Resource | None:
        return _asset(name) if name in _ASSETS else None


def _axis(ratios: list[float]) -> tuple[float, float]:
    """Return the common logarithmic axis of ratio charts, 1 always inside.

    Examples
    --------
    >>> _axis([3.0, 8.0])
    (0.5, 10.4)
    """
    low, high = min([*ratios, 1.0]), max([*ratios, 1.0])
    return round(min(0.5, low / 1.3), 3), round(max(2.0, high * 1.3), 3)
