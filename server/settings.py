"""Settings of the server: flags of `kg serve` go before the environment (`NEWSCLAIMS_SERVER_…`), that before a file.

`server/deploy/newsclaims.toml` lists them all.
"""

from __future__ import annotations

import hashlib
import ipaddress
import json
import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from kg.errors import UsageError
from kg.settings import Settings
from server.gate import Limits
from server.pool import Lanes

Scope = Literal["read", "write", "admin"]
PREFIX = "NEWSCLAIMS_SERVER_"
_TABLE = "server"


class ServerSettings(BaseSettings):
    """All settings of the server with their defaults."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore")

    store: Path = Field(Path("store"), description="folder of the store")
    base: str = Field(default_factory=lambda: Settings().base, description="base IRI of the data")
    host: str = Field("127.0.0.1", description="address to listen on")
    port: int = Field(8000, ge=0, le=65535, description="port to listen on; 0 takes a free one")
    public_url: str | None = Field(
        None, description="address under which clients see the server, if a proxy stands before it"
    )

    writable: bool = Field(False, description="accept updates and graph-store writes")
    tokens: dict[str, Scope] = Field(
        default_factory=dict, description="JSON: SHA-256 of each token, to its scope (read, write or admin)"
    )
    private: bool = Field(False, description="ask for a token for reading too")
    audit: bool = Field(True, description="record every write as PROV in the graph `audit`")

    quick_workers: int = Field(3, ge=1, description="processes for queries that end at once")
    reserve_workers: int = Field(
        2, ge=0, description="further ones that only small queries may have when others are busy"
    )
    slow_workers: int = Field(2, ge=1, description="processes for queries that take longer")
    slice_s: float = Field(0.25, gt=0, description="seconds after which a query moves to the slow lane")
    deadline_s: float = Field(30.0, gt=0, description="seconds after which a query is ended")
    write_deadline_s: float = Field(120.0, gt=0, description="seconds after which an update is ended")
    memory_mb: int = Field(1024, ge=300, description="address space of a worker, in MiB; the engine needs 200 to start")
    copy_percent: int = Field(
        25,
        ge=0,
        le=90,
        description="part of the free memory, in percent, that a copy of the newest generation may take: "
        "queries are answered from it three to four times as fast; 0 makes none",
    )
    waiting: int = Field(64, ge=1, description="requests that may wait for a worker")
    per_client: int = Field(16, ge=1, description="requests one client may have open at once")
    per_minute: int = Field(6000, ge=1, description="requests one client may begin in a minute")

    texts: Path | None = Field(
        None, description="folder of articles as text: their pages then show them whole, not only sentences with claims"
    )

    licence: str | None = Field(None, description="IRI of the licence under which the data may be used")

    query_bytes: int = Field(1_000_000, ge=1000, description="largest query, in bytes")
    write_bytes: int = Field(64_000_000, ge=1000, description="largest update or graph, in bytes")
    nesting: int = Field(100, ge=4, description="most brackets open at once in a query")
    graphs: int = Field(64, ge=1, description="most graphs a request may name as its dataset")
    cache_mb: int = Field(64, ge=0, description="memory for results that are asked for again, in MiB")
    cors: bool = Field(True, description="let pages of other sites read from this server")

    @field_validator("base")
    @classmethod
    def _ends_with_slash(cls, base: str) -> str:
        return base if base.endswith(("/", "#")) else base + "/"

    @field_validator("licence")
    @classmethod
    def _is_an_iri(cls, licence: str | None) -> str | None:
        if licence and not re.match(r"^https?://[^\s<>\"{}|\\^`]+$", licence):
            raise ValueError("the licence is given by its IRI")
        return licence or None

    @field_validator("tokens")
    @classmethod
    def _are_digests(cls, tokens: dict[str, Scope]) -> dict[str, Scope]:
        for digest in tokens:
            if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
                raise ValueError("tokens are given by their SHA-256 in lower-case hexadecimal")
        return tokens

    @property
    def limits(self) -> Limits:
        """The gate's limits for queries."""
        return Limits(length=self.query_bytes, nesting=self.nesting, graphs=self.graphs)

    @property
    def lanes(self) -> Lanes:
        """The pool's measures."""
        return Lanes(
            self.quick_workers, self.slow_workers, self.waiting, self.slice_s, self.deadline_s, self.reserve_workers
        )

    @property
    def is_loopback(self) -> bool:
        """True if only this machine can reach the server."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    def check(self) -> None:
        """Raise UsageError for settings that would open the store to everybody."""
        writers = [scope for scope in self.tokens.values() if scope in {"write", "admin"}]
        if self.writable and not self.is_loopback and not writers:
            raise UsageError(
                f"a token with scope write was expected, found none while {self.host} is open to other machines",
                hint="give NEWSCLAIMS_SERVER_TOKENS, or listen on 127.0.0.1",
            )


def load(flags: Mapping[str, Any], config: Path | None = None) -> ServerSettings:
    """Settings from flags (None: not given), the environment and the table `[server]` of a TOML file.

    Raises UsageError naming the setting that makes no sense.
    """
    config = config or (Path(os.environ[PREFIX + "CONFIG"]) if os.environ.get(PREFIX + "CONFIG") else None)
    in_environment = {name.lower() for name in os.environ}
    told = _from_file(config) if config else {}
    values = {name: value for name, value in told.items() if (PREFIX + name).lower() not in in_environment}
    values |= {name: value for name, value in flags.items() if value is not None}
    if isinstance(values.get("tokens"), str):
        try:
            values["tokens"] = json.loads(values["tokens"])
        except ValueError as error:
            raise UsageError(f"JSON was expected as tokens: {error}", hint='write {"SHA-256": "write"}') from error
    try:
        return ServerSettings(**values)
    except (ValidationError, ValueError) as error:
        faults = error.errors() if isinstance(error, ValidationError) else []
        what = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in faults) or str(error)
        raise UsageError(f"settings that make sense were expected: {what}", hint="see `kg serve --help`") from error


def _from_file(path: Path) -> dict[str, Any]:
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"a TOML file was expected: {error}", where=str(path), hint="correct --config") from error
    table = found.get(_TABLE, {})
    unknown = sorted({*found} - {_TABLE}) + sorted({*table} - {*ServerSettings.model_fields})
    if unknown:
        raise UsageError(f"settings of the server were expected, found {', '.join(unknown)}", where=str(path))
    return dict(table)


def as_toml() -> str:
    """A configuration file with all settings, their defaults and what they mean."""
    lines = [
        "# Settings of the server: `kg serve --config newsclaims.toml`. Every line shows a default.",
        "# Each may also stand in the environment (NEWSCLAIMS_SERVER_PORT=80) or be a flag (kg serve --port 80);",
        "# flags go before the environment, and that before this file.",
        f"[{_TABLE}]",
    ]
    for name, field in ServerSettings.model_fields.items():
        default = field.get_default(call_default_factory=True)
        lines += ["", f"# {field.description}", f"# {name} = {_toml(default)}"]
    return "\n".join(lines) + "\n"


def _toml(value: object) -> str:
    if value is None:
        return '""'
    return "{}" if value == {} else json.dumps(str(value) if isinstance(value, Path) else value)


def digest(token: str) -> str:
    """The SHA-256 under which a token is listed in the settings."""
    return hashlib.sha256(token.encode()).hexdigest()
