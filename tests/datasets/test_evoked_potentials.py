"""Oracles: a file of the described form made here; the class counts of the release, where its folder is at hand."""

import hashlib
import os
from pathlib import Path

import numpy as np
import pytest
from scipy.io import savemat

from erlangen.datasets import mamem_ssvep
from erlangen.datasets.evoked_potentials import _CHECKSUMS
from erlangen.errors import DomainError, ShapeError

at_hand = (Path(os.environ.get("ERLANGEN_DATA", "")) / "mamem").is_dir() and "ERLANGEN_DATA" in os.environ


def made(folder, monkeypatch, times=125):
    file = folder / "U003.mat"
    X = np.random.default_rng(0).normal(size=(500, 8, times))
    savemat(file, {"x_test": X, "y_test": (np.arange(500) % 5)[:, None].astype(np.uint8)})
    digests = (*_CHECKSUMS[:2], hashlib.sha256(file.read_bytes()).hexdigest(), *_CHECKSUMS[3:])
    monkeypatch.setattr("erlangen.datasets.evoked_potentials._CHECKSUMS", digests)
    return X


def test_trials_sessions_and_stimulations_are_in_order(tmp_path, monkeypatch):
    X = made(tmp_path, monkeypatch)
    trials = mamem_ssvep(3, tmp_path)
    assert np.array_equal(trials.X, X)
    assert np.array_equal(trials.y, np.arange(500) % 5)
    assert [np.flatnonzero(trials.session == s).tolist() for s in ("1", "5")] == [[*range(100)], [*range(400, 500)]]
    assert np.array_equal(trials.groups, np.arange(500) // 4)
    assert set(trials.subject) == {"3"}


def test_another_file_or_none_is_refused(tmp_path, monkeypatch):
    with pytest.raises(DomainError, match=r"U003.mat cannot be read"):
        mamem_ssvep(3, tmp_path)
    made(tmp_path, monkeypatch, times=124)
    with pytest.raises(ShapeError, match=r"x_test has shape \(500, 8, 124\)"):
        mamem_ssvep(3, tmp_path)
    (tmp_path / "U003.mat").write_bytes(b"no")
    with pytest.raises(DomainError, match="has SHA-256"):
        mamem_ssvep(3, tmp_path)


@pytest.mark.skipif(not at_hand, reason="needs the recordings below $ERLANGEN_DATA")
def test_the_release_has_the_counts_it_states_and_runs_on_within_a_stimulation():
    trials = mamem_ssvep(9)
    assert np.bincount(trials.y).tolist() == [100, 100, 120, 100, 80]
    assert all(len(set(trials.y[trials.groups == g])) == 1 for g in range(125))
    jump = np.abs(trials.X[1:, :, 0] - trials.X[:-1, :, -1]).mean(1)
    same = trials.groups[1:] == trials.groups[:-1]
    assert jump[same].mean() < 0.5 * jump[~same].mean()
