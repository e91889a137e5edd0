"""The command ``tensor-product``: counts that can be done by hand, published expressivities, and refusals."""

import pytest

from erlangen.cli.product_kinds import KINDS, PRODUCTS
from erlangen.potentials import architecture
from erlangen.representations import products


def test_the_names_are_those_of_the_library():
    assert KINDS == products.KINDS
    assert set(architecture.PRODUCTS) <= set(PRODUCTS)


def test_explain_counts_the_paths_of_two_vectors(document):
    """1o x 1o holds 0e, 1e and 2e; the product of functions has no 1e, the bracket has nothing else."""
    fates = {k: document("tensor-product", "explain", "1o", "1o", "--kind", k)["fates"] for k in KINDS}
    assert fates["clebsch-gordan"] == {"kept": 3, "lost": 0, "recovered": 0}
    assert fates["gaunt"] == {"kept": 2, "lost": 1, "recovered": 0}
    assert fates["bracket"] == {"kept": 1, "lost": 2, "recovered": 0}
    assert fates["complete-gaunt"] == {"kept": 2, "lost": 0, "recovered": 1}


@pytest.mark.parametrize(("kind", "expected"), [("cg", 14), ("gaunt", 9)])
def test_explain_says_the_published_expressivity(document, kind, expected):
    """Xie et al., MIMO with natural parity at L = 2: 14 paths, 4 L + 1 = 9."""
    signal = "0e+1o+2e"
    found = document("tensor-product", "explain", signal, signal, "0e+1o+2e+3o+4e", "--kind", kind)
    assert found["expressivity"] == expected


def test_explain_prints_a_table(call):
    text = call("tensor-product", "explain", "1o", "1o", "--kind", "gaunt").stdout
    assert "3 paths allowed: 2 kept, 1 lost; expressivity 2" in text
    assert "complete-gaunt recovers" in text
    assert [line.split() for line in text.splitlines() if "lost  " in line] == [["1o", "1o", "1e", "1", "lost", "0"]]


def test_explain_without_parity_writes_each_degree_once(document):
    assert document("tensor-product", "explain", "1o", "1o", "--no-parity")["irreps_out"] == "1x0e+1x1o+1x2e"


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["1g", "1o"], 3, "1g"),
        (["1o", "1o", "7e"], 3, "7e is not reached"),
        (["1o", "1o", "--kind", "gount"], 2, "did you mean 'gaunt'"),
        (["1o"], 2, "IRREPS2"),
        (["1o", "1o", "--rank", "0"], 2, "rank"),
    ],
)
def test_explain_refuses(call, arguments, code, words):
    assert words in call("tensor-product", "explain", *arguments, code=code).stderr


def test_bench_times_every_route_after_they_agree(document):
    kinds = ("clebsch-gordan", "gaunt", "bracket", "complete-gaunt", "matrix")
    sizes = ("--lmax", 1, "--rows", 4, "--channels", 3, "--repeats", 1)
    found = document("tensor-product", "bench", *sizes, "--kinds", ",".join(kinds))
    assert {route["kind"] for route in found["routes"]} == set(kinds)
    gaunt = [route["method"] for route in found["routes"] if route["kind"] == "gaunt"]
    assert gaunt == ["sparse", "dense", "grid", "grid-separable", "fourier"]
    assert all(route["forward"] >= 0 and route["defect"] < 2e-4 for route in found["routes"])
    free = found["routes"][0]
    assert free["expressivity"] == 6  # triples of degrees 0, 1 into 0, 1, 2: 000 011 101 110 111 112
    assert free["per_unit"] == pytest.approx(free["both"] / 12 / 6)
    assert "erlangen bench" in found["note"]


@pytest.mark.parametrize(("setting", "paths"), [("siso", 1), ("simo", 5)])
def test_bench_of_single_degrees(document, setting, paths):
    sizes = ("--lmax", 2, "--rows", 2, "--channels", 2, "--repeats", 1, "--setting", setting)
    found = document("tensor-product", "bench", *sizes)
    assert found["routes"][0]["expressivity"] == paths


def test_bench_leaves_out_what_couples_nothing_and_says_so(call):
    result = call("tensor-product", "bench", "--setting", "siso", "-L", 1, "--rows", 2, "--repeats", 1)
    assert "gaunt couples nothing in siso at L = 1: left out" in result.stderr
    assert "peers are measured by 'erlangen bench'" in result.stderr
    assert "couple nothing" in call("tensor-product", "bench", "--setting", "siso", "-L", 1, "--parity", code=3).stderr
    assert "even" in call("tensor-product", "bench", "--parity", "--kinds", "bracket", code=2).stderr
