"""Pictures of diagrams.

Definition: each name is documented where it is defined.
Convention: SVG that inherits the colour of the text around it.
"""

from __future__ import annotations

__all__: list[str] = []
