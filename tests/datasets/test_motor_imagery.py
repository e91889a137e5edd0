"""Oracles: sample moments against the population ones; symmetries of the model."""

from importlib.util import find_spec

import numpy as np
import pytest

from erlangen.datasets import simulated_motor_imagery
from erlangen.datasets.mne_leadfield import mne_leadfield
from erlangen.datasets.sphere_leadfield import cap_electrodes, sphere_leadfield
from erlangen.errors import DomainError, MissingDependencyError


def test_sample_autocovariances_tend_to_the_population_ones():
    imagery = simulated_motor_imagery(1200, 5, sessions=2, duration=1.0, rng=0)
    for s in (0, 1):
        for label in (0, 1):
            X = imagery.X[(imagery.session == str(s + 1)) & (imagery.y == label)]
            truth = imagery.truth["autocovariances"][s, label]
            scale = np.trace(truth[0])
            for h in (0, 1, 3, 17):
                found = np.einsum("kit,kjt->ij", X[:, :, h:], X[:, :, : X.shape[2] - h]) / (X.shape[2] - h) / len(X)
                assert np.linalg.norm(found - truth[h]) < 0.05 * scale
            for t in (0, X.shape[2] - 1):
                assert np.linalg.norm(X[:, :, t].T @ X[:, :, t] / len(X) - truth[0]) < 0.2 * scale


def test_without_an_effect_on_power_only_lags_tell_the_classes_apart():
    truth = simulated_motor_imagery(2, 6, effect=0.0, rng=3).truth["autocovariances"]
    left, right = truth[:, 0], truth[:, 1]
    assert np.allclose(left, right.swapaxes(-1, -2), atol=1e-12 * np.abs(left).max())
    assert np.allclose(left[:, 0], right[:, 0], rtol=1e-12)
    assert np.linalg.norm(left[:, 3] - right[:, 3]) > 0.01 * np.linalg.norm(left[:, 0])
    without = simulated_motor_imagery(2, 6, effect=0.0, lag=0.0, rng=3).truth["autocovariances"]
    assert np.allclose(without[:, 0], without[:, 1], rtol=1e-12)


def test_population_matrices_are_positive_definite_and_sessions_differ():
    truth = simulated_motor_imagery(2, 4, rng=2).truth["autocovariances"]
    G = truth[1, 0]
    blocks = [[G[i - j] if i >= j else G[j - i].T for j in range(5)] for i in range(5)]
    assert np.linalg.eigvalsh(np.block(blocks))[0] > 0
    assert np.linalg.norm(truth[0, 0, 0] - truth[1, 0, 0]) > 0.02 * np.linalg.norm(truth[0, 0, 0])
    still = simulated_motor_imagery(2, 4, rotation=0.0, gain_jitter=0.0, rng=2).truth["autocovariances"]
    assert np.allclose(still[0], still[1])


def test_signal_to_noise_is_as_asked_and_units_are_microvolts():
    loud, faint = (simulated_motor_imagery(2, 8, snr=snr, rng=0).truth for snr in (0.0, -10.0))
    L = loud["leadfields"][0]
    amplitudes = np.array([1.0, np.sqrt(0.6), 1.0])
    source = np.array([[1.25, 0, 0], [0, 1.25, 0], [0, 0, 1.25]])
    noise = [np.trace(t["autocovariances"][0, 0, 0]) for t in (loud, faint)]
    assert (noise[1] - noise[0]) == pytest.approx(9 * (noise[0] / 2), rel=1e-9)
    assert noise[0] / 2 > 0.3 * np.trace((L * amplitudes) @ source @ (L * amplitudes).T)
    assert 0.1 < np.sqrt(noise[0] / 8) < 100


def test_bad_settings_are_refused():
    with pytest.raises(DomainError, match="effect"):
        simulated_motor_imagery(effect=1.0)
    with pytest.raises(DomainError, match="n_channels"):
        simulated_motor_imagery(n_channels=2)


@pytest.mark.skipif(find_spec("mne") is None, reason="needs MNE")
def test_mne_knows_the_homogeneous_sphere_and_serves_as_head():
    electrodes = cap_electrodes(10)
    positions = np.array([[-0.04, 0.0, 0.05], [0.01, -0.05, 0.03]])
    moments = np.array([[1e-8, 0.0, 2e-8], [0.0, -1e-8, 1e-8]])
    closed = sphere_leadfield(electrodes, positions, moments)
    shells = mne_leadfield(electrodes, positions, moments, conductivities=(0.33,) * 4)
    assert np.abs(shells - closed).max() < 1e-4 * np.abs(closed).max()
    two = [simulated_motor_imagery(2, 8, head=head, rng=0).truth["leadfields"] for head in ("sphere", "mne")]
    assert np.corrcoef(two[0].ravel(), two[1].ravel())[0, 1] > 0.9


def test_without_mne_the_remedy_is_named():
    if find_spec("mne") is None:
        with pytest.raises(MissingDependencyError, match=r"erlangen\[neuro\]"):
            simulated_motor_imagery(2, 8, head="mne")
    with pytest.raises(DomainError, match="head must be one of"):
        simulated_motor_imagery(2, 8, head="cube")
