"""The table of elements against ASE's."""

import numpy as np
import pytest

from erlangen.potentials.elements import atomic_mass, symbol


def test_symbols_and_masses_are_those_of_ase():
    data = pytest.importorskip("ase.data")
    assert [symbol(z) for z in range(1, 119)] == data.chemical_symbols[1:119]
    assert np.allclose([atomic_mass(z) for z in range(1, 119)], data.atomic_masses_iupac2016[1:119], rtol=1e-8)
