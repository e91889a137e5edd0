"""The registry: the fourteen, complete and in order; a second paper touches only its own folder."""

import pytest

from erlangen.errors import DomainError, ParseError
from erlangen.papers import SUBJECTS, Rule, paper, papers

SLUGS = {
    "asymptotic-symmetries",
    "augmented-covariance-eeg",
    "bk-algebroids",
    "gaunt-tensor-product",
    "gbwbn-spd",
    "gp-hm-pde",
    "grassmann-class-representation",
    "haydys-witten-khovanov",
    "heat-geodesic-embedding",
    "lie-group-decompositions",
    "m-fac",
    "price-of-freedom",
    "rvgp",
    "wing-pressure-geometry",
}


def test_there_are_the_fourteen_in_the_order_of_the_listing():
    found = papers()
    assert {item.slug for item in found} == SLUGS
    assert len(found) == 14
    assert [item.order for item in found] == sorted(item.order for item in found)
    assert len({item.key for item in found}) == 14


@pytest.mark.parametrize("item", papers(), ids=lambda item: item.slug)
def test_every_manifest_is_complete(item):
    assert item.title
    assert item.authors
    assert set(item.subjects) <= set(SUBJECTS)
    assert len(item.abstract) > 200
    assert 0 < len(item.summary) <= 120
    assert item.formulas
    assert item.claims or not item.built
    assert all(claim.reason for claim in item.claims if claim.rule is Rule.UNAVAILABLE)
    if item.built:
        assert "quick" in item.presets
        assert item.notes
        assert all(item.settings(preset) for preset in item.presets)
    for formula in item.formulas:
        assert "$" not in formula
        assert formula.count("{") == formula.count("}")


def test_underscores_capitals_and_blanks_are_forgiven():
    assert paper(" Heat_Geodesic_Embedding ").slug == "heat-geodesic-embedding"


@pytest.mark.parametrize(
    ("slug", "nearest"),
    [("heat-geodesic", "heat-geodesic-embedding"), ("khovanov-witten", "haydys-witten-khovanov"), ("mfac", "m-fac")],
)
def test_an_unknown_slug_proposes_the_nearest(slug, nearest):
    with pytest.raises(DomainError, match=f"there is no paper '{slug}'") as caught:
        paper(slug)
    assert nearest in caught.value.hint


def test_a_second_paper_touches_only_its_own_folder(root):
    first = paper("sums-of-squares", root)
    text = (root / "sums_of_squares" / "manifest.toml").read_text(encoding="utf-8")
    second = root / "sums_of_cubes"
    second.mkdir()
    text = text.replace("sums-of-squares", "sums-of-cubes").replace("nobody2026sums", "nobody2026cubes")
    (second / "manifest.toml").write_text(text.replace("2026-11-01", "2026-12-01"), encoding="utf-8")
    assert [item.slug for item in papers(root)] == ["sums-of-cubes", "sums-of-squares"]
    assert paper("sums-of-squares", root) == first
    assert (paper("sums-of-cubes", root).built, first.built) == (False, True)
    (second / "manifest.toml").write_text(text.replace("[paper]", "[paper]\norder = 2000"), encoding="utf-8")
    assert [item.slug for item in papers(root)] == ["sums-of-squares", "sums-of-cubes"]


def test_two_papers_with_one_citation_key_are_refused(root):
    text = (root / "sums_of_squares" / "manifest.toml").read_text(encoding="utf-8")
    (root / "sums_of_cubes").mkdir()
    (root / "sums_of_cubes" / "manifest.toml").write_text(
        text.replace("sums-of-squares", "sums-of-cubes"), encoding="utf-8"
    )
    with pytest.raises(ParseError, match="'nobody2026sums' is also the key of sums-of-cubes"):
        papers(root)


def test_folders_without_a_manifest_and_files_are_passed_over(root):
    (root / "notes").mkdir()
    (root / "readme.txt").write_text("")
    assert len(papers(root)) == 1
    assert papers(root / "notes") == ()


def test_a_root_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(DomainError, match=r"the folder of papers .* cannot be read"):
        papers(tmp_path / "nowhere")
