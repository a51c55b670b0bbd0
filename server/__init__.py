"""HTTP for newsclaims: SPARQL, graph store, linked data and pages. Never imports spaCy."""
