# Takes out runs that no graph comes from any more, and the software and models that no run used.
# Replace BASE (ends in "/") before running.
PREFIX nc: <https://w3id.org/newsclaims/ontology#>
PREFIX prov: <http://www.w3.org/ns/prov#>
DELETE { GRAPH <BASEgraph/provenance> { ?run ?property ?value } }
WHERE {
  GRAPH <BASEgraph/provenance> { ?run a nc:Run ; ?property ?value }
  FILTER NOT EXISTS { GRAPH <BASEgraph/provenance> { ?graph prov:wasGeneratedBy ?run } }
} ;
DELETE { GRAPH <BASEgraph/provenance> { ?thing ?property ?value } }
WHERE {
  VALUES ?kind { nc:Software nc:LanguageModel }
  GRAPH <BASEgraph/provenance> { ?thing a ?kind ; ?property ?value }
  FILTER NOT EXISTS { GRAPH <BASEgraph/provenance> { ?run prov:wasAssociatedWith|prov:used ?thing } }
}
