"""A small picture for each paper, drawn by our own code from the paper's mathematics.

Definition: one module a picture, each with ``draw()`` returning an inline SVG; all are deterministic and use no third party.
Convention: :func:`thumbnail` takes the slug; a paper without a picture of its own gets a plain one made from its slug.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.util import find_spec

from erlangen.gallery.thumbnails.plain import draw_plain

__all__ = ["thumbnail"]


@cache
def thumbnail(slug: str) -> str:
    """Return the picture of a paper as an ``<svg>`` element.

    Examples
    --------
    >>> thumbnail("heat-geodesic-embedding")[:18]
    '<svg class="thumb"'
    """
    name = f"erlangen.gallery.thumbnails.{slug.replace('-', '_')}"
    if not slug.replace("-", "").isalnum() or find_spec(name) is None:
        return draw_plain(slug)
    module = import_module(name)
    return str(module.draw())
