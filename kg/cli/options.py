"""Settings as the command line changes them."""

from __future__ import annotations

from kg.errors import UsageError
from kg.settings import Settings


def settings(base: str | None = None, model: str | None = None) -> Settings:
    """Settings from the environment, with what the command line gives in place of them. Raises UsageError."""
    try:
        found = Settings()
    except ValueError as e:
        raise UsageError(f"settings in NEWSCLAIMS_… that make sense were expected: {' '.join(str(e).split())}") from e
    changes = {name: value for name, value in (("base", base), ("model", model)) if value}
    found = found.model_copy(update=changes)
    if not found.base.startswith(("http://", "https://", "urn:")) or not found.base.endswith(("/", "#", ":")):
        raise UsageError(f"a base IRI that ends in '/' was expected, found {found.base!r}", hint="correct --base")
    if any(c in found.base for c in ' <>"{}|\\^`'):
        raise UsageError(f"a base IRI was expected, found {found.base!r}", hint="correct --base")
    return found


def pairs(given: list[str], option: str) -> dict[str, str]:
    """`name=value` arguments as a dictionary. Raises UsageError naming the option."""
    for pair in given:
        if "=" not in pair:
            raise UsageError(f"name=value was expected after {option}, found {pair!r}", hint=f"{option} name=value")
    return dict(pair.split("=", 1) for pair in given)
