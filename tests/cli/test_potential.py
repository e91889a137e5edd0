"""The command ``potential``: what it saves is what the library computes, what is stopped goes on to the same numbers, and refusals say where."""

import json
import subprocess
import sys

import numpy as np
import pytest

from erlangen.cli.forces import fitting
from erlangen.datasets import acac_sample
from erlangen.potentials import EquivariantPotential, Frame, Frames, prediction_errors, read_frames, write_frames

pytest.importorskip("ase")
SMALL = ("--channels", 2, "--lmax", 1, "--correlation", 1, "--hidden", "0e", "--cutoff", 3, "--threads", 1)
TRAIN, TEST = acac_sample()[:8], acac_sample("test_600K")[:2]


@pytest.fixture(autouse=True)
def files(tmp_path, monkeypatch):
    """Frames of acetylacetone, with the keys that others use too, and single atoms."""
    monkeypatch.chdir(tmp_path)
    write_frames("train.xyz", TRAIN)
    write_frames("test.xyz", TEST)
    write_frames("bare.xyz", [Frame(f.species, f.positions, energy=f.energy) for f in TEST])
    write_frames("atoms.xyz", [Frame([n], [[0, 0, 0]], energy=e) for n, e in TRAIN.atomic_energies.items()])
    write_frames(
        "foreign.xyz", [TEST[0], Frame(["N", "H"], [[0, 0, 0], [1, 0, 0]], energy=0.0, forces=np.zeros((2, 3)))]
    )


@pytest.fixture
def model(tmp_path):
    potential = EquivariantPotential(
        ["H", "C", "O"],
        3.0,
        channels=2,
        lmax=1,
        correlation=1,
        hidden="0e",
        atomic_energies=TRAIN.atomic_energies,
        rng=0,
    )
    potential.save(tmp_path / "model.safetensors")
    return potential


def test_a_fit_of_two_products_is_saved_judged_and_reported(document, tmp_path):
    pytest.importorskip("matplotlib")
    arguments = ("--test", "test.xyz", "bare.xyz", "--isolated", "atoms.xyz", "--epochs", 2, "-o", "model")
    found = document("potential", "fit", "train.xyz", *arguments, "--product", "cg,gaunt", *SMALL, "--report", "r.html")
    assert [fit["product"] for fit in found["fits"]] == ["clebsch-gordan", "gaunt"]
    assert found["frames"] == {"fit": 7, "valid": 1, "test": 2, "bare": 2}
    assert json.loads((tmp_path / "model/report.json").read_text()) == found
    for fit in found["fits"]:
        assert len(fit["epochs"]) == 2
        potential = EquivariantPotential.load(fit["model"])
        assert potential.atomic_energies == pytest.approx(TRAIN.atomic_energies)
        errors = prediction_errors(read_frames("test.xyz"), potential.predict(TEST, threads=1))
        assert fit["errors"]["test"]["forces_rmse"] == pytest.approx(errors.forces_rmse, rel=1e-4)
        assert fit["errors"]["bare"]["forces_rmse"] is None
    page = (tmp_path / "r.html").read_text()
    assert page.count("<svg role=") == 2  # curves, and forces on the one set that has some
    assert "http" not in page.replace("http://www.w3.org", "").replace("http://purl.org", "").replace(
        "http://creativecommons.org", ""
    ).replace("https://matplotlib.org", "")


def test_factors_and_rank_are_those_of_the_gaunt_products(document):
    arguments = ("--isolated", "atoms.xyz", "--epochs", 1, "-o", "model", "--factors", "linear", "--rank", 2)
    sizes = (*SMALL[:4], "--correlation", 2, *SMALL[6:])
    found = document("potential", "fit", "train.xyz", *arguments, "--product", "cg,gaunt", *sizes)
    made = [EquivariantPotential.load(fit["model"]).architecture for fit in found["fits"]]
    assert (found["sizes"]["factors"], found["sizes"]["rank"]) == ("linear", 2)
    assert [(one.factors, one.rank) for one in made] == [("auto", 1), ("linear", 2)]


