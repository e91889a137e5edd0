"""Oracles: the identity of diffusion distances at twice the time, their spectral form."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from erlangen.errors import DomainError, ShapeError
from erlangen.operators import diffusion_distance, heat_diagonal, heat_kernel


@pytest.mark.parametrize("kind", ["combinatorial", "symmetric", "mass"])
@pytest.mark.parametrize("method", ["auto", "euler", "chebyshev"])
def test_rows_at_t_and_diagonals_at_2t_agree(cloud_graph, kind, method):
    t = 0.6
    options = {"laplacian": kind, "method": method, "rtol": 1e-14 if method == "chebyshev" else 1e-10}
    H = heat_kernel(cloud_graph, t, **options, steps=3)
    H2 = heat_kernel(cloud_graph, 2 * t, **options, steps=6)
    h = heat_diagonal(cloud_graph, 2 * t, **options, steps=6)
    direct = diffusion_distance(H)
    by_identity = diffusion_distance(H2, row_diagonal=h, column_diagonal=h)
    assert np.max(np.abs(direct**2 - by_identity**2)) < 1e-12
    assert np.allclose(direct, cdist(H, H), rtol=1e-10)


def test_the_spectral_form(cloud_graph):
    values, vectors = np.linalg.eigh(cloud_graph.laplacian().toarray())
    coordinates = vectors * np.exp(-0.6 * values)
    assert np.allclose(diffusion_distance(heat_kernel(cloud_graph, 0.6)), cdist(coordinates, coordinates), atol=1e-12)


def test_chunks(cloud_graph):
    H2, s = heat_kernel(cloud_graph, 1.2), [7, 70]
    h = H2.diagonal()
    D = diffusion_distance(H2[s], row_diagonal=h[s], column_diagonal=h, sources=s)
    assert np.allclose(D, cdist(heat_kernel(cloud_graph, 0.6), heat_kernel(cloud_graph, 0.6))[s], atol=1e-7)
    assert (D[0, 7], D[1, 70]) == (0, 0)


def test_refusals():
    with pytest.raises(DomainError, match="one is missing"):
        diffusion_distance(np.eye(2), row_diagonal=[1.0, 1.0])
    with pytest.raises(ShapeError, match="column_diagonal"):
        diffusion_distance(np.eye(2), row_diagonal=[1.0, 1.0], column_diagonal=[1.0])
    with pytest.raises(DomainError, match="not finite"):
        diffusion_distance([[np.nan]])
