"""Stores of others, started for tests where they are installed."""

from __future__ import annotations

import http.client
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

VIRTUOSO = shutil.which("virtuoso-t")  # Debian: virtuoso-opensource-7
ISQL = shutil.which("isql-vt")
USER = "dba:dba"  # of a fresh database
_START_S = 300.0
_INI = """
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
FileExtend = 200
TempStorage = TempDatabase
[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
DirsAllowed = .
NumberOfBuffers = 40000
MaxDirtyBuffers = 30000
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = .
ServerThreads = 20
MaxClientConnections = 20
MaxKeepAlives = 20
KeepAliveTimeout = 15
Charset = UTF-8
"""


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def virtuoso(folder: Path, quads: Path | None = None) -> Iterator[tuple[int, int]]:
    """A Virtuoso server with a fresh database in `folder`, filled from an N-Quads file; its HTTP port and process."""
    assert VIRTUOSO is not None
    folder.mkdir(parents=True, exist_ok=True)
    sql, port = free_port(), free_port()
    (folder / "virtuoso.ini").write_text(_INI.format(sql=sql, http=port), encoding="ascii")
    command = [VIRTUOSO, "+configfile", "virtuoso.ini", "+foreground"]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            end = time.monotonic() + _START_S
            while not _answers(port):
                assert process.poll() is None, "Virtuoso ended"
                assert time.monotonic() < end, "Virtuoso did not start"
                time.sleep(0.1)
            if quads is not None:
                shutil.copy(quads, folder / "graph.nq")
                _sql(sql, "ld_dir('.', 'graph.nq', 'urn:none'); rdf_loader_run(); checkpoint;")
            yield port, process.pid
        finally:
            process.kill()


def _answers(port: int) -> bool:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        try:
            connection.request("GET", "/sparql?query=ASK%20%7B%7D")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False


def _sql(port: int, text: str) -> None:
    assert ISQL is not None
    name, _, password = USER.partition(":")
    subprocess.run([ISQL, f"127.0.0.1:{port}", name, password, f"exec={text}"], check=True, stdout=subprocess.DEVNULL)
