r"""A network on symmetric positive definite matrices in scikit-learn's form.

Definition: bilinear maps, batch normalisation and rectifiers, then a linear layer on :math:`\log X` (Huang, Van Gool 2017; Brooks et al. 2019).
Convention: matrices are scaled to mean eigenvalue 1 over the fit; the state is plain arrays, kept in safetensors, never pickled modules.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import safe_open
from safetensors.numpy import save_file
from scipy.special import softmax
from sklearn.base import ClassifierMixin
from sklearn.model_selection import StratifiedShuffleSplit
from sklearn.utils.validation import check_is_fitted

from erlangen.errors import DomainError, ParseError, ShapeError
from erlangen.estimators.covariances.reading import read_labels, read_matrices, read_trials
from erlangen.estimators.embeddings.progress import report
from erlangen.estimators.estimator_base import EstimatorBase
from erlangen.random import as_generator
from erlangen.validation import check_integer, check_real

__all__ = ["SPDNetClassifier"]

Array = NDArray[Any]
_FORMAT = "erlangen.SPDNetClassifier/1"


class SPDNetClassifier(ClassifierMixin, EstimatorBase):
    """Classify matrices by a network of bilinear maps, batch normalisation and rectified eigenvalues.

    Parameters
    ----------
    sizes : sequence of int, optional
        Sizes of the subspaces, each at most the one before; by default one layer of the size of the matrices, at most 20.
    metric : str, optional
        Metric of the batch normalisation, a name of :func:`erlangen.manifolds.metric_named`; ``None`` for none.
    filters : (int, int, int), optional
        Spatial filters, filters after the convolution in time, and its width: the network then takes trials ``(N, n, T)`` and learns
        what to take the covariance of, see :class:`erlangen.nn.SignalFilters`.
    eps : float
        Smallest eigenvalue that a rectifier lets pass, relative to the mean eigenvalue.
    max_epochs, batch_size, lr, weight_decay
        Training by Riemannian Adam.
    validation_fraction : float
        Share of the training matrices held out (by class) to choose the best epoch; 0 trains to the end.
    patience : int
        Epochs without a lower held-out loss after which training stops.
    random_state : int, RandomState or Generator, optional
        Seed of the weights, of the order of batches and of the held-out share.

    Attributes
    ----------
    classes_ : ndarray (K,)
        Labels, sorted.
    state_ : dict of ndarray
        Weights and running statistics of the best epoch.
    history_ : list of dict
        Losses by epoch.
    scale_ : float
        Mean eigenvalue of the fit, by which matrices are divided; of trials the root mean square.
    n_features_in_ : int
        Size n of the matrices, or channels of the trials.

    Notes
    -----
    Inside ``with reporting(callback):`` of :mod:`erlangen.estimators.embeddings.progress` every epoch calls
    ``callback(step, total, message)``.

    References
    ----------
    Huang, Van Gool, A Riemannian network for SPD matrix learning, AAAI 2017; Brooks et al., Riemannian batch normalization for SPD neural
    networks, NeurIPS 2019.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> y = np.arange(24) % 2
    >>> S = rng.standard_normal((24, 3, 30)) * np.where(y, 3.0, 1.0)[:, None, None]
    >>> X = S @ S.transpose(0, 2, 1) / 30
    >>> SPDNetClassifier(max_epochs=20, lr=0.05, random_state=0).fit(X, y).score(X, y)
    1.0
    """

    def __init__(
        self,
        sizes: Sequence[int] | None = None,
        metric: str | None = "bures-wasserstein",
        *,
        filters: tuple[int, int, int] | None = None,
        eps: float = 1e-4,
        max_epochs: int = 100,
        batch_size: int = 32,
        lr: float = 1e-2,
        weight_decay: float = 0.0,
        validation_fraction: float = 0.15,
        patience: int = 20,
        random_state: Any = None,
    ) -> None:
        self.sizes = sizes
        self.metric = metric
        self.filters = filters
        self.eps = eps
        self.max_epochs = max_epochs
        self.batch_size = batch_size
        self.lr = lr
        self.weight_decay = weight_decay
        self.validation_fraction = validation_fraction
        self.patience = patience
        self.random_state = random_state

    def fit(self, X: Any, y: Any) -> SPDNetClassifier:
        """Train the network on matrices ``(N, n, n)``, or with ``filters`` on trials ``(N, n, T)``.

        Raises
        ------
        NotSPDError, DomainError, ShapeError
            If a matrix is not symmetric positive definite, y has one class only, or a parameter is out of range.
        """
        given = self._read(X, reset=True)
        self.classes_, members = read_labels(y, len(given))
        rng = as_generator(self.random_state)
        how = self._training()
        filters = self._filters()
        if filters is None:
            self.scale_ = float(np.trace(given, axis1=1, axis2=2).mean() / given.shape[-1])
        else:
            self.scale_ = float(np.sqrt(np.mean(np.square(given)))) or 1.0
        self.sizes_ = self._sizes(given.shape[-1] if filters is None else filters[1])
        data, held_out = self._split(given / self.scale_, members, rng)
        network = _network()
        self.state_, self.history_ = network.train(self._plan(), network.Training(**how), data, held_out, rng, report)
        return self

    def decision_function(self, X: Any) -> Array:
        """Return the logits ``(N, K)``; for two classes their difference ``(N,)``."""
        logits = self._logits(X)
        return logits[:, 1] - logits[:, 0] if len(self.classes_) == 2 else logits

    def predict(self, X: Any) -> Array:
        """Return the most probable label, ``(N,)``."""
        logits = self._logits(X)
        return self.classes_[np.argmax(logits, axis=1)]

    def predict_proba(self, X: Any) -> Array:
        """Return the probabilities ``(N, K)``."""
        return softmax(self._logits(X), axis=1)

    def save(self, path: Any) -> None:
        """Write the fitted classifier as safetensors, its parameters and labels as JSON in the header (temporary file, rename)."""
        check_is_fitted(self)
        parameters = {key: value for key, value in self.get_params().items() if key != "random_state"}
        parameters.update(sizes=list(self.sizes_), filters=self.filters and list(self.filters))
        header = {
            "parameters": parameters,
            "classes": self.classes_.tolist(),
            "dtype": self.classes_.dtype.str,
            "scale": self.scale_,
            "n": int(self.n_features_in_),
            "history": self.history_,
        }
        temporary = f"{os.fspath(path)}.{os.getpid()}.tmp"
        arrays = {name: np.ascontiguousarray(value) for name, value in self.state_.items()}
        save_file(arrays, temporary, metadata={"format": _FORMAT, "classifier": json.dumps(header)})
        with open(temporary, "rb") as file:
            os.fsync(file.fileno())
        os.replace(temporary, path)

    @classmethod
    def load(cls, path: Any) -> SPDNetClassifier:
        """Return the classifier that :meth:`save` wrote.

        Raises
        ------
        ParseError
            If the file was not written by it.
        """
        with safe_open(os.fspath(path), framework="np") as file:
            metadata = file.metadata() or {}
            if metadata.get("format") != _FORMAT:
                message = f"{os.fspath(path)} is not a saved SPDNetClassifier"
                raise ParseError(message, expected=_FORMAT, hint="pass what save() wrote")
            header = json.loads(metadata["classifier"])
            state = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - the file is no mapping
        model = cls(**header["parameters"])
        model.classes_ = np.array(header["classes"], dtype=header["dtype"])
        model.scale_, model.n_features_in_, model.history_ = header["scale"], header["n"], header["history"]
        model.sizes_, model.state_ = tuple(header["parameters"]["sizes"]), state
        return model

    def _logits(self, X: Any) -> Array:
        check_is_fitted(self)
        given = self._read(X, reset=False) / self.scale_
        return np.asarray(_network().scores(self._plan(), self.state_, given))

    def _read(self, X: Any, *, reset: bool) -> Array:
        """Return matrices, or trials of one length."""
        if self.filters is None:
            return read_matrices(self, X, reset=reset)
        trials = read_trials(self, X, reset=reset)
        if isinstance(trials, list):
            lengths = sorted({trial.shape[-1] for trial in trials})
            message = f"X holds trials of {len(lengths)} lengths, from {lengths[0]} to {lengths[-1]} samples"
            raise ShapeError(message, hint="cut them to one length, or use Covariances() before the network")
        return trials

    def _filters(self) -> tuple[int, int, int] | None:
        """Return the checked filters."""
        if self.filters is None:
            return None
        if len(self.filters) != 3:
            message = f"filters must be (spatial, temporal, width), got {self.filters!r}"
            raise DomainError(message, hint="for example (125, 15, 36)")
        spatial, temporal, width = (
            check_integer(value, f"filters[{i}]", low=1) for i, value in enumerate(self.filters)
        )
        return spatial, temporal, width

    def _plan(self) -> Any:
        eps = check_real(self.eps, "eps", low=0.0, open_low=True)
        return _network().Plan(
            int(self.n_features_in_), self.sizes_, len(self.classes_), self.metric, eps, self._filters()
        )

    def _training(self) -> dict[str, Any]:
        held = check_real(self.validation_fraction, "validation_fraction", low=0.0, high=0.9)
        return {
            "epochs": check_integer(self.max_epochs, "max_epochs", low=1),
            "batch_size": check_integer(self.batch_size, "batch_size", low=2),
            "lr": check_real(self.lr, "lr", low=0.0, open_low=True),
            "weight_decay": check_real(self.weight_decay, "weight_decay", low=0.0),
            "patience": check_integer(self.patience, "patience", low=1) if held else None,
        }

    def _sizes(self, n: int) -> tuple[int, ...]:
        """Return the sizes of the layers, each at most the one before."""
        if self.sizes is None:
            return (min(n, 20),)
        sizes = tuple(check_integer(size, f"sizes[{i}]", low=1) for i, size in enumerate(self.sizes))
        for i, (before, after) in enumerate(zip((n, *sizes), sizes, strict=False)):
            if after > before:
                message = f"sizes[{i}] = {after}, but the matrices before it are of size {before}"
                raise DomainError(message, hint="a bilinear map reduces or keeps the size")
        if not sizes:
            message = "sizes is empty"
            raise DomainError(message, hint="give the size of at least one layer")
        return sizes

    def _split(
        self, X: Array, y: Array, rng: np.random.Generator
    ) -> tuple[tuple[Array, Array], tuple[Array, Array] | None]:
        """Return the matrices to train on and those held out, by class; none where a class is too small."""
        count = int(np.ceil(self.validation_fraction * len(X)))
        classes = len(self.classes_)
        if count == 0 or np.bincount(y).min() < 2 or count < classes or len(X) - count < classes:
            return (X, y), None
        split = StratifiedShuffleSplit(1, test_size=count, random_state=int(rng.integers(2**31)))
        train, test = next(split.split(X, y))
        return (X[train], y[train]), (X[test], y[test])


def _network() -> Any:
    """Return the module that holds the network, and with it torch, when it is first needed."""
    return import_module("erlangen.estimators.covariances.spd_network")
