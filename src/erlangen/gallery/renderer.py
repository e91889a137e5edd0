"""Templates: how a page is put together.

Definition: Jinja2 with autoescape on; filters print numbers, dates, formulas and notes; nothing in a template is a script or a style.
Convention: ``root`` is the relative way from the page to the site's first page, so that the site opens from disk and under any folder.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

import erlangen
from erlangen.gallery.catalogue import MARKS
from erlangen.gallery.charts import ratio_chart
from erlangen.gallery.downloads import clean
from erlangen.gallery.formula_text import pretty
from erlangen.gallery.knot_figures import polynomial, sparkline
from erlangen.gallery.markdown import render_markdown
from erlangen.gallery.mathml import mathml
from erlangen.gallery.proportions import is_wide
from erlangen.gallery.text import day, duration, moment, number, slugify, value
from erlangen.gallery.thumbnails import thumbnail

__all__ = ["POLICY", "render"]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src {connect}; "
    "base-uri 'none'; form-action 'none'"
)
"""The content-security policy; ``connect`` is ``'none'`` on disk and ``'self'`` when served."""


def _tolerance(claim: Any) -> str:
    sign = {"equal": "±", "at-least": "−", "at-most": "+", "theorem": "±"}.get(str(claim.rule))
    if sign is None or (str(claim.rule) == "theorem" and not claim.tolerance):
        return "–"
    return f"{sign}\u202f{number(claim.tolerance, 3)}"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("erlangen.gallery", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "clean": clean,
        "day": day,
        "duration": duration,
        "markdown": render_markdown,
        "mathml": mathml,
        "moment": moment,
        "number": number,
        "polynomial": polynomial,
        "pretty": pretty,
        "safe_svg": Markup,
        "sparkline": sparkline,
        "slugify": slugify,
        "tolerance": _tolerance,
        "value": value,
        "wide": is_wide,
    }
    environment.globals |= {
        "MARKS": MARKS,
        "ratio_chart": ratio_chart,
        "thumbnail": lambda slug: Markup(thumbnail(slug)),  # noqa: S704 - drawn by our own code
        "version": erlangen.__version__,
    }
    return environment


def render(template: str, *, root: str, live: bool, **names: Any) -> bytes:
    """Return a page as UTF-8 HTML."""
    policy = POLICY.format(connect="'self'" if live else "'none'")
    page = _environment().get_template(template).render(root=root, live=live, policy=policy, **names)
    return page.encode("utf-8")
