"""The points of a run for the viewer: a cloud in space on one side, its embedding on the other.

Definition: arrays ``points3d`` (n, 3), ``embedding`` or ``embedding_t_<t>`` (n, 2), ``colors`` (n,), ``distances`` (m, n), ``distance_sources`` (m,).
Convention: coordinates travel as 16-bit steps in a script (a page from disk cannot fetch); at most 6000 points and 400 rows of distances are shown.
"""

from __future__ import annotations

import json
import re
from typing import Any

from erlangen.gallery.downloads import decode_numbers, pack16

__all__ = ["has_points", "points_script"]

_SERIES = re.compile(r"embedding_t_([0-9.eE+-]+)")
_POINTS, _ROWS = 6000, 400


def has_points(names: set[str]) -> bool:
    """Return whether a run with arrays of these names can be shown by the viewer.

    Examples
    --------
    >>> has_points({"points3d", "embedding"}), has_points({"points3d"}), has_points({"embedding_t_0.5"})
    (True, False, True)
    """
    return "embedding" in names or any(_SERIES.fullmatch(name) for name in names)


def _columns(blobs: dict[str, bytes], name: str, width: int, count: int | None) -> tuple[int, list[float]] | None:
    """Return the number of rows and the entries of an array ``(n, width)``; None if it has another shape."""
    if name not in blobs:
        return None
    shape, entries = decode_numbers(blobs[name], name)
    fits = len(shape) == 2 and shape[1] >= width and 0 < shape[0] <= _POINTS and count in (None, shape[0])
    if not fits:
        return None
    kept = [entries[row * shape[1] + column] for row in range(shape[0]) for column in range(width)]
    return shape[0], kept


def _series(blobs: dict[str, bytes]) -> list[tuple[float, str]]:
    found = []
    for name in blobs:
        match = _SERIES.fullmatch(name)
        if match:
            try:
                found.append((float(match.group(1)), name))
            except ValueError:
                continue
    return sorted(found)


def _distances(blobs: dict[str, bytes], count: int) -> dict[str, Any] | None:
    """Return the stored rows of distances; without ``distance_sources`` row i belongs to point i."""
    if "distances" not in blobs:
        return None
    shape, entries = decode_numbers(blobs["distances"], "distances")
    if len(shape) != 2 or shape[1] != count or not 0 < shape[0] <= _ROWS:
        return None
    sources = list(range(shape[0]))
    if "distance_sources" in blobs:
        _, given = decode_numbers(blobs["distance_sources"], "distance_sources")
        sources = [int(x) for x in given]
    if len(sources) != shape[0] or not all(0 <= source < count for source in sources):
        return None
    return {"sources": sources, **pack16(entries)}


def points_script(blobs: dict[str, bytes]) -> str | None:
    """Return the script that hands the points to the viewer, None where there is nothing to show."""
    frames: list[dict[str, Any]] = []
    count: int | None = None
    for t, name in _series(blobs) or ([(0.0, "embedding")] if "embedding" in blobs else []):
        found = _columns(blobs, name, 2, count)
        if found is not None:
            count = found[0]
            frames.append({"t": t if name != "embedding" else None, **pack16(found[1])})
    if count is None:
        return None
    space = _columns(blobs, "points3d", 3, count)
    document: dict[str, Any] = {"count": count, "frames": frames, "space": None if space is None else pack16(space[1])}
    if "colors" in blobs:
        shape, entries = decode_numbers(blobs["colors"], "colors")
        if shape and shape[0] == count and len(entries) == count:
            document["colours"] = pack16(entries)
    document["distances"] = _distances(blobs, count)
    return f"window.erlangenPoints={json.dumps(document, separators=(',', ':'))};\n"
