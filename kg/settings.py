"""Settings: where things lie and what may be chosen. Environment variables begin with `NEWSCLAIMS_`."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from kg.errors import UsageError

_PACKAGE = Path(__file__).resolve().parent


class Settings(BaseSettings):
    """All settings with their defaults; see the README's table."""

    model_config = SettingsConfigDict(env_prefix="NEWSCLAIMS_", extra="ignore")

    base: str = Field(default="https://w3id.org/newsclaims/", description="base IRI of all data")
    model: str = Field(default="en_newsclaims", description="language model: the shipped one, a package or a path")
    store: Path = Field(default=Path("store"), description="folder of the Oxigraph store")
    max_bytes: int = Field(default=10_000_000, description="largest input file that is read, in bytes")
    private_persons: Literal["named", "pseudonyms"] = Field(
        default="named", description="persons without a public role in exports and on the server"
    )
    pseudonym_list: Path | None = Field(
        default=None, description="file of exceptions: lines `+ Name` (always a pseudonym) and `- Name` (never)"
    )
    pseudonym_key: str | None = Field(
        default=None, description="secret that decides the pseudonyms; without one they are new every time"
    )


def resource(name: str) -> Path:
    """The folder of one of the data rooms: `ontology`, `queries` or `seeds`.

    Looks beside the package (checkout) first, then inside it (installed wheel).
    Raises UsageError if it is in neither place.
    """
    for folder in (_PACKAGE.parent / name, _PACKAGE / "_data" / name):
        if folder.is_dir():
            return folder
    raise UsageError(f"the folder {name!r} was expected beside or inside {_PACKAGE}", hint="install newsclaims again")
