"""The commands ``knot``: published groups, tables that go on where they were stopped, and refusals with the line and the reason."""

import json
import xml.etree.ElementTree as ElementTree

import pytest

from erlangen import topology
from erlangen.cli.knots.byte_count import byte_count
from erlangen.cli.knots.scan_progress import scan_progress

TREFOIL = "X[1,5,2,4] X[3,1,4,6] X[5,3,6,2]"
KHOVANOV = "q + q^3 + t^2*q^5 + t^3*q^7*T^2 + t^3*q^9"


def test_the_right_handed_trefoil(document):
    """KnotInfo, 3_1: q + q^3 + t^2 q^5 + t^3 q^9 and Z/2 at t^3 q^7; s = 2."""
    found = document("knot", "homology", TREFOIL, "--s")
    assert found["summands"] == [[0, 1, 0, 1], [0, 1, 0, 3], [0, 1, 2, 5], [0, 1, 3, 9], [2, 1, 3, 7]]
    assert (found["poincare"], found["s"], found["width"]) == (KHOVANOV, 2, 2)
    assert (found["crossings"], found["components"], found["theory"]) == (3, 1, "even")


@pytest.mark.parametrize(
    "text", ["[1,1,1]", "1 1 1", "braid:aaa", "[[1,5,2,4],[3,1,4,6],[5,3,6,2]]", "dt: 4 6 2", "T(2,3)", "3_1"]
)
def test_one_knot_spelt_in_many_ways(document, text):
    assert document("knot", "homology", text)["poincare"] == KHOVANOV


def test_ring_and_reduced_are_asked_for(document):
    found = document("knot", "homology", "[1,2,1,2,1,2,1,2]", "--reduced", "--ring", "Q")
    assert found["poincare"] == "q^6 + t^2*q^10 + t^3*q^12 + t^4*q^12 + t^5*q^16"  # 8_19 of KnotInfo
    assert (found["ring"], found["reduced"]) == ("Q", True)


def test_threads_change_nothing(document, call):
    asked = ("knot", "homology", "T(3,4)", "--s")
    assert document(*asked, "--threads", "2") == document(*asked)
    assert call(*asked, "--threads", "0", code=2)


def test_odd_homology(document):
    """KnotInfo, 8_19: Z/2 at t^4 q^12 and Z/3 at t^5 q^14."""
    found = document("knot", "homology", "8_19", "--odd")
    assert found["theory"] == "odd"
    reduced = topology.khovanov_homology(topology.Link.from_name("8_19"), theory="odd", reduced=True)
    assert found["poincare"] == str(
        topology.khovanov_homology(topology.Link.from_name("8_19"), theory="odd").poincare()
    )
    assert str(reduced.poincare()) == "q^6 + t^2*q^10 + t^4*q^12*T^2 + t^5*q^14*T^3 + t^5*q^16"


def test_bar_natan_is_a_module_over_the_rationals(document):
    found = document("knot", "homology", "[1,1,1]", "--theory", "bar-natan")
    assert found["module"] == "Q[H](0, 2) + Q[H]/H(3, 8)"
    assert found["ring"] == "Q"


def test_the_table_is_printed_for_a_person(call):
    text = call("knot", "homology", "[1,-2,1,-2]").stdout
    assert "4 crossings, knot; unreduced Khovanov homology over Z" in text
    assert "1₂" in text


@pytest.mark.parametrize(
    ("form", "mark"), [("svg", "<svg"), ("html", "<table"), ("latex", "{array}"), ("text", "q\\h")]
)
def test_the_table_is_written_in_four_forms(call, tmp_path, form, mark):
    target = tmp_path / "table"
    assert f"written to {target}" in call("knot", "homology", "[1,1,1]", "--table", form, "-o", target).stdout
    assert mark in target.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["X[1,5,2,4] X[3,1,4,6] X[5,3,6,1]"], 3, "edge 1 appears 3 times"),
        (["[1,0]"], 3, "no generator"),
        (["[1,1,1]", "--ring", "F4"], 3, "not a prime"),
        (["[1,1,1]", "--ring", "R"], 3, "R"),
        (["no such knot"], 3, "no such knot"),
        ([""], 3, "empty text"),
        (["[1,1,1]", "--basepoint", "9", "--reduced"], 3, "basepoint"),
        (["[1,1,1]", "--odd", "--s"], 2, "odd Khovanov homology has neither"),
        (["[1,1,1]", "--max-memory", "much"], 2, "no number of bytes"),
        (["T(7,8)", "--max-memory", "1kB"], 4, "girths"),
    ],
)
def test_refusals(call, arguments, code, words):
    assert words in call("knot", "homology", *arguments, code=code).stderr


def test_invariants_of_the_hopf_link(document):
    found = document("knot", "invariants", "[1,1]")
    assert found["linking_matrix"] == [[0, 1], [1, 0]]
    assert (found["jones"], found["determinant"], found["signature"]) == ("-t^(1/2) - t^(5/2)", 2, -1)


def test_a_drawing_is_a_picture(call, document, tmp_path):
    target = tmp_path / "knot.svg"
    call("knot", "draw", "[1,-2,1,-2]", "-o", target)
    assert ElementTree.parse(target).getroot().tag.endswith("svg")
    assert document("knot", "draw", TREFOIL)["svg"].lstrip().startswith("<svg")
    kinked = document("knot", "draw", "[1,1,1,2]", "--simplify", "--arrows")
    assert kinked["crossings"] == 3


