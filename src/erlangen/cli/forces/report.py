"""The report of fits as one page of HTML that opens from disk.

Definition: a table of errors, learning curves over processor time, predicted against calculated forces; pictures are SVG within the page.
Convention: nothing is fetched, nothing moves; every picture has a text alternative; matplotlib is the extra ``plot``.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

import numpy as np

from erlangen.cli.forces.fitting import Fitted, milli
from erlangen.cli.table import seconds
from erlangen.potentials import Frames
from erlangen.validation import require

__all__ = ["report"]

_COLOURS = {"clebsch-gordan": "#3566a8", "gaunt": "#e0663a", "complete-gaunt": "#2f9166"}
_MOST = 4000
_STYLE = """
:root { color-scheme: light; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; color: #30363d; background: #fff; }
table { border-collapse: collapse; margin: 1rem 0; font-variant-numeric: tabular-nums; display: block; overflow-x: auto; }
th, td { padding: .3rem .8rem; text-align: right; border-bottom: 1px solid #dfe3e8; white-space: nowrap; }
th:first-child, td:first-child { text-align: left; }
figure { margin: 1.5rem 0; } svg { max-width: 100%; height: auto; } figcaption, .note { color: #59626f; font-size: .92rem; }
code { background: #f4f6f8; padding: .1rem .3rem; border-radius: .2rem; }
"""


def report(fits: Sequence[Fitted], tests: Mapping[str, Frames], about: Mapping[str, str]) -> str:
    """Return the page."""
    parts = [
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>Potentials fitted to {escape(about['train'])}</title><style>{_STYLE}</style></head><body>",
        f"<h1>Potentials fitted to {escape(about['train'])}</h1>",
        _table(("", "value"), about.items()),
        "<h2>Errors</h2>",
        *_errors(fits, tests),
        "<h2>Learning curves</h2>",
        _figure(
            _curves(fits),
            "Loss by which the weights are chosen, over processor time; the weights kept are those of the least.",
        ),
    ]
    for name, frames in tests.items():
        if any(frame.forces is not None for frame in frames):
            caption = f"Components of the forces on {name}: predicted over calculated, in eV/Å."
            parts.append(_figure(_forces(fits, name, frames), caption))
    parts.append(
        "<p class='note'>Expressivity: dimension of the bilinear maps of one channel up to the degree of the directions that a product reaches. "
        "Equal epochs hide time, equal seconds hide unfinished training: read both columns.</p></body></html>"
    )
    return "\n".join(parts) + "\n"


def _table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Return a table of HTML."""
    lines = ["".join(f"<th>{escape(str(cell))}</th>" for cell in head)]
    lines += ["".join(f"<td>{escape(str(cell))}</td>" for cell in row) for row in rows]
    return "<table>" + "".join(f"<tr>{line}</tr>" for line in lines) + "</table>"


def _errors(fits: Sequence[Fitted], tests: Mapping[str, Frames]) -> list[str]:
    """Return the table of the fits and one of the errors on each set."""
    head = ("product", "weights", "expressivity", "epochs", "time", "time an epoch")
    rows = [
        (f.product, f"{f.parameters:,}", f.expressivity, len(f.epochs), seconds(f.seconds), seconds(f.seconds / max(len(f.epochs), 1)))
        for f in fits
    ]  # fmt: skip
    found = [_table(head, rows)]
    for name in tests:
        head = (name, "RMSE E, meV", "E an atom", "RMSE F, meV/Å", "MAE F", "relative F")
        keys = ("energy_rmse", "energy_per_atom_rmse", "forces_rmse", "forces_mae", "forces_relative")
        told = [[_told(key, fit.errors[name][key]) for key in keys] for fit in fits]
        found.append(_table(head, [(fit.product, *cells) for fit, cells in zip(fits, told, strict=True)]))
    return found


def _told(key: str, value: float) -> str:
    return f"{value:.3f}" if key == "forces_relative" else milli(value)


def _figure(svg: str, caption: str) -> str:
    label = f'<svg role="img" aria-label="{escape(caption)}"'
    return f"<figure>{svg.replace('<svg', label, 1)}<figcaption>{escape(caption)}</figcaption></figure>"


def _canvas(width: float, height: float, columns: int = 1) -> tuple[Any, Any]:
    """Return a figure and its axes."""
    figure = require("matplotlib.figure", extra="plot", purpose="--report").Figure(
        (width, height), layout="constrained"
    )
    axes = figure.subplots(1, columns, squeeze=False)[0]
    for ax in axes:
        ax.spines[["top", "right"]].set_visible(False)
        ax.grid(visible=True, color="#dfe3e8", linewidth=0.6)
    return figure, axes


def _svg(figure: Any) -> str:
    """Return a figure as SVG, without its head."""
    stream = io.StringIO()
    figure.savefig(stream, format="svg", metadata={"Date": None})
    text = stream.getvalue()
    return text[text.index("<svg") :]


def _curves(fits: Sequence[Fitted]) -> str:
    figure, (ax,) = _canvas(8, 3.6)
    for fit in fits:
        times = [row["seconds"] for row in fit.epochs]
        ax.plot(
            times,
            [row["valid_loss"] for row in fit.epochs],
            color=_COLOURS.get(fit.product, "#8a63b8"),
            label=fit.product,
        )
    ax.set(xlabel="processor time, s", ylabel="loss", yscale="log")
    if fits:
        ax.legend(frameon=False)
    return _svg(figure)


def _forces(fits: Sequence[Fitted], name: str, frames: Frames) -> str:
    """Return predicted over calculated components, a panel a product."""
    figure, axes = _canvas(3.2 * max(len(fits), 2), 3.2, len(fits))
    for ax, fit in zip(axes, fits, strict=True):
        pairs = [(f.forces, p.forces) for f, p in zip(frames, fit.predicted[name], strict=True) if f.forces is not None]
        truth, guess = (np.concatenate([pair[k].ravel() for pair in pairs]) for k in (0, 1))
        step = max(1, len(truth) // _MOST)
        ax.plot(
            truth[::step], guess[::step], ".", markersize=2.2, alpha=0.6, color=_COLOURS.get(fit.product, "#8a63b8")
        )
        ax.axline((0, 0), slope=1, color="#30363d", linewidth=0.8)
        ax.set(xlabel="calculated, eV/Å", title=fit.product)
    axes[0].set_ylabel("predicted, eV/Å")
    return _svg(figure)
