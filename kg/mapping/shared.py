"""What articles share: entities, the links that lead to them, and where graphs come from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Triple

from kg.linking import gazetteer, states
from kg.mapping import iris, terms
from kg.mapping.actors import Named, actors, places
from kg.mapping.claims import report_nodes
from kg.mapping.frame import ENGLISH, Frame, decimal, described, node, place_node, shorten, tagged, text
from kg.ontology import event_class, single_act
from kg.types import ActorKind, Place, Reading, Report, Run

# How far a method is trusted to have found the right shared node. Fixed by hand, not measured.
_STATE_TABLE = 0.95
_SAME_NAME = {ActorKind.PERSON: 0.8, ActorKind.ORGANIZATION: 0.8, ActorKind.STATE: 0.8, ActorKind.ARMED_GROUP: 0.6}
_ONE_WORD = 0.5  # a person known by one word only
_GAZETTEER, _GAZETTEER_RIVAL, _SAME_PLACE_NAME = 0.9, 0.7, 0.5
_SAME_KIND_AND_PLACE, _SAME_KIND = 0.7, 0.5
_OWN_ACT = 0.9


@dataclass(frozen=True, slots=True)
class Decision:
    """What one link rests on."""

    kind: NamedNode
    method: str
    confidence: float


def _link(frame: Frame, subject: NamedNode, target: NamedNode, decision: Decision) -> Iterator[Triple]:
    fragment = subject.value.partition("#")[2]
    yield from described(
        node(frame, f"link-{fragment}"),
        (terms.LINK, decision.kind),
        tagged(shorten(f"{fragment} → {target.value.removeprefix(frame.base)}", 200), ENGLISH),
        (terms.LINK_FROM, subject),
        (terms.LINK_TO, target),
        (terms.LINK_METHOD, text(decision.method)),
        (terms.CONFIDENCE, decimal(decision.confidence)),
        (terms.EXTRACTED_BY, frame.run),
    )


def _is_name(use: Named) -> bool:
    """True for a name that another article may print for the same actor; descriptions are none."""
    return use.kind in _SAME_NAME and any(c.isupper() or c.isdigit() for c in use.name)


def _shared_actor(frame: Frame, use: Named) -> tuple[NamedNode, str, str, float]:
    """The shared node of a named actor, its name, the method and the confidence."""
    state = states.state_meant(use.name) if use.kind is ActorKind.STATE else None
    name = state.name if state else use.name
    shared = NamedNode(f"{frame.base}id/actor/{iris.actor_name(name, use.kind)}")
    if state:
        return shared, name, "state_table", _STATE_TABLE
    one_word = use.kind is ActorKind.PERSON and " " not in name.strip()
    return shared, name, "same_name", _ONE_WORD if one_word else _SAME_NAME[use.kind or ActorKind.PERSON]


def actor_links(frame: Frame, reading: Reading) -> Iterator[Triple]:
    """From the article's named actors to the shared ones."""
    for fragment, named in actors(frame, reading).items():
        if _is_name(named[0]):
            shared, _, method, confidence = _shared_actor(frame, named[0])
            subject = node(frame, fragment)
            yield Triple(subject, terms.IDENTIFIED_AS, shared)
            yield from _link(frame, subject, shared, Decision(terms.ACTOR_LINK, method, confidence))


def shared_place(frame: Frame, place: Place) -> NamedNode:
    """The shared node of a place."""
    return NamedNode(f"{frame.base}id/place/{iris.place_name(place)}")


def place_links(frame: Frame, reading: Reading) -> Iterator[Triple]:
    """From the article's places to the shared ones."""
    for place in places(reading).values():
        subject, shared = place_node(frame, place), shared_place(frame, place)
        yield Triple(subject, terms.IDENTIFIED_AS, shared)
        method, confidence = "same_name", _SAME_PLACE_NAME
        if place.gazetteer_id:
            method, confidence = "gazetteer", _GAZETTEER_RIVAL if place.runner_up else _GAZETTEER
        yield from _link(frame, subject, shared, Decision(terms.PLACE_LINK, method, confidence))
        if place.runner_up:
            link = node(frame, f"link-{iris.place_fragment(place)}")
            yield Triple(link, terms.RUNNER_UP, text(place.runner_up))


def event_node(frame: Frame, report: Report, known: dict[str, Place]) -> tuple[NamedNode, Place | None]:
    """The event that a report is about, one for each kind and place of an article or each single act; its place."""
    named = report.origin or report.place
    place = known[iris.place_fragment(named)] if named else None
    name = f"{report.event}-{iris.place_name(place)}" if place else report.event
    if single_act(report.event):
        name = f"{name}-{iris.offsets(report.trigger)}"
    return NamedNode(f"{frame.base}id/event/{iris.short(frame.article.sha256)}/{iris.slug(name)}"), place


