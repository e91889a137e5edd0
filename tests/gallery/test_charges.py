"""Charges on the page: exact symmetries give the known numbers at every radius, others what their densities say."""

import numpy as np
import pytest

from erlangen.errors import ErlangenError, ResourceLimitError
from erlangen.gallery.charge_plot import charge_plot
from erlangen.gallery.charges import EXAMPLES, METRICS, RADII, charge_examples, describe_charge
from erlangen.symbolic import spacetime


# Kerr: M and J = aM; BTZ: J; Kerr-AdS: E = M/(1 - a²/l²)² for the generator that does not turn at infinity (Gibbons, Perry, Pope hep-th/0408217).
@pytest.mark.parametrize(
    ("metric", "xi", "vary", "value"),
    [
        ("schwarzschild", {"t": "1"}, "M", 1.0),
        ("kerr", {"t": "1"}, "M", 1.0),
        ("kerr", {"t": "1"}, "a", 0.0),
        ("kerr", {"phi": "1"}, "M", -0.6),
        ("kerr", {"phi": "1"}, "a", -1.0),
        ("btz", {"phi": "1"}, "J", -1.0),
        ("kerr-anti-de-sitter", {"t": "1", "phi": "-a/l^2"}, "M", (1 - 0.36 / 4) ** -2),
    ],
)
def test_exact_symmetries(metric, xi, vary, value):
    found = describe_charge(metric, xi, vary)
    assert found["killing"]
    assert "every sphere" in found["verdict"]
    for curve in found["curves"]:
        assert np.allclose(curve["charges"], value, atol=1e-12)


@pytest.mark.parametrize(
    ("metric", "xi", "charge"),
    [
        ("kerr", {"t": "1"}, "M"),
        ("kerr", {"phi": "1"}, "-M*a"),
        ("btz", {"t": "1"}, "M"),
        ("btz", {"phi": "1"}, "-J"),
        ("kerr-anti-de-sitter", {"t": "1"}, None),
    ],
)
def test_charges_exist_where_changes_commute(metric, xi, charge):
    found = describe_charge(metric, xi, "M")
    assert found["charge"] == charge
    assert bool(found["curvature"]) == (charge is None)
    assert ("no charge" in found["verdict"]) == (charge is None)


def test_every_metric_solves_einsteins_equations():
    """What is constant over spheres for matter is another expression, which the page does not draw."""
    for name, (_, values, _) in METRICS.items():
        space = spacetime(name)
        square = "l^2" if "l" in values else None
        factor = (2 if name == "btz" else 3) / space.ring[square[0]] ** 2 if square else 0
        assert all(space.ricci[i, j] + factor * space.lower[i, j] == 0 for i in range(3) for j in range(i, 3))


def test_a_symmetry_far_away_tends_to_its_charge():
    found = describe_charge("kerr", {"t": "1 + 2/r"}, "M")
    assert not found["killing"]
    assert "tends to 1" in found["verdict"]
    assert all(curve["charges"][-1] == pytest.approx(1, abs=5e-3) for curve in found["curves"])
    assert abs(found["curves"][0]["charges"][0] - 1) > 0.5


def test_no_symmetry_diverges_and_the_prescriptions_part():
    found = describe_charge("kerr", {"t": "r"}, "M")
    assert "grows like r" in found["verdict"]
    first, second = (curve["charges"][-1] for curve in found["curves"])
    assert second == pytest.approx(500)  # r/2 exactly
    assert first == pytest.approx(2 * second, rel=1e-4)


def test_the_plot_leaves_gaps_where_there_is_no_value():
    plot = charge_plot(
        [{"prescription": "iyer-wald", "charges": [1.0, None, 2.0, 3.0]}], [1.0, 10.0, 100.0, 1000.0], "<b>"
    )
    assert plot.count("M") >= 2
    assert "<b>" not in plot


def test_examples():
    found = charge_examples()
    assert len(found) == len(EXAMPLES)
    assert all(len(curve["charges"]) == len(RADII) for item in found for curve in item["curves"])
    assert {item["metric"] for item in found} <= set(METRICS)


@pytest.mark.parametrize(
    ("metric", "xi", "vary", "words"),
    [
        ("wormhole", {"t": "1"}, "M", "no metric"),
        ("kerr", {"z": "1"}, "M", "not among the coordinates"),
        ("kerr", {"t": "1"}, "Q", "not among the parameters"),
        ("kerr-anti-de-sitter", {"t": "1"}, "l", "within the solutions"),
        ("kerr-newman", {"t": "1"}, "M", "no metric"),
        ("kerr", {"t": "0"}, "M", "vanish"),
        ("kerr", {}, "M", "vanish"),
        ("kerr", {"t": "phi"}, "M", "depends on"),
        ("kerr", {"t": "x" * 200}, "M", "characters"),
        ("kerr", {"t": 3}, "M", "text"),
    ],
)
def test_refusals(metric, xi, vary, words):
    with pytest.raises(ErlangenError, match=words):
        describe_charge(metric, xi, vary)


def test_densities_that_a_page_cannot_carry_are_refused(monkeypatch):
    monkeypatch.setattr("erlangen.gallery.charges._DENSITY", 100)
    with pytest.raises(ResourceLimitError, match="more than this page carries"):
        describe_charge("kerr", {"t": "(1 + r + x)^4"}, "M")
