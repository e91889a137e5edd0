"""A paper of our own in a folder of its own: 1 + 4 + ... + n^2, with one claim for each rule."""

import pytest

from erlangen.runs import RunStore

MANIFEST = """
[paper]
slug = "sums-of-squares"
title = "Sums of squares"
authors = ["Ada Nobody", "Émile Nobody"]
listed = 2026-11-01
subjects = ["operators"]
abstract = "The first n squares are summed."
summary = "Squares, summed."
bibtex = "nobody2026sums"

[parameters.n]
type = "int"
low = 1
high = 1000
help = "how many"

[presets.quick]
n = 4

[presets.full]
n = 20

[[claims]]
id = "sum"
text = "The sum of the first four squares is 30"
source = "Eq. 1"
rule = "equal"
metric = "sum"
paper_value = 30.0
tolerance = 0.5
presets = ["quick"]

[[claims]]
id = "many"
text = "The sum of the first twenty is at least 2870"
source = "Table 1"
rule = "at-least"
metric = "sum"
paper_value = 2870
presets = ["full"]

[[claims]]
id = "formula"
text = "The sum is n(n+1)(2n+1)/6"
source = "Theorem 1"
rule = "theorem"
metric = "formula holds"
instances = "instances"

[[claims]]
id = "faraway"
text = "The sum of all squares is known"
source = "Table 2"
rule = "unavailable"
reason = "there are infinitely many"
"""

FIGURES = """
def draw(values):
    return f"<svg xmlns='http://www.w3.org/2000/svg'><title>{values}</title></svg>".encode()
"""

RUN = """
from .figures import draw


def square(i):
    return i * i


def run(context):
    n = context.parameters["n"]
    rows = context.map(square, {str(i): i for i in range(1, n + 1)})
    context.metric("sum", sum(rows.values()))
    context.metric("formula holds", sum(rows.values()) == n * (n + 1) * (2 * n + 1) // 6)
    context.metric("instances", n)
    context.figure("squares", draw(list(rows.values())), caption="the squares")
"""


@pytest.fixture
def store(tmp_path):
    with RunStore(tmp_path / "runs.sqlite") as opened:
        yield opened


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "papers" / "sums_of_squares"
    folder.mkdir(parents=True)
    for name, text in (("manifest.toml", MANIFEST), ("run.py", RUN), ("figures.py", FIGURES)):
        (folder / name).write_text(text, encoding="utf-8")
    return folder.parent


@pytest.fixture
def edit(root):
    """Replace a text of a file of the toy paper."""

    def change(old, new, name="manifest.toml"):
        path = root / "sums_of_squares" / name
        text = path.read_text(encoding="utf-8")
        assert text.count(old) >= 1, old
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return change
