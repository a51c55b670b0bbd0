"""Bytes of a file as text."""

from __future__ import annotations

import codecs
import gzip
import logging
import re
from pathlib import Path

from kg.errors import InputError

_LOG = logging.getLogger(__name__)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SIGNATURES = (
    (b"%PDF", "a PDF file"),
    (b"PK\x03\x04", "a ZIP, Word or e-book file"),
    (b"\x1f\x8b", "a gzip file"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"\xd0\xcf\x11\xe0", "an old Office file"),
    (b"{\\rtf", "an RTF file"),
)
_AGAIN = "save it again as UTF-8"
_AS_TEXT = "save the article as UTF-8 text"
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
# Western European text has few letters beyond ASCII; more of them means that another encoding was guessed wrongly.
_FOREIGN_SHARE = 0.2


def decode(data: bytes, where: str) -> str:
    """The text of a file's bytes: UTF-8 (with or without a byte-order mark), UTF-16/32 with one, else Windows-1252.

    `where` names the file in messages. The text is not changed but for the byte-order mark, which is dropped.
    A fall-back to Windows-1252 is logged as a warning. Raises InputError for empty, binary and undecodable files.
    """
    if not data.strip():
        raise InputError("a news article was expected, found an empty file", where=where, hint="leave it out")
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _strict(data[len(mark) :], encoding, where)
    for signature, name in _SIGNATURES:
        if data.startswith(signature):
            raise InputError(f"a text file was expected, found {name}", where=where, hint=_AS_TEXT)
    if len(_CONTROL.findall(data)) > 0.01 * len(data) or b"\x00" in data:
        raise InputError("a text file was expected, found binary data", where=where, hint=_AS_TEXT)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as e:
        return _western(data, where, e.start)


def unpacked(path: Path, max_bytes: int) -> bytes:
    """The bytes of a file, also of one packed with gzip. Raises InputError for more than `max_bytes`, and OSError."""
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as stream:
        data: bytes = stream.read(max_bytes + 1)
    if len(data) > max_bytes:
        message = f"a file of at most {max_bytes:,} bytes was expected"
        raise InputError(message, where=str(path), hint="split it, or raise NEWSCLAIMS_MAX_BYTES")
    return data


def _strict(data: bytes, encoding: str, where: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as e:
        message = f"{encoding.upper()} was expected after its byte-order mark, byte {e.start} does not fit"
        raise InputError(message, where=where, hint=_AGAIN) from e


def _western(data: bytes, where: str, at: int) -> str:
    try:
        text, name = data.decode("cp1252"), "Windows-1252"
    except UnicodeDecodeError:
        text, name = data.decode("latin-1"), "Latin-1"
    letters = sum(c.isalpha() for c in text)
    foreign = sum(c > "\x7f" and c.isalpha() for c in text)
    if foreign > _FOREIGN_SHARE * letters:
        message = f"UTF-8 was expected, byte {at} is not, and it is no Western European text either"
        raise InputError(message, where=where, hint=_AGAIN)
    _LOG.warning("%s: not UTF-8 (byte %d), read as %s - %s if letters look wrong", where, at, name, _AGAIN)
    return text
