# Takes one article out of a store: its graph, links, events, inferences and provenance, and the shared nodes that
# no other article leads to. Put the article's IRI for $ARTICLE. What is left is the store without that article.
PREFIX nc: <https://w3id.org/newsclaims/ontology#>
PREFIX prov: <http://www.w3.org/ns/prov#>

# What `kg reconcile` decided with its claims: comparisons, estimates, speeches, candidates. It is decided anew.
DELETE { GRAPH ?links { ?link ?property ?value } }
WHERE {
  GRAPH ?told { ?node nc:inArticle $ARTICLE }
  GRAPH ?links { { ?link nc:linkTo ?node } UNION { ?link nc:basis ?node } ?link ?property ?value }
} ;
DELETE { GRAPH ?links { ?node nc:renders ?speech . ?speech ?property ?value . ?link ?kind ?what } }
WHERE {
  GRAPH ?told { ?own nc:inArticle $ARTICLE }
  GRAPH ?links { ?own nc:renders ?speech . ?node nc:renders ?speech . ?speech ?property ?value
    OPTIONAL { ?link nc:linkTo ?speech ; ?kind ?what } }
} ;
DELETE { GRAPH ?links { ?link ?property ?value . ?part nc:partOfEvent ?whole } }
WHERE {
  GRAPH ?told { ?claim nc:inArticle $ARTICLE }
  GRAPH ?links { ?claim nc:about ?event .
    { ?link nc:linkFrom ?event } UNION { ?link a nc:SubEventLink ; nc:linkTo ?event }
      UNION { ?link a nc:CandidateLink ; nc:linkTo ?event }
    ?link nc:linkFrom ?part ; nc:linkTo ?whole ; ?property ?value }
} ;

# Candidates of actors that only this article names.
DELETE { GRAPH ?links { ?link ?property ?value } }
WHERE {
  GRAPH ?told { ?node nc:inArticle $ARTICLE }
  GRAPH ?links { ?node nc:identifiedAs ?shared . ?link a nc:CandidateLink ; nc:linkFrom|nc:linkTo ?shared ; ?property ?value }
  FILTER NOT EXISTS {
    GRAPH ?l1 { ?other nc:identifiedAs ?shared }
    GRAPH ?g1 { ?other nc:inArticle ?another } FILTER (?another != $ARTICLE)
  }
} ;

# The land of a state that only this article speaks of.
DELETE { GRAPH ?entities { ?land ?property ?value } }
WHERE {
  GRAPH ?told { ?node nc:inArticle $ARTICLE }
  GRAPH ?links { ?node nc:identifiedAs ?state }
  GRAPH ?entities { ?state nc:territory ?land . ?land ?property ?value }
  FILTER NOT EXISTS {
    GRAPH ?l1 { ?other nc:identifiedAs ?shared } FILTER (?shared = ?land || ?shared = ?state)
    GRAPH ?g1 { ?other nc:inArticle ?another } FILTER (?another != $ARTICLE)
  }
} ;

# Shared actors and places that only this article leads to; a state's land stays while the state does.
DELETE { GRAPH ?entities { ?shared ?property ?value } }
WHERE {
  GRAPH ?told { ?node nc:inArticle $ARTICLE }
  GRAPH ?links { ?node nc:identifiedAs ?shared }
  FILTER NOT EXISTS {
    GRAPH ?l1 { ?other nc:identifiedAs ?shared }
    GRAPH ?g1 { ?other nc:inArticle ?another } FILTER (?another != $ARTICLE)
  }
  FILTER NOT EXISTS {
    GRAPH ?e2 { ?state nc:territory ?shared }
    GRAPH ?l2 { ?speaker nc:identifiedAs ?state }
    GRAPH ?g2 { ?speaker nc:inArticle ?elsewhere } FILTER (?elsewhere != $ARTICLE)
  }
  GRAPH ?entities { ?shared ?property ?value }
  FILTER (?entities != ?told)
} ;

# Events that only this article's claims are about.
DELETE { GRAPH ?links { ?event ?property ?value } }
WHERE {
  GRAPH ?told { ?claim nc:inArticle $ARTICLE }
  GRAPH ?links { ?claim nc:about ?event . ?event ?property ?value }
  FILTER NOT EXISTS {
    GRAPH ?l1 { ?other nc:about ?event }
    GRAPH ?g1 { ?other nc:inArticle ?another } FILTER (?another != $ARTICLE)
  }
} ;

# The links themselves, and what follows from the article.
DELETE { GRAPH ?links { ?link ?property ?value } }
WHERE {
  GRAPH ?told { ?node nc:inArticle $ARTICLE }
  GRAPH ?links { ?link nc:linkFrom ?node ; ?property ?value }
} ;
DELETE { GRAPH ?beside { ?node ?property ?value } }
WHERE {
  GRAPH ?told { ?node nc:inArticle $ARTICLE }
  GRAPH ?beside { ?node ?property ?value } FILTER (?beside != ?told)
} ;

# What ties the article to its copies and to the one it copies.
DELETE { GRAPH ?links { ?link ?property ?value } }
WHERE { GRAPH ?links { { ?link nc:linkFrom $ARTICLE } UNION { ?link nc:linkTo $ARTICLE } ?link ?property ?value } } ;
DELETE WHERE { GRAPH ?links { ?copy nc:copyOf $ARTICLE } } ;
DELETE WHERE { GRAPH ?links { ?later nc:revisionOf $ARTICLE } } ;

DELETE { GRAPH ?beside { $ARTICLE ?property ?value } }
WHERE {
  GRAPH ?provenance { ?graph prov:wasDerivedFrom $ARTICLE }
  GRAPH ?beside { $ARTICLE ?property ?value } FILTER (?beside != ?graph)
} ;

# The run, its software and its model, if nothing else came from them.
DELETE { GRAPH ?provenance { ?what ?property ?value } }
WHERE {
  GRAPH ?provenance {
    ?graph prov:wasDerivedFrom $ARTICLE ; prov:wasGeneratedBy ?run .
    ?run (prov:wasAssociatedWith|prov:used)? ?what .
    ?what ?property ?value .
    FILTER NOT EXISTS { ?other prov:wasGeneratedBy ?run FILTER (?other != ?graph) }
    FILTER NOT EXISTS { ?later prov:wasAssociatedWith|prov:used ?what FILTER (?later != ?run) }
  }
} ;

# The article's own graph, and where it came from.
DELETE { GRAPH ?graph { ?node ?property ?value } }
WHERE {
  GRAPH ?provenance { ?graph prov:wasDerivedFrom $ARTICLE }
  GRAPH ?graph { ?node ?property ?value }
} ;
DELETE { GRAPH ?provenance { ?graph ?property ?value } }
WHERE { GRAPH ?provenance { ?graph prov:wasDerivedFrom $ARTICLE ; ?property ?value } }
