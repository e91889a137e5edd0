"""``python -m erlangen.gallery.server.bounded``: one question of a page, answered in a process of its own that can be ended.

Definition: reads ``{"ask": name, "with": {…}}`` from standard input, lowers its own limits, writes ``{"found": …}`` or ``{"error", "hint"}``.
Convention: names are looked up in a closed table; what takes more than ``SECONDS`` of processor time or ``BYTES`` is refused in words.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from importlib import import_module
from typing import Any

from erlangen.errors import ErlangenError, ResourceLimitError
from erlangen.gallery.server.limits import Limits, lower

__all__ = ["BYTES", "SECONDS", "ask_bounded", "main"]

SECONDS, BYTES, _PATIENCE = 10, 3 << 30, 6
_QUESTIONS = {
    "knots": ("erlangen.gallery.knots", "describe"),
    "orbits": ("erlangen.gallery.orbits", "describe_orbit"),
    "symmetries": ("erlangen.gallery.symmetries", "describe_symmetries"),
    "charges": ("erlangen.gallery.charges", "describe_charge"),
}


async def ask_bounded(
    name: str, arguments: dict[str, Any], seconds: int = SECONDS, *, command: str = "erlangen charges"
) -> Any:
    """Return the answer to a question, computed in a process that ends with its processor time, or when this is cancelled.

    A question that takes too long is referred to ``command``.

    Raises
    ------
    ErlangenError
        What the question itself raised, or that it took too long.
    """
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", __name__, stdin=pipe, stdout=pipe, stderr=asyncio.subprocess.DEVNULL, env=environment
    )
    job = json.dumps({"ask": name, "with": arguments, "seconds": seconds}).encode("utf-8")
    try:
        data, _ = await asyncio.wait_for(process.communicate(job), _PATIENCE * seconds)
        answer = json.loads(data)
    except (TimeoutError, ValueError) as error:
        message = f"this takes more than the {seconds:g} s or the memory that a page may take"
        raise ResourceLimitError(message, hint=f"use '{command}' in a shell") from error
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if "error" in answer:
        raise ErlangenError(answer["error"], hint=answer["hint"])
    return answer["found"]


def main() -> int:
    """Answer the question of standard input."""
    job = json.loads(sys.stdin.read())
    lower(Limits(cpu_seconds=job["seconds"], address=BYTES, nice=5))
    try:
        module, function = _QUESTIONS[job["ask"]]
        answer = {"found": getattr(import_module(module), function)(**job["with"])}
    except ErlangenError as error:
        answer = {"error": error.message, "hint": error.hint}
    except (RecursionError, MemoryError, ArithmeticError, ValueError) as error:
        answer = {"error": f"this could not be computed: {type(error).__name__}", "hint": None}
    sys.stdout.write(json.dumps(answer))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
