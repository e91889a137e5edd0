"""Support vector machines from one Gram matrix, for all kernels that are functions of dot products.

Definition: linear <x, y>; rbf exp(-γ |x - y|²); poly (γ <x, y> + c)^d; sigmoid tanh(γ <x, y> + c), as in scikit-learn.
Convention: γ = "scale" is 1/(d Var F) over the entries of the training block, recomputed for each split.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.svm import SVC

from erlangen.errors import DomainError
from erlangen.validation import check_real

__all__ = ["KernelBlock", "predicted"]

Array = NDArray[np.float64]

_SHAPE = ("kernel", "gamma", "degree", "coef0")


class KernelBlock:
    """The Gram matrix of all samples, and what the training block says about their scale.

    Parameters
    ----------
    gram : ndarray (N, N)
        Dot products of the features.
    train : ndarray (n,)
        Training block.
    n_features : int
        Length d of a feature vector.
    variance : float
        Variance of all entries of the training features.
    """

    def __init__(self, gram: Array, train: NDArray[np.int64], n_features: int, variance: float) -> None:
        self.gram = gram
        self.train = train
        self.n_features = n_features
        self.variance = variance
        self._kernels: dict[tuple[Any, ...], Array] = {}

    def fit(self, setting: dict[str, Any], y: NDArray[Any]) -> tuple[SVC, Array]:
        """Return a machine of this setting fitted to the training block, and its kernel (N, n) of all samples against it."""
        form = SVC(**setting)
        key = (form.kernel, form.gamma, form.degree, form.coef0)
        if key not in self._kernels:
            self._kernels[key] = self._kernel(form)
        kernel = self._kernels[key]
        rest = {"random_state": 0} | {name: value for name, value in setting.items() if name not in _SHAPE}
        return SVC(kernel="precomputed", **rest).fit(kernel[self.train], y), kernel

    def _kernel(self, form: SVC) -> Array:
        """The kernel (N, n) against the training block."""
        dots = self.gram[:, self.train]
        if form.kernel == "linear":
            return dots
        gamma = self._gamma(form.gamma)
        if form.kernel == "rbf":
            squares = np.diagonal(self.gram)
            return np.exp(-gamma * (squares[:, None] + squares[self.train] - 2 * dots))
        if form.kernel == "poly":
            return np.asarray((gamma * dots + form.coef0) ** form.degree)
        if form.kernel == "sigmoid":
            return np.tanh(gamma * dots + form.coef0)
        message = f"kernel = {form.kernel!r} is no function of dot products"
        raise DomainError(message, hint="use 'linear', 'rbf', 'poly' or 'sigmoid'")

    def _gamma(self, gamma: Any) -> float:
        """γ as scikit-learn sets it."""
        if gamma == "scale":
            return 1.0 / (self.n_features * self.variance) if self.variance else 1.0
        if gamma == "auto":
            return 1.0 / self.n_features
        return check_real(gamma, "gamma", low=0.0)


def predicted(model: Any, X: Array) -> Any:
    """Return ``model.predict(X)``; of a machine for two classes from its dual coefficients, without scikit-learn's checks.

    Examples
    --------
    >>> K = np.outer([-1.0, 1.0], [-1.0, 1.0])
    >>> predicted(SVC(kernel="precomputed").fit(K, ["a", "b"]), K)
    array(['a', 'b'], dtype='<U1')
    """
    if not (isinstance(model, SVC) and model.kernel == "precomputed" and len(model.classes_) == 2):
        return model.predict(X)
    decision = X[:, model.support_] @ model.dual_coef_[0] + model.intercept_[0]
    return model.classes_[(decision > 0).astype(np.int64)]
