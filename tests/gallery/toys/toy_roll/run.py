"""A paper for the tests of the page: rows that take their time, and one result of each kind."""

from __future__ import annotations

import math
import time

import numpy as np

from erlangen.runs import RunContext

_FIGURE = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 30"><path d="M0 30L40 0" stroke="#1f3a5f"/></svg>'


def square(k: int, pause: float) -> int:
    """Return a square, after a pause."""
    time.sleep(pause)
    return k * k


def run(context: RunContext) -> None:
    """Run the toy."""
    p = context.parameters
    if p["mode"] == "raise":
        message = "the toy was told to raise"
        raise ZeroDivisionError(message)
    total = 0
    for k in range(p["n"]):
        total += context.step(f"square {k}", square, k, p["pause"])
        context.progress(k + 1, p["n"], f"square {k}", {"so far": total})
    context.metric("sum", total)
    context.metric("great", 0.9)
    context.metric("holds", True)
    context.metric("margin", 0.25)
    context.metric("strange", math.nan)
    angle = np.linspace(0.0, 6.0, 60)
    context.array("points3d", np.c_[angle * np.cos(angle), np.arange(60.0) % 7, angle * np.sin(angle)])
    for t in (0.5, 2.0, 8.0):
        context.array(f"embedding_t_{t}", np.c_[angle * t, np.arange(60.0) % 7])
    context.array("colors", angle)
    context.array("distances", np.abs(angle[::10, None] - angle[None]))
    context.array("distance_sources", np.arange(0, 60, 10))
    context.figure("line", _FIGURE, "image/svg+xml", "A line & its <caption>.")
    context.figure("page", b"<script>alert(1)</script>", "text/html", "never shown")
