"""Arguments that several commands have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

INPUTS = "Articles: .txt, .html, .jsonl, .parquet, .warc(.gz), .rss, or folders."
Paths = Annotated[list[Path], typer.Argument(help=INPUTS)]
StoreDir = Annotated[Path, typer.Option("--store", help="Folder of the store.", metavar="DIR")]
Base = Annotated[str | None, typer.Option("--base", help="Base IRI of all data.", metavar="IRI")]
Model = Annotated[str | None, typer.Option("--model", help="Language model: a spaCy package or a path.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
