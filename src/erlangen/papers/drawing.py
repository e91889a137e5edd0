"""What the figures of all papers share: paper, ink and the way they become SVG.

Definition: SVG without fonts of its own, transparent ground, the same bytes every time.
Convention: matplotlib is imported where a figure is drawn, so that runs without figures need no extra.
"""

from __future__ import annotations

import io
from typing import Any

from erlangen.validation import require

__all__ = ["INK", "figure", "quiet", "svg"]

INK = "#6b655d"


def figure(width: float, height: float) -> Any:
    """Return an empty figure of a size in inches."""
    return require("matplotlib.figure", extra="plot", purpose="the figures").Figure(figsize=(width, height))


def svg(drawn: Any) -> bytes:
    """Return a figure as SVG on transparent ground."""
    out = io.BytesIO()
    settings = {"svg.hashsalt": "erlangen", "svg.fonttype": "none"}
    with require("matplotlib", extra="plot", purpose="the figures").rc_context(settings):
        drawn.savefig(out, format="svg", transparent=True, bbox_inches="tight", metadata={"Date": None})
    return out.getvalue()


def quiet(axes: Any) -> None:
    """Draw axes in a quiet colour without a frame."""
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(INK)
    axes.tick_params(colors=INK, labelsize=9)
    axes.xaxis.label.set_color(INK)
    axes.yaxis.label.set_color(INK)