def event_links(frame: Frame, reading: Reading) -> Iterator[Triple]:
    """From reports to the events that they are about, and the events."""
    known = places(reading)
    for subject, report in zip(report_nodes(frame, reading), reading.reports, strict=True):
        event, place = event_node(frame, report, known)
        yield Triple(subject, terms.ABOUT, event)
        method = "same_kind_and_place" if place else "same_kind"
        confidence = _SAME_KIND_AND_PLACE if place else _SAME_KIND
        if single_act(report.event):
            method, confidence = "own_act", _OWN_ACT
        yield from _link(frame, subject, event, Decision(terms.EVENT_LINK, method, confidence))
        kind = report.event.replace("_", " ").capitalize()
        label = f"{kind}, {_place_name(place)}" if place else kind
        yield from described(event, (terms.EVENT, event_class(report.event)), tagged(label, ENGLISH))
        if place:
            yield Triple(event, terms.EVENT_PLACE, shared_place(frame, place))


def _place_name(place: Place) -> str:
    """The gazetteer's name of a known place, so that all articles write the same label; else as printed."""
    if place.gazetteer_id:
        for candidate in gazetteer.lookup(place.name):
            if candidate.entry.id == place.gazetteer_id:
                return candidate.entry.name
    return place.name


def entity_rows(frame: Frame, reading: Reading) -> Iterator[Triple]:
    """The shared actors and places that the article's links lead to."""
    for named in actors(frame, reading).values():
        if _is_name(named[0]):
            yield from _shared_actor_rows(frame, named[0])
    for place in places(reading).values():
        name = _place_name(place)
        subject = shared_place(frame, place)
        yield from described(subject, (terms.LOCATION,), tagged(name, ENGLISH), (terms.NAME, text(name)))
        yield from _where(subject, place)


def _shared_actor_rows(frame: Frame, use: Named) -> Iterator[Triple]:
    subject, name, _, _ = _shared_actor(frame, use)
    classes = terms.ACTOR_CLASSES[use.kind] if use.kind else ()
    yield from described(subject, (terms.ACTOR, *classes), tagged(name, ENGLISH), (terms.NAME, text(name)))
    state = states.state_meant(use.name) if use.kind is ActorKind.STATE else None
    if state:
        identifier, known_as = _land(state)
        land = NamedNode(f"{frame.base}id/place/{iris.slug(identifier)}")
        yield Triple(subject, terms.TERRITORY, land)
        pairs = ((terms.NAME, text(known_as)), (terms.GAZETTEER_ID, text(identifier)))
        yield from described(land, (terms.LOCATION,), tagged(known_as, ENGLISH), *pairs)


def _land(state: states.State) -> tuple[str, str]:
    """Identifier and name of a state's land: the country of the gazetteer that places resolve to, if it is there."""
    for candidate in gazetteer.lookup(state.name):
        if candidate.entry.feature == "country" and candidate.entry.country == state.iso:
            return candidate.entry.id, candidate.entry.name
    return f"iso3166:{state.iso}", state.name


def _where(subject: NamedNode, place: Place) -> Iterator[Triple]:
    if not place.gazetteer_id:
        return
    known: tuple[tuple[NamedNode, str | None], ...] = (
        (terms.GAZETTEER_ID, place.gazetteer_id),
        (terms.COUNTRY_CODE, place.country),
        (terms.FEATURE_KIND, place.feature),
    )
    yield from (Triple(subject, predicate, text(value)) for predicate, value in known if value)
    if place.latitude is not None and place.longitude is not None:
        yield Triple(subject, terms.LATITUDE, decimal(place.latitude, 5))
        yield Triple(subject, terms.LONGITUDE, decimal(place.longitude, 5))


def provenance_rows(frame: Frame, graph: NamedNode, run: Run) -> Iterator[Triple]:
    """Which article and which run the graph comes from, and what the run was."""
    software = NamedNode(f"{frame.base}id/software/{iris.slug(run.software)}")
    model = NamedNode(f"{frame.base}id/model/{iris.slug(run.model)}-{run.model_digest[:8] or 'unknown'}")
    yield from described(
        graph,
        (terms.ARTICLE_GRAPH,),
        tagged(f"graph of article {frame.article.id}", ENGLISH),
        (terms.DERIVED_FROM, NamedNode(frame.iri)),
        (terms.GENERATED_BY, frame.run),
    )
    yield from described(software, (terms.SOFTWARE,), tagged(run.software, ENGLISH))
    model_digest = (terms.MODEL_DIGEST, text(run.model_digest))
    yield from described(model, (terms.MODEL,), tagged(run.model, ENGLISH), model_digest)
    yield from described(
        frame.run,
        (terms.RUN,),
        tagged(f"run of {run.software} with {run.model}", ENGLISH),
        (terms.ASSOCIATED_WITH, software),
        (terms.USED, model),
        (terms.SOFTWARE_VERSION, text(run.software)),
        (terms.MODEL_NAME, text(run.model)),
        model_digest,
        (terms.RULES_DIGEST, text(run.rules_digest)),
        *((terms.SETTING, text(f"{name}={value}")) for name, value in run.settings),
    )
    if run.started:
        yield Triple(frame.run, terms.STARTED, Literal(run.started, datatype=terms.DATETIME))
