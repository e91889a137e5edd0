"""Manifests: every wrong key and value is refused by file, key and value; what is right is read as it stands."""

from datetime import date

import pytest

from erlangen.errors import ParseError
from erlangen.papers import Rule, paper, papers

N = '[parameters.n]\ntype = "int"'


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        # tables
        ("[paper]", "[papers]", ["papers = ", "left out", "did you mean 'paper'?"]),
        ("[[claims]]", "[claim]\n[[claims]]", ["claim = {}", "did you mean 'claims'?"]),
        ("[paper]", "paper = 3\n[presets.more]", ["paper = 3 should be a table"]),
        # [paper]
        ("title =", "titel =", ["paper.titel = 'Sums of squares'", "no such key", "did you mean 'title'?"]),
        ('title = "Sums of squares"', "", ["paper.title is missing; it should be a text"]),
        ('title = "Sums of squares"', 'title = " "', ["paper.title = ' ' should be a text"]),
        ("sums-of-squares", "Sums", ["paper.slug = 'Sums'", "lower-case words"]),
        ("sums-of-squares", "sums", ["paper.slug = 'sums'", "the folder's name 'sums_of_squares'"]),
        ('["Ada Nobody", "Émile Nobody"]', "[]", ["paper.authors = []", "a list of names"]),
        ('["Ada Nobody", "Émile Nobody"]', '"Ada"', ["paper.authors = 'Ada'", "a list of names"]),
        ("2026-11-01", '"2026-11-01"', ["paper.listed = '2026-11-01'", "a TOML date"]),
        ("2026-11-01", "2026-11-01T10:00:00", ["paper.listed", "a TOML date"]),
        ('["operators"]', '["opera"]', ["paper.subjects = ['opera']", "groups, representations"]),
        ('["operators"]', "[]", ["paper.subjects = []"]),
        ('summary = "Squares, summed."', f'summary = "{"x" * 121}"', ["paper.summary", "120 characters"]),
        ("[paper]", '[paper]\narxiv = "math/0309136v1x"', ["paper.arxiv", "2305.19043"]),
        ("[paper]", '[paper]\ncode = "http://x.y"', ["paper.code = 'http://x.y'", "https"]),
        ("[paper]", "[paper]\norder = true", ["paper.order = True", "an integer >= 0"]),
        ("[paper]", "[paper]\norder = -1", ["paper.order = -1"]),
        ("[paper]", "[paper]\nformulas = [3]", ["paper.formulas = [3]", "TeX"]),
        ("nobody2026sums", "no body", ["paper.bibtex = 'no body'", "a citation key"]),
        # [parameters]
        (N, '[parameters.n]\ntype = "integer"', ["parameters.n.type = 'integer'", "int, float, bool"]),
        (N, "[parameters.n]", ["parameters.n.type is missing"]),
        (N, f"{N}\ndefalt = 3", ["parameters.n.defalt = 3", "did you mean 'default'?"]),
        (N, f"{N}\ndefault = 0", ["parameters.n.default: parameter n must be an integer in [1, 1000]; got 0"]),
        (N, f"{N}\ndefault = 1.5", ["parameters.n.default", "got 1.5"]),
        ("low = 1", "low = nan", ["parameters.n.low = nan should be a number"]),
        ("high = 1000", "high = inf", ["parameters.n.high = inf should be a number"]),
        ("low = 1", "low = 2000", ["parameters.n.low = 2000", "at most high = 1000"]),
        (N, f'{N}\nchoices = [3, "x"]', ["parameters.n.choices: parameter n must be an integer", "got 'x'"]),
        (N, f"{N}\nchoices = []", ["parameters.n.choices = []", "a list of values"]),
        (
            "[parameters.n]",
            '[parameters.m]\ntype="str"\nhelp="m"\nlow=1\n[parameters.n]',
            ["parameters.m.low = 1", "no range"],
        ),
        ("[parameters.n]", '[parameters.N]\ntype="int"\nhelp="m"\n[parameters.n]', ["parameters = 'N'", "lower-case"]),
        ("[parameters.n]", "[parameters]\nm = 3\n[parameters.n]", ["parameters.m = 3", "a table"]),
        # [presets]
        ("n = 4", "n = 0", ["presets.quick: parameter n must be an integer in [1, 1000]; got 0"]),
        ("n = 4", "m = 4", ["presets.quick: there is no parameter 'm'", "choose one of n"]),
        ("n = 4", "", ["presets.quick: parameter n has no default and no value"]),
        ("[presets.quick]", "[presets.fast]", ["presets = ['fast', 'full']", "with a preset 'quick'"]),
        ("[presets.quick]", "[presets]\nmore = 1\n[presets.quick]", ["presets.more = 1 should be a table"]),
        # [[claims]]
        ('id = "many"', 'id = "sum"', ["claims[1].id = 'sum'", "no other claim has"]),
        ('id = "sum"', 'id = "The Sum"', ["claims[0].id = 'The Sum'"]),
        ('rule = "equal"', 'rule = "equals"', ["claims[0].rule = 'equals'", "at-least"]),
        ('rule = "equal"', "", ["claims[0].rule is missing"]),
        ('metric = "sum"', 'metrik = "sum"', ["claims[0].metrik = 'sum'", "did you mean 'metric'?"]),
        ('metric = "sum"', "", ["claims[0].metric is missing"]),
        ("paper_value = 30.0", "", ["claims[0].paper_value is missing"]),
        ("paper_value = 30.0", "paper_value = nan", ["claims[0].paper_value = nan should be a number"]),
        ("paper_value = 30.0", "paper_value = true", ["claims[0].paper_value = True"]),
        ("tolerance = 0.5", "", ["claims[0].tolerance is missing"]),
        ("tolerance = 0.5", "tolerance = -1", ["claims[0].tolerance = -1", ">= 0"]),
        ("tolerance = 0.5", "tolerance = inf", ["claims[0].tolerance = inf"]),
        ('presets = ["quick"]', 'presets = ["quik"]', ["claims[0].presets = 'quik'", "quick, full"]),
        ('rule = "at-least"', 'rule = "at-least"\nbetter = "lower"', ["claims[1].better = 'lower'", "'higher'"]),
        ('rule = "equal"', 'rule = "equal"\nbetter = "more"', ["claims[0].better = 'more'", "'higher' or 'lower'"]),
        ('rule = "equal"', 'rule = "equal"\nthreshold = 3', ["claims[0].threshold = 3", "better"]),
        ('rule = "theorem"', 'rule = "direction"', ["claims[2].scale is missing"]),
        ('reason = "there are infinitely many"', "", ["claims[3].reason is missing"]),
        ('source = "Eq. 1"', "", ["claims[0].source is missing", "table, figure"]),
        # no TOML at all
        ("[paper]", "[paper", ["not TOML"]),
    ],
)
def test_what_is_wrong_is_named(root, edit, old, new, words):
    edit(old, new)
    with pytest.raises(ParseError) as caught:
        papers(root)
    told = str(caught.value)
    assert "manifest.toml: " in told
    assert [word for word in words if word not in told] == [], told


