"""Paths, freedom and cost against the tables of Xie et al. (ICML 2025) and closed forms."""

import json

import pytest

from erlangen.errors import DomainError
from erlangen.representations import products
from erlangen.representations.products import (
    ProductSpec,
    complexity,
    explain,
    expressivity,
    flops,
    interactable,
    setting,
    spec_of,
)

DEGREES = range(1, 7)
ALL, EVEN, ODD = (6, 19, 44, 85, 146, 231), (5, 14, 30, 55, 91, 140), (1, 5, 14, 30, 55, 91)
# Operations a sample (XLA's cost model) of the released code, benchmarking/csv/flops_cpu.csv, batch 10,000.
EINSUM = (166, 1691, 8996, 32957, 95960, 237127)
GAUSS_LEGENDRE = (843, 5145, 17535, 44541, 94611, 178113)
MATRIX = (672, 8424, 49664, 195000, 593568, 1517432)
FOUR_TABLES = (392, 3133, 13026, 38987, 95329, 203042)
FOURIER = (1305, 9367, 35449, 96543, 215401, 420535)


@pytest.mark.parametrize("L", DEGREES)
def test_paths_of_the_mimo_setting(L):
    n = L - 1
    assert len(setting("mimo", L, parity=False).paths) == ALL[n]
    assert len(setting("mimo", L).paths) == EVEN[n] == (L + 1) * (L + 2) * (2 * L + 3) // 6
    assert ALL[n] - EVEN[n] == ODD[n] == len(setting("mimo", L, kind="bracket", parity=False).paths)
    for kind, count in (("gaunt", EVEN[n]), ("complete-gaunt", ALL[n]), ("clebsch-gordan", ALL[n])):
        assert len(interactable(setting("mimo", L, kind=kind, parity=False))) == count


@pytest.mark.parametrize("L", DEGREES)
def test_the_matrix_product_has_six_accidental_zeros_at_six(L):
    kept = {tuple(ir.l for ir in t) for t in interactable(setting("mimo", L, kind="matrix", parity=False))}
    allowed = {tuple(ir.l for ir in t) for t in interactable(setting("mimo", L, parity=False))}
    lost = allowed - kept
    assert len(kept) == (6, 19, 44, 85, 146, 225)[L - 1]
    assert {(3, 5, 6), (3, 6, 5), (5, 3, 6), (5, 6, 3)} <= lost if L == 6 else not lost


