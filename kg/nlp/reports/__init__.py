"""Reports: one thing said about people moved out of danger, left in it, or harmed."""

from kg.nlp.reports.extract import reports

__all__ = ["reports"]
