"""Zones and the masked text: what is read, what is not, and that offsets hold."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.readers import Meta, article, masked, paragraphs, zones
from kg.readers.layout import zone_at
from kg.types import READABLE, Article

_STORY = "The army said that about 5,000 people had left the city on Thursday, and that more would follow."
_MORE = "Turkey put the figure at 8,000, and the Red Cross spoke of close to 1,000 civilians and 26 wounded."


def kinds(text: str, title: str | None = None) -> list[tuple[str, str]]:
    return [(z.kind.value, z.span.of(text)) for z in zones(text, title)]


def read(path: Path) -> Article:
    return article(path.read_text(encoding="utf-8"), id=path.stem)


def test_seed_a(seeds: Path) -> None:
    found = kinds((seeds / "articles" / "000_4e976f026cba4338.txt").read_text(encoding="utf-8"))
    assert found[0] == ("weather", "| -2.8°C Dublin")
    assert found[1] == ("headline", "Aleppo 'a massacre', says US as 1,000 flee carnage")
    caption = "Syrians get ready to leave Aleppo on buses Picture: Reuters"
    assert found[2:5] == [("caption", caption), ("repeat", caption), ("repeat", caption)]
    assert {kind for kind, _ in found[5:]} == {"body"} and len(found) == 23


def test_seed_b(seeds: Path) -> None:
    found = kinds((seeds / "articles" / "001_964cf9b5af587d05.txt").read_text(encoding="utf-8"))
    assert found[0][0] == "body"
    assert [f for f in found if f[0] != "body"] == [
        ("related", ":: PM pledges another £20m for Syria"),
        ("prompt", "No comments:"),
        ("prompt", "Post a Comment"),
    ]


def test_nothing_of_the_seeds_that_must_not_be_extracted_is_readable(seeds: Path) -> None:
    facts = json.loads((seeds / "gold" / "seed_facts.json").read_text(encoding="utf-8"))
    texts = {p.name[:3]: masked(read(p)) for p in (seeds / "articles").glob("*.txt")}
    spans = facts["must_not_extract"]
    assert len(spans) == 7
    for fact in spans:
        words = texts["000" if fact["doc"] == "A" else "001"][fact["span"]["start"] : fact["span"]["end"]]
        assert words.strip() == "", fact


@pytest.mark.parametrize(
    ("line", "furniture", "body"),
    [
        (
            f"Villagers in a camp August 3, 2014. REUTERS/Krishna Murari Kishan  BHUBANESHWAR(Reuters) - {_STORY}",
            ["caption", "dateline"],
            _STORY,
        ),
        (
            f"Villagers in a camp August 3, 2014. REUTERS/Krishna Murari Kishan BHUBANESHWAR (Reuters) - {_STORY}",
            ["caption", "dateline"],
            _STORY,
        ),
        (f"By Tom Miles GENEVA (Reuters) - {_STORY}", ["dateline"], _STORY),
        (f"By Tom Miles and Lisa Barrington  GENEVA (Reuters) - {_STORY}", ["byline", "dateline"], _STORY),
        (f"JINGGU, Yunnan, Oct. 8 (Xinhua) -- {_STORY}", ["dateline"], _STORY),
        (f"BEIRUT, Lebanon — {_STORY}", ["dateline"], _STORY),
        (f"KAMPALA- {_STORY}", ["dateline"], _STORY),
        (f"London (CNN) — {_STORY}", ["dateline"], _STORY),
        (f"BUNIA, Democratic Republic of Congo (Reuters) - {_STORY}", ["dateline"], _STORY),
        (f"ST. JOHN'S, Antigua and Barbuda (AP) — {_STORY}", ["dateline"], _STORY),
        (f"Hue City (VNA) – {_STORY}", ["dateline"], _STORY),
        (f"Murcia, 30 Oct (EFE).- {_STORY}", ["dateline"], _STORY),
        (f"SHILLONG, Sep 8: {_STORY}", ["dateline"], _STORY),
        (f"{_STORY} (AFP)", ["credit"], _STORY),
        (f"{_STORY} Like us on Facebook and scroll down to share your comment", ["prompt"], _STORY),
        (f"{_STORY} (Additional reporting by Gopal Sharma; editing by Tim Pearce)", ["byline"], _STORY),
        (f"A man wades through water. (AP Photo/John Smith) {_STORY}", ["caption"], _STORY),
    ],
)
def test_furniture_that_shares_a_line_with_the_story(line: str, furniture: list[str], body: str) -> None:
    found = kinds(f"Thousands leave the city\n\n{line}\n\n{_MORE}")
    assert [k for k, _ in found if k not in ("headline", "body")] == furniture
    assert [w for k, w in found if k == "body"] == [body, _MORE]


@pytest.mark.parametrize(
    "line",
    [
        "ALEPPO - Syria's largest city before the war - has fallen, the army said.",
        "By Wednesday, rescuers had moved 500 people out of the valley",
        "Read more than one report and the numbers differ, she said.",
        '"Picture this," he said. "Nobody came."',
        "Reuters and AFP reporters saw ten bodies.",
        "Photos showed dozens of dead in the street, Reuters reported",
        "They fled - on foot, by car, by bus - to Idlib.",
        "The Red Cross (ICRC) - which runs the convoys - said 3,000 had left.",
    ],
)
def test_body_text_that_looks_like_furniture_stays(line: str) -> None:
    assert ("body", line) in kinds(f"Thousands leave the city\n\n{_STORY}\n\n{line}\n\n{_MORE}")


def test_hard_wrapped_lines_are_one_paragraph() -> None:
    text = (
        "Aleppo falls to army\n\nThe Syrian army said on Thursday that about\n"
        "5,000 people had been moved out of the city in\nthe first hours, while the Red Cross spoke of\n"
        "3,000.\n\nTurkey put the figure at 8,000, and said more\n"
        "buses would follow by the end of the day.\n"
    )
    assert [s.of(text).count("\n") for s in paragraphs(text)] == [0, 3, 1]
    assert "about 5,000 people" in masked(article(text, id="x")) and "said more buses" in masked(article(text, id="x"))


def test_wrapped_paragraphs_without_empty_lines_are_told_apart() -> None:
    text = (
        "The Syrian army said on Thursday that about\n5,000 people had been moved out of the city in\n"
        "the first hours, while the Red Cross spoke of\n3,000.\nTurkey put the figure at 8,000, and said more\n"
        "buses would follow by the end of the day.\n"
    )
    assert [s.of(text)[:6] for s in paragraphs(text)] == ["The Sy", "Turkey"]


def test_one_line_a_paragraph_is_not_joined(seeds: Path) -> None:
    text = (seeds / "articles" / "001_964cf9b5af587d05.txt").read_text(encoding="utf-8")
    assert len(paragraphs(text)) == len([line for line in text.splitlines() if line.strip()])


def test_flattened_text_is_cut_at_wide_spaces_but_not_inside_sentences() -> None:
    text = (
        f"Thousands leave\n\n{_STORY}  Iraq Floods  {_MORE} President  Assad said so.\u00a0The end was near, he said."
    )
    assert [s.of(text) for s in paragraphs(text)] == [
        "Thousands leave",
        _STORY,
        "Iraq Floods",
        f"{_MORE} President  Assad said so.",
        "The end was near, he said.",
    ]


def test_a_title_on_the_body_s_line_is_cut_off() -> None:
    text = f"Thousands leave the city {_STORY}"
    assert kinds(text, "Thousands Leave the City") == [("headline", "Thousands leave the city"), ("body", _STORY)]


def test_a_title_printed_twice_is_read_once() -> None:
    text = f"Thousands leave the city\n\nThousands leave the city\n\n{_STORY}"
    assert [k for k, _ in kinds(text, "Thousands leave the city")] == ["headline", "repeat", "body"]


_SPACES = ("\n", "\n\n", "  ", " ", "\u00a0", "\r\n", "\t", "\u2028", "\u200b")
_WORDS = ("(AFP)", "Picture: Reuters", ":: More", "“", '"', "REUTERS/Ann Lee", "Iraq Floods", "said", "é", "\U0001f600")
_LINES = (_STORY, _MORE, "GENEVA (Reuters) - ", "No comments:", "| 3°C Cork", "(Additional reporting by Ann Lee)")
_PIECES = st.sampled_from(_SPACES + _WORDS + _LINES)


@given(
    st.one_of(st.lists(_PIECES, max_size=25).map("".join), st.text(max_size=200)),
    st.sampled_from([None, "Iraq Floods", _STORY]),
)
def test_zones_and_mask_keep_offsets(text: str, title: str | None) -> None:
    found = zones(text, title)
    assert all(a.span.end <= b.span.start for a, b in pairwise(found))
    outside = set(range(len(text))) - {i for z in found for i in range(z.span.start, z.span.end)}
    assert not any(text[i].isalnum() for i in outside)
    if not text.strip():
        return
    one = Article(id="x", text=text, sha256="", zones=found, title=title)
    mask = masked(one)
    assert len(mask) == len(text)
    for zone in found:
        words = zone.span.of(mask)
        if zone.kind in READABLE:
            assert "\n" not in words
            assert all(m in (t, " ") for m, t in zip(words, zone.span.of(text), strict=True))
        else:
            assert not words.strip()
    # Between two readable zones there is a line feed, unless they touch.
    for a, b in pairwise([z for z in found if z.kind in READABLE]):
        assert "\n" in mask[a.span.end : b.span.start] or a.span.end == b.span.start


@given(st.text(max_size=100), st.integers(0, 120))
def test_zone_at(text: str, offset: int) -> None:
    found = zones(text)
    held = [z for z in found if z.span.start <= offset < z.span.end]
    assert zone_at(found, offset) == (held[0] if held else None)


def test_gold_claims_stand_in_readable_zones(shared: Path) -> None:
    lost = []
    for gold in sorted((shared / "gold" / "dev").glob("*.json")):
        text = (shared / "gold" / "text" / f"{gold.stem}.txt").read_text(encoding="utf-8")
        dark = [z.span for z in article(text, id=gold.stem).zones if z.kind not in READABLE]
        claims = json.loads(gold.read_text(encoding="utf-8"))
        spans = [
            c.get("content_span") or c.get("figure_span") or c["trigger_span"]
            for c in claims["statements"] + claims["reports"]
        ]
        lost += [(gold.stem, s) for s in spans if any(d.start < s[1] and s[0] < d.end for d in dark)]
    assert not lost


def test_meta_reaches_the_article() -> None:
    one = article(f"A title\n\n{_STORY}", id="x", meta=Meta(title="A title", language="en-GB"))
    assert (one.title, one.language, one.zones[0].kind.value, len(one.sha256)) == ("A title", "en-GB", "headline", 64)
