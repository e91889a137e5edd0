"""The command ``embed``: its mechanics on a stand-in estimator, its refusals on bad files, and real embeddings of a circle."""

import json
import os
import re
import types
from pathlib import Path

import numpy as np
import pytest

from erlangen import estimators
from erlangen.cli import embedding
from erlangen.cli.embedding import DISTANCES, METHODS, number_or
from erlangen.estimators.embeddings import distance_kinds

CIRCLE = np.c_[np.cos(np.linspace(0, 6, 80)), np.sin(np.linspace(0, 6, 80)), 0 * np.linspace(0, 6, 80)]


@pytest.fixture
def points(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    lines = ["cell,x,y,z,kind", *(f"c{i},{x!r},{y!r},{z!r},k{i % 3}" for i, (x, y, z) in enumerate(CIRCLE.tolist()))]
    (tmp_path / "points.csv").write_text("\n".join(lines) + "\n")
    return tmp_path / "points.csv"


@pytest.fixture
def stand_in(monkeypatch):
    """An estimator that keeps its parameters and returns the first columns."""
    calls = []

    class Estimator:
        def __init__(self, **parameters):
            self.parameters = parameters
            calls.append(parameters)

        def get_params(self):
            return self.parameters

        def fit_transform(self, X):
            self.t_, self.stress_, self.connected_, self._hidden_, self.array_ = 2.5, np.float64(0.125), True, 1, X
            return X[:, : self.parameters["n_components"]]

    module = types.SimpleNamespace(**{method.estimator: Estimator for method in METHODS.values()})
    real = embedding.import_module
    monkeypatch.setattr(
        embedding, "import_module", lambda name: module if name == "erlangen.estimators" else real(name)
    )
    return calls


def test_the_summary_is_two_lines_and_the_rest_goes_to_standard_error(call, points, stand_in):
    result = call("embed", points, "-o", "out.csv")
    lines = result.stdout.splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("80 points of 3 coordinates -> 2 by heat-geodesic, ")
    assert lines[0].endswith(": t = 2.5, stress 0.125, connected")
    assert lines[1] == "written to out.csv"
    assert "column 5 ('kind')" in result.stderr
    assert "column 1 ('cell') names the rows" in result.stderr
    assert call("embed", points, "-o", "out.csv", "-q").stderr == ""
    assert Path("out.csv").read_text().startswith("cell,x1,x2\n")


def test_options_reach_the_estimator_and_those_left_out_do_not(call, points, stand_in):
    call(
        "embed",
        points,
        "-o",
        "out.npy",
        "-d",
        3,
        "-k",
        7,
        "--t",
        "1.5",
        "--sigma",
        "0.5",
        "--rho",
        0.25,
        "--landmarks",
        "none",
        "--seed",
        9,
    )
    call("embed", points, "-o", "out.npy", "-m", "phate", "--t", "auto")
    assert stand_in[0] == {
        "n_components": 3, "n_neighbors": 7, "t": 1.5, "sigma": 0.5, "rho": 0.25, "n_landmarks": None, "random_state": 9,
    }  # fmt: skip
    assert stand_in[1] == {"n_components": 2, "n_neighbors": 10, "t": "auto", "random_state": 0}


def test_json_and_report_hold_the_same(call, points, stand_in):
    document = json.loads(call("embed", points, "-o", "out.csv", "--report", "report.json", "--json").stdout)
    assert document == json.loads(Path("report.json").read_text())
    assert document["findings"] == {"t": 2.5, "stress": 0.125, "connected": True}
    assert (document["n"], document["components"], document["columns"]) == (80, 2, ["x", "y", "z"])
    assert document["parameters"]["n_neighbors"] == 10
    assert set(document["versions"]) >= {"erlangen", "numpy"}


@pytest.mark.parametrize("target", ["out.csv", "out.tsv", "out.npy", "out.npz"])
def test_every_target(call, points, stand_in, target):
    call("embed", points, "-o", target)
    assert sorted(os.listdir()) == sorted([target, "points.csv"])


def test_a_plot_coloured_by_a_column_and_by_a_file(call, points, stand_in):
    call("embed", points, "-o", "out.csv", "--plot", "a.png", "--color", "kind")
    Path("labels.txt").write_text("\n".join(str(i / 7) for i in range(80)))
    call("embed", points, "-o", "out.csv", "--plot", "b.svg", "--color", "labels.txt")
    assert Path("a.png").read_bytes().startswith(b"\x89PNG")
    assert "<svg" in Path("b.svg").read_text()
    assert "there is no --plot" in call("embed", points, "-o", "out.csv", "--color", "kind").stderr


USAGE = [
    ["points.csv"],
    ["-o", "out.csv"],
    ["points.csv", "-o", "out.csv", "--method", "tsne"],
    ["points.csv", "-o", "out.csv", "--components", "0"],
    ["points.csv", "-o", "out.csv", "--neighbors", "ten"],
    ["points.csv", "-o", "out.csv", "--t", "0"],
    ["points.csv", "-o", "out.csv", "--t", "-1"],
    ["points.csv", "-o", "out.csv", "--t", "nan"],
    ["points.csv", "-o", "out.csv", "--t", "inf"],
    ["points.csv", "-o", "out.csv", "--sigma", "3"],
    ["points.csv", "-o", "out.csv", "--rho", "1.5"],
    ["points.csv", "-o", "out.csv", "--landmarks", "0"],
    ["points.csv", "-o", "out.csv", "--landmarks", "2.5"],
    ["points.csv", "-o", "out.csv", "--seed", "-1"],
    ["points.csv", "-o", "out.csv", "--header", "maybe"],
    ["points.csv", "-o", "out.csv", "--delimiter", "::"],
    ["points.csv", "-o", "out.csv", "--method", "phate", "--sigma", "0.5"],
    ["points.csv", "-o", "out.csv", "--method", "phate", "--t", "2.5"],
    ["points.csv", "-o", "out.csv", "--method", "phate", "--distance", "graph"],
    ["points.csv", "-o", "out.csv", "--distance", "euclid"],
    ["points.csv", "-o", "out.csv", "--method", "random-walk", "--t", "0.5"],
    ["points.csv", "-o", "out.csv", "--method", "diffusion-map", "--rho", "0.5"],
    ["points.csv", "-o", "out.csv", "--colour", "kind"],
]


@pytest.mark.parametrize("arguments", USAGE)
def test_wrong_uses(call, points, stand_in, arguments):
    result = call("embed", *arguments, code=2)
    assert result.stderr.rstrip("\n").splitlines()[-1].startswith("error: ")
    assert not os.path.exists("out.csv")


BAD_FILES = {
    "empty.csv": b"",
    "blank.csv": b"\n\n  \n",
    "comments.csv": b"# nothing\n",
    "header.csv": b"x,y\n",
    "ragged.csv": b"x,y\n1,2\n3\n4,5\n",
    "longer.csv": b"x,y\n1,2\n3,4,5\n",
    "missing.csv": b"x,y\n1,2\n3,\n4,5\n",
    "nan.csv": b"x,y\n1,nan\n3,4\n4,5\n",
    "inf.csv": b"x,y\n1,inf\n3,4\n",
    "word.csv": b"x,y\n1,2\n3,four\n",
    "text.csv": b"a,b\nc,d\ne,f\n",
    "comma.csv": b"x;y\n1,5;2,5\n3,5;4,5\n",
    "latin1.csv": b"x,y,n\xe9\n1,2,3\n",
    "utf16.csv": "x,y\n1,2\n".encode("utf-16"),
    "zeros.csv": b"x,y\n\x00\x00,1\n",
    "quote.csv": b'x,y\n1,"2\n3,4\n',
    "zip.csv": b"PK\x03\x04",
    "words.npy": b"these are words",
    "short.npy": b"\x93NUMPY\x01\x00",
    "code.npy": b"\x93NUMPY\x01\x00\x20\x00__import__('os').system('id')    \n",
    "words.npz": b"these are words",
    "zip.npz": b"PK\x05\x06" + bytes(18),
    "words.h5ad": b"these are words",
    "table.xlsx": b"PK\x03\x04",
    "pickle.pkl": b"\x80\x04N.",
    "none": b"1,2\n",
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_bad_files_are_refused_in_one_line(call, tmp_path, monkeypatch, stand_in, name):
    monkeypatch.chdir(tmp_path)
    (tmp_path / name).write_bytes(BAD_FILES[name])
    result = call("embed", name, "-o", "out.csv", code=3)
    assert result.stdout == ""
    assert result.stderr.startswith("error: ")
    assert result.stderr.count("\n") == 1
    assert result.stderr.rstrip().endswith(")"), "a hint stands at the end"
    assert os.listdir() == [name]
    assert not stand_in


@pytest.mark.parametrize(
    "arguments",
    [
        ["nowhere.csv", "-o", "out.csv"],
        [".", "-o", "out.csv"],
        ["points.csv", "-o", "points.csv"],
        ["points.csv", "-o", "out.xlsx"],
        ["points.csv", "-o", "missing/out.csv"],
        ["points.csv", "-o", "."],
        ["points.csv", "-o", "out.csv", "--plot", "out.jpg"],
        ["points.csv", "-o", "out.csv", "--plot", "missing/out.png"],
        ["points.csv", "-o", "out.csv", "--report", "out.txt"],
        ["points.csv", "-o", "out.csv", "--color", "knd"],
        ["points.csv", "-o", "out.csv", "--drop", "w"],
        ["points.csv", "-o", "out.csv", "--drop", "x", "--drop", "y", "--drop", "z"],
    ],
)
def test_bad_names_are_refused_before_the_work(call, points, stand_in, arguments):
    result = call("embed", *arguments, code=3)
    assert result.stderr.splitlines()[-1].startswith("error: ")
    assert os.listdir() == ["points.csv"]
    assert not stand_in


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written(call, points, stand_in, tmp_path):
    (tmp_path / "locked").mkdir(mode=0o500)
    assert "permission denied" in call("embed", points, "-o", "locked/out.csv", code=3).stderr


def test_a_full_disk_is_a_resource_limit(call, points, stand_in, monkeypatch):
    def full(*arguments, **options):
        raise OSError(28, "No space left on device", "out.npy")

    monkeypatch.setattr("erlangen.cli.points.writer.np.save", full)
    assert "no space left" in call("embed", points, "-o", "out.npy", code=4).stderr
    assert os.listdir() == ["points.csv"]


@pytest.mark.parametrize(("text", "value"), [("auto", "auto"), ("1e-3", 1e-3), ("2", 2.0)])
def test_numbers_or_words(text, value):
    assert number_or("auto", low=0, open_low=True)(text) == value


# Real embeddings, as a user would make them.


def read(path):
    return np.loadtxt(path, delimiter=",", skiprows=1, usecols=(1, 2))


@pytest.mark.parametrize("method", METHODS)
def test_every_method_embeds_the_circle_as_its_estimator_does(call, points, method):
    result = call("embed", points, "-o", "out.csv", "-m", method, "-k", 6, "--plot", "out.png", "--color", "kind")
    fitted = getattr(estimators, METHODS[method].estimator)(n_neighbors=6, random_state=0).fit(CIRCLE)
    assert np.allclose(read("out.csv"), fitted.embedding_, rtol=0, atol=1e-12 * np.abs(fitted.embedding_).max())
    assert re.match(rf"80 points of 3 coordinates -> 2 by {method}, ", result.stdout)
    assert "connected" in result.stdout
    assert Path("out.png").read_bytes().startswith(b"\x89PNG")
    first = Path("out.csv").read_bytes()
    call("embed", points, "-o", "out.csv", "-m", method, "-k", 6)
    assert Path("out.csv").read_bytes() == first, "the same bytes in every run"


@pytest.mark.parametrize("method", ["phate", "random-walk"])
def test_steps_are_counted(call, points, method):
    call("embed", points, "-o", "out.csv", "-m", method, "--t", "7", "--report", "out.json")
    report = json.loads(Path("out.json").read_text())
    assert report["parameters"]["t"] == report["findings"]["t"] == 7


def test_parameters_reach_the_real_estimator(call, points):
    call(
        "embed", points, "-o", "out.npy", "-d", 3, "-k", 6, "--t", "2.5", "--sigma", "0.5", "--rho", "0.1",
        "--landmarks", "20", "--seed", "4", "--report", "out.json",
    )  # fmt: skip
    fitted = estimators.HeatGeodesicEmbedding(
        3, n_neighbors=6, t=2.5, sigma=0.5, rho=0.1, n_landmarks=20, random_state=4
    ).fit(CIRCLE)
    assert np.array_equal(np.load("out.npy"), fitted.embedding_)
    found = json.loads(Path("out.json").read_text())["findings"]
    assert (found["t"], found["sigma"], found["connected"]) == (2.5, 0.5, True)
    assert found["stress"] == pytest.approx(fitted.stress_)


@pytest.mark.parametrize("distance", DISTANCES)
def test_every_distance(call, points, distance):
    call("embed", points, "-o", "out.npy", "-k", 6, "--distance", distance)
    fitted = estimators.HeatGeodesicEmbedding(n_neighbors=6, distance=distance).fit(CIRCLE)
    assert np.array_equal(np.load("out.npy"), fitted.embedding_)


def test_the_names_of_distances_are_the_estimators():
    assert distance_kinds.DISTANCES == DISTANCES


def test_cells_of_an_annotated_file(call, tmp_path, monkeypatch):
    anndata = pytest.importorskip("anndata")
    monkeypatch.chdir(tmp_path)
    names = [f"cell {i}" for i in range(80)]
    cells = anndata.AnnData(CIRCLE.copy(), obsm={"X_pca": CIRCLE[:, :2].copy()})
    cells.obs_names, cells.obs["half"] = names, ["left" if i < 40 else "right" for i in range(80)]
    cells.write_h5ad("cells.h5ad")
    result = call("embed", "cells.h5ad", "-o", "out.h5ad", "-k", 6, "--plot", "out.svg", "--color", "half")
    assert "X_pca" in result.stderr
    written = anndata.read_h5ad("out.h5ad")
    expected = estimators.HeatGeodesicEmbedding(n_neighbors=6).fit_transform(CIRCLE[:, :2])
    assert any(np.allclose(Z, expected) for Z in [*written.obsm.values(), written.X] if np.shape(Z) == (80, 2))
    assert list(written.obs_names) == names
    assert "right" in Path("out.svg").read_text()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["-k", "80"], "--neighbors = 80, but X holds 80 distinct points (use --neighbors <= 79)"),
        (["--landmarks", "81"], "--landmarks=81"),
        (["--landmarks", "2"], "--landmarks=2"),
        (["-d", "80"], "--components = 80"),
        (["-m", "diffusion-map", "-d", "90"], "--components = 90"),
    ],
)
def test_what_the_estimators_refuse_is_one_line_with_a_hint(call, points, arguments, words):
    result = call("embed", points, "-o", "out.csv", "-q", *arguments, code=3)
    assert words in result.stderr
    assert result.stderr.count("\n") == 1
    assert result.stderr.rstrip().endswith(")")
    assert os.listdir() == ["points.csv"]


