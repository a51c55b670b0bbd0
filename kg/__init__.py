"""newsclaims: who said what, how many, where - and the very words that say so."""

__version__ = "0.1.0"
