"""What tests share: the folder of shared material, the seeds, and their graph built once by the real pipeline."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from spacy.language import Language

    from kg.types import Reading

_ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return _ROOT


@pytest.fixture(scope="session")
def seeds(root: Path) -> Path:
    """The seed articles' folder."""
    return root / "seeds"


@pytest.fixture(scope="session")
def shared() -> Path:
    """Gold and corpora beside the repository; tests that need them are skipped where they are not there."""
    folder = Path(os.environ.get("NEWSCLAIMS_SHARED", _ROOT.parent / "shared"))
    if not (folder / "gold" / "score.py").is_file():
        pytest.skip(f"no shared material at {folder} (set NEWSCLAIMS_SHARED)")
    return folder


@pytest.fixture(scope="session")
def nlp() -> Language:
    """The reading pipeline with the shipped model."""
    from kg.nlp.pipeline import load

    return load()


@pytest.fixture(scope="session")
def seed_readings(nlp: Language, seeds: Path) -> tuple[Reading, ...]:
    """What is read from the two seed articles, in the order of their names."""
    from kg.nlp.claims import read_all
    from kg.readers import read
    from kg.types import Article

    return tuple(read_all(nlp, [a for a in read([seeds / "articles"]) if isinstance(a, Article)]))


@pytest.fixture(scope="session")
def seeds_store(seeds: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a published store with the graph of the seeds, built by the real pipeline. Only to be read."""
    from kg.pipeline import Built, build, run_of
    from kg.readers import read
    from kg.settings import Settings
    from kg.store import Store

    settings, folder = Settings(), tmp_path_factory.mktemp("seeds") / "store"
    with Store.create_or_open(folder) as store:
        inputs = read([seeds])
        outcomes = list(build(inputs, store, run_of(settings.model), base=settings.base, model=settings.model))
    assert [type(o) for o in outcomes] == [Built, Built], outcomes
    return folder
