"""Fetching: public addresses only, robots.txt and pauses obeyed, nothing endless. Against a server of our own."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from kg.cli import fetch as command
from kg.errors import InputError
from kg.readers import fetch as net
from kg.readers import read
from kg.readers.fetch import Limits, fetch, public_address, robots
from kg.types import Article

_STORY = "The army said that about 5,000 people had left the city on Thursday, and that more would follow. "
_PAGE = (
    "<html lang=en><head><title>Leaving</title></head><body><article><h1>Leaving</h1>"
    f"<p>{_STORY * 4}</p></article></body></html>"
)


@dataclass
class Site:
    """What a server of ours answers, and what it was asked."""

    pages: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    slow: frozenset[str] = frozenset()
    asked: list[tuple[float, str]] = field(default_factory=list)
    port: int = 0

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def limits(self) -> Limits:
        return Limits(bytes=100_000, seconds=2.0, allowed=frozenset({f"127.0.0.1:{self.port}"}))

    def page(self, path: str, body: bytes = _PAGE.encode(), status: int = 200, **headers: str) -> str:
        named = {"Content-Type": "text/html"} | {k.replace("_", "-"): v for k, v in headers.items()}
        self.pages[path] = (status, named, body)
        return self.root + path


@pytest.fixture
def site() -> Iterator[Site]:
    served = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            served.asked.append((time.monotonic(), self.path))
            status, headers, body = served.pages.get(self.path, (404, {}, b""))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if "Content-Length" not in headers:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            try:
                for i in range(len(body) if self.path in served.slow else 0):
                    self.wfile.write(body[i : i + 1])
                    time.sleep(0.05)
                if self.path not in served.slow:
                    self.wfile.write(body)
            except OSError:
                return

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    served.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield served
    server.shutdown()
    server.server_close()
    thread.join()


def refused(url: str, limits: Limits) -> str:
    with pytest.raises(InputError) as raised:
        fetch(url, limits)
    return str(raised.value)


def test_a_page_and_its_kind(site: Site) -> None:
    found = fetch(site.page("/a?q=1 2", Content_Type="text/html; charset=utf-8"), site.limits)
    assert found.status == 404  # a space may not stand in a request: it was quoted
    found = fetch(site.page("/a?q=1"), site.limits)
    assert (found.status, found.kind, found.body) == (200, "text/html", _PAGE.encode())
    assert (
        fetch(site.page("/z", gzip.compress(_PAGE.encode()), Content_Encoding="gzip"), site.limits).body == found.body
    )


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "10.1.2.3", "192.168.0.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1",  # noqa: S104
     "[::1]", "[::ffff:127.0.0.1]", "[fe80::1]", "[fc00::1]", "[2002:7f00:1::]", "[64:ff9b::7f00:1]", "2130706433"],
)  # fmt: skip
def test_addresses_that_are_not_public(host: str) -> None:
    assert "a public address was expected" in refused(f"http://{host}/", Limits())


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("ftp://example.org/", "an http or https address"),
        ("http://user:word@example.org/", "without a user's name"),
        ("http://example.org:8080/", "the usual port was expected, found 8080"),
        ("http://example.org:99999/", "an http or https address"),
        ("http:///x", "an http or https address"),
        ("http://exa mple.org/", "an http or https address"),
        ("http://no-such-host.invalid/", "is not known"),
    ],
)
def test_addresses_with_faults(url: str, words: str) -> None:
    assert words in refused(url, Limits())


def test_one_private_address_among_public_ones_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 80)) for ip in ("93.184.216.34", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: rows)
    with pytest.raises(InputError, match=r"is 10\.0\.0\.1"):
        public_address("example.org", 80, "x")


def test_the_checked_address_is_the_one_connected_to(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that leads elsewhere at the second look gains nothing: there is no second look."""
    answers = iter(["127.0.0.1", "10.0.0.1"])
    real = socket.getaddrinfo

    def once(host: str, port: int, **kwargs: Any) -> Any:
        assert host == "news.example"
        return real(next(answers), port, **kwargs)

    monkeypatch.setattr(net.socket, "getaddrinfo", once)
    real_connect = socket.create_connection
    seen: list[Any] = []
    monkeypatch.setattr(
        net.socket,
        "create_connection",
        lambda where, **k: seen.append(where) or _connect(where, k["timeout"]),
    )
    assert real_connect
    site.page("/a")
    limits = Limits(allowed=frozenset({f"news.example:{site.port}"}))
    assert fetch(f"http://news.example:{site.port}/a", limits).status == 200
    assert seen == [("127.0.0.1", site.port)]


