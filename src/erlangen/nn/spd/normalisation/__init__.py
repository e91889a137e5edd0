"""How batches of SPD matrices are centred, scaled and moved, metric by metric.

Definition: a normaliser maps into an image, takes a mean there, moves it to the identity, and moves the scaled result to the bias.
Convention: batches are ``(N, channels, n, n)``, means ``(channels, n, n)``; tangent vectors are those at the identity.
"""

from __future__ import annotations

from erlangen.nn.spd.normalisation.normaliser import Centred, Normaliser
from erlangen.nn.spd.normalisation.selection import normaliser_for

__all__ = ["Centred", "Normaliser", "normaliser_for"]
