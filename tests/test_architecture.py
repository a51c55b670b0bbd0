"""The house's own rules: where things lie, how large they are, and which way imports run."""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

_TOP = {"ontology", "kg", "server", "tests", "seeds", "queries", ".ci", ".github"}
_LINES, _FUNCTION = 400, 60


def _tracked(root: Path) -> list[str]:
    found = subprocess.run(["git", "ls-files"], cwd=root, capture_output=True, text=True, check=False)
    if found.returncode:
        pytest.skip("not a git checkout")
    return found.stdout.splitlines()


def _modules(root: Path, *rooms: str) -> list[Path]:
    return [p for room in rooms for p in sorted((root / room).rglob("*.py")) if "_data" not in p.parts]


def test_top_level_is_fixed(root: Path) -> None:
    folders = {name.split("/")[0] for name in _tracked(root) if "/" in name}
    assert folders <= _TOP


def test_imports_run_one_way(root: Path) -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    found = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout[-3000:]


def test_no_module_is_long(root: Path) -> None:
    long = {str(p): n for p in _modules(root, "kg", "server") if (n := len(p.read_text().splitlines())) > _LINES}
    assert not long


def test_no_function_is_long(root: Path) -> None:
    long = [
        f"{path}:{node.lineno} {node.name}"
        for path in _modules(root, "kg", "server")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno + 1 > _FUNCTION
    ]
    assert not long


def test_no_module_of_odds_and_ends(root: Path) -> None:
    names = {p.stem for p in _modules(root, "kg", "server", "tests")}
    assert not names & {"utils", "util", "helpers", "misc", "common"}


def test_public_functions_say_what_they_do(root: Path) -> None:
    bare = [
        f"{path}:{node.lineno} {node.name}"
        for path in _modules(root, "kg", "server")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
        and not (isinstance(node, ast.ClassDef) and any("Enum" in ast.unparse(b) for b in node.bases))
    ]
    assert not bare


def test_errors_are_not_swallowed(root: Path) -> None:
    silent = [
        f"{path}:{node.lineno}"
        for path in _modules(root, "kg", "server", "tests")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or ast.unparse(node.type) in ("Exception", "BaseException"))
        and all(isinstance(s, ast.Pass) for s in node.body)
    ]
    assert not silent


@pytest.mark.parametrize(
    "name", ["kg.readers", "kg.pipeline", "kg.mapping", "kg.store", "kg.types", "kg.errors", "kg.settings", "kg.cli"]
)
def test_exported_names_exist(name: str) -> None:
    module = importlib.import_module(name)
    missing = [n for n in getattr(module, "__all__", ()) if not hasattr(module, n)]
    assert not missing


def test_locked_versions_name_no_host(root: Path) -> None:
    lines = [s for s in (root / "constraints.txt").read_text().splitlines() if not s.startswith("#")]
    assert lines and all(re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!_-]+", line) for line in lines)


def test_every_dependency_is_locked(root: Path) -> None:
    import tomllib

    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = (
        project["project"]["dependencies"] + project["dependency-groups"]["dev"] + project["build-system"]["requires"]
    )
    locked = {
        re.split("==", line)[0].lower().replace("_", "-")
        for line in (root / "constraints.txt").read_text().splitlines()
    }
    assert {re.split(r"[<>=~!\[ ]", w)[0].lower() for w in wanted} <= locked


def test_asking_a_store_needs_no_language_model() -> None:
    code = (
        "import sys; from kg.cli import main, commands; from kg.cli import query\n"
        "assert not {'spacy', 'onnxruntime', 'trafilatura'} & set(sys.modules), sorted(sys.modules)"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr[-500:]
