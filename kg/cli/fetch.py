"""`kg fetch`: the pages that lists name, as files with sidecars that `kg build` reads."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from kg.cli.messages import say
from kg.errors import InputError
from kg.readers.articles import Meta
from kg.readers.fetch import NORMAL, Limits, Robots, robots
from kg.readers.fetch import fetch as page_at
from kg.readers.listing import Listed, listed, pages
from kg.readers.warc import name_of

_PAGES = frozenset({"text/html", "application/xhtml+xml"})
# A host that asks for longer pauses than this is left for another day.
_LONGEST_PAUSE = 60.0
_LISTS_DEEP = 3  # a sitemap index may name sitemaps, and servers exist whose indexes name themselves


def fetch(lists: list[Path], to: Path, pause: float, most: int, limits: Limits = NORMAL) -> int:
    """Fetch what is not there yet; the exit code is 1 if a page could not be had."""
    to.mkdir(parents=True, exist_ok=True)
    hosts: dict[str, Robots] = {}
    last: dict[str, float] = {}

    def polite(url: str) -> bytes:
        return _polite(url, pause, limits, hosts, last)

    done = failed = there = 0
    for item in _in_turn(_wanted(lists, polite)):
        target = to / f"{name_of(item.url)}.html"
        if target.exists():
            there += 1
            continue
        if done + failed >= most:
            break
        try:
            body = polite(item.url)
        except InputError as e:
            failed += 1
            say(f"not fetched: {e}")
            continue
        _keep(target, body, item)
        done += 1
    say(f"{to}: {done:,} pages fetched, {there:,} were there, {failed:,} not fetched")
    return int(failed > 0)


def _polite(url: str, pause: float, limits: Limits, hosts: dict[str, Robots], last: dict[str, float]) -> bytes:
    """The body of a page, after its host's rules and pause. Raises InputError where it may or can not be had."""
    try:
        page = page_at(url, limits, may=lambda asked: _wait(asked, pause, limits, hosts, last))
    finally:
        last[_host(url)] = time.monotonic()
    if page.status != 200:
        raise InputError(f"a page was expected, the server answered {page.status}", where=url, hint="leave it out")
    is_list = page.body.lstrip()[:5] == b"<?xml" or page.kind.endswith("xml")
    if page.kind not in _PAGES and not is_list:
        raise InputError(f"a page in HTML was expected, found {page.kind!r}", where=url, hint="leave it out")
    return page.body


def _host(url: str) -> str:
    return "{0.scheme}://{0.netloc}".format(urlsplit(url))


def _wait(url: str, pause: float, limits: Limits, hosts: dict[str, Robots], last: dict[str, float]) -> None:
    """Return when the host may be asked again. Raises InputError if the page may not be asked for."""
    host = _host(url)
    if host not in hosts:
        hosts[host] = robots(url, limits)
        last[host] = time.monotonic()
    if not hosts[host].allows(url):
        raise InputError("a page that robots.txt allows was expected, it does not", where=url, hint="leave it out")
    wanted = max(pause, hosts[host].pause)
    if wanted > _LONGEST_PAUSE:
        message = f"a host with pauses of at most {_LONGEST_PAUSE:g} s was expected, it asks for {wanted:g} s"
        raise InputError(message, where=url, hint="ask for its archive instead")
    time.sleep(max(0.0, last[host] + wanted - time.monotonic()))
    last[host] = time.monotonic()


def _wanted(lists: list[Path], polite: Callable[[str], bytes]) -> Iterator[Listed]:
    """The pages of all lists, and of the sitemaps that they name, each once."""
    seen: set[str] = set()
    waiting = [(item, 0) for path in lists for item in listed(path)]
    while waiting:
        item, depth = waiting.pop(0)
        if item.url in seen:
            continue
        seen.add(item.url)
        if not item.is_list:
            yield item
        elif depth < _LISTS_DEEP:
            try:
                waiting += [(inner, depth + 1) for inner in pages(polite(item.url), item.url)]
            except InputError as e:
                say(f"not fetched: {e}")


def _in_turn(items: Iterator[Listed]) -> Iterator[Listed]:
    """One page of each host after the other, so that the pauses of one are spent with the others."""
    by_host: dict[str, list[Listed]] = {}
    for item in items:
        by_host.setdefault(urlsplit(item.url).netloc, []).append(item)
    while by_host:
        for host in list(by_host):
            yield by_host[host].pop(0)
            if not by_host[host]:
                del by_host[host]


def _keep(target: Path, body: bytes, item: Listed) -> None:
    """The sidecar first: a page that is there has one."""
    sidecar = target.with_suffix(".meta.json")
    sidecar.write_text(json.dumps(_known(item.url, item.meta), ensure_ascii=False) + "\n", encoding="utf-8")
    part = target.with_suffix(".part")
    part.write_bytes(body)
    part.replace(target)


def _known(url: str, meta: Meta) -> dict[str, object]:
    found = {
        "url": url,
        "title": meta.title,
        "published": meta.published.isoformat() if meta.published else None,
        "publisher": meta.publisher,
        "authors": list(meta.authors) or None,
        "language": meta.language,
    }
    return {name: value for name, value in found.items() if value}
