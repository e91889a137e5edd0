"""The live server: the site on 127.0.0.1, with runs started, watched and stopped from the page.

Definition: a Starlette application (:mod:`app`) behind a guard (:mod:`guard`), runs in processes of their own (:mod:`live_runs`).
Convention: reads are open to this machine's browser, whatever changes something needs the token of the address.
"""

from __future__ import annotations

__all__: list[str] = []