@pytest.mark.parametrize("L", DEGREES)
def test_freedom_of_one_product_is_4L_plus_1(L):
    assert expressivity(setting("mimo", L, kind="gaunt")) == 4 * L + 1
    assert expressivity(setting("mimo", L, kind="matrix", parity=False)) == 4 * L + 1
    assert expressivity(setting("mimo", L)) == EVEN[L - 1]
    assert expressivity(setting("siso", 2 * (L // 2), kind="gaunt")) == 1
    assert expressivity(setting("simo", L, kind="gaunt")) == expressivity(setting("simo", L)) == L + 1


@pytest.mark.parametrize(("L", "rank"), list(zip(DEGREES, (1, 2, 3, 4, 5, 7), strict=True)))
def test_the_dial_of_freedom_reaches_all_even_paths(L, rank):
    assert expressivity(setting("mimo", L, kind="gaunt", rank=rank)) == EVEN[L - 1]
    if rank > 1:
        assert expressivity(setting("mimo", L, kind="gaunt", rank=rank - 1)) < EVEN[L - 1]


@pytest.mark.parametrize("L", [1, 2, 3])
def test_the_bracket_adds_the_odd_paths(L):
    whole = [expressivity(setting("mimo", L, kind="complete-gaunt", rank=r, parity=False)) for r in (1, 2, 3)]
    assert whole == sorted(whole)
    assert whole[L - 1] == ALL[L - 1]


def test_copies_count():
    assert expressivity(ProductSpec("4x0e+2x1o", "1x0e+1x1o", "3x1o")) == 4 * 3 + 2 * 3
    assert expressivity(ProductSpec("4x1o", "5x1o", "3x0e", kind="gaunt")) == 4 + 5 + 3 - 2


@pytest.mark.parametrize("L", DEGREES)
def test_operations_are_those_published(L):
    assert flops(setting("mimo", L), method="einsum") == EINSUM[L - 1]
    assert flops(setting("mimo", L, kind="gaunt"), method="gauss-legendre") == GAUSS_LEGENDRE[L - 1]
    assert flops(setting("mimo", L, kind="matrix"), method="matrix-sum") == MATRIX[L - 1]
    assert flops(setting("mimo", L), 10_000, method="einsum") == 10_000 * EINSUM[L - 1]
    assert round(flops(setting("mimo", L), 10_000, method="four-tables") / 10_000) == FOUR_TABLES[L - 1]
    assert flops(setting("mimo", L, kind="gaunt"), method="fourier-direct") == FOURIER[L - 1]


@pytest.mark.parametrize(
    ("kind", "method", "published"),  # the rows beyond the paper's table, summed by XLA in single precision
    [
        (
            "clebsch-gordan",
            "four-tables",
            {1: 3920624, 2: 31325824, 7: 3910749696, 8: 6976118784, 9: 11713584128, 10: 18728134656},
        ),
        ("gaunt", "fourier-direct", {1: 13050000, 8: 12324790272, 9: 19251132416, 10: 28756709376}),
    ],
)
def test_operations_of_ten_thousand_samples_are_those_published_up_to_degree_ten(kind, method, published):
    for L, count in published.items():
        assert flops(setting("mimo", L, kind=kind), 10_000, method=method) == pytest.approx(count, rel=1e-6)
    assert flops(setting("mimo", 1, kind=kind), 10_000, method=method) == published[1]
    assert flops(setting("mimo", 1, kind=kind), 0, method=method) == 0


def test_sparse_terms_are_those_of_the_3j_symbols():
    # numbers of terms of all paths, price-of-freedom section 3.1 (counted independently): 27, 244, 1132
    for L, terms in ((1, 27), (2, 244), (3, 1132)):
        spec = setting("mimo", L, parity=False)
        counted = [products.flop_counts._nonzeros(*(ir.l for ir in spec.irreps_of(p)))[0] for p in spec.paths]
        assert sum(counted) == terms


@pytest.mark.parametrize(
    ("method", "name", "kind", "power", "span"),
    [
        ("einsum", "siso", "clebsch-gordan", 3, (40, 80)),
        ("einsum", "simo", "clebsch-gordan", 4, (40, 80)),
        ("sparse", "siso", "clebsch-gordan", 2, (20, 40)),
        ("sparse", "simo", "clebsch-gordan", 3, (16, 32)),
        ("gauss-legendre", "mimo", "gaunt", 4, (100, 300)),
        ("grid", "mimo", "gaunt", 4, (100, 300)),
        ("grid-separable", "mimo", "gaunt", 3, (400, 1600)),
        ("fourier", "mimo", "gaunt", 3, (400, 1600)),
        ("fourier-direct", "mimo", "gaunt", 4, (100, 300)),
        ("matrix", "mimo", "matrix", 4, (10, 20)),
    ],
)
def test_costs_grow_as_the_table_of_complexities_says(method, name, kind, power, span):
    assert complexity(method, name, kind=kind, low=span[0], high=span[1]) == pytest.approx(power, abs=0.25)


@pytest.mark.slow
def test_costs_of_the_whole_clebsch_gordan_product():
    assert complexity("einsum", low=20, high=40) == pytest.approx(6, abs=0.3)
    assert complexity("sparse", low=10, high=18) == pytest.approx(5, abs=0.4)
    assert complexity("four-tables", low=10, high=18) == pytest.approx(5, abs=0.4)


def test_an_explanation_is_data_and_text():
    report = explain(setting("mimo", 2, kind="complete-gaunt", parity=False))
    assert [row["fate"] for row in report.paths].count("recovered") == ODD[1]
    assert json.loads(json.dumps(report.rows()))["paths_kept"] == 19
    assert "recovered" in str(report)
    lost = explain(setting("mimo", 2, kind="gaunt", parity=False))
    assert [row["fate"] for row in lost.paths].count("lost") == ODD[1]


def test_specs_are_values_and_refuse():
    spec = setting("simo", 2, kind="gaunt", rank=3)
    assert eval(repr(spec)) == spec
    assert hash(spec) == hash(eval(repr(spec)))
    with pytest.raises(DomainError, match="is no product"):
        spec_of(3)
    with pytest.raises(DomainError, match="computes products of kind gaunt"):
        flops(setting("mimo", 1), method="fourier")
    with pytest.raises(DomainError, match="kind must be one of"):
        ProductSpec("0e", "0e", "0e", kind="tensor")
    assert expressivity(ProductSpec("", "0e", "0e", kind="gaunt")) == 0
