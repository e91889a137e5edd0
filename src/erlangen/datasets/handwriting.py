"""Handwritten digits, as the experiments on clustering use them.

Definition: the 1797 images of 8 x 8 pixels that come with scikit-learn (Alpaydin, Kaynak 1998, UCI; CC BY 4.0).
Convention: the fold is half of the images, drawn with seed 42; pixels are standardised by one mean and one standard deviation.
"""

from __future__ import annotations

import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

from erlangen.datasets.manifold_sample import ManifoldSample
from erlangen.validation import check_choice

__all__ = ["digits"]


def digits(fold: str = "test", *, standardise: bool = True) -> ManifoldSample:
    """Return handwritten digits.

    Parameters
    ----------
    fold : {"test", "train", "all"}
        Which half (899 and 898 images), or all 1797.
    standardise : bool
        Subtract the mean of all pixels and divide by their standard deviation.

    Examples
    --------
    >>> digits()
    ManifoldSample('digits', n=899, p=64)
    """
    check_choice(fold, "fold", ("test", "train", "all"))
    X, labels = load_digits(return_X_y=True)
    if fold != "all":
        train, test = train_test_split(np.arange(len(X)), test_size=0.5, random_state=42)
        keep = train if fold == "train" else test
        X, labels = X[keep], labels[keep]
    X = (X - X.mean()) / X.std() if standardise else X
    source = "UCI optical recognition of handwritten digits, shipped by scikit-learn (CC BY 4.0)"
    return ManifoldSample(
        np.ascontiguousarray(X),
        "digits",
        labels=labels.astype(np.int64),
        label_names=tuple("0123456789"),
        source=source,
    )
