"""The values that flow through newsclaims. All frozen; all offsets are Unicode code points.

Spans are half-open `[start, end)` and always refer to `Article.text` as stored.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open stretch of an article's text, in code points."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"a span needs 0 <= start < end, found [{self.start}, {self.end})")

    def of(self, text: str) -> str:
        """The words of this span in `text`."""
        return text[self.start : self.end]

    def covers(self, other: Span) -> bool:
        """True if `other` lies inside this span."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        """True if the two spans share at least one code point."""
        return self.start < other.end and other.start < self.end


class ZoneKind(StrEnum):
    """What a stretch of an article is. Claims are read from `HEADLINE` and `BODY` only."""

    HEADLINE = "headline"
    BODY = "body"
    BYLINE = "byline"  # author, agency credit, "Additional reporting by"
    DATELINE = "dateline"
    CAPTION = "caption"
    CREDIT = "credit"
    WEATHER = "weather"
    RELATED = "related"
    PROMPT = "prompt"  # comment, share and subscribe prompts
    REPEAT = "repeat"  # the same line again
    NAVIGATION = "navigation"


READABLE = frozenset({ZoneKind.HEADLINE, ZoneKind.BODY})


@dataclass(frozen=True, slots=True)
class Zone:
    """One paragraph-like block of an article; zones are disjoint, in text order."""

    span: Span
    kind: ZoneKind


@dataclass(frozen=True, slots=True)
class Article:
    """A news article as stored. `text` is never changed after reading; its SHA-256 is the identity."""

    id: str  # the file's stem or the given id
    text: str
    sha256: str  # of `text` in UTF-8, lower-case hexadecimal
    zones: tuple[Zone, ...]
    title: str | None = None  # given by sidecar or page, never guessed
    published: date | None = None
    publisher: str | None = None
    authors: tuple[str, ...] = ()
    url: str | None = None
    language: str = "en"
    origin: str | None = None  # where it was read from: path, WARC record, line


class QuotationMode(StrEnum):
    DIRECT = "direct"
    MIXED = "mixed"
    INDIRECT = "indirect"


class Status(StrEnum):
    """Factuality of what is reported, relative to its source."""

    HAPPENED = "happened"
    ORDERED = "ordered"
    PLANNED = "planned"
    EXPECTED = "expected"
    POSSIBLE = "possible"
    ATTEMPTED = "attempted"
    CANCELLED = "cancelled"
    DENIED = "denied"


class Exactness(StrEnum):
    EXACT = "exact"
    AT_LEAST = "at_least"
    MORE_THAN = "more_than"
    UP_TO = "up_to"
    NEARLY = "nearly"
    ABOUT = "about"
    BETWEEN = "between"
    VAGUE = "vague"


class ActorKind(StrEnum):
    PERSON = "person"
    ORGANIZATION = "organization"
    STATE = "state"
    ARMED_GROUP = "armed_group"
    UNNAMED_GROUP = "unnamed_group"  # "activists", "residents", "government officials"
    UNNAMED_PERSON = "unnamed_person"  # "a rescue service spokesman"
    DOCUMENT = "document"  # "the letter", "a report": speaks for its authors


class Resolution(StrEnum):
    """How a mention was led to the name it stands for."""

    NAME = "name"  # the name stands here
    SHORT_NAME = "short_name"  # "Kerry", "Mr Tusk"
    ACRONYM = "acronym"  # "IRCS"
    PRONOUN = "pronoun"  # "he", "it"
    NOMINAL = "nominal"  # "the ministry", "the agency"
    ELIDED = "elided"  # "... and said B"
    FLOATING = "floating"  # a quotation that continues the last speaker
    DESCRIPTION = "description"  # unnamed: the words are all there is


@dataclass(frozen=True, slots=True)
class Source:
    """Who says something (or acts), resolved within the article."""

    name: str  # fullest form the article prints, without title; or the noun phrase if unnamed
    kind: ActorKind
    span: Span | None  # the words at this place; None when elided or floating
    resolution: Resolution
    antecedent: Span | None = None  # where `name` is printed, when not here
    role: str | None = None  # "US Secretary of State", as printed
    affiliation: str | None = None  # "Reuters", "IRCS", as printed


@dataclass(frozen=True, slots=True)
class Actor:
    """One actor of an article: all its mentions under one name."""

    key: str  # "a1"…, stable for one article text
    name: str
    kind: ActorKind
    mentions: tuple[Span, ...]
    role: str | None = None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """A place as printed, and what the gazetteer makes of it."""

    name: str  # as printed, shortest full name ("Aleppo")
    span: Span | None  # where this claim's words name it
    inherited: str | None = None  # None: named in the clause; else "sentence", "previous_sentence", "article"
    gazetteer_id: str | None = None  # "geonames:170063", "iso3166:SY"
    latitude: float | None = None
    longitude: float | None = None
    country: str | None = None  # ISO 3166-1 alpha-2
    feature: str | None = None  # city, province, country, region ...
    runner_up: str | None = None  # gazetteer id of the next best candidate


@dataclass(frozen=True, slots=True)
class TimeScope:
    """Time words, and what they resolve to when the publication date is known."""

    text: str
    span: Span
    earliest: date | None = None
    latest: date | None = None
    timex: str | None = None  # TIMEX3 value, "XXXX-WXX-4" when unresolved


@dataclass(frozen=True, slots=True)
class Role:
    """Words that fill a role of an event: agent, cause, vehicle."""

    text: str
    span: Span
    name: str | None = None  # resolved name, where it differs from the words
    inherited: str | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """A count of people as the words give it. Bounds are literal; None where the words give none."""

    span: Span
    text: str
    value: int | None
    low: int | None
    high: int | None
    exactness: Exactness
    counts: str  # people, civilians, fighters, children, women, wounded, patients, households, homes ...
    derived: bool = False  # "expected to double": computed, not printed


@dataclass(frozen=True, slots=True)
class Statement:
    """Somebody's speech or writing reported by the article: source - cue - content."""

    content: Span
    mode: QuotationMode
    source: Source | None  # None: the words name nobody at all ("it was reported that")
    cue: Span | None
    rule: str  # what found it
    confidence: float
    status: Status | None = None  # modality of the content as a whole, where marked
    parent: int | None = None  # index of the statement this one is embedded in
    conveyed_by: Source | None = None  # agency or document that passed it on
    document: Source | None = None  # the letter, report or statement it was made in
    addressee: Role | None = None
    responsible: Role | None = None  # whom it holds responsible ("accused X of")
    said_at: TimeScope | None = None  # when it was said


