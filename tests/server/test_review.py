"""The analyst's word on the claim card: it stands beside the claim, with name and time."""

from __future__ import annotations

import pytest

from tests.server.page import page
from tests.serving import READER, TOKEN, Running, Start

CARD = "/claim/b5a506fe0ea1657e/report-evacuated-336-348"
EVENT = "/page/event/b5a506fe0ea1657e/evacuation-geonames-170063"


@pytest.fixture(scope="module")
def server(start: Start, seed_lines: str) -> Running:
    return start(seed_lines)


def send(server: Running, expected: int = 303, /, **fields: str) -> str:
    """Send the form of a claim's card."""
    response = server.client.post(CARD, data={"token": TOKEN, "by": "Jane <b>Doe</b>", **fields})
    assert response.status_code == expected, response.text
    return response.text


def test_a_review_needs_a_token_that_may_write(server: Running) -> None:
    send(server, 401, verdict="accepted", token="wrong")
    send(server, 401, verdict="accepted", token="")
    send(server, 403, verdict="accepted", token=READER)
    assert "Nobody has looked at it yet" in page(server, CARD)


def test_who_has_no_token_is_told_so_on_the_card_and_keeps_what_was_written(server: Running, start: Start) -> None:
    fields = {"token": "wrong", "by": "Ann <i>", "reason": "a long text", "verdict": "amended", "value": "7"}
    refused = server.client.post(CARD, data=fields, headers={"Accept": "text/html"})
    assert refused.status_code == 401
    assert "Nothing was written" in refused.text
    assert 'value="a long text"' in refused.text
    assert 'value="Ann &lt;i&gt;"' in refused.text
    assert "wrong" not in refused.text
    assert "Nobody has looked at it yet" in refused.text
    closed = start("<urn:a> <urn:b> <urn:c> .", private=True)
    refused = closed.client.post(CARD, data=fields, headers={"Accept": "text/html"})
    assert refused.status_code == 401
    assert "Nothing was written" not in refused.text


def test_a_form_with_faults_says_so(server: Running) -> None:
    assert "changes were expected" in send(server, 400, verdict="amended")
    assert "a whole number was expected" in send(server, 400, verdict="amended", value="many")
    assert "name" in send(server, 400, verdict="accepted", by=" ")
    send(server, 400, verdict="burnt")
    assert server.client.post("/claim/b5a506fe0ea1657e/report-x", data={"token": TOKEN}).status_code == 404


def test_a_review_is_seen_with_name_and_time_and_can_be_taken_back(server: Running) -> None:
    send(server, verdict="accepted", reason="read it")
    text = page(server, CARD)
    assert "Jane &lt;b&gt;Doe&lt;/b&gt;" in text
    assert "read it" in text
    send(server, verdict="amended", value="6500", status="planned")
    text = page(server, CARD)
    assert "value: <bdi>6500</bdi>" in text
    assert "(an earlier word)" in text
    assert "exactly 6,400" in text  # what the program found is as it was
    assert "amended by" in page(server, "/search?review=amended")
    send(server, verdict="taken back")
    assert "6500" not in page(server, CARD)
    assert "accepted by" in page(server, "/search?review=accepted")


def test_the_ledger_takes_or_leaves_what_analysts_say(server: Running) -> None:
    send(server, verdict="rejected", reason="about another city")
    left = page(server, f"{EVENT}?policy=conservative")
    assert "rejected by" in left
    assert "<strong>6,400</strong>" in left
    taken = page(server, f"{EVENT}?policy=conservative&overlay=take")
    assert "<strong>8,000</strong>" in taken
    send(server, verdict="amended", value="7000", low="7000", high="7000")
    assert "<strong>7,000</strong>" in page(server, f"{EVENT}?policy=conservative&overlay=take")
    assert "<strong>6,400</strong>" in page(server, f"{EVENT}?policy=conservative&overlay=leave")


def test_a_server_that_only_reads_offers_no_form(seeded: Running, start: Start, seed_lines: str) -> None:
    closed = start(seed_lines, writable=False)
    assert '<form method="post"' not in page(closed, CARD)
    assert closed.client.post(CARD, data={"token": TOKEN, "verdict": "accepted"}).status_code == 403
