"""The pages in a real browser: the main ways, nothing from elsewhere, nothing that axe calls serious."""

from __future__ import annotations

import importlib.util
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.gold_readings import BASE
from tests.serving import TOKEN, Running, Start

ARTICLE = "b5a506fe0ea1657e"
EVENT = f"/page/event/{ARTICLE}/evacuation-geonames-170063"
CARD = f"/claim/{ARTICLE}/report-evacuated-336-348"
_ACTORS = urlencode(
    {"left": f"{BASE}id/actor/organization-russian-defence-ministry", "right": f"{BASE}id/actor/state-turkey"}
)
_TWO = urlencode(
    {
        "left": f"{BASE}id/article/3a0529bf3f2140c4#statement-2034-2076",
        "right": f"{BASE}id/article/{ARTICLE}#statement-907-961",
    }
)
_HEAVIEST = 300_000  # bytes of a page with all that it loads
_PAGES = (
    ("/", "light"), ("/search?measure=evacuated", "light"), ("/search", "dark"), ("/map", "light"),
    ("/timeline", "dark"),    (EVENT, "light"), (EVENT, "dark"), (CARD, "light"), (f"/page/article/{ARTICLE}", "dark"),
    (f"/page/article/{ARTICLE}", "light"), ("/page/actor/person-john-kerry", "light"),
    ("/page/place/geonames-170063", "dark"), (f"/graph/event/{ARTICLE}/evacuation-geonames-170063", "light"),
    ("/compare", "light"), ("/queries", "dark"), ("/queries/places?view=map", "light"), ("/ask", "light"),
    ("/page/nothing", "dark"), ("/articles", "dark"), (f"/compare?{_ACTORS}", "dark"), (f"/compare?{_TWO}", "light"),
    (f"/claim/{ARTICLE}/statement-907-961", "dark"), ("/queries/when?view=timeline", "dark"),
    ("/compare?left=1&right=1", "light"),
)  # fmt: skip


