"""Files, folders, pages and records: what is read, and the one line a user gets when it cannot be."""

from __future__ import annotations

import gzip
import json
import logging
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import InputError
from kg.readers import Failure, count, read
from kg.readers.decode import decode
from kg.readers.language import detect
from kg.types import Article

_STORY = (
    "The army said that about 5,000 people had left the city on Thursday, and that more would follow.\n\n"
    "Turkey put the figure at 8,000, and the Red Cross spoke of close to 1,000 civilians and 26 wounded.\n"
)


def one(path: Path, **options: int) -> Article | Failure:
    found = list(read([path], **options))
    assert len(found) == 1
    return found[0]


def good(path: Path) -> Article:
    found = one(path)
    assert isinstance(found, Article), found
    return found


def message(path: Path, **options: int) -> str:
    found = one(path, **options)
    assert isinstance(found, Failure), found
    text = str(found.error)
    assert "\n" not in text and str(path.parent) in text and " - " in text
    return text


@pytest.fixture
def story(tmp_path: Path) -> Path:
    path = tmp_path / "story.txt"
    path.write_text(_STORY, encoding="utf-8")
    return path


def test_a_text_file(story: Path) -> None:
    found = good(story)
    assert (found.id, found.text, found.published, found.language, found.origin) == (
        "story",
        _STORY,
        None,
        "en",
        str(story),
    )


def test_line_ends_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_bytes(_STORY.replace("\n", "\r\n").encode())
    assert good(path).text.count("\r\n") == 3


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_encodings_with_a_mark(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "x.txt"
    path.write_bytes(("“Café”\n\n" + _STORY).encode(encoding))
    assert good(path).text == "“Café”\n\n" + _STORY


@pytest.mark.parametrize(("encoding", "quote"), [("cp1252", "“Café”"), ("latin-1", "Café \x81")])
def test_western_fallback_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture, encoding: str, quote: str) -> None:
    path = tmp_path / "x.txt"
    path.write_bytes((quote + " " + _STORY).encode(encoding))
    with caplog.at_level(logging.WARNING):
        assert good(path).text == quote + " " + _STORY
    assert str(path) in caplog.text and "not UTF-8" in caplog.text


@given(st.binary(max_size=200))
def test_decode_returns_or_raises_input_error(data: bytes) -> None:
    try:
        assert isinstance(decode(data, "x.txt"), str)
    except InputError as e:
        assert str(e).startswith("x.txt: ")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "an empty file"),
        (b" \n\t\n", "an empty file"),
        (b"%PDF-1.7 ...", "a PDF file"),
        (b"\x89PNG\r\n\x1a\n", "a PNG image"),
        (bytes(range(256)) * 20, "binary data"),
        (b"\xff\xfe\x00\xd8\x00\x00", "UTF-16-LE was expected"),
        ("Жители покинули город в четверг. ".encode("cp1251") * 9, "no Western European text"),
    ],
)
def test_files_that_are_no_text(tmp_path: Path, data: bytes, words: str) -> None:
    path = tmp_path / "x.txt"
    path.write_bytes(data)
    assert words in message(path)


def test_a_large_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    with path.open("wb") as f:
        f.truncate(50_000_000)
    assert "found 50,000,000" in message(path)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (
            "Les civils ont quitté la ville jeudi dans le cadre d’un accord qui doit permettre cela au régime.",
            "French",
        ),
        (
            "Tausende haben die belagerte Stadt am Donnerstag verlassen, und die Regierung hat das nicht bestätigt.",
            "German",
        ),
        (
            "Miles de personas salieron de la ciudad el jueves y el gobierno no lo ha confirmado, según la ONU.",
            "Spanish",
        ),
        ("Жители покинули город в четверг, сообщили власти.", "Cyrillic script"),
        ("غادر الآلاف المدينة المحاصرة يوم الخميس", "Arabic script"),
        ("数千人周四离开了这座被围困的城市", "Cjk script"),
    ],
)
def test_other_languages_are_named(tmp_path: Path, text: str, language: str) -> None:
    path = tmp_path / "x.txt"
    path.write_text(text, encoding="utf-8")
    assert f"found {language}" in message(path)


def test_english_is_english_and_a_few_words_are_nothing() -> None:
    assert detect(_STORY) == "English"
    assert detect("Aleppo, Idlib, Palmyra") is None and detect("1,000") is None


def test_english_of_polnear_is_english(shared: Path) -> None:
    texts = sorted((shared / "corpora" / "polnear-dev" / "text").glob("*.txt"))
    assert {detect(p.read_text(encoding="utf-8")) for p in texts} == {"English"}


def test_a_sidecar(story: Path) -> None:
    meta = {
        "title": " A  title",
        "published": "2016-12-16",
        "publisher": "P",
        "url": "https://example.org/a",
        "language": "en",
    }
    story.with_name("story.meta.json").write_text(
        json.dumps(meta | {"authors": ["Ann Lee"], "more": 1}), encoding="utf-8"
    )
    found = good(story)
    assert (found.title, found.published, found.publisher, found.url) == (
        "A title",
        date(2016, 12, 16),
        "P",
        "https://example.org/a",
    )
    assert found.authors == ("Ann Lee",)


