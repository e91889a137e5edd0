"""What users pass as trials: Epochs by duck typing, tensors, lists, layouts, units, and what is refused."""

import numpy as np
import pytest

from erlangen.errors import DomainError, ShapeError
from erlangen.estimators import VAR, ACMSearchCV, AugmentedCovariance, Covariances, DelayEmbedding, select_embedding
from erlangen.estimators.trials import read_trials

X = np.random.default_rng(0).normal(size=(6, 3, 200)).cumsum(axis=-1)
Y = np.array([0, 1] * 3)


class Epochs:
    """As MNE has them: one stimulus channel more than there are data channels."""

    info = None
    ch_names = ("a", "b", "c", "STI")

    def get_data(self, picks=None, *, copy=True):
        return X if picks == "data" else np.concatenate([X, np.ones_like(X[:, :1])], axis=1)


class Bare:
    def get_data(self):
        return X


READERS = {
    "covariances": lambda trials: Covariances().fit_transform(trials),
    "embedding": lambda trials: DelayEmbedding(2, 3).fit_transform(trials),
    "augmented": lambda trials: AugmentedCovariance(2, 3).fit_transform(trials),
    "model": lambda trials: VAR(1).fit(trials).coef_,
    "selection": lambda trials: select_embedding(trials, max_delay=20).order,
    "search": lambda trials: ACMSearchCV([1, 2], [1], {}, cv=2).fit(trials, Y).cv_results_["mean_test_score"],
}


@pytest.mark.parametrize("read", READERS.values(), ids=list(READERS))
def test_one_reading_in_all_rooms(read):
    torch = pytest.importorskip("torch")
    frozen = np.asfortranarray(X)
    frozen.flags.writeable = False
    expected = read(X)
    tensor = torch.tensor(X, requires_grad=True)
    for trials in (Epochs(), Bare(), frozen, tensor, list(tensor), list(X), X.tolist(), X.astype(object)):
        assert np.allclose(read(trials), expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(
    ("trials", "error", "pattern"),
    [
        (X[0], ShapeError, r"for one trial pass X\[None\]"),
        (X[None], ShapeError, "three axes"),
        (X[:0], ShapeError, "no trials"),
        ([], ShapeError, "three axes"),
        (X[..., :0], ShapeError, "samples"),
        (X * 1j, DomainError, "real and imaginary parts"),
        (np.full(X.shape, "word"), DomainError, "real numbers"),
        (None, ShapeError, "three axes"),
        ([X[0], X[1, :2]], ShapeError, r"X\[1\] has shape"),
        ([X[0], np.where(np.arange(150) == 7, np.inf, X[1, :, :150])], DomainError, "trial 1, channel 0, sample 7"),
        ([[[1.0, 2.0], [3.0]]], ShapeError, "rectangular"),
    ],
)
@pytest.mark.parametrize("read", [READERS["covariances"], READERS["augmented"], READERS["selection"], read_trials])
def test_refusals(read, trials, error, pattern):
    with pytest.raises(error, match=pattern):
        read(trials)


@pytest.mark.parametrize("unit", [1e-12, 1e-6, 1e9])
@pytest.mark.parametrize(
    "options",
    [{}, {"estimator": "oas"}, {"estimator": "lwf", "effective_samples": "auto"}, {"structure": "block_toeplitz"}],
    ids=str,
)
def test_volts_and_microvolts(options, unit):
    plain, scaled = (AugmentedCovariance(3, 2, **options).fit_transform(trials) for trials in (X, X * unit))
    assert np.abs(scaled / unit**2 - plain).max() <= 1e-13 * np.abs(plain).max()
    coef, other = VAR(2).fit(X).coef_, VAR(2).fit(X * unit).coef_
    assert np.allclose(coef, other, rtol=1e-9, atol=1e-11)
