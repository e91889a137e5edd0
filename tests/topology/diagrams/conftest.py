"""Shared by the tests of diagrams: the oracle by Kauffman's states, and the tables where they are installed."""

import importlib.util
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def state_sum():
    spec = importlib.util.spec_from_file_location("state_sum", Path(__file__).with_name("state_sum.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def jones(state_sum):
    return state_sum.jones


@pytest.fixture(scope="session")
def knots():
    return pytest.importorskip("database_knotinfo").link_list()[2:]


@pytest.fixture(scope="session")
def links():
    return pytest.importorskip("database_knotinfo").link_list(proper_links=True)[1:]
