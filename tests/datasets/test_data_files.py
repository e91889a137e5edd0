"""What is read must be the file that is named, and what is missing is refused in words."""

import hashlib

import pytest

from erlangen.datasets.data_files import checked_bytes, data_folder, installed_file
from erlangen.errors import DomainError, MissingDependencyError


def test_a_file_counts_only_with_its_checksum(tmp_path):
    file = tmp_path / "data.csv"
    file.write_bytes(b"1,2\n")
    digest = hashlib.sha256(b"1,2\n").hexdigest()
    assert checked_bytes(file, digest) == b"1,2\n"
    file.write_bytes(b"1,3\n")
    with pytest.raises(DomainError, match=r"has SHA-256 .*, but the data set is"):
        checked_bytes(file, digest)


def test_the_folder_is_the_argument_or_below_the_variable(tmp_path, monkeypatch):
    monkeypatch.delenv("ERLANGEN_DATA", raising=False)
    with pytest.raises(DomainError, match="neither folder= nor ERLANGEN_DATA"):
        data_folder(None, "mamem", purpose="it", source="them")
    monkeypatch.setenv("ERLANGEN_DATA", str(tmp_path))
    with pytest.raises(DomainError, match="is no folder"):
        data_folder(None, "mamem", purpose="it", source="them")
    (tmp_path / "mamem").mkdir()
    assert data_folder(None, "mamem", purpose="it", source="them") == tmp_path / "mamem"
    assert data_folder(tmp_path, "mamem", purpose="it", source="them") == tmp_path


def test_a_package_that_is_absent_is_named_with_the_extra():
    with pytest.raises(MissingDependencyError, match=r"no_such_package or sklearn.*erlangen\[signals\]"):
        installed_file({"no_such_package": "x", "sklearn": "no/such/file"}, extra="signals", purpose="this")
