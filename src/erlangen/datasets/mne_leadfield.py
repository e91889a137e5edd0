"""Potentials of current dipoles in MNE's spherical head of shells.

Definition: ``make_sphere_model`` (brain, fluid, skull, scalp; Berg, Scherg 1994) and ``make_forward_solution`` for single dipoles.
Convention: as :func:`sphere_leadfield`: SI units, the sphere about the origin (moved to MNE's head centre inside); the reference is at infinity.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from erlangen.validation import require

__all__ = ["mne_leadfield"]

Array = NDArray[np.float64]

_CENTRE = np.array([0.0, 0.0, 0.04])
_RADII, _CONDUCTIVITIES = (0.90, 0.92, 0.97, 1.0), (0.33, 1.0, 0.004, 0.33)


def mne_leadfield(
    electrodes: Array,
    positions: Array,
    moments: Array,
    *,
    radius: float = 0.095,
    radii: tuple[float, ...] = _RADII,
    conductivities: tuple[float, ...] = _CONDUCTIVITIES,
) -> Array:
    """Return the potentials (m, k), in volts, at m electrodes of k dipoles, by MNE.

    Parameters
    ----------
    electrodes : ndarray (m, 3)
        Directions of the electrodes; their lengths do not matter.
    positions, moments : ndarray (k, 3)
        Where the dipoles are, in metres, inside the innermost shell, and their moments in ampere metres.
    radius : float
        Of the head, in metres.
    radii, conductivities : tuple of float
        Relative outer radii of the shells, and siemens per metre.

    Raises
    ------
    MissingDependencyError
        If MNE is not installed.
    """
    mne = require("mne", extra="neuro", purpose="the head of shells")
    names = [f"E{k}" for k in range(len(electrodes))]
    points = radius * electrodes / np.linalg.norm(electrodes, axis=1, keepdims=True) + _CENTRE
    info = mne.create_info(names, 250.0, "eeg", verbose=False)
    montage = mne.channels.make_dig_montage(dict(zip(names, points, strict=True)), coord_frame="head")
    info.set_montage(montage, verbose=False)
    sphere = mne.make_sphere_model(
        r0=tuple(_CENTRE),
        head_radius=radius,
        relative_radii=radii,
        sigmas=conductivities,
        verbose=False,
    )
    place = {"rr": positions + _CENTRE, "nn": moments / np.linalg.norm(moments, axis=1, keepdims=True)}
    sources = mne.setup_volume_source_space(pos=place, sphere=sphere, verbose=False)
    forward = mne.make_forward_solution(info, trans=None, src=sources, bem=sphere, meg=False, eeg=True, verbose=False)
    gain = forward["sol"]["data"].reshape(len(electrodes), len(positions), 3)
    return np.asarray(np.einsum("mki,ki->mk", gain, moments))
