"""Readers: files, folders, pages and records as articles, with what is news in them told from what is not."""

from kg.readers.articles import Failure, Meta, article
from kg.readers.files import count, numbered, read
from kg.readers.layout import masked, paragraphs
from kg.readers.zones import zones

__all__ = ["Failure", "Meta", "article", "count", "masked", "numbered", "paragraphs", "read", "zones"]
