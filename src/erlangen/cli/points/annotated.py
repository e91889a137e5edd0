"""Point clouds in AnnData files (h5ad), as single-cell tools write them.

Definition: the points are ``X`` or, with ``--key``, an entry of ``obsm``; ``obs`` gives the labels and the names of the rows.
Convention: a result is written as ``obsm["X_METHOD"]`` of a copy of the file that was read, as scanpy does; anndata is the extra ``cells``.
"""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from erlangen.cli.lazy_group import suggestion
from erlangen.cli.points.arrays import numbered
from erlangen.cli.points.cloud import PointCloud, ReadOptions
from erlangen.errors import DomainError, ParseError
from erlangen.validation import check_matrix, check_memory, require

__all__ = ["read_h5ad", "write_h5ad"]


def _load(path: Path) -> Any:
    """Return the AnnData object of a file."""
    anndata = require("anndata", extra="cells", purpose=f"reading {path.name}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return anndata.read_h5ad(path)
    except PermissionError:
        raise
    except Exception as error:
        message = f"{path.name} cannot be read as h5ad: {' '.join(str(error).split())[:120]}"
        raise ParseError(message, hint="write it again with AnnData.write_h5ad") from error


def read_h5ad(path: Path, options: ReadOptions) -> PointCloud:
    """Read a point cloud from an h5ad file."""
    data = _load(path)
    key = options.key or "X"
    if key != "X" and key not in data.obsm:
        known = ["X", *map(str, data.obsm)]
        message = f"{path.name} has no obsm entry {key!r}"
        raise DomainError(message, hint=suggestion(key, known) or f"it has {', '.join(known)}")
    if options.drop:
        message = "--drop does not apply to h5ad files"
        raise DomainError(message, hint="choose the points with --key")
    matrix = data.X if key == "X" else data.obsm[key]
    if matrix is None:
        message = f"{path.name} has no X"
        raise DomainError(
            message, hint=f"choose an obsm entry with --key ({', '.join(map(str, data.obsm)) or 'there is none'})"
        )
    if hasattr(matrix, "toarray"):
        check_memory(
            16.0 * matrix.shape[0] * matrix.shape[1],
            f"{path.name}:{key} as a dense array",
            hint="reduce it first, e.g. by PCA, and use --key X_pca",
        )
        matrix = matrix.toarray()
    X = check_matrix(np.asarray(matrix), f"{path.name}:{key}")
    names = tuple(map(str, data.var_names)) if key == "X" else numbered(X.shape[1])
    notes = [f"points from {key if key == 'X' else f'obsm[{key!r}]'}, {X.shape[1]} columns"]
    if key == "X" and "X_pca" in data.obsm:
        notes.append("the file also holds obsm['X_pca'] (--key X_pca)")
    extras = {}
    if options.color is not None and (options.color in data.obs or not Path(options.color).is_file()):
        if options.color not in data.obs:
            columns = [str(c) for c in data.obs]
            message = f"--color: {path.name} has no obs column {options.color!r}"
            raise DomainError(
                message, hint=suggestion(options.color, columns) or f"it has {', '.join(columns[:8]) or 'none'}"
            )
        extras[options.color] = data.obs[options.color].tolist()
    return PointCloud(X, names, tuple(map(str, data.obs_names)), "index", extras, tuple(notes))


def write_h5ad(path: Path, Z: NDArray[np.floating], cloud: PointCloud, *, key: str, source: Path | None) -> None:
    """Write ``Z`` as ``obsm[key]``: into a copy of ``source`` if that is an h5ad file, else beside an empty table."""
    anndata = require("anndata", extra="cells", purpose=f"writing {path.name}")
    pandas = require("pandas", extra="cells", purpose=f"writing {path.name}")
    if source is not None and source.suffix.lower() == ".h5ad":
        data = _load(source)
    else:
        names = cloud.index or tuple(str(i) for i in range(cloud.n))
        data = anndata.AnnData(obs=pandas.DataFrame(index=list(names)))
    data.obsm[key] = Z
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        data.write_h5ad(path)
