"""Gradients of a layer under DistributedDataParallel on gloo ranks of this machine, each in a process of its own.

Definition: rank ``r`` of ``w`` takes rows ``r, r + w, …`` of the batch; the averaged gradients times ``w`` must be those of the whole batch.
Convention: the layer travels over a pipe to our own child processes; nothing is written but the rendezvous file and the gradients.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.errors import ConvergenceError, MissingDependencyError
from erlangen.validation import require

__all__ = ["rank_gradients"]


def rank_gradients(
    layer: Any, inputs: tuple[Any, ...], weight: Any, *, split: bool, ranks: int = 2, seconds: float = 120.0
) -> list[NDArray[Any]]:
    """Return for each rank the flat gradient of ``<weight, layer(inputs)>``, summed over ranks, after two backward passes.

    Raises
    ------
    ConvergenceError
        If a rank fails or takes longer than ``seconds``; the message ends as its process did.
    """
    cloudpickle = _cloudpickle()
    payload = cloudpickle.dumps((layer, inputs, weight, split))
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    if sys.platform.startswith("linux"):
        environment.setdefault("GLOO_SOCKET_IFNAME", "lo")  # the host's own name need not resolve
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "erlangen.testing.ranks", folder, str(ranks)]
        children = [
            subprocess.Popen([*command, str(r)], stdin=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)
            for r in range(ranks)
        ]
        try:
            for child in children:
                _pipe(child).write(payload)
                _pipe(child).close()
                child.stdin = None
            for rank, child in enumerate(children):
                _, text = child.communicate(timeout=seconds)
                if child.returncode != 0:
                    last = text.decode(errors="replace").strip().splitlines()[-1:]
                    message = f"rank {rank} failed: {''.join(last)}"
                    raise ConvergenceError(message, hint="run the layer under DistributedDataParallel by hand")
        except subprocess.TimeoutExpired as error:
            message = f"the ranks did not finish within {seconds:g} s"
            raise ConvergenceError(message, hint="a rank waits for gradients that never come") from error
        finally:
            for child in children:
                child.kill()
                child.wait()
        return [np.load(Path(folder) / f"{rank}.npy") for rank in range(ranks)]


def _cloudpickle() -> Any:
    """Return cloudpickle, joblib's own copy where joblib still carries one: layers defined in a script must travel, too."""
    try:
        return require("joblib.externals.cloudpickle", extra="test", purpose="check_layer on several ranks")
    except MissingDependencyError:
        return require("cloudpickle", extra="test", purpose="check_layer on several ranks")


def _pipe(child: subprocess.Popen[bytes]) -> Any:
    """Return the standard input of a child process."""
    if child.stdin is None:
        message = "the child process has no standard input"
        raise ConvergenceError(message)
    return child.stdin


def _gradient(parallel: Any, inputs: tuple[Any, ...], weight: Any, ranks: int) -> NDArray[Any]:
    out = parallel(*inputs)
    out = out[0] if isinstance(out, (tuple, list)) else out
    parallel.zero_grad()
    (out * weight).sum().backward()
    parts = [p.grad.reshape(-1) for p in parallel.parameters() if p.requires_grad]
    return np.concatenate([part.numpy() for part in parts]) * ranks


def _serve(folder: str, ranks: int, rank: int) -> None:
    cloudpickle = _cloudpickle()
    layer, inputs, weight, split = cloudpickle.loads(sys.stdin.buffer.read())
    torch = require("torch", extra="test", purpose="check_layer on several ranks")
    distributed = require("torch.distributed", extra="test", purpose="check_layer on several ranks")
    data_parallel = require("torch.nn.parallel", extra="test", purpose="check_layer on several ranks")
    torch.set_num_threads(1)
    store = distributed.FileStore(str(Path(folder) / "rendezvous"), ranks)
    distributed.init_process_group("gloo", store=store, rank=rank, world_size=ranks)
    if split:
        inputs = tuple(x[rank::ranks] if torch.is_tensor(x) else x for x in inputs)
        weight = weight[rank::ranks]
    else:
        weight = weight / ranks
    parallel = data_parallel.DistributedDataParallel(layer)
    for _ in range(2):
        gradient = _gradient(parallel, inputs, weight, ranks)
    np.save(Path(folder) / f"{rank}.npy", gradient)
    distributed.barrier()
    distributed.destroy_process_group()


if __name__ == "__main__":
    _serve(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
