"""Attribution: who says what, and by which words (source - cue - content)."""

from __future__ import annotations

from kg.nlp.attribution.assemble import statements

__all__ = ["statements"]
