"""Matrices and their functions in 50 digits, for the tests of this folder."""

from types import SimpleNamespace

import mpmath
import numpy as np
import pytest

P = np.array([[4.0, 1, 0], [1, 3, 1], [0, 1, 2]])
Q = np.array([[2.0, -1, 0], [-1, 5, 2], [0, 2, 3]])


def to_mp(A):
    return mpmath.matrix(np.asarray(A, dtype=float).tolist())


def to_float(A):
    return np.array(A.tolist(), dtype=float).reshape(A.rows, A.cols)


def mp_function(f, A):
    values, vectors = mpmath.eigsy(A)
    return vectors * mpmath.diag([f(x) for x in values]) * vectors.T


def rotated(values, seed=0):
    """Return a full matrix with given eigenvalues."""
    Q = np.linalg.qr(np.random.default_rng(seed).normal(size=(len(values),) * 2))[0]
    A = (Q * np.asarray(values)) @ Q.T
    return (A + A.T) / 2


def gap(found, exact):
    return np.linalg.norm(found - exact) / np.linalg.norm(exact)


def sym(A):
    return (A + A.mT) / 2


@pytest.fixture(scope="session")
def oracle():
    """Return the two matrices of the published distances and the tools of this file."""
    tools = to_mp, to_float, mp_function, rotated, gap, sym
    return SimpleNamespace(P=P, Q=Q, **{tool.__name__: tool for tool in tools})
