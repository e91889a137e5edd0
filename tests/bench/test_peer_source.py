"""A peer that is compiled: from a repository made here, at its commit and no other, or with the reason why not."""

import subprocess
import sys

import pytest

from erlangen.bench import peers
from erlangen.bench.peer_source import PeerSource
from erlangen.errors import StoreError


def _git(folder, *words):
    author = ["-c", "user.name=someone", "-c", "user.email=someone@example.org"]
    done = subprocess.run(["git", *author, *words], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path):
    """A repository of two commits; the first is the one that is wanted."""
    folder = tmp_path / "clones" / "engine"
    (folder / "code").mkdir(parents=True)
    (folder / "code" / "word.txt").write_text("first")
    (folder / "large.bin").write_text("not wanted")
    _git(folder, "init", "--quiet")
    _git(folder, "add", ".")
    _git(folder, "commit", "--quiet", "-m", "first")
    commit = _git(folder, "rev-parse", "HEAD")
    (folder / "code" / "word.txt").write_text("second")
    _git(folder, "commit", "--quiet", "-am", "second")
    return folder, commit


def _environment(tmp_path):
    environment = tmp_path / "environment"
    (environment / "bin").mkdir(parents=True)
    (environment / "lib" / "python3.11" / "site-packages").mkdir(parents=True)
    (environment / "bin" / "python").symlink_to(sys.executable)
    return environment


COPY = (
    "import pathlib, sys; pathlib.Path(sys.argv[1]).write_text(pathlib.Path('code/word.txt').read_text() + sys.argv[2])"
)


def test_it_is_compiled_from_its_commit_and_paths_alone(tmp_path, repository, monkeypatch):
    folder, commit = repository
    monkeypatch.setenv("ERLANGEN_PEER_SOURCES", str(folder.parent))
    command = ("{python}", "-c", COPY, "built.txt", "{packages}")
    source = PeerSource("https://example.invalid/nobody/engine", commit, ("code",), (command,), ())
    environment = _environment(tmp_path)
    built = source.build(environment)
    assert (built / "built.txt").read_text() == "first" + str(environment / "lib" / "python3.11" / "site-packages")
    assert not (built / "large.bin").exists()


def test_a_commit_that_is_not_there_is_refused(tmp_path, repository):
    source = PeerSource(str(repository[0]), "0" * 40, (".",), (), ())
    with pytest.raises(StoreError, match="git failed while a peer was built"):
        source.build(_environment(tmp_path))


def test_a_missing_program_is_named_before_anything_is_fetched(tmp_path):
    source = PeerSource("nowhere", "0" * 40, (".",), (), ("no-such-compiler",))
    with pytest.raises(StoreError, match="needs the program 'no-such-compiler'"):
        source.build(_environment(tmp_path))


def test_a_changed_command_makes_an_environment_stale():
    knotjob = peers()["knotjob"].source
    assert knotjob is not None
    assert knotjob.stamp()[0].endswith(knotjob.commit)
    other = PeerSource(knotjob.repository, knotjob.commit, knotjob.paths, (("make",),), knotjob.needs)
    assert other.stamp() != knotjob.stamp()


@pytest.mark.parametrize("name", ["knotjob", "javakh", "kht"])
def test_sources_are_pinned_to_a_whole_commit(name):
    source = peers()[name].source
    assert source is not None
    assert len(source.commit) == 40
    assert int(source.commit, 16)