def test_a_sidecar_of_nulls(story: Path) -> None:
    story.with_name("story.meta.json").write_text('{"title": null, "published": null}', encoding="utf-8")
    assert (good(story).title, good(story).published) == (None, None)


@pytest.mark.parametrize(
    ("meta", "words"),
    [
        ("{", "in JSON was expected"),
        ("\xff", "in JSON was expected"),
        ("[]", "found a list"),
        ('{"title": 5}', "'title' should be a string or null, found a number"),
        ('{"published": "yesterday"}', "'published' should be a date such as 2016-12-16, or null, found 'yesterday'"),
        ('{"published": 20161216}', "'published' should be a string"),
        ('{"published": "2016-13-45"}', "'published' should be a date"),
        ('{"url": "javascript:alert(1)"}', "'url' should be an http or https address"),
        ('{"authors": [1]}', "'authors' should be a string"),
        ('{"language": "fr"}', "its metadata says language 'fr'"),
    ],
)
def test_sidecars_with_faults(story: Path, meta: str, words: str) -> None:
    story.with_name("story.meta.json").write_text(meta, encoding="latin-1")
    assert words in message(story)


def test_folders_by_name_and_the_rest_of_a_batch(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / ".git").mkdir()
    for name in ("b/two.txt", "one.txt", ".git/no.txt", "README.txt", "notes.md"):
        (tmp_path / name).write_text(_STORY + name, encoding="utf-8")
    (tmp_path / "a.txt").write_bytes(b"\x00")
    found = list(read([tmp_path, tmp_path / "gone", "https://example.org/"]))
    assert [f.id if isinstance(f, Article) else Path(f.path).name for f in found] == [
        "a.txt",
        "two",
        "one",
        "gone",
        "example.org",
    ]
    assert [type(f) for f in found] == [Failure, Article, Article, Failure, Failure]


def test_an_empty_folder(tmp_path: Path) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    assert "none found" in message(folder)


_PAGE = f"""<!doctype html><html lang="en"><head><title>Thousands leave - Example News</title>
<meta property="og:title" content="Thousands leave the city"><meta property="og:site_name" content="Example News">
<meta property="article:published_time" content="2016-12-16T10:00:00Z"><meta name="author" content="Ann Lee">
<link rel="canonical" href="https://example.org/leave"></head><body><nav><a href="/">Home</a></nav>
<article><h1>Thousands leave the city</h1><p>{_STORY.split(chr(10), maxsplit=1)[0]}</p><p>{_STORY.split(chr(10))[2]}</p>
<p>The withdrawal began about a month after the offensive, and the council will meet about it.</p></article>
<footer><p>Copyright Example News</p></footer></body></html>"""


