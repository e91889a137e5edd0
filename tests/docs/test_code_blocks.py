"""Every block of Python on the pages runs, from top to bottom of each page, and shows what the page says it shows."""

import doctest
import re
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(not (ROOT / "docs").is_dir(), reason="needs the documentation's source")


def blocks(page):
    return re.findall(r"^```python\n(.*?)^```", (ROOT / page).read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


def run(page):
    """Return what the page's blocks leave behind."""
    names = {"__name__": "page"}
    for number, block in enumerate(blocks(page)):
        exec(compile(block, f"{page}, block {number}", "exec"), names)
    return names


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ERLANGEN_HOME", str(tmp_path / "home"))
    with torch.random.fork_rng():
        torch.manual_seed(0)
        yield
    plt.close("all")


def readme(names):
    assert names["Z"].shape == (1000, 2)
    assert names["D"].shape == (1, 1000)
    assert names["table"].mean()["recentred"] > 0.8
    assert names["loss"].isfinite()
    assert names["out"].shape == (5, 64)
    assert np.abs(names["forces"]).max() > 0
    assert names["group"].torsion_orders == (2, 4)


def first_embedding(names):
    scores = pytest.importorskip("erlangen.estimators.scores")
    assert scores.distance_correlation(names["embedding"].dissimilarity_, names["roll"].geodesics()) > 0.98


def imagery(names):
    scores = names["scores"]
    assert np.allclose([scores[name] for name in names["pipelines"]], [0.55, 0.54, 0.70, 0.86], atol=0.03)
    assert len(names["frame"]) == 12
    assert names["model"].order_ > 1


def network(names):
    assert names["accuracy"] >= 0.7
    W = names["net"][0].weight.detach().numpy()
    assert np.allclose(W.T @ W, np.eye(6), atol=1e-9)


def means(names):
    assert names["certificate"].converged
    assert all(names["condition_report"](names[A]).definite.all() for A in ("shrunk", "fewer", "lifted"))
    assert not names["condition_report"](names["covariance"](names["referenced"])).definite.any()
    assert float(names["repair"].relative.max()) < 1e-5


def spd(names):
    metrics = [names[name]() for name in ("AffineInvariant", "BuresWasserstein", "Frobenius")]
    assert np.allclose([np.linalg.det(m.mean(names["pair"])) for m in metrics], [9, 16, 25])
    I = np.eye(2)  # noqa: E741
    assert np.allclose(names["bures"].exp(I, -3 * I, check=False), names["bures"].exp(I, -I))


def augmented(names):
    assert 0.3 <= names["scores"][1] <= 0.7
    assert names["scores"][2] == 1.0


def embedded(names):
    assert (names["Z"].shape, names["new"].shape) == ((400, 2), (100, 2))


def store(names):
    assert list(names["store"].runs()) == []


def irreps(names):
    assert (names["x"].dim, names["x"].lmax, names["x"].num_irreps) == (60, 2, 28)
    assert names["out"].shape == (10, 20)
    assert torch.det(names["R"]).abs() > 0.99


def potential(names):
    assert names["errors"].energy_per_atom_rmse < 15  # meV; 60 frames, five seconds
    assert names["errors"].forces_rmse < 400  # meV/Å
    assert names["H"].shape == (15, 3, 15, 3)
    assert names["path"].drift < 1e-3
    one, two = (names[name].predict(names["test"][:1])[0] for name in ("potential", "again"))
    assert np.array_equal(one.forces, two.forces)


def products(names):
    assert names["table"] == {1: [6, 5, 6], 2: [19, 9, 14], 3: [44, 13, 22], 4: [85, 17, 30]}
    report = names["report"]
    assert report.paths_kept < report.paths_allowed


def knots(names):
    assert names["tangled"].n_crossings > names["found"].n_crossings == 4
    assert [names[name].n_components for name in ("granny", "cable", "double", "pretzel", "square")] == [1, 1, 1, 1, 4]
    assert str(names["jones_polynomial"](names["trefoil"])) == "t + t^3 - t^4"
    assert str(names["alexander_polynomial"](names["trefoil"])) == "t^-1 - 1 + t"
    numbers = [names[name](names["trefoil"]) for name in ("signature", "determinant", "arf_invariant")]
    assert numbers == [-2, 3, 1]
    assert str(names["conway_polynomial"](names["borromean"])) == "z^4"
    assert not names["linking_matrix"](names["borromean"]).any()
    assert round(np.linalg.det(names["V"] - names["V"].T)) == 1
    assert names["text"].count("<path") == 6
    assert (len(names["braid"].strands), len(names["closed"].strands)) == (3, 1)


def exchanged(names):
    assert len(names["state"]) > 10


def first_knot(names):
    knot, group = names["knot"], names["group"]
    assert (group.rank(0, 5), group.torsion(3, 11)) == (1, (2,))
    assert group == names["khovanov_homology"](names["Link"].from_braid([1, 2] * 4))
    assert names["khovanov_homology"](knot.mirror()) == group.mirror()
    assert (names["reduced"].width, names["s_invariant"](knot), names["plan"].girth) == (2, 6, 14)
    assert names["khovanov_homology"](names["torus_link"](4, 5)).torsion_orders == (2, 4)
    assert names["khovanov_homology"](knot, theory="odd", reduced=True).torsion(5, 14) == (3,)


def symmetries(names):
    assert (names["found"].dimension, names["found"].complete) == (4, True)
    assert {name: str(value) for name, value in names["scaling"].items()} == {"t": "-3*t/2", "x": "-x/2", "u": "u"}
    assert (names["heat"].dimension, names["heat"].free_functions, names["heat"].finite_dimension) == (None, (2, 1), 6)
    assert (len(names["algebra"].levi_factor()), len(names["algebra"].radical())) == (3, 3)
    assert (names["liouville"].dimension, names["liouville"].free_functions) == (None, (2, 1))
    assert [str(q["u"]) for q in names["higher"].basis][1] == "(6*u*u_x + u_xxx)/6"
    assert str(names["laws"][1].current) == "{'t': u^2/2, 'x': (4*u^3 + 2*u*u_xx - u_x^2)/2}"
    assert str(names["density"]) == "(2*u^3 - u_x^2)/2"
    assert str(names["energy"].components["t"]) == "(-2*cos(u) + u_t^2 + u_x^2)/2"


def charges(names):
    g, ring = names["g"], names["ring"]
    assert g.scalar_curvature == ring.parse("-12/l^2")
    assert all(g.ricci[i, j] + names["scale"] * g.lower[i, j] == 0 for i in range(4) for j in range(4))
    assert (names["isometries"].dimension, names["isometries"].complete) == (4, True)
    assert str(names["mass"]) == "1"
    assert not names["plain"].integrable
    assert names["energy"].charge == names["rotating"].ring.parse("M/(1 - a^2/l^2)^2")
    assert str(names["value"].integrate({"x": (-1, 1)}, circles=("phi",))) == "r/2"


PAGES = {
    "README.md": readme,
    "docs/tutorials/first-embedding.md": first_embedding,
    "docs/tutorials/motor-imagery.md": imagery,
    "docs/howto/embed.md": embedded,
    "docs/howto/run-store.md": store,
    "docs/howto/spd-network.md": network,
    "docs/howto/means.md": means,
    "docs/howto/equivariant.md": irreps,
    "docs/howto/potential.md": exchanged,
    "docs/howto/knots.md": knots,
    "docs/howto/symmetries.md": symmetries,
    "docs/howto/charges.md": charges,
    "docs/tutorials/first-potential.md": potential,
    "docs/tutorials/first-knot.md": first_knot,
    "docs/explanation/tensor-products.md": products,
    "docs/explanation/spd.md": spd,
    "docs/explanation/augmented-covariance.md": augmented,
}
WITH_PEERS = ("docs/howto/moabb.md",)


@pytest.mark.parametrize("page", PAGES)
def test_the_page_runs_and_shows_what_it_says(page):
    PAGES[page](run(page))


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("page", WITH_PEERS)
def test_the_page_runs_where_moabb_and_mne_are_installed(page):
    pytest.importorskip("moabb")
    names = run(page)
    assert len(names["results"]) == 8
    theirs = names["results"].groupby("pipeline")["score"].mean()
    assert all(np.isclose(names["table"].mean()[name], theirs[name]) for name in theirs.index)
    assert list(names["model"].classes_) == [0, 1]


def test_the_page_of_batteries_prints_what_it_says():
    page = ROOT / "docs/howto/check-your-own-objects.md"
    flags = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    assert doctest.testfile(str(page), module_relative=False, optionflags=flags, encoding="utf-8").failed == 0


def test_no_page_with_code_is_left_out():
    known = {*PAGES, *WITH_PEERS, "docs/howto/check-your-own-objects.md"}
    found = {str(path.relative_to(ROOT)) for path in [ROOT / "README.md", *(ROOT / "docs").glob("*/*.md")]}
    assert {page for page in found if "_" not in page and blocks(page)} == known
