"""The Khovanov complex of a link as a value, and the action of a point on it.

Definition: the cube of resolutions, or a homotopy equivalent complex after the scan; labels are the quantum degrees, which d keeps.
Convention: degrees h and q are those of the homology; the Laplacian of a degree depends on the basis, its kernel over Q does not.
"""

from __future__ import annotations

from typing import Any

from erlangen.errors import DomainError
from erlangen.exact import ChainComplex, ChainMap, SparseMatrix
from erlangen.exact.ring import RingLike, parse_ring
from erlangen.topology.diagrams.link import Link
from erlangen.topology.khovanov import readings
from erlangen.topology.khovanov.cube import cube_complex
from erlangen.topology.khovanov.khovanov_homology import scanned

__all__ = ["basepoint_action", "khovanov_complex"]


def khovanov_complex(
    link: Link,
    ring: RingLike = "Z",
    *,
    simplified: bool = True,
    reduced: bool = False,
    deformed: bool = False,
    basepoint: int | None = None,
    max_memory: float | None = None,
    **options: Any,
) -> ChainComplex:
    """Return a cochain complex whose homology is Khovanov's, with labels q.

    Parameters
    ----------
    link : Link
        At least one component.
    ring : Ring or str
    simplified : bool
        The small complex that a scan leaves, or the whole cube of resolutions in its standard basis (up to about 12 crossings).
    reduced : bool
    deformed : bool
        Bar-Natan's complex at H = 1, which q filters; ``.spectral_sequence(2)`` of it over a field leads from Khovanov homology to its limit.
    basepoint : int, optional
        An edge of the component to be reduced.
    max_memory : float, optional
        Bytes; a larger estimate is refused beforehand.
    **options
        ``backend``, ``progress``, ``checkpoint`` for the scan.

    Returns
    -------
    ChainComplex
        With ``.laplacian(k)``, ``.coordinates()``, ``.cocycles(k)`` …

    Raises
    ------
    DomainError
        If the link has no component, or options for a scan are given for the cube.
    ResourceLimitError
        If the memory estimated is not there.

    References
    ----------
    D. Bar-Natan, math/0201043, section 3 (the cube); math/0606318 (the scan).

    Examples
    --------
    >>> from erlangen.topology import Link
    >>> trefoil = Link.from_braid([1, 1, 1])
    >>> print(khovanov_complex(trefoil))
    complex Z^2 -> Z^0 -> Z^2 -> Z^2 in degrees 0..3
    >>> print(khovanov_complex(trefoil, simplified=False))
    complex Z^4 -> Z^6 -> Z^12 -> Z^8 in degrees 0..3
    """
    base = parse_ring(ring)
    if not link.n_components:
        message = "the empty link's complex is the ring itself, without a component to cut"
        raise DomainError(message, hint="pass a link with at least one component")
    if simplified:
        complex_ = scanned(
            link, base, deformed=deformed, reduced=reduced, basepoint=basepoint, max_memory=max_memory, **options
        )
        return readings.complex_of(complex_, base, reduced=reduced, deformed=deformed)
    if options:
        message = f"{', '.join(sorted(options))} belong to the scan, not to the cube of resolutions"
        raise DomainError(message, hint="leave them out, or use simplified=True")
    return cube_complex(link, base, reduced=reduced, basepoint=basepoint or 0, deformed=deformed, max_memory=max_memory)


def basepoint_action(link: Link, ring: RingLike = "Z", *, basepoint: int = 0, **options: Any) -> ChainMap:
    r"""Return multiplication by X at a point of the link, a chain map of degree (0, -2) of the simplified complex to itself.

    .. math:: X^2 = 0, \qquad \operatorname{rank} X_* = \dim \widetilde{Kh}(L; \mathbb F_2) \text{ over } \mathbb F_2

    Parameters
    ----------
    link : Link
        Without split components that have no crossing.
    ring : Ring or str
    basepoint : int
        The edge with the point.
    **options
        ``max_memory``, ``backend``, ``progress``, ``checkpoint`` for the scan.

    Returns
    -------
    ChainMap

    Raises
    ------
    DomainError
        If there are several components and one has no crossing.

    References
    ----------
    M. Khovanov, Patterns in knot cohomology I, math/0201306, section 3; M. Hedden and Y. Ni, 1204.0960, section 2.

    Examples
    --------
    >>> from erlangen.topology import Link
    >>> X = basepoint_action(Link.from_braid([1, 1, 1]))
    >>> X.ranks("Q"), len(X.ranks("F2"))
    ({(0, 3): 1}, 3)
    """
    base = parse_ring(ring)
    complex_ = scanned(link, base, basepoint=basepoint, **options)
    if complex_.n_unknots:
        message = f"the link has {complex_.n_unknots} split unknots without crossings besides the marked component"
        raise DomainError(message, hint="take the tensor product with their homology yourself")
    whole = readings.complex_of(complex_, base, reduced=False)
    # generators come in pairs (1, X), one after the other in each degree
    steps = {k: SparseMatrix({(j + 1, j): 1 for j in range(0, n, 2)}, (n, n), base) for k, n in whole.modules.items()}
    return ChainMap(whole, whole, steps)
