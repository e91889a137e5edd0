"""Bar-Natan homology over F[H], its spectral sequence, Lee's, and the orders of their torsion.

Definition: the Frobenius algebra F[H][X]/(X^2 - H X) (Bar-Natan, math/0410495, section 9.3); at H = 1 it is filtered by q.
Convention: H has degree -2. Reduced is X = 0: a knot has one tower F[H], generated at q = s; F[H]/H^k is a differential of page k.
"""

from __future__ import annotations

from typing import Any

from erlangen.errors import DomainError
from erlangen.exact import GradedModule, SpectralSequence
from erlangen.exact.ring import Ring, RingLike, parse_ring
from erlangen.topology.diagrams.link import Link
from erlangen.topology.khovanov import readings
from erlangen.topology.khovanov.khovanov_homology import scanned

__all__ = ["bar_natan_homology", "field", "lee_pages", "spectral_sequence", "x_torsion_order"]


def field(ring: RingLike) -> Ring:
    """Return the field, or refuse a ring that is none."""
    base = parse_ring(ring)
    if not base.is_field:
        message = f"F[H] needs a field, got {base}: over {base}[H] homology is no sum of cyclic modules"
        raise DomainError(message, hint="use 'Q', 'F2', 'F3', ...")
    return base


def bar_natan_homology(
    link: Link, ring: RingLike = "Q", *, reduced: bool = True, basepoint: int | None = None, **options: Any
) -> GradedModule:
    """Return Bar-Natan's homology as a module over F[H]: towers and torsion.

    Parameters
    ----------
    link : Link
        At least one component.
    ring : Ring or str
        A field. Over Q the scan runs over Z, so that the result is exact.
    reduced : bool
        Set X = 0 on the component of ``basepoint`` (default), or keep the whole theory.
    basepoint : int, optional
        An edge.
    **options
        ``max_memory``, ``backend``, ``progress``, ``checkpoint``, ``threads`` as in :func:`khovanov_homology`.

    Returns
    -------
    GradedModule
        2^(c-1) towers in the reduced theory of c components, 2^c in the other.

    Raises
    ------
    DomainError
        If the ring is no field.

    References
    ----------
    D. Bar-Natan, math/0410495, sec. 9.3; R. Naot, math/0603347; P. Turner, math/0411225 (F = F_2).

    Examples
    --------
    >>> from erlangen.topology import Link
    >>> print(bar_natan_homology(Link.from_braid([1, 1, 1])))
    Q[H](0, 2) + Q[H]/H(3, 8)
    """
    base = field(ring)
    complex_ = scanned(link, base, deformed=True, reduced=reduced, basepoint=basepoint, **options)
    return readings.bar_natan(complex_, base, reduced=reduced)


def spectral_sequence(
    link: Link, ring: RingLike = "Q", *, reduced: bool = True, basepoint: int | None = None, **options: Any
) -> SpectralSequence:
    """Return the spectral sequence from Khovanov homology (page 1) to Bar-Natan's homology at H = 1; d_r raises q by 2 r.

    Parameters
    ----------
    link, ring, reduced, basepoint, **options
        As :func:`bar_natan_homology`.

    Examples
    --------
    >>> from erlangen.topology import Link
    >>> pages = spectral_sequence(Link.from_braid([1, 1, 1]))
    >>> pages.page(1), pages.limit
    ({(0, 2): 1, (2, 6): 1, (3, 8): 1}, {(0, 2): 1})
    """
    return SpectralSequence.of_module(bar_natan_homology(link, ring, reduced=reduced, basepoint=basepoint, **options))


def lee_pages(link: Link, ring: RingLike = "Q", **options: Any) -> SpectralSequence:
    """Return Lee's spectral sequence from unreduced Khovanov homology, over a field where 2 is not 0; d_r raises q by 4 r.

    Lee's algebra X^2 = 1 and Bar-Natan's X^2 = H X at H = 2 differ by X -> X + 1, which keeps the filtration; so the complexes
    are isomorphic as filtered ones, and every torsion order of the latter is even.

    Raises
    ------
    DomainError
        If the ring is no field or has characteristic 2.

    References
    ----------
    E. S. Lee, math/0210213; J. Rasmussen, math/0402131, section 2; M. Mackaay, P. Turner and P. Vaz, math/0509692.

    Examples
    --------
    >>> from erlangen.topology import Link
    >>> print(lee_pages(Link.from_braid([1, 1, 1])))
    limit: (0, 1), (0, 3)
    d_1: (2, 5) -> (3, 9)
    """
    base = field(ring)
    if base.characteristic == 2:
        message = (
            "Lee's homology over F2 is not that of a deformation with canonical generators: X^2 = 1 is (X + 1)^2 = 0"
        )
        raise DomainError(message, hint="use spectral_sequence(link, 'F2')")
    module = bar_natan_homology(link, base, reduced=False, **options)
    return SpectralSequence.of_module(module, unit=4)


def x_torsion_order(link: Link, ring: RingLike = "Q", **options: Any) -> int:
    """Return the least k with H^k torsion = 0 in reduced Bar-Natan homology, a lower bound for the unknotting number of a knot.

    Parameters
    ----------
    link, ring, **options
        As :func:`bar_natan_homology`.

    References
    ----------
    A. Alishahi, Unknotting number and Khovanov homology, Pacific J. Math. 301 (2019), over F_2; A. Alishahi and N. Dowlin, The Lee
    spectral sequence, unknotting number, and the knight move conjecture, Topology Appl. 254 (2019).

    Examples
    --------
    >>> from erlangen.topology import Link
    >>> x_torsion_order(Link.from_braid([1, 1, 1])), x_torsion_order(Link.from_braid([1]))
    (1, 0)
    """
    return bar_natan_homology(link, ring, **options).torsion_order
