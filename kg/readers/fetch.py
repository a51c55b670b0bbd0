"""Pages from the net, politely and safely: robots.txt, a pause between two requests to a host, public addresses only.

A host's name is resolved once for each request, every address is checked, and the connection goes to a checked
address: a name that changes its mind between check and connection gains nothing. Redirects are checked anew.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from kg import __version__
from kg.errors import InputError

AGENT = "newsclaims"
_HEADERS = {
    "User-Agent": f"{AGENT}/{__version__} (+https://w3id.org/newsclaims)",
    "Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1",
    "Accept-Encoding": "gzip",
    "Connection": "close",
}
_PORTS = {"http": 80, "https": 443}
_CHUNK = 65_536
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class Limits:
    """What a fetch may cost. `allowed` names hosts ("127.0.0.1:8000") that need not be public, on any port."""

    bytes: int = 10_000_000  # of the page, unpacked
    seconds: float = 30.0  # for one request, redirects not counted
    redirects: int = 5
    allowed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Page:
    """What a server answered."""

    url: str
    status: int
    kind: str  # media type, lower case, without parameters
    body: bytes
    location: str | None = None  # where it redirects to, absolute


NORMAL = Limits()


def fetch(url: str, limits: Limits = NORMAL, *, may: Callable[[str], None] = lambda url: None) -> Page:
    """The page at an address, whatever its status. `may` raises InputError for an address not to be asked.

    Raises InputError if an address on the way is not public, the server cannot be reached, or a limit is passed.
    """
    for _ in range(limits.redirects + 1):
        may(url)
        page = _once(url, limits)
        if page.location is None:
            return page
        url = page.location
    message = f"a page was expected after at most {limits.redirects} redirects"
    raise InputError(message, where=url, hint="leave it out")


def public_address(host: str, port: int, where: str, limits: Limits = NORMAL) -> str:
    """An IP address of the host. Raises InputError if it has none, or one that is not on the public net."""
    try:
        rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as e:
        message = f"a host was expected, the name {host!r} is not known"
        raise InputError(message, where=where, hint="check the address") from e
    found = list(dict.fromkeys(str(row[4][0]) for row in rows))
    private = [a for a in found if not _is_public(a)]
    if private and f"{host}:{port}" not in limits.allowed:
        message = f"a public address was expected, {host!r} is {private[0]}"
        raise InputError(message, where=where, hint="leave it out")
    return found[0]


def _is_public(address: str) -> bool:
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is not None:
            return _is_public(str(inner))
        if ip in ipaddress.ip_network("64:ff9b::/96"):  # NAT64: the last 32 bits are an IPv4 address
            return _is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
    return ip.is_global and not ip.is_multicast


def _once(url: str, limits: Limits) -> Page:
    parts = _checked(url, limits)
    host = parts.hostname or ""
    port = parts.port or _PORTS[parts.scheme]
    address = public_address(host, port, url, limits)
    try:
        with _connected(address, port, parts, limits) as connection:
            connection.request("GET", _target(parts), headers={"Host": parts.netloc.rpartition("@")[2], **_HEADERS})
            with connection.getresponse() as answer:
                kind = (answer.headers.get("Content-Type") or "").partition(";")[0].strip().lower()
                location = answer.headers.get("Location") if answer.status in _REDIRECTS else None
                body = b"" if location else _body(answer, url, limits)
    except (OSError, http.client.HTTPException, zlib.error, ValueError) as e:
        reason = " ".join(str(e).split())[:200] or type(e).__name__
        raise InputError(f"a page was expected, the request failed: {reason}", where=url, hint="try again later") from e
    return Page(url, answer.status, kind, body, urljoin(url, location) if location else None)


def _checked(url: str, limits: Limits) -> SplitResult:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as e:
        raise InputError(f"an http or https address was expected: {e}", where=url[:200], hint="correct it") from e
    odd = any(c.isspace() or ord(c) < 0x20 or ord(c) > 0x7E for c in parts.netloc)
    if parts.scheme not in _PORTS or not parts.hostname or odd or parts.username is not None:
        message = "an http or https address without a user's name was expected"
        raise InputError(message, where=url[:200], hint="correct it")
    if port not in (None, _PORTS[parts.scheme]) and f"{parts.hostname}:{port}" not in limits.allowed:
        raise InputError(f"the usual port was expected, found {port}", where=url[:200], hint="leave it out")
    return parts


def _target(parts: SplitResult) -> str:
    """Path and query, with what may not stand in a request line quoted."""
    query = f"?{parts.query}" if parts.query else ""
    return quote(f"{parts.path or '/'}{query}", safe="/%?&=:@!$'()*+,;-._~[]")


@contextmanager
def _connected(address: str, port: int, parts: SplitResult, limits: Limits) -> Iterator[http.client.HTTPConnection]:
    """A connection to a checked address that is cut off when its time is over, however slowly it answers."""
    held = [socket.create_connection((address, port), timeout=min(10.0, limits.seconds))]
    timer = threading.Timer(limits.seconds, lambda: _cut(held[0]))
    timer.daemon = True
    timer.start()
    try:
        if parts.scheme == "https":
            held[0] = ssl.create_default_context().wrap_socket(held[0], server_hostname=parts.hostname)
        connection = http.client.HTTPConnection(parts.hostname or "", port)
        connection.sock = held[0]
        yield connection
    finally:
        timer.cancel()
        timer.join()
        held[0].close()


def _cut(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # closed already


def _body(answer: http.client.HTTPResponse, url: str, limits: Limits) -> bytes:
    packed = (answer.headers.get("Content-Encoding") or "identity").strip().lower()
    if packed not in ("identity", "", "gzip", "x-gzip"):
        raise InputError(f"a plain or gzip page was expected, found {packed!r}", where=url, hint="leave it out")
    unpack = zlib.decompressobj(zlib.MAX_WBITS | 16) if packed.endswith("gzip") else None
    ends = time.monotonic() + limits.seconds
    parts: list[bytes] = []
    size = 0
    while chunk := answer.read1(_CHUNK):
        while chunk:
            part = unpack.decompress(chunk, _CHUNK * 16) if unpack else chunk
            chunk = unpack.unconsumed_tail if unpack else b""
            parts.append(part)
            size += len(part)
            if size > limits.bytes:
                message = f"a page of at most {limits.bytes:,} bytes was expected"
                raise InputError(message, where=url, hint="leave it out")
        if time.monotonic() > ends:
            raise InputError(f"a page within {limits.seconds:g} s was expected", where=url, hint="try again later")
    if answer.length:
        raise http.client.IncompleteRead(b"", answer.length)
    return b"".join(parts)


@dataclass(frozen=True, slots=True)
class Robots:
    """What a host's robots.txt lets us do."""

    rules: Any  # a parsed robots.txt; None where there is none
    reachable: bool

    def allows(self, url: str) -> bool:
        """True if the page may be fetched. A host whose robots.txt cannot be had allows nothing (RFC 9309)."""
        return self.reachable and (self.rules is None or bool(self.rules.can_fetch(url, AGENT)))

    @property
    def pause(self) -> float:
        """Seconds between two requests that the host asks for; 0 if it asks for nothing."""
        return float((self.rules and self.rules.crawl_delay(AGENT)) or 0.0)


def robots(url: str, limits: Limits = NORMAL) -> Robots:
    """The rules of the host of this address. Raises InputError without the package protego."""
    try:
        from protego import Protego
    except ImportError as e:
        message = "the package protego was expected for robots.txt, not found"
        raise InputError(message, where=url, hint="pip install 'newsclaims[feeds]'") from e
    parts = urlsplit(url)
    try:
        page = fetch(f"{parts.scheme}://{parts.netloc}/robots.txt", limits)
    except InputError:
        return Robots(None, reachable=False)
    if page.status >= 500:
        return Robots(None, reachable=False)
    if page.status >= 400:
        return Robots(None, reachable=True)
    return Robots(Protego.parse(page.body[:512_000].decode("utf-8", "replace")), reachable=True)
