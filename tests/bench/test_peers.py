import json
import sys
from pathlib import Path

import pytest

from erlangen.bench import Peer, build_peers, peer_python, peers
from erlangen.bench import peers as _  # noqa: F401 - the public function, not the module
from erlangen.errors import DomainError, StoreError


def _fake(folder, peer, requires):
    (folder / peer).mkdir()
    (folder / peer / "erlangen-peer.json").write_text(json.dumps(requires))


def test_every_peer_pins_its_version():
    for peer in peers().values():
        assert isinstance(peer, Peer)
        pinned = [*peer.requires, *(["" if peer.source is None else peer.source.commit])]
        assert any(peer.version.split()[-1] in line for line in pinned)


def test_a_peer_that_is_not_built_says_how_to_build_it(tmp_path):
    with pytest.raises(DomainError, match="bench peers"):
        peer_python("phate", tmp_path)


def test_a_stale_environment_counts_as_not_built(tmp_path):
    _fake(tmp_path, "phate", ["phate==1.0"])
    with pytest.raises(DomainError, match="not built"):
        peer_python("phate", tmp_path)


def test_a_complete_environment_is_left_alone(tmp_path):
    _fake(tmp_path, "phate", list(peers()["phate"].requires))
    seen = []
    built = build_peers(["phate"], tmp_path, on_progress=lambda *args: seen.append(args[:2]))
    assert built == [tmp_path / "phate" / "bin" / "python"]
    assert seen == [(0, 1), (1, 1)]


@pytest.mark.parametrize("call", [peer_python, lambda name, folder: build_peers([name], folder)])
def test_an_unknown_peer_lists_the_known(tmp_path, call):
    with pytest.raises(DomainError, match="the peers are scipy"):
        call("nobody", tmp_path)


def test_a_failed_installation_leaves_no_stamp(tmp_path, monkeypatch):
    import importlib

    module = importlib.import_module("erlangen.bench.peers")
    monkeypatch.setattr(module.sys, "executable", str(Path(sys.executable).with_name("no-such-python")))
    with pytest.raises((StoreError, FileNotFoundError)):
        build_peers(["scipy"], tmp_path)
    assert not (tmp_path / "scipy" / "erlangen-peer.json").exists()
