import numpy as np
import pytest

from erlangen.cli.points import ReadOptions, read_points
from erlangen.cli.points.delimited import detect_delimiter
from erlangen.errors import DomainError, ErlangenError, ParseError, ShapeError

A = [[1.0, 2.5], [3.0, -4e-3], [5.5, 6.0]]


@pytest.fixture
def read(tmp_path):
    def function(text, name="points.csv", **options):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_points(path, ReadOptions(**options))

    return function


@pytest.mark.parametrize(
    "text",
    [
        "1,2.5\n3,-4e-3\n5.5,6\n",
        "x,y\n1,2.5\n3,-4e-3\n5.5,6\n",
        "x;y\n1;2.5\n3;-4e-3\n5.5;6\n",
        "x\ty\n1\t2.5\n3\t-4e-3\n5.5\t6\n",
        "x|y\n1|2.5\n3|-4e-3\n5.5|6\n",
        "1 2.5\n  3   -4e-3\n5.5 6",
        "x y\n1 2.5\n3 -4e-3\n5.5 6",
        "\ufeffx,y\r\n1,2.5\r\n3,-4e-3\r\n5.5,6\r\n",
        '"x","y"\n"1","2.5"\n"3","-4e-3"\n"5.5","6"\n',
        "x,y\n\n1,2.5\n\n3,-4e-3\n5.5,6\n\n\n",
        "# made by savetxt\n# x y\n1 2.5\n3 -4e-3\n5.5 6\n",
        "0,1\n1,2.5\n3,-4e-3\n5.5,6\n",
        ",0,1\n0,1,2.5\n1,3,-4e-3\n2,5.5,6\n",
        "id,x,y\n1,1,2.5\n2,3,-4e-3\n3,5.5,6\n",
        "cell,x,y\na,1,2.5\nb,3,-4e-3\nc,5.5,6\n",
        '"x" "y"\n"1" 1 2.5\n"2" 3 -4e-3\n"3" 5.5 6\n',
        "x, y\n1, 2.5\n3, -4e-3\n5.5, 6\n",
        "x,y\n+1,2.5\n 3 ,-4e-3\n5.5,6",
    ],
)
def test_every_usual_dialect_gives_the_same_points(read, text):
    assert read(text).X.tolist() == A


@pytest.mark.parametrize(
    ("name", "text"),
    [("p.tsv", "x\ty\n1,0\t2\n"), ("p.txt", "1 2\n3 4\n"), ("p.dat", "1 2\n3 4\n"), ("P.CSV", "1,2\n3,4\n")],
)
def test_suffixes(read, name, text):
    if name == "p.tsv":
        with pytest.raises(ParseError, match="decimal point"):
            read(text, name)
    else:
        assert read(text, name).X.shape == (2, 2)


def test_index_and_names_are_kept(read):
    cloud = read("cell,x,y\na,1,2\nb,3,4\n")
    assert cloud.index == ("a", "b")
    assert cloud.index_name == "cell"
    assert cloud.columns == ("x", "y")
    assert "names the rows" in cloud.notes[0]


def test_text_columns_are_reported_and_left_out(read):
    cloud = read("x,kind,y\n1,a,2\n3,a,4\n")
    assert cloud.columns == ("x", "y")
    assert "column 2 ('kind')" in cloud.notes[0]
    assert list(cloud.extras["kind"]) == ["a", "a"]


def test_a_counting_column_without_a_name_is_a_coordinate_with_a_warning(read):
    cloud = read("0,1.5\n1,2.5\n2,3.5\n")
    assert cloud.X.shape == (3, 2)
    assert "--drop 1" in cloud.notes[0]


def test_drop_and_color_are_no_coordinates(read):
    text = "x,y,batch,z\n1,2,1,7\n3,4,1,8\n"
    assert read(text, drop=("z",)).columns == ("x", "y", "batch")
    assert read(text, drop=("4", "1")).columns == ("y", "batch")
    cloud = read(text, color="batch")
    assert cloud.columns == ("x", "y", "z")
    assert list(cloud.extras["batch"]) == ["1", "1"]


def test_header_can_be_said(read):
    assert read("1,2\n3,4\n", header="yes").columns == ("1", "2")
    assert read("0,1\n2,3\n", header="no").X.tolist() == [[0, 1], [2, 3]]


def test_one_column_and_one_row_are_read(read):
    assert read("x\n1\n2\n").X.tolist() == [[1], [2]]
    assert read("1,2,3\n").X.tolist() == [[1, 2, 3]]


