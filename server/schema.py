"""What search engines read in a page: schema.org terms as JSON-LD, text that no label can break out of."""

from __future__ import annotations

import json
from typing import Any

from markupsafe import Markup

from server.holdings import Article, Claim

_CONTEXT = "https://schema.org"
_ESCAPED = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})


def written(fields: dict[str, Any]) -> Markup:
    """The JSON of a data block: no sign in it can end the block."""
    kept = {"@context": _CONTEXT} | {name: value for name, value in fields.items() if value not in (None, [], "")}
    return Markup(json.dumps(kept, ensure_ascii=False).translate(_ESCAPED))  # noqa: S704 - every < is escaped


def article(found: Article, claims: int) -> Markup:
    """An article: what it is, not what it says."""
    publisher = {"@type": "Organization", "name": found.publisher} if found.publisher else None
    fields = {
        "@type": "NewsArticle",
        "@id": found.iri,
        "headline": found.title,
        "datePublished": found.published,
        "publisher": publisher,
        "inLanguage": found.language,
        "url": found.url if (found.url or "").startswith(("https://", "http://")) else None,
        "interactionStatistic": {"@type": "QuantitativeValue", "name": "claims", "value": claims},
    }
    return written(fields)


def claim(found: Claim) -> Markup:
    """A claim: its words, who makes it, where it appears."""
    author = {"@type": "Thing", "@id": found.actor, "name": found.source} if found.source else None
    if author and not found.actor:
        del author["@id"]
    fields = {
        "@type": "Claim",
        "@id": found.iri,
        "name": found.label,
        "text": found.words,
        "author": author,
        "appearance": {"@type": "NewsArticle", "@id": found.article.iri, "headline": found.article.title},
        "temporal": found.first,
        "spatial": [{"@type": "Place", "@id": place.iri, "name": place.name} for place in found.places],
    }
    return written(fields)


def thing(kind: str, iri: str, label: str, **more: Any) -> Markup:
    """A place, an actor or an event by its name."""
    return written({"@type": kind, "@id": iri, "name": label, **more})


def dataset(root: str, articles: int, generation: int) -> Markup:
    """The whole collection."""
    fields = {
        "@type": "Dataset",
        "name": "Claims of news articles",
        "description": f"Who said what, how many, where, and the very words that say so: {articles} articles.",
        "url": f"{root}/",
        "version": str(generation),
        "distribution": [{"@type": "DataDownload", "encodingFormat": "text/turtle", "contentUrl": f"{root}/sparql"}],
    }
    return written(fields)