@pytest.mark.parametrize("rows", [1, 2])
def test_too_few_points_are_refused_in_words(call, tmp_path, monkeypatch, rows):
    monkeypatch.chdir(tmp_path)
    Path("few.csv").write_text("x,y\n" + "1,2\n" * rows)
    assert f"POINTS holds {rows} point" in call("embed", "few.csv", "-o", "out.csv", code=3).stderr
    assert os.listdir() == ["few.csv"]


def test_what_does_not_fit_is_a_resource_limit(call, points, monkeypatch):
    monkeypatch.setattr("erlangen.validation.available_memory", lambda: 3e5)
    result = call("embed", points, "-o", "out.csv", "-q", "--landmarks", "none", code=4)
    assert "80 points needs about" in result.stderr
    assert "--landmarks=500" in result.stderr


def test_remarks_are_lines_on_standard_error(call, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    np.save("two.npy", np.r_[CIRCLE, CIRCLE + 50])
    result = call("embed", "two.npy", "-o", "out.npy", "-k", 6)
    assert "warning: the graph has 2 components" in result.stderr
    assert "NOT connected (2 parts)" in result.stdout
    assert np.isfinite(np.load("out.npy")).all()


def test_progress_of_blocks(call, tmp_path, monkeypatch):
    """Plain lines with rate and time left where standard error is no terminal."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("erlangen.cli.progress.Progress.__init__.__kwdefaults__", {"every": 0.0})
    np.save("cloud.npy", np.random.default_rng(0).normal(size=(500, 2)))
    lines = call("embed", "cloud.npy", "-o", "out.npy", "--landmarks", "250").stderr.splitlines()
    assert any(re.match(r"embedding 500 points 3/6 50 %, .*left: distances", line) for line in lines), lines
    assert any("layout" in line for line in lines)
    assert call("embed", "cloud.npy", "-o", "out.npy", "--landmarks", "250", "-q").stderr == ""