@dataclass(frozen=True, slots=True)
class Report:
    """One thing said about people moved out of danger, left in it, or harmed."""

    event: str  # lexicon name: "evacuation", "casualty", ...
    measure: str  # lexicon measure: "evacuated", "killed", ...
    status: Status
    trigger: Span
    rule: str
    confidence: float
    figure: Figure | None = None
    counts: str = "people"
    part_of: int | None = None  # index of the report whose figure this one is a stated part of
    statement: int | None = None  # index of the attributed statement whose content holds it
    source: Source | None = None  # None: the article's own voice
    origin: Place | None = None
    destination: Place | None = None
    place: Place | None = None
    agent: Role | None = None
    cause: Role | None = None
    vehicle: Role | None = None
    time: TimeScope | None = None


@dataclass(frozen=True, slots=True)
class Rejected:
    """A candidate that was not taken, and why."""

    kind: str  # "statement", "report"
    span: Span
    reason: str
    rule: str


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was read from one article. Indexes in claims refer to these tuples."""

    article: Article
    sentences: tuple[Span, ...]
    statements: tuple[Statement, ...]
    reports: tuple[Report, ...]
    actors: tuple[Actor, ...] = ()
    places: tuple[Place, ...] = ()
    rejected: tuple[Rejected, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """What produced a reading: enough to repeat it."""

    software: str  # "newsclaims 0.1.0"
    model: str  # model name and version
    model_digest: str  # SHA-256 of the model's files
    rules_digest: str  # SHA-256 of lexicons, tables and code that decide
    started: str | None = None  # xsd:dateTime; None keeps the output reproducible
    settings: tuple[tuple[str, str], ...] = field(default=())