def test_many_rows_are_read_exactly(read):
    X = np.random.default_rng(0).normal(size=(5000, 4)) * 10.0 ** np.random.default_rng(1).integers(
        -300, 300, size=(5000, 4)
    )
    lines = "\n".join(",".join(map(repr, row)) for row in X.tolist())
    assert np.array_equal(read(lines).X, X)


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        (b"", ShapeError, ["empty"]),
        (b"   \n \n", ParseError, ["empty"]),
        (b"# only\n# comments\n", ParseError, ["comments"]),
        (b"x,y\n", ShapeError, ["no points"]),
        (b"x,y\n1,2\n3\n", ParseError, ["line 3", "1 fields", "have 2"]),
        (b"x,y\n1,2\n3,4,5\n", ParseError, ["line 3", "3 fields"]),
        (b"x,y\n1,2\n3,abc\n", ParseError, ["line 3", "column 2 ('y')", "'abc'", "--drop 2"]),
        (b"x,y\n1,2\n3,\n", DomainError, ["line 3", "column 2 ('y')", "missing"]),
        (b"x,y\n1,2\n3,NA\n", DomainError, ["line 3", "column 2", "'NA'"]),
        (b"x,y\n1,2\nnan,4\n", DomainError, ["line 3", "column 1 ('x')", "nan", "1 of 4"]),
        (b"x,y\n1,inf\n3,4\n", DomainError, ["line 2", "column 2 ('y')", "inf"]),
        (b"1,2\n3,1e999\n", DomainError, ["line 2", "column 2", "inf"]),
        (b"a,b\nc,d\n", ParseError, ["no column holds numbers", "line 2"]),
        (b"x;y\n1,5;2\n2,5;3\n", ParseError, ["decimal point"]),
        (b"x,y\n1,\xff\n", ParseError, ["UTF-8", "0xff"]),
        ("x,y\n1,2\n".encode("utf-16"), ParseError, ["UTF-16"]),
        (b"\x93NUMPY\x01\x00", ParseError, ["not a text file"]),
        (b"PK\x03\x04abc", ParseError, ["not a text file"]),
        (b"x,y\n1,2\n\x00\x00,3\n", ParseError, ["not a text file"]),
        (b'x,y\n1,"2\n3,4\n', ParseError, ["line"]),
        (b'x,y\n1,2"3\n3,"4"5\n', ParseError, ["line"]),
        (b"x,y,z\n1,2\n", ParseError, ["header has 3", "line 2 has 2"]),
        (b"x,y\n1_000,2\n5,3\n", ParseError, ["1_000"]),
        (b"x,y\n" + b"1,2\n" * 1500 + b"3,oops\n", ParseError, ["line 1502", "'oops'"]),
        (b"x,y\n" + b"1,2\n" * 1500 + b"3\n", ParseError, ["line 1502"]),
        (b"x,y\n" + b"1,2\n" * 1500 + b"3,1_0\n", ParseError, ["line 1502", "1_0"]),
        (b"x,y\n1," + b"9" * 200_000 + b"\n2,3\n", ErlangenError, []),
    ],
)
def test_what_is_wrong_is_named_with_line_and_column(read, text, kind, words):
    with pytest.raises(kind) as caught:
        read(text)
    for word in words:
        assert word in str(caught.value)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"drop": ("q",)}, ["--drop", "'q'", "'x', 'y'"]),
        ({"drop": ("3",)}, ["--drop"]),
        ({"drop": ("x", "y")}, ["no column holds numbers"]),
        ({"color": "lable"}, ["--color", "did you mean 'label'"]),
        ({"delimiter": ";"}, ["check --delimiter"]),
    ],
)
def test_wrong_options_name_the_columns_there_are(read, options, words):
    text = "x,y\n1,2\n3,4\n" if options.get("color") is None else "x,y,label\n1,2,a\n3,4,b\n"
    with pytest.raises(ErlangenError) as caught:
        read(text, **options)
    for word in words:
        assert word in str(caught.value)


def test_hexadecimal_is_text(read):
    cloud = read("x,y\n1,0x10\n2,0x11\n")
    assert cloud.columns == ("x",)
    assert "column 2 ('y')" in cloud.notes[0]


def test_two_columns_of_a_name_need_a_number(read):
    with pytest.raises(DomainError, match=r"2 columns are called 'x' \(columns 1, 2\)"):
        read("x,x,y\n1,2,3\n", drop=("x",))
    assert read("x,x,y\n1,2,3\n", drop=("2",)).X.tolist() == [[1, 3]]


@pytest.mark.parametrize(
    ("lines", "mark"),
    [
        (["a,b", "1,2"], ","),
        (["1;2", "3;4"], ";"),
        (["1\t2"], "\t"),
        (["1 2"], " "),
        (["5"], " "),
        (["1,5;2,5", "3,5;4,5"], ";"),
        (['"a;b",1', '"c;d",2'], ","),
    ],
)
def test_delimiters(lines, mark):
    assert detect_delimiter(lines) == mark