class Visit:
    """A browser's window with what it asked for and complained of."""

    def __init__(self, browser: Any, server: Running, width: int = 1280, scheme: str = "light") -> None:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, base_url=server.url, accept_downloads=False
        )
        context.set_default_timeout(40_000)
        self.page = context.new_page()
        self.elsewhere: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self._asked(request.url, server.url))
        self.page.on(
            "console", lambda message: self.complaints.append(message.text) if message.type == "error" else None
        )
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _asked(self, url: str, home: str) -> None:
        if not url.startswith((home, "data:", "blob:")):
            self.elsewhere.append(url)

    def weight(self) -> int:
        """Bytes of the page and all that it loaded, unpacked."""
        sizes = "[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]"
        return int(self.page.evaluate(f"{sizes}.reduce((sum, entry) => sum + entry.decodedBodySize, 0)"))

    def ends(self) -> None:
        """Close the window; fails if it asked for anything from elsewhere or complained."""
        self.page.context.close()
        assert not self.elsewhere
        assert not self.complaints


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium, if it is there."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("no Chromium on this machine (Debian: apt install chromium)")
    if importlib.util.find_spec("playwright") is None:
        pytest.skip("playwright is not installed (pip install --group browser)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        found = started.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield found
        found.close()


def test_search_to_event_to_ledger_to_claim_to_sentence(browser: Any, seeded: Running) -> None:
    visit = Visit(browser, seeded)
    page = visit.page
    page.goto("/")
    page.get_by_label("Search the claims").fill("6,400")
    page.get_by_role("button", name="Search").click()
    page.wait_for_url(re.compile(r"/search\?q=6(%2C|,)400"))
    page.locator("li.claim a", has_text="Evacuation, Aleppo").first.click()
    page.get_by_role("link", name="latest", exact=True).click()
    assert "policy=latest" in page.url
    assert page.locator("table.estimates").inner_text().count("8,000")
    page.locator("table.ledger a", has_text="6,400 people").click()
    assert page.locator(".sentence mark.figure").inner_text() == "6,400 people"
    page.get_by_role("link", name="In its article").click()
    target = page.locator("li:target")
    assert "6,400 people" in target.inner_text()
    assert target.evaluate("node => getComputedStyle(node).backgroundColor") != "rgba(0, 0, 0, 0)"
    visit.ends()


def test_a_question_to_its_answer_to_its_permalink(browser: Any, seeded: Running) -> None:
    visit = Visit(browser, seeded)
    page = visit.page
    page.goto("/queries")
    page.get_by_role("link", name="Everything one actor is reported to have said").click()
    page.get_by_label("the name of the actor").fill("Turkey")
    page.get_by_role("button", name="Ask").click()
    answer = page.locator("tbody").inner_text()
    assert "8,000" in answer
    address = page.url
    page.goto("/")
    page.goto(address)
    assert page.locator("tbody").inner_text() == answer
    assert "actor=Turkey" in page.get_by_role("link", name="csv").first.get_attribute("href")
    visit.ends()


def test_the_editor_asks_this_server_alone_and_knows_its_words(browser: Any, seeded: Running) -> None:
    visit = Visit(browser, seeded)
    page = visit.page
    query = "SELECT * { ?s a <https://w3id.org/newsclaims/ontology#Article> } LIMIT 2"
    page.goto(f"/editor?{urlencode({'query': query})}")
    page.locator("#stored option").nth(10).wait_for(state="attached")
    found = page.evaluate(
        "Yasgui.Yasqe.Autocompleters.class.get(null, {autocompletionString: 'https://w3id.org/newsclaims/ontology#Art'})"
    )
    assert "https://w3id.org/newsclaims/ontology#Article" in found
    with page.expect_response(lambda response: response.url.endswith("/sparql")) as answer:
        page.locator(".yasqe_queryButton").first.click()
    assert answer.value.status == 200
    page.locator(".yasr").get_by_text("3a0529bf3f2140c4").first.wait_for()
    # The editor tries to write styles into its own markup; the policy stops that, and it does without.
    visit.complaints = [told for told in visit.complaints if not told.startswith("Applying inline style")]
    visit.ends()


def test_a_claim_is_reviewed_by_keyboard_alone(browser: Any, start: Start, seed_lines: str) -> None:
    visit = Visit(browser, start(seed_lines))
    page = visit.page
    page.goto(CARD)
    summary = page.get_by_text("Accept, reject or amend", exact=True)
    for _ in range(60):  # every step on the way shows where it is
        page.keyboard.press("Tab")
        drawn = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert drawn != "none", page.evaluate("document.activeElement.outerHTML")
        if summary.evaluate("node => node === document.activeElement"):
            break
    page.keyboard.press("Enter")
    for words in ("Ann", TOKEN, "read it"):
        page.keyboard.press("Tab")
        page.keyboard.type(words)
    accept = page.get_by_role("button", name="Accept")
    for _ in range(30):
        page.keyboard.press("Tab")
        if accept.evaluate("node => node === document.activeElement"):
            break
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith("#reviews")
    assert "Ann" in page.locator("#reviews").inner_text()
    visit.ends()


def test_pages_print_light_and_keep_what_they_are_about(browser: Any, seeded: Running) -> None:
    visit = Visit(browser, seeded, scheme="dark")
    visit.page.emulate_media(media="print", color_scheme="dark")
    for path in (EVENT, CARD, f"/page/article/{ARTICLE}"):
        visit.page.goto(path)
        paper = visit.page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert min(int(part) for part in re.findall(r"\d+", paper)[:3]) > 240, path
        assert visit.page.locator("code", has_text="/id/").first.is_visible(), path
        assert not visit.page.locator("header nav").is_visible()
    visit.ends()


def test_pages_are_light_fit_a_telephone_and_begin_with_a_way_to_the_content(browser: Any, seeded: Running) -> None:
    for path in ("/", "/search", "/map", "/timeline", EVENT, CARD, f"/page/article/{ARTICLE}", "/compare"):
        visit = Visit(browser, seeded, width=390)
        visit.page.goto(path)
        assert 5_000 < visit.weight() < _HEAVIEST, path
        wide = visit.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 390, (path, wide)
        visit.page.keyboard.press("Tab")
        assert visit.page.evaluate("document.activeElement.className") == "skip"
        visit.ends()


@pytest.mark.parametrize(("path", "scheme"), _PAGES)
def test_axe_finds_nothing_serious(browser: Any, seeded: Running, path: str, scheme: str) -> None:
    found = importlib.util.find_spec("axe_playwright_python")
    if found is None or found.origin is None:
        pytest.skip("axe-playwright-python is not installed (pip install --group browser)")
    axe = Path(found.origin).with_name("axe.min.js").read_text(encoding="utf-8")
    visit = Visit(browser, seeded, scheme=scheme)
    visit.page.goto(path)
    visit.page.evaluate(axe)
    result = visit.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    serious = [
        (rule["id"], [node["html"][:160] for node in rule["nodes"][:3]])
        for rule in result["violations"]
        if rule["impact"] in {"serious", "critical"}
    ]
    visit.page.context.close()
    assert not serious
