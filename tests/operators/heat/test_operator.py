"""Oracles: the battery of operators, rows of the kernel."""

import numpy as np
import pytest

from erlangen.errors import DomainError, ShapeError
from erlangen.linalg import MMatrixFactor
from erlangen.operators import HeatOperator, heat_diagonal, heat_kernel
from erlangen.operators.graph import LAPLACIANS
from erlangen.operators.heat import implicit_euler
from erlangen.testing import check_operator

METHODS = ["chebyshev", "krylov", "euler", "uniformisation", "squaring", "eigh", "auto", "lowrank"]


@pytest.mark.parametrize("kind", LAPLACIANS)
@pytest.mark.parametrize("method", METHODS)
def test_battery(cloud_graph, kind, method):
    rank = 20 if method == "lowrank" else None
    heat = HeatOperator(cloud_graph, 0.8, laplacian=kind, method=method, rank=rank)
    report = check_operator(heat)
    assert report.passed, report
    assert check_operator(heat.adjoint()).passed
    assert heat.tags == (set() if kind == "random-walk" else {"symmetric", "psd"})


@pytest.mark.parametrize("kind", LAPLACIANS)
@pytest.mark.parametrize("method", ["chebyshev", "krylov", "euler", "auto"])
def test_rows_and_diagonal_are_those_of_the_functions(cloud_graph, kind, method):
    heat = HeatOperator(cloud_graph, 0.8, laplacian=kind, method=method)
    options = {"laplacian": kind, "method": method, "rtol": 1e-12}
    assert np.allclose(heat.rows([3, 50]), heat_kernel(cloud_graph, 0.8, sources=[3, 50], **options), atol=1e-12)
    assert np.allclose(heat.diagonal(), heat_diagonal(cloud_graph, 0.8, **options), atol=1e-12)
    assert np.allclose(heat.adjoint().rows(), heat.rows().T, rtol=1e-8, atol=1e-12)
    assert np.allclose(heat @ np.eye(90), heat.rows(), atol=1e-11)


def test_one_factor_serves_every_call(cloud_graph, monkeypatch):
    made = []

    class Counted(MMatrixFactor):
        def __init__(self, *arguments, **options):
            made.append(1)
            super().__init__(*arguments, **options)

    monkeypatch.setattr(implicit_euler, "MMatrixFactor", Counted)
    heat = HeatOperator(cloud_graph, 0.8, method="euler", steps=4)
    heat.rows([1])
    heat.diagonal()
    heat.diagonal(probes=3)
    heat.matmul(np.ones(90))
    assert len(made) == 1


def test_what_it_says_of_itself(cloud_graph):
    heat = HeatOperator(cloud_graph, 0.5, laplacian="random-walk", method="euler")
    assert repr(heat) == "HeatOperator(n=90, t=0.5, laplacian='random-walk', method='euler')"
    assert (heat.t, heat.method, heat.shape) == (0.5, "euler", (90, 90))
    assert 0 < heat.absolute_error < 0.06


def test_refusals(cloud_graph):
    with pytest.raises(DomainError, match="t must be"):
        HeatOperator(cloud_graph, 0.0)
    with pytest.raises(ShapeError, match="one row per vertex"):
        HeatOperator(cloud_graph, 1.0).matmul(np.ones((91, 2)))
    with pytest.raises(DomainError, match="not a vertex"):
        HeatOperator(cloud_graph, 1.0).rows([90])
