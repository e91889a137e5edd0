"""Oracle: scikit-learn's own loader and splitter."""

import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

from erlangen.datasets import digits
from erlangen.errors import DomainError


def test_the_fold_is_the_half_drawn_with_seed_42():
    X, y = load_digits(return_X_y=True)
    train, test, y_train, y_test = train_test_split(X, y, test_size=0.5, random_state=42)
    for fold, pixels, labels in (("train", train, y_train), ("test", test, y_test), ("all", X, y)):
        sample = digits(fold, standardise=False)
        assert np.array_equal(sample.X, pixels)
        assert np.array_equal(sample.labels, labels)


def test_pixels_are_standardised_by_one_mean_and_one_deviation():
    plain, scaled = digits(standardise=False).X, digits().X
    assert scaled.mean() == pytest.approx(0, abs=1e-12)
    assert scaled.std() == pytest.approx(1)
    assert np.allclose(np.corrcoef(plain.ravel(), scaled.ravel()), 1)


def test_an_unknown_fold_and_unknown_geodesics_are_refused():
    with pytest.raises(DomainError, match="fold must be one of"):
        digits("valid")
    with pytest.raises(DomainError, match="digits: no true geodesics"):
        digits().geodesics()
