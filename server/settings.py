"""Settings of the server. Environment variables begin with `NEWSCLAIMS_SERVER_`; flags of `kg serve` go before them."""

from __future__ import annotations

import hashlib
import ipaddress
from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from kg.errors import UsageError
from kg.settings import Settings
from server.gate import Limits
from server.pool import Lanes

Scope = Literal["read", "write", "admin"]


class ServerSettings(BaseSettings):
    """All settings of the server with their defaults."""

    model_config = SettingsConfigDict(env_prefix="NEWSCLAIMS_SERVER_", extra="ignore")

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

    quick_workers: int = Field(3, ge=1, description="processes for queries that end at once")
    slow_workers: int = Field(2, ge=1, description="processes for queries that take longer")
    slice_s: float = Field(0.25, gt=0, description="seconds after which a query moves to the slow lane")
    deadline_s: float = Field(30.0, gt=0, description="seconds after which a query is ended")
    write_deadline_s: float = Field(120.0, gt=0, description="seconds after which an update is ended")
    memory_mb: int = Field(1024, ge=600, description="address space of a worker, in MiB; the engine needs 600 to start")
    waiting: int = Field(64, ge=1, description="requests that may wait for a worker")
    per_client: int = Field(16, ge=1, description="requests one client may have open at once")
    per_minute: int = Field(6000, ge=1, description="requests one client may begin in a minute")

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
        return Lanes(self.quick_workers, self.slow_workers, self.waiting, self.slice_s, self.deadline_s)

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


def digest(token: str) -> str:
    """The SHA-256 under which a token is listed in the settings."""
    return hashlib.sha256(token.encode()).hexdigest()
