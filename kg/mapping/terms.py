"""The ontology's terms that the mapping writes. A name that the ontology lacks fails here, at import."""

from __future__ import annotations

from pyoxigraph import NamedNode

from kg.ontology import DCTERMS, PROV, RDF, RDFS, SKOS, XSD, nc
from kg.types import ActorKind

TYPE = NamedNode(RDF + "type")
LABEL = NamedNode(RDFS + "label")
IDENTIFIER = NamedNode(DCTERMS + "identifier")
TITLE = NamedNode(DCTERMS + "title")
NOTATION = NamedNode(SKOS + "notation")
GENERATED_BY = NamedNode(PROV + "wasGeneratedBy")
DERIVED_FROM = NamedNode(PROV + "wasDerivedFrom")
ASSOCIATED_WITH = NamedNode(PROV + "wasAssociatedWith")
USED = NamedNode(PROV + "used")
STARTED = NamedNode(PROV + "startedAtTime")

INTEGER = NamedNode(XSD + "integer")
DECIMAL = NamedNode(XSD + "decimal")
BOOLEAN = NamedNode(XSD + "boolean")
DATE = NamedNode(XSD + "date")
DATETIME = NamedNode(XSD + "dateTime")

ARTICLE = nc("Article")
ARTICLE_GRAPH = nc("ArticleGraph")
SPAN = nc("Span")
SENTENCE = nc("Sentence")
STATEMENT = nc("Statement")
ATTRIBUTED = nc("AttributedStatement")
REPORT = nc("Report")
FIGURE = nc("Figure")
TIME_SCOPE = nc("TimeScope")
ACTOR = nc("Actor")
LOCATION = nc("Location")
EVENT = nc("Event")
LINK = nc("Link")
ACTOR_LINK = nc("ActorLink")
PLACE_LINK = nc("PlaceLink")
EVENT_LINK = nc("EventLink")
RUN = nc("Run")
SOFTWARE = nc("Software")
MODEL = nc("LanguageModel")
REJECTED = nc("RejectedCandidate")
COUNTED_KIND = nc("CountedKind")

ACTOR_CLASSES = {
    ActorKind.PERSON: (nc("Person"),),
    ActorKind.UNNAMED_PERSON: (nc("UnnamedPerson"), nc("Person")),
    ActorKind.ORGANIZATION: (nc("Organization"),),
    ActorKind.STATE: (nc("State"),),
    ActorKind.ARMED_GROUP: (nc("ArmedGroup"),),
    ActorKind.UNNAMED_GROUP: (nc("UnnamedGroup"),),
    ActorKind.DOCUMENT: (nc("SpeakingDocument"), nc("Document")),
}

IN_ARTICLE = nc("inArticle")
IN_SENTENCE = nc("inSentence")
CLAIMANT = nc("claimant")
CONVEYED_BY = nc("conveyedBy")
SOURCE_DOCUMENT = nc("sourceDocument")
ADDRESSEE = nc("addressee")
RESPONSIBLE = nc("attributesResponsibilityTo")
EMBEDDED_IN = nc("embeddedIn")
EXPRESSED_IN = nc("expressedIn")
ABOUT = nc("about")
QUOTATION_MODE = nc("quotationMode")
STATUS = nc("status")
RESOLUTION = nc("resolution")
HAS_FIGURE = nc("hasFigure")
PART_OF_FIGURE = nc("partOfFigure")
MEASURE = nc("measure")
COUNTS = nc("counts")
EXACTNESS = nc("exactness")
ORIGIN = nc("origin")
DESTINATION = nc("destination")
PLACE = nc("place")
AGENT = nc("agent")
TIME = nc("timeScope")
SAID_AT = nc("saidAt")
EXTRACTED_BY = nc("extractedBy")
EVENT_KIND = nc("eventKind")
CAUSE = nc("cause")
VEHICLE = nc("vehicle")

SPAN_OF = nc("span")
MENTION = nc("mention")
CONTENT_SPAN = nc("contentSpan")
CUE_SPAN = nc("cueSpan")
SOURCE_SPAN = nc("sourceSpan")
ANTECEDENT_SPAN = nc("antecedentSpan")
TRIGGER_SPAN = nc("triggerSpan")
AGENT_SPAN = nc("agentSpan")
CAUSE_SPAN = nc("causeSpan")
VEHICLE_SPAN = nc("vehicleSpan")
ADDRESSEE_SPAN = nc("addresseeSpan")
RESPONSIBLE_SPAN = nc("responsibleSpan")
AGENT_EVIDENCE = nc("agentEvidence")
CAUSE_EVIDENCE = nc("causeEvidence")
VEHICLE_EVIDENCE = nc("vehicleEvidence")
PLACE_ROLES = (
    (ORIGIN, nc("originSpan"), nc("originEvidence")),
    (DESTINATION, nc("destinationSpan"), nc("destinationEvidence")),
    (PLACE, nc("placeSpan"), nc("placeEvidence")),
)

START = nc("start")
END = nc("end")
EXACT = nc("exact")
SURFACE = nc("surfaceForm")
VALUE = nc("value")
LOW = nc("low")
HIGH = nc("high")
DERIVED = nc("derived")
TIMEX = nc("timex")
EARLIEST = nc("earliest")
LATEST = nc("latest")
NAME = nc("name")
ALIAS = nc("alias")
ROLE = nc("role")
AFFILIATION = nc("affiliationName")
LATITUDE = nc("latitude")
LONGITUDE = nc("longitude")
COUNTRY_CODE = nc("countryCode")
FEATURE_KIND = nc("featureKind")
GAZETTEER_ID = nc("gazetteerId")
TERRITORY = nc("territory")
CONFIDENCE = nc("confidence")
RULE = nc("rule")
REASON = nc("reason")
REJECTED_KIND = nc("rejectedKind")

PUBLISHED_ON = nc("publishedOn")
PUBLISHER_NAME = nc("publisherName")
AUTHOR_NAME = nc("authorName")
URL = nc("url")
SHA256 = nc("sha256")
LANGUAGE = nc("language")

IDENTIFIED_AS = nc("identifiedAs")
EVENT_PLACE = nc("eventPlace")
LINK_FROM = nc("linkFrom")
LINK_TO = nc("linkTo")
LINK_METHOD = nc("linkMethod")
RUNNER_UP = nc("runnerUp")
SOFTWARE_VERSION = nc("softwareVersion")
MODEL_NAME = nc("modelName")
MODEL_DIGEST = nc("modelDigest")
RULES_DIGEST = nc("rulesDigest")
SETTING = nc("setting")
