"""HTTP for newsclaims: SPARQL, graph store, linked data and pages. Never imports spaCy."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from server.serve import serve

__all__ = ["serve"]


def __getattr__(name: str) -> object:
    """Load `serve` when it is asked for: worker processes import this package and need no web framework."""
    if name == "serve":
        from server.serve import serve

        return serve
    raise AttributeError(name)
