"""Namespaces that the store itself knows: worker processes start without the ontology and the settings."""

from __future__ import annotations

NAMESPACE = "https://w3id.org/newsclaims/ontology#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
DCTERMS = "http://purl.org/dc/terms/"
