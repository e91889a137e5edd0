import os

import pytest

from erlangen.cli.points import READABLE, read_points
from erlangen.errors import DomainError, ParseError, ShapeError


def test_the_place_is_checked_before_the_format(tmp_path):
    (tmp_path / "points.csv").write_text("1,2\n")
    with pytest.raises(DomainError, match=r"did you mean 'points\.csv'"):
        read_points(tmp_path / "pionts.csv")
    with pytest.raises(DomainError, match="there is no file"):
        read_points(tmp_path / "nowhere" / "points.csv")
    with pytest.raises(DomainError, match="is a folder"):
        read_points(tmp_path)
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(DomainError, match="not a regular file"):
        read_points(tmp_path / "pipe.csv")


@pytest.mark.parametrize("name", ["points", "points.xlsx", "points.pkl", "points.parquet", "points.csv.gz"])
def test_an_unknown_suffix_lists_the_known(tmp_path, name):
    (tmp_path / name).write_text("1,2\n")
    with pytest.raises(ParseError) as caught:
        read_points(tmp_path / name)
    assert all(suffix in str(caught.value) for suffix in READABLE)


@pytest.mark.parametrize("suffix", READABLE)
def test_an_empty_file_of_every_suffix_is_refused(tmp_path, suffix):
    path = tmp_path / f"points{suffix}"
    path.write_bytes(b"")
    with pytest.raises(ShapeError, match="is empty"):
        read_points(path)