@pytest.mark.parametrize(
    ("content", "word"),
    [(b"\xff\xfe", "UTF-8"), (b"#" * 1_000_001, "more than 1000000"), (b"a=" + b"[" * 9999, "not TOML")],
)
def test_files_that_are_no_manifest(root, content, word):
    (root / "sums_of_squares" / "manifest.toml").write_bytes(content)
    with pytest.raises(ParseError, match=word):
        papers(root)


def test_what_is_right_is_read_as_it_stands(root):
    (root / "sums_of_squares" / "notes.md").write_text("# Notes\r\n", newline="")
    item = paper("sums-of-squares", root)
    assert (item.title, item.authors, item.listed) == (
        "Sums of squares",
        ("Ada Nobody", "Émile Nobody"),
        date(2026, 11, 1),
    )
    assert item.presets == {"quick": {"n": 4}, "full": {"n": 20}}
    assert (item.parameters["n"].low, item.parameters["n"].high, item.parameters["n"].default) == (1, 1000, None)
    assert [claim.rule for claim in item.claims] == [Rule.EQUAL, Rule.AT_LEAST, Rule.THEOREM, Rule.UNAVAILABLE]
    assert [claim.better for claim in item.claims] == ["", "higher", "", ""]
    assert (item.built, item.notes, item.key) == (True, "# Notes\n", "nobody2026sums")


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ("The first n squares are summed.", "Other words.", True),
        ("tolerance = 0.5", "tolerance = 0.25", False),
        ("n = 4", "n = 5", False),
        ("high = 1000", "high = 2000", False),
    ],
)
def test_the_hash_is_over_what_decides(root, edit, old, new, same):
    before = paper("sums-of-squares", root).manifest_hash
    edit(old, new)
    assert (paper("sums-of-squares", root).manifest_hash == before) is same


def test_without_code_a_paper_is_not_built_and_needs_no_preset(root, edit):
    (root / "sums_of_squares" / "run.py").unlink()
    edit("[presets.quick]\nn = 4", "")
    edit('presets = ["quick"]', "")
    assert not paper("sums-of-squares", root).built
