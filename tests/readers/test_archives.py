"""Parquet, feeds, sitemaps and lists of addresses."""

from __future__ import annotations

import gzip
import random
import warnings
from datetime import date, datetime
from pathlib import Path

import pytest

from kg.errors import InputError
from kg.readers import Failure, count, numbered, read
from kg.readers.feeds import entries
from kg.readers.listing import Listed, listed, pages
from kg.types import Article

_STORY = (
    "The army said that about 5,000 people had left the city on Thursday, and that more would follow. "
    "Turkey put the figure at 8,000, and the Red Cross spoke of close to 1,000 civilians and 26 wounded."
)


_KINDS = ("x.txt", "x.html", "x.jsonl", "x.jsonl.gz", "x.warc", "x.warc.gz", "x.parquet", "x.rss", "x.atom")


def _whole(folder: Path) -> dict[str, bytes]:
    """A sound file of each kind."""
    page = f"<html><body><article><p>{_STORY}</p><p>{_STORY}</p></article></body></html>".encode()
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page
    warc = (
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://e.org/a\r\nWARC-Date: 2016-12-17T00:00:00Z\r\n"
        b"WARC-Record-ID: <urn:uuid:12345678-1234-1234-1234-123456789012>\r\n"
        b"Content-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n%b\r\n\r\n" % (len(http), http)
    )
    lines = b"\n".join([b'{"text": "%b"}' % _STORY.encode()] * 3)
    sound = {
        "x.txt": _STORY.encode(), "x.html": page, "x.jsonl": lines, "x.jsonl.gz": gzip.compress(lines), "x.warc": warc,
        "x.warc.gz": gzip.compress(warc), "x.rss": _RSS.encode(), "x.atom": _ATOM.encode(),
    }  # fmt: skip
    rows: list[dict[str, object]] = [{"text": _STORY}, {"text": _STORY}]
    return sound | {"x.parquet": table(folder / "sound.parquet", rows).read_bytes()}


@pytest.mark.parametrize("name", _KINDS)
def test_broken_files_are_failures_and_nothing_else(name: str, tmp_path: Path) -> None:
    for package in ("fastwarc", "feedparser", "pyarrow"):
        pytest.importorskip(package)
    sound = _whole(tmp_path)[name]
    path = tmp_path / name
    chance = random.Random(name)
    for n in range(25):
        data = bytearray(sound[: chance.randint(0, len(sound))] if n % 2 else sound)
        for _ in range(n % 5 * 3):
            if data:
                data[chance.randrange(len(data))] = chance.randrange(256)
        path.write_bytes(data)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = list(read([path]))
        assert all(isinstance(item, Article | Failure) for item in found)
        assert all("\n" not in str(f.error) for f in found if isinstance(f, Failure))


def table(path: Path, rows: list[dict[str, object]]) -> Path:
    arrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    parquet.write_table(arrow.Table.from_pylist(rows), path)
    return path


