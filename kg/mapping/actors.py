"""The article's own nodes of actors and places."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from pyoxigraph import NamedNode, Triple

from kg.mapping import iris, terms
from kg.mapping.frame import (
    Frame,
    actor_fragment,
    described,
    node,
    place_node,
    role_names,
    shorten,
    sources,
    spanned,
    tagged,
    text,
)
from kg.types import ActorKind, Place, Reading, Report, Source, Span


@dataclass(frozen=True, slots=True)
class Named:
    """One use of an actor's name somewhere in a reading."""

    fragment: str
    name: str
    kind: ActorKind | None
    first: bool = False  # the actor list's own name, which goes before all others
    mentions: tuple[Span, ...] = ()
    aliases: tuple[str, ...] = ()
    role: str | None = None
    affiliation: str | None = None


def uses(frame: Frame, reading: Reading) -> Iterator[Named]:
    """Every use of an actor: in the actor list, as a source, in a role."""
    for actor in reading.actors:
        fragment = actor_fragment(frame, actor.name, actor.kind)
        yield Named(fragment, actor.name, _kind(frame, actor.name), True, actor.mentions, actor.aliases, actor.role)
    for source in sources(reading):
        fragment = actor_fragment(frame, source.name, source.kind)
        yield _source(fragment, source, _kind(frame, source.name))
    for statement in reading.statements:
        if statement.document:
            fragment = f"actor-{iris.actor_name(statement.document.name, ActorKind.DOCUMENT)}"
            yield _source(fragment, statement.document, ActorKind.DOCUMENT)
    for role in role_names(reading):
        yield Named(actor_fragment(frame, role), role, _kind(frame, role))


def _source(fragment: str, source: Source, kind: ActorKind | None) -> Named:
    return Named(fragment, source.name, kind, role=source.role, affiliation=source.affiliation)


def _kind(frame: Frame, name: str) -> ActorKind | None:
    return frame.kinds.get(iris.slug(name))


def actors(frame: Frame, reading: Reading) -> dict[str, tuple[Named, ...]]:
    """Fragment of each actor -> its uses, the one with the best name first."""
    found: dict[str, list[Named]] = {}
    for use in uses(frame, reading):
        found.setdefault(use.fragment, []).append(use)
    return {f: tuple(sorted(u, key=lambda n: (not n.first, -len(n.name), n.name))) for f, u in sorted(found.items())}


def actor_rows(frame: Frame, reading: Reading) -> Iterator[Triple]:
    """All triples of the article's actors."""
    for fragment, named in actors(frame, reading).items():
        subject, best = node(frame, fragment), named[0]
        classes = terms.ACTOR_CLASSES[best.kind] if best.kind else ()
        yield from described(
            subject,
            (terms.ACTOR, *classes),
            tagged(shorten(best.name), frame.language),
            (terms.IN_ARTICLE, NamedNode(frame.iri)),
            (terms.NAME, text(best.name)),
        )
        for use in named:
            for alias in (use.name, *use.aliases):
                if alias != best.name:
                    yield Triple(subject, terms.ALIAS, text(alias))
            if use.role:
                yield Triple(subject, terms.ROLE, text(use.role))
            if use.affiliation:
                yield Triple(subject, terms.AFFILIATION, text(use.affiliation))
            for span in use.mentions:
                yield from spanned(frame, subject, terms.MENTION, span)


def report_places(report: Report) -> tuple[Place, ...]:
    """The places that a report names, in the order origin, destination, place."""
    return tuple(place for place in (report.origin, report.destination, report.place) if place)


def _all_places(reading: Reading) -> Iterator[Place]:
    yield from reading.places
    for report in reading.reports:
        yield from report_places(report)


def places(reading: Reading) -> dict[str, Place]:
    """Fragment of each place of a reading -> the place; what several uses say of it is put together."""
    found: dict[str, Place] = {}
    for place in _all_places(reading):
        fragment = iris.place_fragment(place)
        found[fragment] = _merged(found.get(fragment, place), place)
    return dict(sorted(found.items()))


def _merged(one: Place, two: Place) -> Place:
    """One place of two uses; which comes first makes no difference to its name and rival."""
    rivals = [place.runner_up for place in (one, two) if place.runner_up]
    known = one if one.latitude is not None else two
    return replace(known, name=min(one.name, two.name), span=None, runner_up=min(rivals, default=None))


def place_rows(frame: Frame, reading: Reading) -> Iterator[Triple]:
    """All triples of the article's places."""
    names = places(reading)
    for fragment, place in names.items():
        yield from described(
            node(frame, fragment),
            (terms.LOCATION,),
            tagged(shorten(place.name), frame.language),
            (terms.IN_ARTICLE, NamedNode(frame.iri)),
            (terms.NAME, text(place.name)),
        )
    for place in _all_places(reading):
        subject = place_node(frame, place)
        if place.name != names[iris.place_fragment(place)].name:
            yield Triple(subject, terms.ALIAS, text(place.name))
        yield from spanned(frame, subject, terms.MENTION, place.span)