def test_a_page(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(_PAGE, encoding="utf-8")
    found = good(path)
    assert found.text.split("\n\n")[:2] == ["Thousands leave the city", _STORY.split("\n", maxsplit=1)[0]]
    assert (found.title, found.published, found.publisher) == (
        "Thousands leave the city",
        date(2016, 12, 16),
        "Example News",
    )
    assert (found.authors, found.url) == (("Ann Lee",), "https://example.org/leave")
    assert "Home" not in found.text and [z.kind.value for z in found.zones] == ["headline", "body", "body", "body"]


def test_a_sidecar_counts_before_the_page(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(_PAGE, encoding="utf-8")
    path.with_name("page.meta.json").write_text('{"published": "2016-12-17"}', encoding="utf-8")
    assert (good(path).published, good(path).publisher) == (date(2016, 12, 17), "Example News")


def test_a_page_without_article(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text("<html><body></body></html>", encoding="utf-8")
    assert "no article text found" in message(path)


@pytest.mark.parametrize("suffix", [".jsonl", ".jsonl.gz"])
def test_json_lines(tmp_path: Path, suffix: str) -> None:
    rows = [{"id": "a7", "text": _STORY, "date": "2016-12-16"}, {"body": _STORY, "headline": "Thousands leave"}]
    bad = ['{"text": 5}', "{", "5", '{"title": "x"}', '{"text": "ok then", "date": "soon"}', ""]
    data = "\n".join([json.dumps(r) for r in rows] + bad).encode()
    path = tmp_path / f"batch{suffix}"
    path.write_bytes(gzip.compress(data) if suffix.endswith("gz") else data)
    found = list(read([path]))
    articles = [f for f in found if isinstance(f, Article)]
    assert [(a.id, a.published, a.title) for a in articles] == [
        ("a7", date(2016, 12, 16), None),
        ("batch-2", None, "Thousands leave"),
    ]
    failures = [f for f in found if isinstance(f, Failure)]
    assert [f.path.rsplit(":")[-1] for f in failures] == ["3", "4", "5", "6", "7"]
    assert all(str(f.error).startswith(f"{path}:") for f in failures)


def test_a_long_line_is_left_out_and_the_next_is_read(tmp_path: Path) -> None:
    path = tmp_path / "batch.jsonl"
    path.write_text(json.dumps({"text": "x" * 5000}) + "\n" + json.dumps({"text": _STORY}) + "\n", encoding="utf-8")
    found = list(read([path], max_bytes=1000))
    assert [type(f) for f in found] == [Failure, Article]


def test_a_broken_gzip_file_is_a_failure(tmp_path: Path) -> None:
    path = tmp_path / "batch.jsonl.gz"
    path.write_bytes(gzip.compress(json.dumps({"text": _STORY}).encode() * 50)[:60])
    assert "a readable file was expected" in message(path)


def test_an_unreadable_file_is_a_failure(tmp_path: Path) -> None:
    path = tmp_path / "loop.txt"
    path.symlink_to(path)
    assert "nothing is there" in message(path)


def test_a_date_in_running_text_is_no_publication_date(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    page = _PAGE.replace('<meta property="article:published_time" content="2016-12-16T10:00:00Z">', "")
    path.write_text(page.replace("The withdrawal began", "On 3 May 2015 the withdrawal began"), encoding="utf-8")
    assert good(path).published is None


def test_fields_of_other_names(tmp_path: Path) -> None:
    path = tmp_path / "batch.jsonl"
    path.write_text(
        json.dumps({"story": _STORY, "text": "short", "ts": "2016-12-16", "key": "k1"}) + "\n", encoding="utf-8"
    )
    found = next(read([path], fields={"text": "story", "published": "ts", "id": "key"}))
    assert isinstance(found, Article) and (found.text, found.id, found.published) == (_STORY, "k1", date(2016, 12, 16))


def _record(url: str, body: bytes, kind: str = "text/html; charset=utf-8", status: str = "200 OK") -> bytes:
    http = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n\r\n".encode() + body
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2016-12-17T00:00:00Z\r\n"
        "WARC-Record-ID: <urn:uuid:12345678-1234-1234-1234-123456789012>\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    return head.encode() + http + b"\r\n\r\n"


@pytest.fixture
def archive() -> bytes:
    pytest.importorskip("fastwarc")
    french = "Les civils ont quitté la ville jeudi, et le gouvernement ne dit pas que la route est sûre pour eux. " * 3
    return b"".join(
        [
            _record("https://example.org/world/thousands-leave.html?x=1", _PAGE.encode()),
            _record("https://example.org/logo.png", b"\x89PNG", "image/png"),
            _record("https://example.org/gone", _PAGE.encode(), status="404 Not Found"),
            _record("https://example.org/empty", b"<html><body></body></html>"),
            _record("https://example.org/fr", _PAGE.replace(_STORY.split("\n", 1)[0], french).encode()),
            _record("https://example.org/big", b"<html>" + b"x" * 60_000),
            _record("https://example.org/again", _PAGE.replace("5,000", "6,000").encode()),
        ]
    )


@pytest.mark.parametrize("suffix", [".warc", ".warc.gz"])
def test_an_archive(tmp_path: Path, archive: bytes, suffix: str, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / f"crawl{suffix}"
    path.write_bytes(gzip.compress(archive) if suffix.endswith("gz") else archive)
    with caplog.at_level(logging.WARNING):
        found = list(read([path], max_bytes=50_000))
    articles = [f for f in found if isinstance(f, Article)]
    assert len(articles) == len(found) >= 2
    first = articles[0]
    assert first.id.startswith("thousands-leave-") and first.origin == f"{path}:0"
    assert (first.published, first.title) == (date(2016, 12, 16), "Thousands leave the city")
    assert first.url == "https://example.org/world/thousands-leave.html?x=1"
    for words in ("2 responses that are no pages", "1 pages without an article", "1 pages that are too large"):
        assert words in caplog.text


def test_a_broken_archive_keeps_what_came_before(tmp_path: Path, archive: bytes) -> None:
    path = tmp_path / "crawl.warc.gz"
    path.write_bytes(gzip.compress(archive)[:-40])
    found = list(read([path]))
    assert isinstance(found[0], Article)


def test_a_file_that_is_no_archive(tmp_path: Path) -> None:
    pytest.importorskip("fastwarc")
    path = tmp_path / "crawl.warc"
    path.write_bytes(b"nothing of the kind\n" * 9)
    assert "WARC archive" in message(path)


def test_a_shell_pattern_names_articles_and_their_sidecars(story: Path) -> None:
    sidecar = story.with_name("story.meta.json")
    sidecar.write_text('{"published": "2016-12-16"}', encoding="utf-8")
    (found,) = read([sidecar, story])
    assert isinstance(found, Article) and found.published == date(2016, 12, 16)
    assert count([sidecar, story]) == 1
    assert "found a sidecar" in message(sidecar)


def test_a_folder_and_a_file_without_an_ending_are_no_sidecars(story: Path) -> None:
    assert count([story.parent]) == len(list(read([story.parent]))) == 1
    assert [type(found) for found in read([story, story.parent])] == [Article, Article]
