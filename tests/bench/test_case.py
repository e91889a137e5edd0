import pytest

from erlangen.bench import case, cases, peers
from erlangen.errors import DomainError, ParseError


def test_every_shipped_case_names_a_known_peer_and_has_its_files():
    shipped = cases()
    assert len(shipped) >= 4
    for item in shipped:
        assert item.peer in peers()
        assert all((item.folder / name).is_file() for name in ("data.py", "ours.py", "theirs.py"))
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
    ],
)
def test_a_bad_case_file_is_refused(tmp_path, text, error):
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "case.toml").write_text(text)
    with pytest.raises(error):
        cases(tmp_path)
