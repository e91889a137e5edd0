"""Delay embeddings: the published example, cuts and directions, refusals."""

import numpy as np
import pytest
from sklearn.base import clone

from erlangen.errors import DomainError, ShapeError
from erlangen.estimators.timeseries import DelayEmbedding

RAMP = np.arange(20.0).reshape(1, 2, 10)


def test_ramp_as_moabb_cuts_it():
    Z = DelayEmbedding(3, 2, trim="moabb").fit_transform(RAMP)
    starts = [0, 10, 2, 12, 4, 14]
    assert np.array_equal(Z[0], [np.arange(s, s + 4) for s in starts])
    assert DelayEmbedding(3, 2).fit_transform(RAMP).shape == (1, 6, 6)


def released(X, order, lag):
    """The transformer as MOABB has it: the last ``order * lag`` samples of the first block are dropped."""
    out = []
    for x in X:
        blocks = [x[:, : -order * lag]] + [x[:, p * lag : -(order - p) * lag] for p in range(1, order)]
        out.append(np.concatenate(blocks))
    return np.array(out) if order > 1 else X


@pytest.mark.parametrize(("order", "lag"), [(1, 3), (2, 1), (4, 2), (3, 3)])
def test_moabb_trim_equals_the_release(order, lag):
    X = np.random.default_rng(0).normal(size=(3, 2, 17))
    assert np.array_equal(DelayEmbedding(order, lag, trim="moabb").fit_transform(X), released(X, order, lag))


def test_past_puts_the_latest_block_first():
    Z = DelayEmbedding(3, 2, direction="past").fit_transform(RAMP)
    assert Z[0, 0, 0] == 4
    assert Z[0, 4, 0] == 0


def test_delays_of_all_channels_and_of_one():
    Z = DelayEmbedding(delays=[0, 3]).fit_transform(RAMP)
    assert np.array_equal(Z[0, :, 0], [0, 10, 3, 13])
    Z = DelayEmbedding(delays=[(1, 0), (0, 4)]).fit_transform(RAMP)
    assert np.array_equal(Z[0], [np.arange(10, 16), np.arange(4, 10)])
    Z = DelayEmbedding(delays=[(1, 0), (0, 4)], direction="past").fit_transform(RAMP)
    assert np.array_equal(Z[0, :, 0], [4, 10])


def test_seconds_lists_and_clone():
    Z = DelayEmbedding(2, 0.02, sfreq=100).fit_transform(RAMP)
    assert Z.shape == (1, 4, 8)
    trials = [RAMP[0], RAMP[0, :, :7]]
    assert [z.shape for z in clone(DelayEmbedding(3, 2)).fit_transform(trials)] == [(6, 6), (6, 3)]


def test_float32_and_tensors_are_read():
    torch = pytest.importorskip("torch")
    assert DelayEmbedding(2, 1).fit_transform(RAMP.astype(np.float32)).dtype == np.float32
    assert DelayEmbedding(2, 1).fit_transform(torch.from_numpy(RAMP)).shape == (1, 4, 9)


@pytest.mark.parametrize(
    ("parameters", "pattern"),
    [
        ({"order": 6, "lag": 2}, "order <= 5 at this lag, or lag <= 1"),
        ({"order": 5, "lag": 2, "trim": "moabb"}, "order <= 4 at this lag, or lag <= 1"),
        ({"order": 2, "lag": 0}, "lag must be an integer"),
        ({"order": 0}, "order must be"),
        ({"order": 2.5}, "order must be"),
        ({"lag": 0.5}, "seconds together with sfreq"),
        ({"lag": 0.001, "sfreq": 100}, "of a sample"),
        ({"trim": "tight"}, "trim must be one of"),
        ({"direction": "up"}, "direction must be one of"),
        ({"delays": [0, 10]}, "delays <= 9"),
        ({"delays": [2, 2]}, "twice"),
        ({"delays": []}, "empty"),
        ({"delays": [-1]}, "delays"),
        ({"delays": [(2, 0)]}, "channel of delays"),
        ({"delays": [1], "trim": "moabb"}, "trim='exact'"),
    ],
)
def test_refusals(parameters, pattern):
    with pytest.raises(DomainError, match=pattern):
        DelayEmbedding(**parameters).fit(RAMP)


def test_bad_signals():
    with pytest.raises(ShapeError, match="X\\[None\\]"):
        DelayEmbedding().fit(RAMP[0])
    X = RAMP.copy()
    X[0, 1, 3] = np.nan
    with pytest.raises(DomainError, match="trial 0, channel 1, sample 3"):
        DelayEmbedding().fit(X)
    with pytest.raises(ShapeError, match="fitted on 2"):
        DelayEmbedding(2, 1).fit(RAMP).transform(RAMP[:, :1])
    with pytest.raises(DomainError, match="leaves 0 of 2"):
        DelayEmbedding(3, 2).fit(RAMP).transform(RAMP[..., :2])
