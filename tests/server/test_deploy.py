"""The unit and the Containerfile against what they start: its commands, its settings, its routes, its files."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from kg.cli import entry
from server.app import create_app
from server.serve import config_of
from server.settings import PREFIX, ServerSettings

SETTINGS = {(PREFIX + name).upper() for name in ServerSettings.model_fields} | {PREFIX + "CONFIG"}


@pytest.fixture(scope="module")
def unit(root: Path) -> dict[str, list[str]]:
    """Key -> values of the unit, in the order of the file."""
    found: dict[str, list[str]] = {}
    for line in (root / "server" / "deploy" / "newsclaims.service").read_text("utf-8").splitlines():
        key, equals, value = line.partition("=")
        if equals and not line.startswith(("#", "[")):
            found.setdefault(key, []).append(value)
    return found


@pytest.fixture(scope="module")
def steps(root: Path) -> dict[str, list[str]]:
    """Instruction -> arguments of the Containerfile."""
    found: dict[str, list[str]] = {}
    for line in (root / "server" / "deploy" / "Containerfile").read_text("utf-8").splitlines():
        word, _, rest = line.partition(" ")
        if word.isupper():
            found.setdefault(word, []).append(rest)
    return found


def is_command(words: list[str]) -> bool:
    """True if the words after `kg` name a command with flags that it has."""
    try:
        entry.run([*words, "--help"])
    except SystemExit as end:
        return end.code == 0
    return True


def test_the_unit_starts_a_command_that_is_there_with_settings_that_are(
    unit: dict[str, list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    program, *words = shlex.split(unit["ExecStart"][0])
    assert Path(program).name == "kg"
    assert is_command(words)
    assert "--port" in capsys.readouterr().out
    environment = dict(value.split("=", 1) for value in unit["Environment"])
    assert {*environment} <= SETTINGS
    state = Path("/var/lib") / unit["StateDirectory"][0]
    assert Path(environment[PREFIX + "STORE"]).is_relative_to(state), "ProtectSystem=strict: nothing else is writable"


def test_the_unit_lets_the_server_end_and_its_workers_leave_the_network(unit: dict[str, list[str]]) -> None:
    settings = ServerSettings(store=Path("store"))
    graceful = config_of(create_app(settings), settings).timeout_graceful_shutdown
    assert graceful is not None
    assert int(unit["TimeoutStopSec"][0]) > graceful
    assert unit["KillSignal"] == ["SIGTERM"]
    assert {"net", "user"} <= {*unit["RestrictNamespaces"][0].split()}
    workers = 2 * (settings.quick_workers + settings.reserve_workers) + settings.slow_workers + 1
    assert int(unit["TasksMax"][0]) > 8 * workers, "each worker has the engine's threads"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_systemd_takes_the_unit(root: Path, tmp_path: Path) -> None:
    text = (root / "server" / "deploy" / "newsclaims.service").read_text("utf-8")
    program = shlex.split(re.findall(r"(?m)^ExecStart=(.+)$", text)[0])[0]
    there = tmp_path / "newsclaims.service"  # with a program and a user that this machine has
    there.write_text(text.replace(program, sys.executable).replace("User=newsclaims", "User=root"), "utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", str(there)], capture_output=True, check=False, text=True, timeout=120
    )
    if "Failed to" in done.stderr and "newsclaims.service:" not in done.stderr:
        pytest.skip(f"systemd-analyze does not work here: {done.stderr.splitlines()[0]}")
    assert done.returncode == 0, done.stderr
    assert "newsclaims.service" not in done.stderr


def test_the_container_copies_what_is_there_and_starts_it(
    root: Path, steps: dict[str, list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    for copied in steps["COPY"]:
        *sources, _ = copied.split()
        assert all((root / source).exists() for source in sources), copied
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    version = re.search(r"python:(\d+)\.(\d+)", steps["FROM"][0])
    assert version is not None
    least = re.findall(r">=\s*(\d+)\.(\d+)", project["requires-python"])[0]
    assert tuple(map(int, version.groups())) >= tuple(map(int, least))
    environment = dict(one.split("=", 1) for one in shlex.split(steps["ENV"][0]))
    assert {*environment} <= SETTINGS
    program, *words = json.loads(steps["ENTRYPOINT"][0]) + json.loads(steps["CMD"][0])
    assert program in project["scripts"]
    assert is_command(words)
    capsys.readouterr()
    assert int(steps["EXPOSE"][0]) == ServerSettings.model_fields["port"].default
    assert not ServerSettings(store=Path("/store"), host=environment[PREFIX + "HOST"]).is_loopback


def test_the_container_asks_a_route_that_is_there(steps: dict[str, list[str]]) -> None:
    address = re.findall(r"http://127\.0\.0\.1:(\d+)([^']+)'", steps["HEALTHCHECK"][0])
    app = create_app(ServerSettings(store=Path("store")))
    found = app.url_path_for("ready")
    assert address == [(steps["EXPOSE"][0], str(found))]