def test_a_fit_that_was_stopped_goes_on_to_the_same_weights(call, monkeypatch):
    fit = ("potential", "fit", "train.xyz", "--isolated", "atoms.xyz", *SMALL)
    call(*fit, "--epochs", 3, "-o", "whole")
    true, steps = fitting.EquivariantPotential.fit, []

    def stopping(self, *arguments, on_progress, **options):
        def stop(*step):
            steps.append(step)
            if len(steps) == 2:
                raise KeyboardInterrupt

        return true(self, *arguments, on_progress=stop, **options)

    monkeypatch.setattr(fitting.EquivariantPotential, "fit", stopping)
    result = call(*fit, "--epochs", 3, "-o", "parts", code=130)
    assert "--resume goes on from there" in result.stderr
    monkeypatch.setattr(fitting.EquivariantPotential, "fit", true)
    assert "there already" in call(*fit, "--epochs", 3, "-o", "parts", code=3).stderr
    call(*fit, "--epochs", 3, "-o", "parts", "--resume")
    one, two = (EquivariantPotential.load(f"{name}/clebsch-gordan.safetensors") for name in ("whole", "parts"))
    assert all((a == b).all() for a, b in zip(one.parameters(), two.parameters(), strict=True))


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["train.xyz", "-o", "m"], 2, "--epochs or --seconds"),
        (["nowhere.xyz", "-o", "m", "--epochs", 1], 3, "nowhere.xyz is no file"),
        (["train.xyz", "-o", "m", "--epochs", 1, "--forces-key", "REF_forces"], 3, "train.xyz: frame 0 has no 'REF_forces'; it has"),
        (["train.xyz", "-o", "m", "--epochs", 1, "--forces-key", "REF_forces"], 3, "--forces-key"),
        (["train.xyz", "-o", "m", "--epochs", 1, "--test", "foreign.xyz"], 3, "foreign.xyz: frame 1 (HN) has N"),
        (["train.xyz", "-o", "m", "--epochs", 1, "--product", "gont"], 2, "did you mean 'gaunt'"),
        (["train.xyz", "-o", "m", "--epochs", 1, "--hidden", "0x"], 3, "0x"),
        (["train.xyz", "-o", "m", "--epochs", 1, "--factors", "linear"], 3, "--product is clebsch-gordan"),
        (["train.xyz", "-o", "m", "--epochs", 1, "--rank", 2], 3, "--rank 2 counts the terms"),
        (["train.xyz", "-o", "train.xyz", "--epochs", 1], 3, "is a file"),
        (["train.xyz", "-o", "m", "--epochs", 1, "--report", "r.pdf"], 3, ".html"),
        (["atoms.xyz", "-o", "m", "--epochs", 1, "--forces-key", "none"], 3, "no frame of two atoms"),
    ],
)  # fmt: skip
def test_fit_refuses_before_it_begins(call, monkeypatch, arguments, code, words):
    monkeypatch.setattr(fitting, "fitted", lambda *_, **__: pytest.fail("the fit was begun"))
    assert words in call("potential", "fit", *arguments, code=code).stderr


