"""What tests share: the folder of shared material, the seeds, and their graph built once by the real pipeline."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

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
