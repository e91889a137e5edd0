"""What the page on symmetries and charges names exists: tests that pin signs, functions, and the numbers of its traps."""

import re
from pathlib import Path

import pytest

import erlangen.gauge
import erlangen.symbolic
from erlangen.symbolic import charge_form, metric_variation, spacetime

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/explanation/symmetries-and-charges.md"

pytestmark = pytest.mark.skipif(not PAGE.is_file(), reason="needs the documentation's source")


def test_every_test_that_it_names_exists():
    named = set(re.findall(r"`(test_\w+)`", PAGE.read_text(encoding="utf-8")))
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    assert len(named) >= 10
    assert [name for name in named if f"def {name}(" not in sources] == []


def test_every_function_of_its_table_is_public():
    table = PAGE.read_text(encoding="utf-8").split("## Zero")[0]
    rows = [line.rsplit("|", 2)[1] for line in table.splitlines() if line.startswith("| a") or line.startswith("| eq")]
    names = [name for row in rows for name in re.findall(r"`([\w.]+)`", row)]
    assert len(names) >= 12
    assert [name for name in names if "." not in name and name not in erlangen.symbolic.__all__] == []


def test_a_charge_that_need_not_exist():
    """δQ of ∂_t for Kerr in anti-de Sitter space has a curvature on the space of parameters; that of the other generator has none."""
    g = spacetime("kerr-anti-de-sitter")
    ring = g.ring

    def curl(xi):
        slopes = {
            name: charge_form(g, metric_variation(g, name), xi).integrate({"x": (-1, 1)}, circles=("phi",))
            for name in ("M", "a")
        }
        return slopes["M"].partial("a") - slopes["a"].partial("M")

    assert curl({"t": 1})
    assert not curl({"t": 1, "phi": ring.parse("-a/l^2")})