def _connect(where: tuple[str, int], timeout: float) -> socket.socket:
    connection = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    connection.settimeout(timeout)
    connection.connect(where)
    return connection


def test_redirects_are_followed_checked_and_counted(site: Site) -> None:
    site.page("/new")
    assert fetch(site.page("/old", status=301, Location="/new"), site.limits).url == f"{site.root}/new"
    inside = site.page("/in", status=302, Location="http://169.254.169.254/latest/meta-data")
    assert "a public address was expected, '169.254.169.254'" in refused(inside, site.limits)
    assert "an http or https address" in refused(
        site.page("/f", status=302, Location="file:///etc/passwd"), site.limits
    )
    assert "at most 5 redirects" in refused(site.page("/loop", status=302, Location="/loop"), site.limits)


def test_pages_that_are_too_large_or_grow_when_unpacked(site: Site) -> None:
    assert "at most 100,000 bytes" in refused(site.page("/big", b"x" * 200_000), site.limits)
    bomb = gzip.compress(b"0" * 50_000_000)
    assert len(bomb) < 100_000
    assert "at most 100,000 bytes" in refused(site.page("/bomb", bomb, Content_Encoding="gzip"), site.limits)


def test_slow_and_broken_answers_end(site: Site) -> None:
    url = site.page("/slow", b"x" * 1000)
    site.slow = frozenset({"/slow"})
    begun = time.monotonic()
    refused(url, site.limits)
    assert time.monotonic() - begun < 4 * site.limits.seconds
    assert "the request failed" in refused(site.page("/cut", b"half", Content_Length="1000"), site.limits)
    assert "'br'" in refused(site.page("/br", b"x", Content_Encoding="br"), site.limits)
    assert "the request failed" in refused(site.page("/gz", b"no gzip", Content_Encoding="gzip"), site.limits)


def test_robots(site: Site) -> None:
    pytest.importorskip("protego")
    assert robots(site.root, site.limits).allows(f"{site.root}/x")  # 404: nothing is forbidden
    rules = b"User-agent: *\nDisallow: /no\nAllow: /no/but\nDisallow: /*.pdf$\nCrawl-delay: 3\n"
    site.page("/robots.txt", rules)
    found = robots(site.root, site.limits)
    allowed = [found.allows(site.root + p) for p in ("/yes", "/no", "/no/but", "/a.pdf")]
    assert (allowed, found.pause) == ([True, False, True, False], 3.0)
    site.page("/robots.txt", b"", status=503)
    assert not robots(site.root, site.limits).allows(f"{site.root}/yes")
    assert not robots("http://no-such-host.invalid/", site.limits).allows("http://no-such-host.invalid/x")


def test_the_command_fetches_politely_and_only_once(
    site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("protego")
    site.page("/robots.txt", b"User-agent: newsclaims\nDisallow: /private\n")
    urls = [site.page(p) for p in ("/one", "/two.html", "/private/three")]
    urls.append(site.page("/moved", status=302, Location="/private/four"))
    urls.append(site.page("/doc", b"%PDF", Content_Type="application/pdf"))
    site.page("/sitemap.xml", f"<urlset><url><loc>{urls[0]}</loc></url></urlset>".encode(), Content_Type="text/xml")
    index = f"<sitemapindex><sitemap><loc>{site.root}/sitemap.xml</loc></sitemap></sitemapindex>"
    (tmp_path / "index.xml").write_text(index)
    (tmp_path / "list.txt").write_text("\n".join([*urls, urls[0], f"{site.root}/gone"]))
    lists, to = [tmp_path / "list.txt", tmp_path / "index.xml"], tmp_path / "pages"
    assert command.fetch(lists, to, 0.15, 100, site.limits) == 1
    said = capsys.readouterr().err
    assert "2 pages fetched, 0 were there, 4 not fetched" in said
    assert said.count("robots.txt") == 2 and "answered 404" in said and "application/pdf" in said
    times = [t for t, path in site.asked if path != "/robots.txt"]
    assert all(b - a >= 0.14 for a, b in pairwise(times))
    assert [p for _, p in site.asked].count("/one") == 1 and "/private/three" not in [p for _, p in site.asked]
    found = [a for a in read([to]) if isinstance(a, Article)]
    assert {a.url for a in found} == set(urls[:2]) and all(_STORY.strip() in a.text for a in found)
    asked = len(site.asked)
    command.fetch([tmp_path / "list.txt"], to, 0.15, 1, site.limits)
    assert "2 were there" in capsys.readouterr().err and len(site.asked) <= asked + 2
