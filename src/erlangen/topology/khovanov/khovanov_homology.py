"""Khovanov homology of a link.

Definition: the homology of the cube of resolutions under the Frobenius algebra Z[X]/X^2 (Khovanov, math/9908171), even or odd (0710.4300).
Convention: KnotInfo's: 3_1 is right-handed and has homology in q = 1..9; reduced homology is normalised so that the unknot has Z at (0, 0).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from erlangen.errors import DomainError
from erlangen.exact.ring import Ring, RingLike, Z, parse_ring
from erlangen.topology.diagrams.link import Link
from erlangen.topology.khovanov import readings
from erlangen.topology.khovanov.bigraded_group import BigradedGroup
from erlangen.topology.scanning.scan import scan
from erlangen.topology.scanning.scan_odd import scan_odd
from erlangen.topology.scanning.scanned_complex import ScannedComplex
from erlangen.validation import check_choice

__all__ = ["khovanov_homology", "scanned"]

Progress = Callable[[int, int, int], None]


def scanned(
    link: Link,
    ring: Ring,
    *,
    deformed: bool = False,
    reduced: bool = False,
    basepoint: int | None = None,
    **options: Any,
) -> ScannedComplex:
    """Return the scan that serves a ring: over F_p itself, over Z for Z and Q.

    A scan over Z determines homology over Q exactly, without any choice of primes. A reduced theory needs a scan at X = 0 only.
    """
    base = ring if ring.characteristic else Z
    return scan(link, ring=base, deformed=deformed, reduced=reduced, basepoint=basepoint or 0, **options)


def khovanov_homology(
    link: Link,
    ring: RingLike = "Z",
    *,
    theory: str = "even",
    reduced: bool = False,
    basepoint: int | None = None,
    max_memory: float | None = None,
    backend: str = "auto",
    progress: Progress | None = None,
    checkpoint: str | Path | None = None,
    threads: int | None = 1,
) -> BigradedGroup:
    r"""Return the Khovanov homology of a link, as bigraded groups.

    .. math:: \sum_{h,q} (-1)^h q^q \operatorname{rank} Kh^{h,q}(L) = (q + q^{-1})\, V_L(q^2)

    up to the sign :math:`(-1)^{c - 1}` for c components; V is the Jones polynomial. Over Z all torsion is found, by diagonal forms
    over Z. Over Q the link is scanned over Z and torsion dropped, so that ranks are exact. Over F_p it is scanned over F_p.

    Parameters
    ----------
    link : Link
        Any diagram of any link.
    ring : Ring or str
        ``"Z"``, ``"Q"`` or ``"F2"``, ``"F3"`` …
    theory : {"even", "odd"}
        Khovanov's, or that of Ozsváth, Rasmussen and Szabó. Unreduced odd homology is reduced odd homology twice, at q ± 1.
    reduced : bool
        The reduced theory at the component of ``basepoint``.
    basepoint : int, optional
        An edge, default 0: it lies on the first component. Reduced homology of a link over a ring where 2 is not 0 depends on the
        component; ``[link.components[i][0] for i in …]`` are edges of all.
    max_memory : float, optional
        Bytes; a scan that is estimated to exceed them (default: 60 % of the available memory) is refused before it begins.
    backend : {"auto", "native", "python"}
        The compiled engine or its reference.
    progress : callable, optional
        Called as ``progress(done, crossings, generators)``.
    checkpoint : path, optional
        Where a long run keeps its state, and from where it is resumed.
    threads : int, optional
        Threads of the compiled engine within the scan, ``None`` for all processors; the result does not depend on it.

    Returns
    -------
    BigradedGroup

    Raises
    ------
    DomainError
        If the basepoint is no edge, the characteristic is not prime, or the reduced homology of the empty link is asked for.
    ResourceLimitError
        Before the run, if its estimated memory exceeds the limit.
    BackendError
        If the engine asked for is not there.

    References
    ----------
    M. Khovanov, A categorification of the Jones polynomial, Duke 101 (2000), sections 6 and 7. D. Bar-Natan, math/0606318.

    Examples
    --------
    >>> from erlangen.topology import Link
    >>> trefoil = Link.from_braid([1, 1, 1])
    >>> khovanov_homology(trefoil)
    BigradedGroup.parse('q + q^3 + t^2*q^5 + t^3*q^7*T^2 + t^3*q^9')
    >>> khovanov_homology(trefoil, "F2", reduced=True)
    BigradedGroup.parse('q^2 + t^2*q^6 + t^3*q^8', 'F2')
    """
    base = parse_ring(ring)
    check_choice(theory, "theory", ("even", "odd"))
    if not link.n_components:
        return _of_nothing(base, reduced)
    options: dict[str, Any] = {
        "max_memory": max_memory,
        "backend": backend,
        "progress": progress,
        "checkpoint": checkpoint,
        "threads": threads,
    }
    if theory == "odd":
        odd = scan_odd(link, ring=base if base.characteristic else Z, basepoint=basepoint or 0, **options)
        return readings.homology(odd, base, reduced=reduced)
    # over F_2 unreduced homology is reduced homology twice (Shumakovitch, math/0405474), so that dots are not needed
    without_dots = reduced or base.characteristic == 2
    complex_ = scanned(link, base, reduced=without_dots, basepoint=basepoint, **options)
    return readings.homology(complex_, base, reduced=reduced)


def _of_nothing(ring: Ring, reduced: bool) -> BigradedGroup:
    """Return the homology of the empty link, which has no component to be reduced."""
    if reduced:
        message = "the empty link has no component, so no reduced homology"
        raise DomainError(message, hint="ask for unreduced homology, the ring at (0, 0)")
    return BigradedGroup([(0, 1, 0, 0)], ring)
