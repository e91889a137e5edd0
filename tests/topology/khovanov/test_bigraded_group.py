"""Bigraded groups: texts of KnotInfo, algebra against complexes, tables."""

import xml.etree.ElementTree as ET
from itertools import product

import pytest

from erlangen.errors import DomainError, ParseError
from erlangen.exact import AbelianGroup, ChainComplex, LaurentPolynomial, Q, SparseMatrix
from erlangen.topology import BigradedGroup

# Columns khovanov_unreduced_integral_{vector,polynomial} of KnotInfo (database_knotinfo 2026.11.2).
KNOTINFO = {
    "3_1": (
        "[[0, 1, 0, 1], [0, 1, 0, 3], [0, 1, 2, 5], [0, 1, 3, 9], [2, 1, 3, 7]]",
        "q+ q^(3)+ t^(2)*q^(5)+ t^(3)*q^(9)+ t^(3)*q^(7)*T^(2)",
    ),
    "4_1": (
        "[[0, 1, -2, -5], [0, 1, -1, -1], [0, 1, 0, -1], [0, 1, 0, 1], [0, 1, 1, 1], [0, 1, 2, 5], [2, 1, -1, -3], [2, 1, 2, 3]]",
        "t^(-2)*q^(-5)+ t^(-1)*q^(-1)+ q^(-1)+ q+ t*q+ t^(2)*q^(5)+ t^(-1)*q^(-3)*T^(2)+ t^(2)*q^(3)*T^(2)",
    ),
    "8_19": (
        "[[0, 1, 0, 5], [0, 1, 0, 7], [0, 1, 2, 9], [0, 1, 3, 13], [0, 1, 4, 11], [0, 1, 4, 13], [0, 1, 5, 15], [0, 1, 5, 17], [2, 1, 3, 11]]",
        "q^(5)+ q^(7)+ t^(2)*q^(9)+ t^(3)*q^(13)+ t^(4)*q^(11)+ t^(4)*q^(13)+ t^(5)*q^(15)+ t^(5)*q^(17)+ t^(3)*q^(11)*T^(2)",
    ),
}  # fmt: skip
TREFOIL, EIGHT, T34 = (BigradedGroup.from_knotinfo(vector) for vector, _ in KNOTINFO.values())
ODD = BigradedGroup([(0, 1, 0, 6), (2, 1, 4, 12), (3, 1, 5, 14), (4, 2, 5, 14), (9, 1, 5, 14)])
SAMPLES = [TREFOIL, EIGHT, ODD, BigradedGroup(), T34]


@pytest.mark.parametrize(("vector", "polynomial"), KNOTINFO.values(), ids=KNOTINFO)
def test_columns_of_knotinfo_come_and_go(vector, polynomial):
    group = BigradedGroup.from_knotinfo(vector)
    assert str(group.to_knotinfo()) == vector
    assert group.knotinfo_polynomial() == polynomial
    assert BigradedGroup.from_knotinfo(polynomial) == group
    assert BigradedGroup.parse(polynomial) == group


def test_marks_of_fields():
    rational = "[[1, 1, 0, 2], [1, 1, 2, 6], [1, 1, 3, 8]]"
    assert BigradedGroup.from_knotinfo(rational).ring == Q
    assert str(BigradedGroup.from_knotinfo(rational, "Q").to_knotinfo()) == rational
    binary = rational.replace("[1, 1", "[2, 1")
    assert str(BigradedGroup.from_knotinfo(binary)) == "q^2 + t^2*q^6 + t^3*q^8"
    assert str(BigradedGroup.from_knotinfo(binary).ring) == "F2"
    with pytest.raises(ParseError, match="no field has several marks"):
        BigradedGroup.from_knotinfo([[1, 1, 0, 2], [2, 1, 0, 2]])
    with pytest.raises(ParseError, match="as over Q"):
        BigradedGroup.from_knotinfo(rational, "F2")
    with pytest.raises(ParseError, match="no row"):
        BigradedGroup.from_knotinfo([[1, 1, 0]])
    with pytest.raises(ParseError, match="no vector"):
        BigradedGroup.from_knotinfo("[[1, 1, 0, ")


@pytest.mark.parametrize("group", SAMPLES)
def test_values_parse_back(group):
    assert eval(repr(group), {"BigradedGroup": BigradedGroup}) == group
    assert BigradedGroup.parse(str(group)) == group
    assert BigradedGroup.from_groups(group.groups) == group
    assert BigradedGroup.from_json(group.to_json()) == group
    assert len({group, BigradedGroup.parse(str(group))}) == 1
    field = group.over("F2")
    assert eval(repr(field), {"BigradedGroup": BigradedGroup}) == field


def test_reading():
    assert ODD[5, 14] == AbelianGroup(0, (3, 4, 4, 9))
    assert ODD.torsion(5, 14) == (3, 4, 4, 9)
    assert ODD.torsion_orders == (2, 3, 4, 9)
    assert ODD[1, 1] == AbelianGroup()
    assert TREFOIL.rank() == TREFOIL.total_rank == 4
    assert TREFOIL.rank(h=0) == 2
    assert TREFOIL.rank(q=9) == 1
    assert (TREFOIL.h_range, TREFOIL.q_range) == ((0, 3), (1, 9))
    assert TREFOIL.diagonals == (1, 3)
    assert T34.width == 3
    assert TREFOIL.width == 2
    assert TREFOIL.euler() == LaurentPolynomial.parse("q + q^3 + q^5 - q^9")
    assert TREFOIL.poincare(torsion=False) == LaurentPolynomial.parse("q + q^3 + t^2*q^5 + t^3*q^9")
    assert not BigradedGroup()
    assert BigradedGroup([(6, 1, 0, 0)]) == BigradedGroup([(3, 1, 0, 0), (2, 1, 0, 0)])
    assert BigradedGroup([(0, 1, 0, 0), (0, -1, 0, 0)]) == BigradedGroup()


