import numpy as np
import pytest

from erlangen.cli.plot import _round_length, _sorted_categories, plot_embedding
from erlangen.cli.points.labels import as_labels

matplotlib = pytest.importorskip("matplotlib")
RNG = np.random.default_rng(0)
Z = RNG.normal(size=(60, 2)) * [3, 1]
CATEGORIES = as_labels("kind", [f"c{i % 5}" for i in range(60)])
MANY = as_labels("kind", [f"c{i % 30}" for i in range(60)])
NUMBERS = as_labels("age", [None if i == 3 else i / 7 for i in range(60)])


@pytest.mark.parametrize("labels", [None, CATEGORIES, MANY, NUMBERS])
@pytest.mark.parametrize("d", [1, 2, 3, 5])
def test_every_kind_of_picture_is_drawn(tmp_path, labels, d):
    image = pytest.importorskip("matplotlib.image")
    path = tmp_path / "a.png"
    plot_embedding(path, RNG.normal(size=(60, d)), labels, caption="a caption")
    pixels = image.imread(path)[..., :3]
    assert pixels.shape[1] == 1440
    assert (pixels[0] == 1).all(), "the background is light and nothing touches the upper edge"
    assert (pixels < 0.95).any(axis=-1).mean() > 0.003
    assert [p.name for p in tmp_path.iterdir()] == ["a.png"]


@pytest.mark.parametrize("suffix", [".svg", ".pdf"])
def test_vector_pictures_hold_the_names(tmp_path, suffix):
    path = tmp_path / f"a{suffix}"
    plot_embedding(path, Z, CATEGORIES)
    data = path.read_bytes()
    assert data.startswith(b"<?xml" if suffix == ".svg" else b"%PDF")


def test_the_scale_is_equal_and_the_state_of_matplotlib_untouched(tmp_path):
    before = dict(matplotlib.rcParams)
    square = np.array([[0.0, 0.0], [10.0, 0.0], [0.0, 10.0], [10.0, 10.0]])
    plot_embedding(tmp_path / "a.png", square)
    pixels = pytest.importorskip("matplotlib.image").imread(tmp_path / "a.png")[..., :3]
    blue = (np.abs(pixels - np.array([0x35, 0x66, 0xA8]) / 255) < 0.15).all(axis=-1)
    rows, columns = np.nonzero(blue)
    assert np.ptp(rows) == pytest.approx(np.ptp(columns), rel=0.02)
    assert dict(matplotlib.rcParams) == before


@pytest.mark.parametrize(
    "Z",
    [np.zeros((5, 2)), np.ones((5, 1)), np.array([[0.0, 0.0]]), np.c_[np.arange(5.0), np.zeros(5)], np.zeros((4, 3))],
)
def test_degenerate_clouds_are_drawn(tmp_path, Z, recwarn):
    plot_embedding(tmp_path / "a.png", Z)
    assert (tmp_path / "a.png").stat().st_size > 0


def test_categories_are_in_the_order_of_their_numbers():
    assert _sorted_categories(np.array(["c10", "c2", "a", "c1"], dtype=object)) == ["a", "c1", "c2", "c10"]
    assert _sorted_categories(np.array(["10", "9", "-"], dtype=object)) == ["9", "10", "-"]


@pytest.mark.parametrize(
    ("span", "length"), [(5, 1), (9.99, 1), (10, 2), (26, 5), (0.03, 0.005), (1e-12, 2e-13), (4e8, 5e7)]
)
def test_the_scale_bar_is_round(span, length):
    assert _round_length(span) == pytest.approx(length)
