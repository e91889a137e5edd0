"""``erlangen charges bms3 orbit``: the class, winding and rest mass of a function Θ of the angle.

Definition: by the monodromy of Hill's equation ``ψ'' = (Θ/4) ψ`` and the winding of its path.
Convention: masses in units of 1/G; Minkowski space has Θ = -1.
"""

from __future__ import annotations

from importlib import import_module

import click

from erlangen.cli.charges.reading import periodic
from erlangen.cli.options import verb
from erlangen.cli.terminal import Terminal

__all__ = ["command"]


@verb("orbit", epilog='Example: erlangen charges bms3 orbit "Theta=-1+0.3*cos(phi)"')
@click.argument("theta", metavar='"Theta=…"')
def command(terminal: Terminal, theta: str) -> None:
    """Classify the orbit of Theta, a function of phi of period 2π."""
    gauge = import_module("erlangen.gauge")
    function = gauge.CircleFunction.of(periodic(theta, "Theta"))
    found = gauge.classify_orbit(function)
    answer = {
        "theta": theta,
        "kind": found.kind,
        "winding": found.winding,
        "trace": found.trace,
        "constant": found.constant,
        "mass": found.mass,
        "stabiliser": found.stabiliser,
        "energy": function.mean() / 8,
    }
    if terminal.json:
        terminal.document(answer)
        return
    terminal.line(f"{found.kind} orbit, winding {found.winding}", style="bold")
    terminal.line(f"trace of the monodromy {found.trace:.10g}")
    if found.constant is None:
        terminal.line("no constant on this orbit")
    else:
        terminal.line(f"constant representative {found.constant:.10g}, rest mass {found.mass:.10g} / G")
    terminal.line(f"energy {answer['energy']:.10g} / G; stabiliser {found.stabiliser}")
