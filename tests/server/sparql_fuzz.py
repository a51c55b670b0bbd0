"""Random SPARQL, most of it grammatical, and random HTTP requests. The same `Random` gives the same requests."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

_WORDS = ["boat", "human shields", "é", "x' OR 1=1", "💧", "", "\\", "a" * 300]
_NUMBERS = ["0", "1", "-7", "3.5", "1e400", "99999999999999999999", "-0.0", "1e-9"]
_IRIS = ["urn:s1", "urn:p", "urn:g1", "https://w3id.org/newsclaims/ontology#exact", "http://x/é", "a:", "urn:none"]
_FUNCTIONS = (
    "STR LANG DATATYPE IRI ABS CEIL FLOOR ROUND STRLEN UCASE LCASE ENCODE_FOR_URI YEAR MONTH DAY HOURS TZ MD5 SHA256 "
    "isIRI isBLANK isLITERAL isNUMERIC BOUND nc:distance nc:inBox xsd:integer xsd:dateTime xsd:boolean SUBJECT"
).split()
_TWO = "CONCAT STRSTARTS CONTAINS STRENDS STRBEFORE STRAFTER REGEX sameTerm LANGMATCHES STRDT STRLANG".split()
_AGGREGATES = "COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT".split()
_OPERATORS = "= != < > <= >= && || + - * / IN".split()
_PREFIX = "PREFIX nc: <https://w3id.org/newsclaims/ontology#> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> "


def query(chance: Random) -> str:
    """A query; now and then one with a fault."""
    text = _PREFIX + _form(chance)
    return _damaged(chance, text) if chance.random() < 0.25 else text


def _damaged(chance: Random, text: str) -> str:
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(text))
        kind = chance.randrange(4)
        if kind == 0:
            text = text[:at] + text[at + chance.randint(1, 5) :]
        elif kind == 1:
            text = text[:at] + chance.choice(["{", "}", "(", ")", '"', "'", "\\", "<", "#", "\0", "\u202e"]) + text[at:]
        elif kind == 2:
            text = text[:at] + text[at : at + 20] * chance.randint(2, 30) + text[at + 20 :]
        else:
            text = (
                text[:at] + chance.choice(["SELECT", "SERVICE <urn:x>", "LOAD", "FROM <urn:g1>", "\\u0053"]) + text[at:]
            )
    return text


def _form(chance: Random) -> str:
    where = _group(chance, 3)
    kind = chance.randrange(8)
    if kind == 0:
        return f"ASK {where}"
    if kind == 1:
        return f"DESCRIBE {_term(chance)} " + (where if chance.random() < 0.5 else "")
    if kind == 2:
        return f"CONSTRUCT {{ {_triples(chance)} }} WHERE {where} LIMIT {chance.randrange(50)}"
    if kind == 3:
        aggregate = chance.choice(_AGGREGATES)
        distinct = chance.choice(["", "DISTINCT "])
        return (
            f"SELECT ?a ({aggregate}({distinct}?b) AS ?n) WHERE {where} GROUP BY ?a HAVING ({_expression(chance, 2)})"
        )
    shown = chance.choice(["*", "?a ?b", f"({_expression(chance, 3)} AS ?x)", "DISTINCT ?a", "REDUCED ?b"])
    dataset = chance.choice(["", "", "", "FROM <urn:g1> ", "FROM NAMED <urn:g2> "])
    order = chance.choice(["", "", "ORDER BY ?a", f"ORDER BY DESC({_expression(chance, 2)})"])
    return f"SELECT {shown} {dataset}WHERE {where} {order} LIMIT {chance.randrange(200)} OFFSET {chance.randrange(9)}"


def _group(chance: Random, depth: int) -> str:
    parts = [_part(chance, depth) for _ in range(chance.randint(1, 3))]
    return "{ " + " ".join(parts) + " }"


def _part(chance: Random, depth: int) -> str:
    kind = chance.randrange(12) if depth > 0 else 0
    if kind <= 3:
        return _triples(chance)
    if kind == 4:
        return f"OPTIONAL {_group(chance, depth - 1)}"
    if kind == 5:
        return f"{_group(chance, depth - 1)} UNION {_group(chance, depth - 1)}"
    if kind == 6:
        return f"GRAPH {chance.choice(['?g', '<urn:g1>'])} {_group(chance, depth - 1)}"
    if kind == 7:
        return f"MINUS {_group(chance, depth - 1)}"
    if kind == 8:
        return f"FILTER({_expression(chance, 3)})"
    if kind == 9:
        return f"BIND({_expression(chance, 2)} AS ?x{chance.randrange(100)})"
    if kind == 10:
        return f"VALUES ?{chance.choice('abc')} {{ {' '.join(_ground(chance) for _ in range(chance.randrange(4)))} }}"
    return f"{{ SELECT ?a WHERE {_group(chance, depth - 1)} LIMIT 5 }}"


def _triples(chance: Random) -> str:
    if chance.random() < 0.05:
        return f'?a nc:textMatch "{chance.choice(["boat", "a b", "x*", "(", "shields OR"])}" .'
    return " ".join(f"{_term(chance)} {_path(chance)} {_term(chance)} ." for _ in range(chance.randint(1, 2)))


def _path(chance: Random) -> str:
    one = chance.choice(["<urn:p>", "?p", "a", "nc:exact", "!<urn:p>", "^<urn:p>"])
    if one == "?p" or chance.random() < 0.7:
        return one
    other = chance.choice(["<urn:p>", "nc:exact"])
    return chance.choice([f"{one}/{other}", f"({one}|{other})*", f"({other})+", f"({other})?", f"({one}|^{other})"])


def _term(chance: Random) -> str:
    return chance.choice(["?a", "?b", "?c", "?a", "_:x", _ground(chance), "<urn:s1>", "[]"])


def _ground(chance: Random) -> str:
    kind = chance.randrange(5)
    if kind == 0:
        return f"<{chance.choice(_IRIS)}>"
    if kind == 1:
        return chance.choice(_NUMBERS)
    if kind == 2:
        words = chance.choice(_WORDS).replace("\\", "\\\\").replace('"', '\\"')
        return f'"{words}"' + chance.choice(["", "@en", "^^xsd:date", "^^<urn:t>"])
    return chance.choice(["true", "<urn:s2>", '"2015-05-03T00:00:00Z"^^xsd:dateTime'])


def _expression(chance: Random, depth: int) -> str:
    kind = chance.randrange(8) if depth > 0 else 0
    if kind <= 2:
        return chance.choice(["?a", "?b", "?c", *_NUMBERS[:4], '"x"', "true"])
    if kind == 3:
        operator = chance.choice(_OPERATORS)
        if operator == "IN":
            return f"({_expression(chance, depth - 1)} IN ({_expression(chance, depth - 1)}, 1))"
        return f"({_expression(chance, depth - 1)} {operator} {_expression(chance, depth - 1)})"
    if kind == 4:
        return f"{chance.choice(_FUNCTIONS)}({_expression(chance, depth - 1)})"
    if kind == 5:
        return f"{chance.choice(_TWO)}({_expression(chance, depth - 1)}, {_expression(chance, depth - 1)})"
    if kind == 6:
        return f"{chance.choice(['', 'NOT '])}EXISTS {_group(chance, 1)}"
    return f"IF({_expression(chance, depth - 1)}, {_expression(chance, depth - 1)}, COALESCE(?a, 1))"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One HTTP request."""

    method: str
    path: str
    params: list[tuple[str, str]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None


_ACCEPT = [
    "*/*",
    "text/turtle",
    "text/html",
    "application/json",
    "application/ld+json;q=0.1, text/csv",
    "x",
    ";;q=,",
    "",
]
_SEGMENTS = ["article", "0" * 16, "statement-1-2", "..", "%00", "%2e%2e", "é", "a b", "x" * 300, "actor", "1.ttl", "-1"]
_TYPES = ["application/sparql-query", "application/x-www-form-urlencoded", "text/turtle", "multipart/form-data", "x/y"]


def attempt(chance: Random, paths: list[str]) -> Attempt:
    """A request: half of them queries, the rest anything to any of `paths` (`{name}` stands for a segment)."""
    if chance.random() < 0.5:
        headers = {"Accept": chance.choice(_ACCEPT), "Accept-Encoding": chance.choice(["identity", "gzip", "br"])}
        text = query(chance)
        if chance.random() < 0.5:
            return Attempt("GET", "/sparql", [("query", text), *_more(chance)], headers)
        headers["Content-Type"] = "application/sparql-query"
        return Attempt("POST", "/sparql", _more(chance), headers, text.encode("utf-8", "replace"))
    path = chance.choice(paths)
    while "{" in path:
        start, end = path.index("{"), path.index("}")
        path = path[:start] + "/".join(chance.choices(_SEGMENTS, k=chance.randint(1, 2))) + path[end + 1 :]
    headers = {"Accept": chance.choice(_ACCEPT)}
    body = None
    if chance.random() < 0.3:
        headers["Content-Type"] = chance.choice(_TYPES)
        body = bytes(chance.choices(range(256), k=chance.randrange(200)))
    if chance.random() < 0.1:
        headers["Authorization"] = chance.choice(["Bearer x", "Basic eDp5", "Bearer", "x" * 500])
    method = chance.choice(["GET", "GET", "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"])
    return Attempt(method, path, _more(chance), headers, body)


def _more(chance: Random) -> list[tuple[str, str]]:
    names = ["graph", "default", "format", "generation", "default-graph-uri", "q", "page", "lang", "x", "from", "to"]
    values = ["", "1", "-1", "csv", "urn:g1", "é", "0", "x" * 200, "'", "2015-01-01", "\x7f", "%"]
    count = chance.choice([0, 0, 0, 1, 2])
    return [(chance.choice(names), chance.choice(values)) for _ in range(count)]
