"""A page as a browser asks for it, with the checks that every page has to pass."""

from __future__ import annotations

import json
from html.parser import HTMLParser

from tests.serving import Running

HOSTILE = "<script>alert(1)</script>\u202e"
_FIELDS = {"input", "select", "textarea"}


def page(server: Running, path: str, status: int = 200) -> str:
    """The text of a page. Fails for inline scripts and styles, fields without a label, pictures without words."""
    response = server.client.get(path, headers={"Accept": "text/html"})
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert "script-src 'self'" in response.headers["content-security-policy"]
    look = Look()
    look.feed(response.text)
    look.close()
    assert not look.faults, (path, look.faults)
    assert look.headings[:1] == [1], (path, look.headings)
    assert look.headings.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(look.headings, look.headings[1:], strict=False)), path
    assert look.landmarks >= {"header", "nav", "main", "footer"}
    assert look.title.strip()
    return response.text


class Look(HTMLParser):
    """What is wrong with a page, and what it is made of."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.headings: list[int] = []
        self.landmarks: set[str] = set()
        self.sources: list[str] = []
        self.data: list[object] = []
        self.title = ""
        self._open: list[tuple[str, dict[str, str | None]]] = []
        self._ids: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at a tag."""
        given = dict(attrs)
        self._open.append((tag, given))
        self.landmarks.add(tag)
        if tag in {"h1", "h2", "h3", "h4"}:
            self.headings.append(int(tag[1]))
        for name in given:
            if name == "style" or name.startswith("on"):
                self.faults.append(f"{name} on {tag}")
        for name in ("src", "href", "action"):
            value = given.get(name) or ""
            self.sources.append(value)
            if value.strip().lower().startswith(("javascript:", "data:", "vbscript:")):
                self.faults.append(f"{name}={value[:40]}")
        if tag in {"script", "link", "img"} and (given.get("src") or given.get("href") or "/").startswith("http"):
            self.faults.append(f"{tag} from elsewhere")
        ours = (given.get("src") or "").startswith("/static/") or given.get("type") == "application/ld+json"
        if tag == "script" and not ours:
            self.faults.append("a script within the page")
        if tag in _FIELDS and given.get("type") != "hidden":
            named = given.get("aria-label") or any(outer == "label" for outer, _ in self._open)
            if not named:
                self.faults.append(f"{tag} {given.get('name')} without a label")
        if tag == "svg" and given.get("role") == "img" and not given.get("aria-label"):
            self.faults.append("a picture without words")
        if "id" in given:
            if given["id"] in self._ids:
                self.faults.append(f"two of id {given['id']}")
            self._ids.add(given["id"] or "")
        if tag in {"input", "meta", "link", "br"}:
            self._open.pop()

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag without content, as in SVG."""
        self.handle_starttag(tag, attrs)
        if self._open and self._open[-1][0] == tag:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        """Close a tag and those that are left open in it."""
        while self._open:
            if self._open.pop()[0] == tag:
                return

    def handle_data(self, data: str) -> None:
        """Look at text: the title, and data blocks that must be JSON."""
        if not self._open:
            return
        tag, given = self._open[-1]
        if tag == "title" and len(self._open) == 3:
            self.title += data
        if tag == "script" and given.get("type") == "application/ld+json" and data.strip():
            self.data.append(json.loads(data))
