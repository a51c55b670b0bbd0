"""The same build on a Ray cluster of two nodes, of which one loses its workers in the middle."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from kg.pipeline import Built, load_parts, run_of
from kg.pipeline import build as build_here
from kg.readers import read
from kg.settings import Settings
from kg.store import Store

_ARTICLES, _PARTS = 16, 4
_PLACES = ("Aleppo", "Idlib", "Homs", "Mosul", "Kathmandu", "Manila", "Khartoum", "Sirte")
# In a process of its own: Ray leaves threads and warnings behind that a test run should not inherit.
_ON_RAY = """
import os, signal, socket, sys, threading, time
# A busy machine starts nodes slowly.
slow = {"raylet_start_wait_time_s": 600, "worker_register_timeout_seconds": 600, "agent_register_timeout_ms": 600_000}
os.environ |= {f"RAY_{name}": str(value) for name, value in slow.items()}
from pathlib import Path
import ray
from ray.cluster_utils import Cluster
from kg.pipeline import Job, run_of, run_on_ray
from kg.settings import Settings

sources, target, parts = sys.argv[1], sys.argv[2], int(sys.argv[3])
def ports():
    # Given ports: a raylet waits only seconds for those that its agents would choose.
    names = (
        "metrics_agent_port", "metrics_export_port", "runtime_env_agent_port", "dashboard_agent_listen_port",
    )
    held = [socket.create_server(("127.0.0.1", 0)) for _ in names]
    found = {name: one.getsockname()[1] for name, one in zip(names, held)}
    for one in held:
        one.close()
    return found

cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False} | ports())
cluster.add_node(num_cpus=1, **ports())
ray.init(address=cluster.address, log_to_driver=False)
assert len([n for n in ray.nodes() if n["Alive"]]) == 2
killed = []

def descends(pid):
    while pid > 1:
        if pid == os.getpid():
            return True
        status = Path(f"/proc/{pid}/status").read_text()
        pid = int(status.split("PPid:")[1].split()[0])
    return False

def kill():
    # As soon as the first part is there, our workers that are at one lose their lives.
    while not list(Path(target).glob("*.json")):
        time.sleep(0.05)
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            title = (folder / "cmdline").read_bytes().decode()
            if title.startswith("ray::Map") and descends(int(folder.name)):
                os.kill(int(folder.name), signal.SIGKILL)
                killed.append(title)
        except OSError:
            pass

os.makedirs(target, exist_ok=True)
threading.Thread(target=kill, daemon=True).start()
settings = Settings()
job = Job((sources,), target, parts, run_of(settings.model), settings.base, settings.model)
done = sorted(p.number for p in run_on_ray(job))
print("parts", len(done), "killed", len(killed))
assert done == list(range(parts)) and killed
ray.shutdown()
cluster.shutdown()
"""


@pytest.mark.slow
def test_two_nodes_and_a_killed_worker(tmp_path: Path) -> None:
    pytest.importorskip("ray")
    folder = tmp_path / "in"
    folder.mkdir()
    for n in range(_ARTICLES):
        place = _PLACES[n % len(_PLACES)]
        said = f"The army said {300 + n} people were evacuated from {place}. {n + 1} people were killed."
        (folder / f"a{n:02}.txt").write_text(f"Hundreds leave {place}\n\n{said}\n")
    target = str(tmp_path / "parts")
    command = [sys.executable, "-W", "ignore", "-c", _ON_RAY, str(folder), target, str(_PARTS)]
    found = subprocess.run(command, capture_output=True, text=True, check=False, timeout=2400)
    assert found.returncode == 0, (found.stdout + found.stderr)[-3000:]
    print(found.stdout)
    settings = Settings()
    with Store.memory() as one, Store.memory() as many:
        list(build_here(read([folder]), one, run_of(settings.model), base=settings.base, model=settings.model))
        outcomes = list(load_parts(target, many, base=settings.base))
        assert {type(o) for o in outcomes} == {Built} and len(outcomes) == _ARTICLES
        assert many.canonical() == one.canonical()
