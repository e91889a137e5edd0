"""The page: the papers as a journal that runs.

Definition: :func:`build` writes a static site that opens from disk; :func:`serve` shows the same pages on 127.0.0.1, with live runs.
Convention: both show the resources of one :class:`Site`; names load when first used (PEP 562), and neither loads torch or NumPy to boot.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from erlangen.gallery.catalogue import Catalogue
    from erlangen.gallery.server.app import create_app
    from erlangen.gallery.server.serve import serve
    from erlangen.gallery.site import Site
    from erlangen.gallery.static_site import build
    from erlangen.gallery.thumbnails import thumbnail

_HOMES = {
    "Catalogue": "catalogue",
    "Site": "site",
    "build": "static_site",
    "create_app": "server.app",
    "serve": "server.serve",
    "thumbnail": "thumbnails",
}

__all__ = ["Catalogue", "Site", "build", "create_app", "serve", "thumbnail"]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"erlangen.gallery.{_HOMES[name]}"), name)
    message = f"module 'erlangen.gallery' has no attribute {name!r}"
    raise AttributeError(message)


def __dir__() -> list[str]:
    return sorted(__all__)
