"""The run that the kill tests kill: many short rows, each acknowledged on the standard output after the store returned."""

import os
import sys
import time

import numpy as np

from erlangen.runs import RunSpec, RunStore, canonical, execute

ROWS = 120


def chaotic(seed, i):
    """Return numbers that any change of order or rounding would alter, after a moment."""
    x = np.random.default_rng([seed, i]).random(50)
    for _ in range(20):
        x = 3.999 * x * (1 - x)
    time.sleep(0.0005 * (i % 4))
    return {"mean": float(x.mean()), "values": x[:3], "bad": float("nan") if i % 7 == 0 else None}


def acknowledge(key, value):
    os.write(1, f"{key} {canonical(value)}\n".encode())


def run(context):
    total = 0.0
    for i in range(ROWS):
        value = context.step(f"row/{i}", chaotic, context.seed, i)
        acknowledge(f"row/{i}", value)
        total += value["mean"] * np.sin(i)
        context.progress(i + 1, ROWS, metrics={"total": total})
    mapped = context.map(chaotic, {f"map/{i}": (context.seed, 1000 + i) for i in range(20)})
    for key, value in mapped.items():
        acknowledge(key, value)
    context.array("means", np.array([value["mean"] for value in mapped.values()]))
    points = " ".join(f"{i},{value['mean']!r}" for i, value in enumerate(mapped.values()))
    svg = f"<svg xmlns='http://www.w3.org/2000/svg'><polyline points='{points}'/></svg>"
    context.figure("curve", svg.encode(), caption="means")
    context.array("noise", context.rng("noise array").normal(size=1000))
    context.metric("total", total)
    context.metric("noise", float(context.rng("noise").normal()))
    context.metric("mapped", float(sum(value["mean"] for value in mapped.values())))


def spec(seed):
    return RunSpec("killed", "quick", {"rows": ROWS}, seed=seed, threads=1, code_version="test", manifest_hash="none")


if __name__ == "__main__":
    path, seed, jobs = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    finished = execute(run, spec(seed), store=RunStore(path), jobs=jobs)
    os.write(1, f"done {canonical(finished.metrics)}\n".encode())
