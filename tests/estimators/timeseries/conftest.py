"""Trajectories whose embeddings are known: Rössler, Lorenz, Hénon, Mackey–Glass."""

from functools import cache
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.integrate import solve_ivp


@cache
def roessler(a=0.2, b=0.2, c=5.7, step=0.05, count=10001):
    def rule(_, u):
        return [-u[1] - u[2], u[0] + a * u[1], b + u[2] * (u[0] - c)]

    return flow(rule, [1.0, 0.0, 0.0], step, count)


@cache
def lorenz(step=0.01, count=5000):
    def rule(_, u):
        return [10 * (u[1] - u[0]), u[0] * (28 - u[2]) - u[1], u[0] * u[1] - 8 / 3 * u[2]]

    return flow(rule, [0.0, 10.0, 0.0], step, count)


def flow(rule, start, step, count):
    times = 100.0 + step * np.arange(count)
    return solve_ivp(rule, (0, times[-1]), start, t_eval=times, rtol=1e-8, atol=1e-8).y


@cache
def henon(count=3000):
    x = np.zeros((count + 100, 2))
    for t in range(1, len(x)):
        x[t] = 1 - 1.4 * x[t - 1, 0] ** 2 + x[t - 1, 1], 0.3 * x[t - 1, 0]
    return x[100:].T


@cache
def mackey_glass(count=12001, delay=88, step=0.5):
    """Delay 44, n = 10, beta 0.2, gamma 0.1, by the trapezoidal rule in the delayed term."""
    u = np.zeros(count + 4001 + delay)
    u[delay] = 1.0
    for t in range(delay, len(u) - 1):
        now, then = (0.2 * v / (1 + v**10) for v in (u[t - delay], u[t - delay + 1]))
        middle = u[t] + step * (now - 0.1 * u[t])
        u[t + 1] = u[t] + step / 2 * (now - 0.1 * u[t] + then - 0.1 * middle)
    return u[4001 + delay :]


@pytest.fixture(scope="session")
def attractors():
    return SimpleNamespace(roessler=roessler, lorenz=lorenz, henon=henon, mackey_glass=mackey_glass)