LINES = f"# knots\n[1,1,1]\n\n1 -2 1 -2\n{TREFOIL}\n"


@pytest.fixture
def lines(tmp_path):
    path = tmp_path / "knots.txt"
    path.write_text(LINES, encoding="utf-8")
    return path


def test_a_table_of_lines(call, lines):
    found = [json.loads(line) for line in call("knot", "table", lines, "--chunk", 2).stdout.splitlines()]
    assert [item["name"] for item in found] == ["[1,1,1]", "1 -2 1 -2", TREFOIL]
    assert [item["poincare"] for item in found][::2] == [KHOVANOV, KHOVANOV]
    assert [item["crossings"] for item in found] == [3, 4, 3]


def test_a_table_is_read_back_and_not_computed_again(call, lines, monkeypatch):
    first = call("knot", "table", lines, "--chunk", 2).stdout
    monkeypatch.setattr(topology, "khovanov_table", None)
    assert call("knot", "table", lines, "--chunk", 2).stdout == first


def test_an_interrupted_table_goes_on(call, lines, monkeypatch):
    computed, real = [], topology.khovanov_table

    def failing(links, *arguments, **options):
        (link,) = links
        if link.n_crossings == 4 and len(computed) < 3:
            computed.append("stopped")
            raise KeyboardInterrupt
        computed.append(link.n_crossings)
        return real(links, *arguments, **options)

    monkeypatch.setattr(topology, "khovanov_table", failing)
    assert "the same command goes on" in call("knot", "table", lines, "--chunk", 1, code=130).stderr
    assert computed == [3, "stopped"]
    computed += [None, None]
    assert len(call("knot", "table", lines, "--chunk", 1).stdout.splitlines()) == 3
    assert computed[4:] == [4, 3]


def test_csv_from_standard_input_with_a_bad_line(tmp_path, call, environment):
    import subprocess
    import sys

    text = 'name;braid_notation\n3_1;"[1,1,1]"\nbad;"[1,0]"\n4_1;[1,-2,1,-2]\n'
    command = [sys.executable, "-m", "erlangen", "knot", "table", "-"]
    done = subprocess.run(command, input=text, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 3
    assert "line 3" in done.stderr
    assert "no generator" in done.stderr
    kept = subprocess.run(
        [*command, "--skip-bad"], input=text, capture_output=True, text=True, env=environment, check=False
    )
    found = [json.loads(line) for line in kept.stdout.splitlines()]
    assert [item["name"] for item in found] == ["3_1", "bad", "4_1"]
    assert found[1]["line"] == 3
    assert kept.returncode == 3


def test_an_empty_table_is_refused(call, tmp_path):
    path = tmp_path / "none.txt"
    path.write_text("# nothing\n", encoding="utf-8")
    assert "holds no link" in call("knot", "table", path, code=3).stderr


def test_a_link_too_large_has_a_document_and_the_others_their_groups(call, tmp_path):
    path = tmp_path / "knots.txt"
    path.write_text("[1,1,1]\nT(7,8)\n", encoding="utf-8")
    found = call("knot", "table", path, "--max-memory", "100kB", code=4)
    documents = [json.loads(line) for line in found.stdout.splitlines()]
    assert documents[0]["poincare"] == KHOVANOV
    assert "girths" in documents[1]["error"]


@pytest.mark.parametrize(
    "options", [(), ("--s",), ("--reduced", "--s", "-r", "Q"), ("-r", "F3", "--s"), ("--odd", "-r", "F2")]
)
def test_many_links_at_once_have_the_answers_of_each(call, document, lines, options):
    """The table scans small links many in one call; ``knot homology`` scans one."""
    found = [json.loads(line) for line in call("knot", "table", lines, *options).stdout.splitlines()]
    for item in found:
        alone = document("knot", "homology", item.pop("name"), *options)
        del alone["input"]
        assert item == alone


def test_the_empty_link_is_refused_in_its_place(call, tmp_path):
    path = tmp_path / "links.txt"
    path.write_text("[1,1,1]\nPD[]\n[1,1]\n", encoding="utf-8")
    found = call("knot", "table", path, "--reduced", code=3)
    documents = [json.loads(line) for line in found.stdout.splitlines()]
    assert ["error" in item for item in documents] == [False, True, False]


def test_two_processes_give_the_same_table(call, lines):
    alone = call("knot", "table", lines, "--chunk", 1).stdout
    assert call("knot", "table", lines, "--chunk", 1, "-j", 2, "--again").stdout == alone


def test_progress_weighs_crossings_by_their_girth():
    told = []
    show = scan_progress(lambda step, total, message, metrics: told.append((step, total)), [4, 12, 4])
    for done in range(1, 4):
        show(done, 3, 10)
    assert told[0][0] < 10
    assert told[1][0] > 990
    assert told[2] == (1000, 1000)


@pytest.mark.parametrize(("text", "count"), [("1", 1), ("2 kB", 2000), ("2KiB", 2048), ("1.5g", 1_500_000_000)])
def test_bytes_as_written(text, count):
    assert byte_count(text) == count


@pytest.mark.parametrize("text", ["", "0", "-1", "much", "1 XB"])
def test_no_bytes(text):
    with pytest.raises(ValueError, match="no number of bytes"):
        byte_count(text)
