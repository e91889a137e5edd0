"""Where the store lies: ERLANGEN_HOME, the platform's folder, no home at all, folders that cannot be made."""

import ctypes
import os
import subprocess
import sys
from pathlib import Path

import pytest

from erlangen.errors import StoreError
from erlangen.runs import RunStore, default_store_path

WRITE = """
import sys
from erlangen.errors import StoreError
from erlangen.runs import RunStore
try:
    RunStore(sys.argv[1]).pin("a")
except StoreError as error:
    print(error)
"""


def without_privileges():
    """Let the process that is started next obey file modes, even where the tests run as root (PR_CAPBSET_DROP)."""
    if os.geteuid() == 0:
        prctl = ctypes.CDLL(None, use_errno=True).prctl
        for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
            if prctl(24, capability, 0, 0, 0):
                os._exit(77)


def as_user(script, *arguments):
    command = [sys.executable, "-c", script, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, preexec_fn=without_privileges)
    if done.returncode == 77:
        pytest.skip("privileges cannot be given up here")
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_erlangen_home_decides(tmp_path, monkeypatch):
    monkeypatch.setenv("ERLANGEN_HOME", str(tmp_path / "käfer & co"))
    assert default_store_path() == tmp_path / "käfer & co" / "runs.sqlite"
    assert not (tmp_path / "käfer & co").exists()
    RunStore().pin("a")
    assert (tmp_path / "käfer & co" / "runs.sqlite").is_file()


def test_erlangen_home_may_be_relative_or_begin_with_a_tilde(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ERLANGEN_HOME", "here")
    assert default_store_path() == tmp_path / "here" / "runs.sqlite"
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("ERLANGEN_HOME", "~/there")
    assert default_store_path() == tmp_path / "there" / "runs.sqlite"


@pytest.mark.skipif(sys.platform != "linux", reason="the folder of Linux")
def test_without_it_the_data_folder_of_the_platform_serves(tmp_path, monkeypatch):
    monkeypatch.delenv("ERLANGEN_HOME", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert default_store_path() == tmp_path / "erlangen" / "runs.sqlite"
    monkeypatch.delenv("XDG_DATA_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert default_store_path() == tmp_path / ".local/share/erlangen/runs.sqlite"


def test_no_home_folder_is_told(monkeypatch):
    """What platformdirs gives where neither HOME nor the user's entry is there."""
    monkeypatch.delenv("ERLANGEN_HOME", raising=False)
    monkeypatch.setattr("platformdirs.user_data_dir", lambda *_, **__: "~/.local/share/erlangen")
    with pytest.raises(StoreError, match=r"there is no home folder.*set ERLANGEN_HOME"):
        default_store_path()


def test_the_home_of_a_user_there_is_not(monkeypatch):
    monkeypatch.setenv("ERLANGEN_HOME", "~nobody-of-this-name/runs")
    with pytest.raises(StoreError, match=r"nobody-of-this-name.*user there is not"):
        default_store_path()


def test_a_file_in_the_place_of_the_folder(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match=r"cannot be made.*ERLANGEN_HOME"):
        RunStore(tmp_path / "file" / "deep" / "runs.sqlite")


@pytest.mark.skipif(sys.platform != "linux", reason="privileges of Linux")
@pytest.mark.parametrize("name", ["runs.sqlite", "deep/runs.sqlite"])
def test_a_folder_that_cannot_be_written(tmp_path, name):
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o555)
    told = as_user(WRITE, folder / name)
    assert str(folder) in told
    assert "ERLANGEN_HOME" in told
    assert list(folder.iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="privileges of Linux")
def test_a_store_in_a_locked_folder_is_still_read(tmp_path):
    folder = tmp_path / "locked"
    with RunStore(folder / "runs.sqlite") as store:
        store.pin("a")
    assert [p.name for p in folder.iterdir()] == ["runs.sqlite"]
    (folder / "runs.sqlite").chmod(0o444)
    folder.chmod(0o555)
    script = "import sys; from erlangen.runs import RunStore; print(RunStore(sys.argv[1], read_only=True).pins())"
    assert as_user(script, Path(folder, "runs.sqlite")) == "('a',)\n"
    assert "cannot be written or opened" in as_user(WRITE, folder / "runs.sqlite")
    folder.chmod(0o755)