def test_parquet(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [
        {"id": "a7", "text": _STORY, "date": date(2016, 12, 16), "authors": ["Ann Lee", "Bo"], "vector": [1.0]},
        {"id": None, "text": _STORY + " Again.", "date": None, "authors": None, "vector": [2.0]},
        {"id": "x", "text": None, "date": None, "authors": None, "vector": [2.0]},
    ]
    path = table(tmp_path / "batch.parquet", rows)
    found = list(read([tmp_path]))
    good = [f for f in found if isinstance(f, Article)]
    assert [(a.id, a.published, a.authors) for a in good] == [
        ("a7", date(2016, 12, 16), ("Ann Lee", "Bo")),
        ("batch-2", None, ()),
    ]
    assert isinstance(found[2], Failure) and str(found[2].error).startswith(f"{path}:3: a string in the field 'text'")
    assert [p for p, _ in numbered([path], share=(1, 2))] == [1] and count([path]) is None


def test_parquet_with_a_field_map(tmp_path: Path) -> None:
    row = {"story": _STORY, "ts": datetime(2016, 12, 16, 10), "key": 7, "text": "short"}
    path = table(tmp_path / "batch.parquet", [row])
    found = next(iter(read([path], fields={"text": "story", "published": "ts", "id": "key"})))
    assert isinstance(found, Article) and (found.text, found.id, found.published) == (_STORY, "7", date(2016, 12, 16))
    too_long = next(iter(read([path], max_bytes=50, fields={"text": "story"})))
    assert isinstance(too_long, Failure) and "at most 50 characters" in str(too_long.error)


def test_a_file_that_is_no_parquet(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    path = tmp_path / "x.parquet"
    path.write_bytes(b"PAR1 nothing of the kind")
    (found,) = read([path])
    assert isinstance(found, Failure) and "a Parquet file was expected" in str(found.error)


_RSS = f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Example News</title><language>en-gb</language><link>https://example.org/</link>
<item><title>Thousands leave the city</title><link>https://example.org/world/leave.html</link>
<dc:creator>Ann Lee</dc:creator>
<pubDate>Fri, 16 Dec 2016 10:00:00 GMT</pubDate><description>In short.</description>
<content:encoded><![CDATA[<p>{_STORY}</p><p>{_STORY.replace("army", "navy")}</p>]]></content:encoded></item>
<item><title>Only a teaser</title><link>https://example.org/teaser</link><description>In short.</description></item>
<item><title>No address</title><description>{_STORY * 3}</description></item>
</channel></rss>"""
_ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>Example News</title><entry>
<title>Thousands leave</title><link href="https://example.org/leave"/><updated>2016-12-17T00:00:00Z</updated>
<published>2016-12-16T10:00:00Z</published><author><name>Ann Lee</name></author>
<content type="html">&lt;p&gt;{_STORY * 3}&lt;/p&gt;</content></entry></feed>"""


def test_rss(tmp_path: Path) -> None:
    pytest.importorskip("feedparser")
    path = tmp_path / "news.rss"
    path.write_text(_RSS, encoding="utf-8")
    story, teaser = read([tmp_path])
    assert isinstance(story, Article) and isinstance(teaser, Failure)
    assert (story.title, story.published, story.publisher) == (
        "Thousands leave the city",
        date(2016, 12, 16),
        "Example News",
    )
    assert (story.authors, story.url) == (("Ann Lee",), "https://example.org/world/leave.html")
    assert story.text.split("\n\n")[:2] == ["Thousands leave the city", _STORY]
    assert "found a summary" in str(teaser.error) and "https://example.org/teaser" in teaser.path
    assert "kg fetch" in str(teaser.error)


def test_atom(tmp_path: Path) -> None:
    pytest.importorskip("feedparser")
    path = tmp_path / "feed.xml"
    path.write_text(_ATOM, encoding="utf-8")
    (story,) = read([path])
    assert isinstance(story, Article) and (story.published, story.authors) == (date(2016, 12, 16), ("Ann Lee",))


def test_a_file_that_is_no_feed() -> None:
    pytest.importorskip("feedparser")
    with pytest.raises(InputError, match="RSS or Atom feed was expected"):
        entries(b"<html><body>no</body></html>", "x.rss")


_SITEMAP = b"""<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc> https://example.org/leave </loc><news:news><news:publication><news:name>Example News</news:name>
<news:language>en</news:language></news:publication><news:publication_date>2016-12-16T10:00:00Z</news:publication_date>
<news:title>Thousands leave</news:title></news:news></url><!-- x --><url><loc>https://example.org/2</loc></url>
<url><loc>javascript:alert(1)</loc></url></urlset>"""


def test_a_sitemap(tmp_path: Path) -> None:
    path = tmp_path / "news.xml.gz"
    path.write_bytes(gzip.compress(_SITEMAP))
    first, second = listed(path)
    assert (first.url, second) == ("https://example.org/leave", Listed("https://example.org/2"))
    assert (first.meta.title, first.meta.published) == ("Thousands leave", date(2016, 12, 16))
    assert (first.meta.publisher, first.meta.language) == ("Example News", "en")


def test_an_index_of_sitemaps() -> None:
    index = b"<sitemapindex xmlns='urn:x'><sitemap><loc>https://e.org/1.xml</loc></sitemap></sitemapindex>"
    assert pages(index, "x") == (Listed("https://e.org/1.xml", is_list=True),)


def test_a_feed_lists_its_pages() -> None:
    pytest.importorskip("feedparser")
    found = pages(_RSS.encode(), "x")
    assert [p.url for p in found] == ["https://example.org/world/leave.html", "https://example.org/teaser"]
    assert found[0].meta.published == date(2016, 12, 16)


def test_lines_of_addresses() -> None:
    found = pages(b"# mine\nhttps://e.org/1\n\n  http://e.org/2 # second\n", "x")
    assert [p.url for p in found] == ["https://e.org/1", "http://e.org/2"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"https://e.org/1\nftp://e.org/2", "list:2: an http or https address was expected"),
        (b"<urlset>", "XML with a fault"),
        (b"# nothing", "addresses was expected, found none"),
        (b"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'/>", "found none"),
    ],
)
def test_lists_with_faults(data: bytes, words: str) -> None:
    with pytest.raises(InputError) as raised:
        pages(data, "list")
    assert words in str(raised.value)


def test_no_entity_reads_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("https://e.org/secret")
    data = f"""<!DOCTYPE x [<!ENTITY s SYSTEM "file://{secret}">]>
        <urlset><url><loc>&s;</loc></url><url><loc>https://e.org/1</loc></url></urlset>"""
    assert [p.url for p in pages(data.encode(), "x")] == ["https://e.org/1"]


def test_entities_do_not_grow() -> None:
    grown = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    data = f'<!DOCTYPE x [<!ENTITY e0 "https://e.org/">{grown}]><urlset><url><loc>&e9;</loc></url></urlset>'
    with pytest.raises(InputError):
        pages(data.encode(), "x")