def complex_of(group):
    """Return a complex with this homology: an arrow Z --n--> Z for each summand Z/n."""
    labels, entries = {}, {}
    for order, n, h, q in group.summands:
        for _ in range(n):
            labels.setdefault(h, []).append(q)
            if order:
                labels.setdefault(h - 1, []).append(q)
                entries.setdefault(h - 1, {})[len(labels[h]) - 1, len(labels[h - 1]) - 1] = order
    shape = {k: (len(labels.get(k + 1, ())), len(labels[k])) for k in labels}
    return ChainComplex({k: SparseMatrix(part, shape[k]) for k, part in entries.items()}, labels)


def homology_of(complex_, ring="Z"):
    return BigradedGroup.from_groups(complex_.bigraded_homology(ring), ring)


@pytest.mark.parametrize(("a", "b"), list(product(SAMPLES, SAMPLES[:3])))
def test_algebra_is_that_of_complexes(a, b):
    c, d = complex_of(a), complex_of(b)
    assert homology_of(c) == a
    assert homology_of(c + d) == a + b
    assert homology_of(c.tensor(d)) == a.tensor(b) == b.tensor(a)
    assert homology_of(c.dual()) == a.mirror()
    assert a.mirror().mirror() == a
    assert homology_of(c.shift(2, -3)) == a.shift(2, -3)
    for ring in ("Q", "F2", "F3", "F5"):
        assert homology_of(c, ring) == a.over(ring)
        assert a.over(ring).tensor(b.over(ring)) == a.tensor(b).over(ring)
        assert a.over(ring).euler() == a.euler()


def test_text_table():
    lines = (
        BigradedGroup([(0, 12, -1, 3), (0, 1, 1, 7), (4, 2, 1, 7), (3, 1, 1, 7)]).table(title="a title").splitlines()
    )
    assert lines[0] == "a title"
    assert [line.split("|")[-1].split() for line in lines[1:2] + lines[3:]] == [
        ["-1", "0", "1"],
        [".", ".", "1", "1₃", "2₄"],
        [".", ".", "."],
        ["12", ".", "."],
    ]
    assert len({line.find("|") for line in lines[1:2] + lines[3:]}) == 1


def test_latex_and_html_tables():
    latex = TREFOIL.table("latex")
    assert r"q \backslash h & 0 & 1 & 2 & 3 \\ \hline" in latex
    assert r"7 &  &  &  & 1_{2} \\" in latex
    html = ET.fromstring(T34.table("html", title="T(3,4) < & >"))
    assert html.find("caption").text == "T(3,4) < & >"
    rows = [[("".join(cell.itertext())).strip() for cell in row] for row in html.iter("tr")]
    assert rows[0] == ["q \\ h", "0", "1", "2", "3", "4", "5"]
    assert {row[0]: row[1:] for row in rows[1:]}["13"] == ["", "", "", "1", "1", ""]
    assert html.findall(".//sub")[0].text == "2"
    assert "<table" in TREFOIL._repr_html_()
    assert TREFOIL.latex() == "q + q^{3} + t^{2} q^{5} + t^{3} q^{7} T^{2} + t^{3} q^{9}"


@pytest.mark.parametrize("group", SAMPLES)
def test_the_picture_is_xml_with_every_number(group):
    root = ET.fromstring(group.table("svg", title="Kh <of> a knot"))
    space = "{http://www.w3.org/2000/svg}"
    words = ["".join(text.itertext()).replace("\u200b", "") for text in root.iter(f"{space}text")]
    for (h, q), part in group.groups.items():
        cell = "".join(f"{n}{order}" if order else str(n) for order, n in part.summands())
        assert cell in words
        assert str(h).replace("-", "−") in words
        assert str(q).replace("-", "−") in words
    assert root.get("aria-label") == "Kh <of> a knot"
    width, height = map(float, (root.get("width"), root.get("height")))
    for text in root.iter(f"{space}text"):
        assert 0 <= float(text.get("x")) <= width
        assert 0 <= float(text.get("y")) <= height


def test_refusals():
    with pytest.raises(DomainError, match="multiplicity -1"):
        BigradedGroup.parse("q - t")
    with pytest.raises(DomainError, match="order -2"):
        BigradedGroup([(-2, 1, 0, 0)])
    with pytest.raises(DomainError, match="over the field Q"):
        BigradedGroup.parse("T^2", "Q")
    with pytest.raises(ParseError, match="'x' is no variable"):
        BigradedGroup.parse("q + x")
    with pytest.raises(ParseError, match="exponents"):
        BigradedGroup.parse("q^(1/2)")
    with pytest.raises(DomainError, match="format must be one of"):
        TREFOIL.table("pdf")
    with pytest.raises(DomainError, match="does not determine"):
        TREFOIL.over("Q").over("F2")
    with pytest.raises(DomainError, match="do not mix"):
        TREFOIL + TREFOIL.over("F2")
    with pytest.raises(DomainError, match="no range"):
        BigradedGroup().h_range  # noqa: B018
