"""Cases: those shipped are whole and check both sides; a wrong case file is refused."""

import numpy as np
import pytest
from scipy.integrate import quad

from erlangen.bench import case, cases, peers
from erlangen.bench.worker import _load
from erlangen.errors import DomainError, ParseError


def test_every_shipped_case_names_a_known_peer_and_has_its_files():
    shipped = cases()
    assert len(shipped) >= 4
    for item in shipped:
        assert item.peer in peers()
        assert item.side("ours").is_file()
        assert item.side("theirs").is_file()
        assert item.data.is_file()
        assert set(item.require) == {"ours", "theirs"}, f"{item.name} times a side it never checked"


def test_an_unknown_case_proposes_the_nearest():
    with pytest.raises(DomainError, match="did you mean 'sparse-product'"):
        case("sparse-prodct")


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("title = 'x'", ParseError),
        ("title = 'x'\npeer = 'scipy'\nspeed = 9", ParseError),
        ("title = ", ParseError),
        ("title = 'x'\npeer = 'scipy'\nunit = 'hours'", DomainError),
        ("title = 'x'\npeer = 'scipy'\nrounds = 0", DomainError),
        ("title = 'x'\npeer = 'scipy'\n[require.them]\na = 1", DomainError),
        ("title = 'x'\npeer = 'scipy'", ParseError),
        ("title = 'x'\npeer = 'scipy'\ndata = '../../outside.py'", ParseError),
        ("title = 'x'\npeer = 'scipy'\ndata = '/etc/passwd'", ParseError),
        ("title = 'x'\npeer = 'scipy'\ndata = 3", ParseError),
        ("title = 'x'\npeer = 'scipy'\ndata = '..'", ParseError),
        ("title = 'x'\npeer = 'scipy'\ndata = 'case.toml'\nours = '../missing.py'", ParseError),
    ],
)
def test_a_bad_case_file_is_refused(tmp_path, text, error):
    (tmp_path / "outside.py").write_text("")
    (tmp_path / "cases" / "bad").mkdir(parents=True)
    (tmp_path / "cases" / "bad" / "case.toml").write_text(text)
    with pytest.raises(error):
        cases(tmp_path / "cases")


def test_cases_may_share_one_file_of_data(tmp_path):
    (tmp_path / "shared.py").write_text("")
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "case.toml").write_text("title = 'x'\npeer = 'scipy'\ndata = '../shared.py'")
    assert {item.data for item in cases(tmp_path)} == {(tmp_path / "shared.py").resolve()}
    assert len({item.data for item in cases() if "roll" in item.title}) == 1


def test_cases_may_lie_deeper_and_share_their_sides(tmp_path):
    group = tmp_path / "group"
    for name in ("b_two", "a_one"):
        (group / name).mkdir(parents=True)
        text = "title = 'x'\npeer = 'scipy'\ndata = '../all.py'\nours = '../all.py'\ntheirs = '../all.py'"
        (group / name / "case.toml").write_text(text)
    (group / "all.py").write_text("")
    found = cases(tmp_path)
    assert [item.name for item in found] == ["a-one", "b-two"]
    assert {item.side("ours") for item in found} == {(group / "all.py").resolve()}


def test_the_swiss_roll_is_one_and_its_score_is_that_of_the_arc_length():
    """The roll's metric: arc length of (t cos t, t sin t) is the integral of sqrt(1 + t^2), by quadrature; the plane's distances score 1."""
    data = _load(case("phate-landmarks").data)
    made = data.make(n=400, noise=0.0, dimension=5)
    points, (length, height) = made["points"], made["intrinsic"].T
    assert points.shape == (400, 5)
    t = np.sqrt((points**2).sum(1) - height**2)  # the rotation keeps |X|^2 = t^2 + h^2
    exact = [quad(lambda s: np.sqrt(1 + s * s), 0, end)[0] for end in t[:20]]
    np.testing.assert_allclose(length[:20], exact, rtol=1e-9)
    assert data.score(made, made["intrinsic"])["pearson"] == pytest.approx(1.0, abs=1e-12)
    assert data.score(made, -3 * made["intrinsic"] + 7)["pearson"] == pytest.approx(1.0, abs=1e-12)
    assert data.score(made, points)["pearson"] < 0.9
