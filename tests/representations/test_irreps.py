"""Irreps as values: grammar, printing, order, arithmetic; examples of e3nn's documentation as the oracle."""

import copy
import pickle

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from erlangen.errors import DomainError, ParseError, ShapeError
from erlangen.representations import Irrep, Irreps

IRREPS = st.lists(st.tuples(st.integers(0, 99), st.tuples(st.integers(0, 12), st.sampled_from([1, -1])))).map(Irreps)


@given(IRREPS)
def test_what_is_printed_is_read(x):
    assert Irreps(str(x)) == x
    assert Irreps(repr(x).replace("+", "  +\n ").replace("x", " x ")) == x
    assert hash(Irreps(str(x))) == hash(x)
    assert pickle.loads(pickle.dumps(x)) == x == copy.deepcopy(x)


@given(IRREPS)
def test_sorting_is_a_permutation_in_order(x):
    found = x.sort()
    assert [found.irreps[i] for i in found.p] == list(x)
    assert [x[i] for i in found.inv] == list(found.irreps)
    keys = [(ir.l, ir.p) for _, ir in found.irreps]
    assert keys == sorted(keys)
    assert found.irreps.dim == x.dim == x.regroup().dim == x.simplify().dim


@given(IRREPS)
def test_slices_tile_the_axis(x):
    assert [i for s in x.slices() for i in range(s.start, s.stop)] == list(range(x.dim))
    assert x.num_irreps == len(x.ls)


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("0e+1o", "1x0e+1x1o"),
        ("16x0e + 8x1o", "16x0e+8x1o"),
        (" 16 x 0e ", "16x0e"),
        ("2x1y+2y", "2x1o+1x2e"),
        ("0x1e", "0x1e"),
        ("", ""),
        ("  ", ""),
        ("1 e", "1x1e"),
    ],
)
def test_the_grammar(text, printed):
    assert str(Irreps(text)) == printed


@pytest.mark.parametrize(
    ("text", "position", "token"),
    [
        ("16x0e + 8x1u", 8, "8x1u"),
        ("0e+", 3, "the text ends"),
        ("+", 0, "'+'"),
        ("-1x0e", 0, "-1x0e"),
        ("1E", 0, "1E"),
        ("1e,2o", 0, "1e,2o"),
        ("0e + x1o", 5, "x1o"),
        ("1.5x0e", 0, "1.5x0e"),
        ("0e + ²o", 5, "²o"),
    ],
)
def test_errors_name_token_and_position(text, position, token):
    with pytest.raises(ParseError, match="at position") as caught:
        Irreps(text)
    assert caught.value.position == position
    assert token in str(caught.value)


@pytest.mark.parametrize("text", ["2x1o", "1o+0e", "", "o", "1", "-1e"])
def test_one_irrep_is_one_irrep(text):
    with pytest.raises(ParseError):
        Irrep(text)


@pytest.mark.parametrize(
    "wrong", [lambda: Irrep(-1, 1), lambda: Irrep(1, 2), lambda: Irrep(1), lambda: Irrep(1.5, 1), lambda: Irrep((1,))]
)
def test_no_irrep(wrong):
    with pytest.raises(DomainError):
        wrong()


def test_terms_that_are_none():
    with pytest.raises(
        DomainError, match=r"irreps\[1\]: mul must be an integer in \[0, inf\], got irreps\[1\]: mul=-2"
    ):
        Irreps([(1, "0e"), (-2, "1o")])
    with pytest.raises(DomainError, match=r"irreps\[0\] must be an irrep or a pair"):
        Irreps([3])
    with pytest.raises(DomainError, match="sequence of terms"):
        Irreps(3)


def test_values_are_frozen():
    with pytest.raises(AttributeError):
        Irreps("0e")._terms = ()
    with pytest.raises(AttributeError):
        Irrep("0e").l = 2
    assert len({Irrep("1o"), Irrep(1, -1), Irrep((1, -1)), Irrep("1y"), Irrep(Irrep("1o"))}) == 1


def test_order_of_irreps_is_that_of_degree_then_parity():
    assert sorted(map(Irrep, ["2e", "0e", "1e", "1o", "0o", "2o"])) == list(
        map(Irrep, ["0o", "0e", "1o", "1e", "2o", "2e"])
    )
    assert list(Irrep.iterator(2)) == list(map(Irrep, ["0e", "0o", "1o", "1e", "2e", "2o"]))


def test_products_of_irreps():
    assert list(Irrep("2o") * Irrep("3e")) == [Irrep(l, -1) for l in range(1, 6)]
    assert Irrep("2e") in list(Irrep("1o") * "1o")


def test_arithmetic():
    x = Irreps("2x1e")
    assert (x * 3).simplify() == Irreps("6x1e")
    assert 2 * Irreps("0e + 1e") == Irreps("0e+1e+0e+1e")
    assert x + "0e" == "2x1e" + Irreps("0e") == Irreps("2x1e+0e")
    assert x + Irrep("1o") == Irreps("2x1e+1o")
    assert Irreps("0e+1o+2e")[1:] == Irreps("1o+2e")
    assert "1o" in Irreps("0e+3x1o")
    assert "1e" not in Irreps("0e+3x1o")


def test_queries_of_the_empty_sum():
    empty = Irreps("")
    assert (empty.dim, empty.num_irreps, empty.slices(), empty.ls) == (0, 0, [], [])
    assert empty.randn(4, -1).shape == (4, 0)
    with pytest.raises(DomainError, match="empty"):
        _ = empty.lmax
    assert Irreps("1e+0x2e").lmax == 1


def test_filters():
    x = Irreps("1e + 2e + 0e")
    assert x.filter(keep=["0e", "1e"]) == Irreps("1e+0e") == x.filter("0e+2x1e")
    assert x.filter(drop="2e + 2x1e") == Irreps("0e")
    assert x.filter(keep=Irrep("2e")) == Irreps("2e") == x.filter(drop=lambda term: term.ir.l < 2)
    assert x.filter(lmax=1) == Irreps("1e+0e")
    assert x.filter() == x


def test_irreps_of_signals():
    assert Irreps.spherical_harmonics(2) == Irreps("0e+1o+2e") == Irreps.signal(2)
    assert Irreps.spherical_harmonics(2, p=1) == Irreps("0e+1e+2e")
    assert Irreps.signal(2, p_val=-1) == Irreps("0o+1e+2o")
    assert Irreps.signal(2, p_val=-1, p_arg=1) == Irreps("0o+1o+2o")


def test_random_features():
    x = Irreps("3x0e+2x1o")
    assert x.randn(5, rng=1).shape == (5, 9)
    assert torch.equal(x.randn(5, rng=1), x.randn(5, -1, rng=1))
    assert x.randn(2, -1, 4, dtype=torch.float64, requires_grad=True).requires_grad
    normed = x.randn(7, -1, 2, normalization="norm", generator=torch.Generator().manual_seed(0))
    assert torch.allclose(normed[:, 3:].reshape(7, 2, 3, 2).norm(dim=2), torch.ones(7, 2, 2))
    assert x.randn(4000, rng=np.random.default_rng(0)).std() == pytest.approx(1, abs=0.02)
    with pytest.raises(ShapeError):
        x.randn(-1, -1)
