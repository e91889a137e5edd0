from __future__ import annotations

import base64
import json

import numpy as np
import pytest

from erlangen.gallery.points import has_points, points_script
from erlangen.runs.arrays import encode_array


def _document(**arrays):
    script = points_script({name: encode_array(array, name) for name, array in arrays.items()})
    return None if script is None else json.loads(script.removeprefix("window.erlangenPoints=").removesuffix(";\n"))


def _values(packed):
    steps = np.frombuffer(base64.b64decode(packed["data"]), "<u2").astype(float)
    return packed["low"] + (packed["high"] - packed["low"]) * steps / 65535


def test_the_series_comes_in_order_of_t(ran):
    store, runs = ran
    document = json.loads(points_script(store.array_bytes(runs[0].id)).split("=", 1)[1].rstrip(";\n"))
    assert [frame["t"] for frame in document["frames"]] == [0.5, 2.0, 8.0]
    assert document["count"] == 60
    assert document["distances"]["sources"] == [0, 10, 20, 30, 40, 50]


def test_points_keep_their_places():
    plane, space = np.random.default_rng(1).normal(size=(7, 2)), np.random.default_rng(2).normal(size=(7, 3))
    document = _document(embedding=plane, points3d=space)
    np.testing.assert_allclose(_values(document["frames"][0]).reshape(7, 2), plane, atol=1e-3)
    np.testing.assert_allclose(_values(document["space"]).reshape(7, 3), space, atol=1e-3)


@pytest.mark.parametrize("shape", [(0, 2), (7,), (7, 1), (6001, 2), (2, 2, 2)])
def test_an_embedding_of_another_shape_is_not_shown(shape):
    assert _document(embedding=np.zeros(shape)) is None


def test_companions_that_do_not_fit_are_left_out():
    document = _document(
        embedding=np.zeros((5, 2)),
        points3d=np.zeros((4, 3)),
        colors=np.zeros(6),
        distances=np.zeros((2, 4)),
        embedding_t_x=np.zeros((5, 2)),
    )
    assert (document["space"], document["distances"], "colours" in document) == (None, None, False)


def test_sources_outside_the_cloud_are_refused():
    document = _document(embedding=np.zeros((5, 2)), distances=np.zeros((2, 5)), distance_sources=np.array([0, 9]))
    assert document["distances"] is None


def test_names():
    assert has_points({"embedding_t_10"})
    assert not has_points({"embedding_t_", "colors"})
