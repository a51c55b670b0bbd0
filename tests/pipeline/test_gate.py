"""The gate lets through what can hold our events, and learns new ones from their lexicons."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from kg.lexicon import events, lexicon_folder
from kg.pipeline import Choice, Skipped, build, run_of, skipped, skipping
from kg.pipeline.gate import event_words, forms, passes
from kg.readers import article
from kg.settings import Settings
from kg.store import Store

_QUIET = "Shares rise\n\nShares rose in London on Monday as banks gained, traders said.\n"
_EXAMPLES = [
    pytest.param(re.sub(r"\*\*|\[|\]", "", example), id=f"{trigger.event}-{example[:40]}")
    for lexicon in events()
    for trigger in lexicon.triggers
    for example in trigger.examples
    if any(form in example for lemma in trigger.strong for form in forms(lemma))
]


@pytest.mark.parametrize("example", _EXAMPLES)
def test_examples_of_the_lexicons_pass(example: str) -> None:
    assert event_words(example)


@pytest.mark.parametrize(
    "text",
    [
        _QUIET,
        "The committee will take up the bill on Tuesday and move to a vote.",
        "The body that governs football met in Zurich.",
        "",
        "\n\n",
    ],
)
def test_ordinary_sentences_do_not_pass(text: str) -> None:
    assert event_words(text) is None


@pytest.mark.parametrize(
    ("lemma", "some"),
    [
        ("evacuate", {"evacuated", "evacuating", "evacuates"}),
        ("trap", {"trapped", "trapping"}),
        ("flee", {"fled", "fleeing"}),
        ("bury", {"buried", "buries"}),
        ("body", {"bodies"}),
        ("airman", {"airmen"}),
    ],
)
def test_forms(lemma: str, some: set[str]) -> None:
    assert some <= forms(lemma)


def test_a_new_lexicon_is_followed(tmp_path: Path) -> None:
    folder = tmp_path / "lexicons"
    shutil.copytree(lexicon_folder(), folder)
    text = "Workers at the plant downed tools on Friday; the walkout lasted until noon."
    assert event_words(text, folder) is None
    (folder / "walkout.toml").write_text(
        'event = "walkout"\nclass = "Casualty"\nmeasures = ["killed"]\n[[trigger]]\nmeasure = "killed"\n'
        'lemmas = ["walkout"]\nframe = "noun"\nstrong = true\n'
    )
    another = tmp_path / "more"  # lexicons are read once a folder
    shutil.copytree(folder, another)
    assert event_words(text, another) == "walkout"


def test_words_in_furniture_do_not_count() -> None:
    text = f"{_QUIET}\nRead more: Ten people killed in landslide\n"
    assert event_words(text) and not passes(article(text, id="x"))


def _claims(gold: dict[str, list[dict[str, object]]]) -> int:
    return len(gold["statements"]) + len(gold["reports"])


def _recall(folder: Path, texts: Path) -> tuple[int, int, int]:
    """Gold claims of articles that pass, all gold claims, articles that hold reports and do not pass."""
    kept = total = lost = 0
    for file in sorted(folder.glob("*.json")):
        gold = json.loads(file.read_text(encoding="utf-8"))
        through = passes(article((texts / f"{file.stem}.txt").read_text(encoding="utf-8"), id=file.stem))
        if not gold["reports"]:
            continue  # an article without our events may be skipped: that is what the gate is for
        total += _claims(gold)
        kept += _claims(gold) * through
        lost += not through
    return kept, total, lost


def test_recall_of_gold_claims(shared: Path) -> None:
    kept, total, _ = _recall(shared / "gold" / "dev", shared / "gold" / "text")
    print(f"\ngate: {kept}/{total} claims of the development articles are in articles that pass")
    assert total > 300 and kept >= 0.995 * total


def test_recall_of_our_own_articles(root: Path) -> None:
    folder = root / "tests" / "articles"
    if not folder.is_dir():
        pytest.skip("no articles of our own")
    kept, total, _ = _recall(folder, folder)
    print(f"\ngate: {kept}/{total} claims of our own articles are in articles that pass")
    assert kept >= 0.995 * total


def test_most_paragraphs_with_a_report_pass_by_themselves(shared: Path) -> None:
    alone = total = 0
    for file in sorted((shared / "gold" / "dev").glob("*.json")):
        text = (shared / "gold" / "text" / f"{file.stem}.txt").read_text(encoding="utf-8")
        for report in json.loads(file.read_text(encoding="utf-8"))["reports"]:
            spans = [s for s in (report["trigger_span"], report["figure_span"]) if s]
            start = text.rfind("\n", 0, min(s[0] for s in spans)) + 1
            end = text.find("\n", max(s[1] for s in spans))
            total += 1
            alone += event_words(text[start : end if end >= 0 else len(text)]) is not None
    print(f"\ngate: {alone}/{total} paragraphs with a gold report pass by themselves")
    assert alone >= 0.98 * total


def test_share_of_ordinary_news_that_is_skipped(shared: Path) -> None:
    texts = [p.read_text(encoding="utf-8") for p in sorted((shared / "corpora/polnear-dev/text").glob("*.txt"))]
    skips = sum(not passes(article(text, id="x")) for text in texts)
    print(f"\ngate: {skips} of {len(texts)} articles of ordinary political news are skipped")
    assert skips >= 0.25 * len(texts)


def test_skipped_articles_are_told_and_not_read() -> None:
    settings = Settings()
    quiet = article(_QUIET, id="quiet")
    with Store.memory() as store:
        run = run_of(settings.model)
        gated = build([quiet], store, run, base=settings.base, model=settings.model, choice=Choice(gate=True))
        assert [(type(o), getattr(o, "reason", "")) for o in gated] == [
            (Skipped, "no word that can tell of our events")
        ]
        assert len(store) == 0


def test_the_list_of_skipped_articles(tmp_path: Path) -> None:
    def rows(*names: str) -> list[Skipped]:
        return [Skipped(n, n * 64, f"in/{n}.txt", "why") for n in names]

    for tried, noted in (["in"], "ab"), (["in/a.txt"], "a"), (["in/a.txt"], ""):
        with skipping(tmp_path, tried) as note:
            for row in rows(*noted):
                note(row)
        last = list(skipped(tmp_path))
    assert last == rows("b")
    with pytest.raises(KeyError), skipping(tmp_path, ["in"]) as note:
        raise KeyError("killed")
    assert list(skipped(tmp_path)) == rows("b")
    with skipping(tmp_path, ["in"]):
        pass
    assert not list(tmp_path.glob("skipped.jsonl*"))
