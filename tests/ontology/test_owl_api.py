"""What Protege will see: files loaded with the OWL API, the library that Protege is built on."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from pyoxigraph import Quad, RdfFormat, parse

from kg.export import export
from kg.mapping import article_quads, shared_quads
from kg.ontology import ONTOLOGY, ontology_file, triples
from tests.gold_readings import BASE, RUN, read_gold

JARS = Path("/usr/share/java")  # where Debian's libowlapi-java and what it needs lie
SEEDS = ("000_4e976f026cba4338", "001_964cf9b5af587d05")

pytestmark = [
    pytest.mark.skipif(shutil.which("java") is None, reason="the OWL API needs Java, which is not here"),
    pytest.mark.skipif(
        not (JARS / "owlapi-distribution.jar").is_file(),
        reason=f"no OWL API in {JARS} (Debian: apt install libowlapi-java)",
    ),
]


def seen(*files: Path) -> list[dict[str, str]]:
    """What the OWL API says of each file."""
    source = Path(__file__).with_name("OwlApiCheck.java")
    command = ["java", "-cp", f"{JARS}/*", str(source), *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]
    found: list[dict[str, str]] = []
    for line in done.stdout.splitlines():
        name, _, value = line.partition("=")
        if name == "file":
            found.append({})
        found[-1][name] = value
    return found


@pytest.fixture(scope="module")
def quads(seeds: Path) -> set[Quad]:
    readings = [read_gold(seeds / "gold" / f"{s}.json", seeds / "articles" / f"{s}.txt") for s in SEEDS]
    return {q for r in readings for q in (*article_quads(r, RUN, BASE), *shared_quads(r, RUN, BASE))}


def test_protege_opens_everything_without_a_violation(quads: set[Quad], tmp_path: Path) -> None:
    folder = ontology_file().parent
    export(quads, "ttl", tmp_path / "seeds.ttl", protege=True)
    export(quads, "rdfxml", tmp_path / "seeds.rdf", protege=True)
    core, aligned, turtle, xml = seen(
        folder / "newsclaims.ttl", folder / "alignments.ttl", tmp_path / "seeds.ttl", tmp_path / "seeds.rdf"
    )
    for one in (core, aligned, turtle, xml):
        assert {k: v for k, v in one.items() if k.startswith("violation ")} == {}
        assert (one["violations"], one["imports"], one["anonymous"], one["unlabelled"]) == ("0", "0", "0", "0")
    assert core["iri"] == turtle["iri"] == xml["iri"] == ONTOLOGY
    assert aligned["iri"] == f"{ONTOLOGY}/alignments"
    assert core["format"] == turtle["format"] == "Turtle"
    # Not silently empty, and nothing lost: each triple about the data is one axiom.
    data = sum(1 for _ in parse(path=str(tmp_path / "seeds.ttl"), format=RdfFormat.TURTLE)) - len(triples())
    assert data > 3000
    assert int(turtle["axioms"]) == int(xml["axioms"]) == int(core["axioms"]) + data
    assert int(core["classes"]) == int(turtle["classes"]) >= 40
    assert core["annotation_only"] == turtle["annotation_only"] == "3"  # properties stay properties
