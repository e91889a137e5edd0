import csv
import os

import numpy as np
import pytest

from erlangen.cli.points import WRITABLE, PointCloud, check_target, read_points, write_points
from erlangen.cli.points.atomic import atomic_path
from erlangen.errors import DomainError

Z = np.array([[0.1, -1e-300], [np.pi, 1 / 3], [1e308, 5e-324]])
CLOUD = PointCloud(Z, ("a", "b"))
NAMED = PointCloud(Z, ("a", "b"), index=("p", "q,r", 's"t'), index_name="cell")


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".npy", ".npz"])
@pytest.mark.parametrize("cloud", [CLOUD, NAMED])
def test_what_is_written_reads_back_bit_for_bit(tmp_path, suffix, cloud):
    path = tmp_path / f"out{suffix}"
    write_points(path, Z, cloud, method="phate")
    back = read_points(path)
    assert np.array_equal(back.X, Z)
    if suffix in (".csv", ".tsv"):
        assert back.index == cloud.index
        assert back.columns == ("x1", "x2")
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_the_npz_holds_the_index(tmp_path):
    write_points(tmp_path / "out.npz", Z, NAMED, method="phate")
    with np.load(tmp_path / "out.npz", allow_pickle=False) as archive:
        assert sorted(archive.files) == ["embedding", "index"]
        assert archive["index"].tolist() == list(NAMED.index)


def test_the_csv_is_plain(tmp_path):
    write_points(tmp_path / "out.csv", Z, NAMED, method="phate")
    rows = list(csv.reader((tmp_path / "out.csv").open(newline="")))
    assert rows[0] == ["cell", "x1", "x2"]
    assert rows[2][0] == "q,r"


def test_a_failure_leaves_the_old_file_and_no_temporary(tmp_path):
    path = tmp_path / "out.csv"
    path.write_text("old")

    def fail():
        with atomic_path(path) as temporary:
            temporary.write_text("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["out.csv"]


def test_a_link_is_written_through_and_the_mode_follows_the_umask(tmp_path):
    (tmp_path / "real.csv").write_text("old")
    (tmp_path / "link.csv").symlink_to("real.csv")
    with atomic_path(tmp_path / "link.csv") as temporary:
        temporary.write_text("new")
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "real.csv").read_text() == "new"
    umask = os.umask(0)
    os.umask(umask)
    with atomic_path(tmp_path / "fresh.csv") as temporary:
        temporary.write_text("x")
    assert (tmp_path / "fresh.csv").stat().st_mode & 0o777 == 0o666 & ~umask


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("out.xlsx", "known are"),
        ("out", "known are"),
        ("missing/out.csv", "mkdir -p"),
        ("points.csv", "is the file that is read"),
        ("folder.csv", "is a folder"),
    ],
)
def test_targets_are_refused_before_the_work(tmp_path, name, word):
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(DomainError, match=word):
        check_target(tmp_path / name, "--output", WRITABLE, tmp_path / "points.csv")
