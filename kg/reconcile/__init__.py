"""Figures of many articles on one event: grouped, compared, counted, without hiding who said what."""
