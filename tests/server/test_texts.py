"""The setting for rights: an article's page shows its whole text, or only the sentences that hold claims."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.serving import Start

ARTICLE = "3a0529bf3f2140c4"
WITHOUT = "Women cried out in celebration"


@pytest.mark.parametrize("whole", [True, False])
def test_the_whole_text_is_shown_only_where_the_setting_names_it(
    start: Start, seed_lines: str, root: Path, whole: bool
) -> None:
    server = start(seed_lines, texts=root / "seeds" / "articles" if whole else None)
    page = " ".join(server.client.get(f"/page/article/{ARTICLE}").text.split())
    assert "nearly 1,000 people" in page
    assert (WITHOUT in page) is whole


def test_a_text_that_is_not_the_articles_is_not_shown(start: Start, seed_lines: str, tmp_path: Path) -> None:
    (tmp_path / "001.txt").write_text("Another text altogether.\n", encoding="utf-8")
    page = start(seed_lines, texts=tmp_path).client.get(f"/page/article/{ARTICLE}").text
    assert "Another text" not in page and WITHOUT not in page and "nearly 1,000 people" in page