def test_evaluate_is_the_library_s(document, call, model):
    found = document("potential", "evaluate", "model.safetensors", "test.xyz", "--threads", 1, "-o", "predicted.xyz")
    predicted = model.predict(TEST, threads=1)
    errors = prediction_errors(TEST, predicted)
    row = found["files"][0]
    assert row["forces_rmse"] == pytest.approx(errors.forces_rmse, rel=1e-4)
    gaps = [np.abs(p.forces - f.forces).max() for f, p in zip(TEST, predicted, strict=True)]
    assert (row["worst_frame"], row["worst_force"]) == (int(np.argmax(gaps)), pytest.approx(1e3 * max(gaps), rel=1e-4))
    assert np.allclose(read_frames("predicted.xyz")[1].forces, predicted[1].forces, atol=2e-6)
    note = call("potential", "evaluate", ".", "bare.xyz", "--threads", 1)  # the folder holds one potential
    assert "bare.xyz: frame 0 has no 'forces'" in note.stderr
    assert "energies alone" in note.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["model.safetensors", "foreign.xyz"], "foreign.xyz: frame 1 (HN) has N"),
        (["train.xyz", "test.xyz"], "train.xyz cannot be read"),
        (["empty", "test.xyz"], "holds 0 potentials"),
    ],
)
def test_evaluate_refuses(call, model, tmp_path, arguments, words):
    (tmp_path / "empty").mkdir()
    assert words in call("potential", "evaluate", *arguments, code=3).stderr


def test_a_trajectory_in_parts_is_the_whole_one(document, call, model, tmp_path):
    run = (
        "potential",
        "md",
        "model.safetensors",
        "test.xyz",
        "--every",
        1,
        "--friction",
        0.02,
        "--seed",
        3,
        "--threads",
        1,
    )
    found = document(*run, "--steps", 24, "-o", "whole.xyz")
    assert (found["steps"], found["frames"]) == (24, 25)
    call(*run, "--steps", 9, "-o", "parts.xyz")
    with (tmp_path / "parts.xyz").open("a") as file:
        file.write("what a crash left behind")
    call(*run, "--steps", 24, "-o", "parts.xyz", "--resume")
    assert (tmp_path / "parts.xyz").read_text() == (tmp_path / "whole.xyz").read_text()
    path = read_frames("whole.xyz")
    assert [frame.info["time"] for frame in path[:3]] == [0.0, 0.5, 1.0]
    assert np.allclose(path[0].positions, TEST[0].positions, atol=1e-7)


def test_md_refuses(call, model):
    run = ("potential", "md", "model.safetensors", "test.xyz", "--threads", 1)
    assert "multiple of --every 10" in call(*run, "--steps", 5, "-o", "a.xyz", code=3).stderr
    assert "no frame 7" in call(*run, "--steps", 10, "-o", "a.xyz", "--frame", 7, code=3).stderr
    assert "there is no" in call(*run, "--steps", 10, "-o", "a.xyz", "--resume", code=3).stderr
    call(*run, "--steps", 10, "-o", "a.xyz")
    assert "there already" in call(*run, "--steps", 10, "-o", "a.xyz", code=3).stderr
    changed = call(*run, "--steps", 20, "-o", "a.xyz", "--resume", "--timestep", 1, code=3).stderr
    assert "begun with timestep 0.5, not 1.0" in changed


def test_what_has_single_atoms_takes_their_energies(model, tmp_path):
    reading = pytest.importorskip("erlangen.cli.forces.reading")
    atoms = read_frames("atoms.xyz", forces_key=None)
    singles = [Frame(f.species, f.positions, energy=f.energy, forces=np.zeros((1, 3))) for f in atoms]
    write_frames("mixed.xyz", Frames([*TRAIN, *singles]))
    frames, energies = reading.training_frames(tmp_path / "mixed.xyz", ("energy", "forces"), None)
    assert len(frames) == len(TRAIN)
    assert energies == pytest.approx(TRAIN.atomic_energies)


@pytest.mark.parametrize(
    "words", [["tensor-product"], ["potential", "fit"], ["potential", "md"], ["tensor-product", "bench"]]
)
def test_help_loads_no_torch(environment, words):
    code = "import sys; from erlangen.cli.app import cli; cli.main(sys.argv[1:], standalone_mode=False); sys.exit('torch' in sys.modules)"
    result = subprocess.run(
        [sys.executable, "-c", code, *words, "--help"], env=environment, capture_output=True, check=False
    )
    assert (result.returncode, result.stderr) == (0, b"")
    assert b"Usage:" in result.stdout
