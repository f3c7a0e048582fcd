"""Speed and memory of the library and of its peers, side by side in one run: writes results.json and results.md beside this file.

Every ratio is the median over repeats of one pair, measured one after the other. A peer that is not installed is left out, and
the report says so.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import importlib.util
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import peer_c
from report import written
from world import WEEKS, cycle, start, treatment

from anagen.scalp.expect import expect
from anagen.scalp.sample import sample

HERE = Path(__file__).parent
FOLLICLES, YEARS = 100_000, WEEKS / 52
PEERS = {"daily_step": (FOLLICLES, WEEKS, 3), "peer_starsim": (20_000, 104, 3), "peer_mesa": (2_000, 104, 5)}
PACKAGE = {"daily_step": "numpy", "peer_starsim": "starsim", "peer_mesa": "mesa"}


def seconds(work: Callable[[], Any], clock: Callable[[], float] = time.perf_counter) -> float:
    """How long one call takes."""
    began = clock()
    work()
    return clock() - began


def ours(fast: bool, threads: int | None, begin: Any) -> Callable[[], Any]:
    """The library's own run: ten years, counts of every day."""
    return lambda: sample(cycle(), treatment(), WEEKS, follicles=FOLLICLES, start=begin, every_days=1, fast=fast, threads=threads)


def paired(one: Callable[[], Any], two: Callable[[], Any], repeats: int, wall: bool) -> tuple[float, float, float]:
    """Median seconds of each, and the median of two / one. Wall clock, or CPU time, which other work on the machine hardly moves."""
    clock = time.perf_counter if wall else time.process_time
    times = np.array([(np.median([seconds(one, clock) for _ in range(3)]), seconds(two, clock)) for _ in range(repeats)])
    return float(np.median(times[:, 0])), float(np.median(times[:, 1])), float(np.median(times[:, 1] / times[:, 0]))


def against_c() -> dict[str, Any]:
    """The compiled walk and the same in C: the same counts, and whose is faster."""
    if peer_c.compiler() is None:
        return {"left_out": "no C compiler here"}
    walk, in_c = peer_c.walks(FOLLICLES)
    same = all(np.array_equal(a, b) for a, b in zip(walk(), in_c(), strict=True))
    mine, theirs, ratio = paired(walk, in_c, 15, wall=False)
    return {"identical": same, "seconds": mine, "peer_seconds": theirs, "ratio": ratio, "flags": " ".join(peer_c.FLAGS)}


def against(name: str, begin: Any) -> dict[str, Any]:
    """A peer that steps from day to day: speed per follicle-year, and how far its counts lie from the expected ones."""
    if importlib.util.find_spec(PACKAGE[name]) is None:
        return {"left_out": f"{PACKAGE[name]} is not installed"}
    peer, (follicles, weeks, repeats) = importlib.import_module(name), PEERS[name]
    counts = peer.follow(follicles, weeks)
    counts = counts if len(counts) == weeks + 1 else counts[::7]
    known = expect(cycle(), treatment(), weeks, start=begin, occupancy=True, dtype=np.float64).occupancy
    assert known is not None
    chance = known.reshape(weeks + 1, -1)
    found: dict[str, Any] = {
        "follicles": follicles,
        "weeks": weeks,
        "largest_difference_of_a_share": float(np.abs(counts / follicles - chance).max()),
    }
    per_year = follicles * weeks / 52, FOLLICLES * YEARS
    for label, fast, threads in (
        ("compiled, one thread", True, 1),
        ("compiled, all threads", True, None),
        ("NumPy path, one thread", False, 1),
    ):
        mine, theirs, ratio = paired(ours(fast, threads, begin), lambda: peer.follow(follicles, weeks), repeats, wall=threads is None)
        found[label] = {"seconds": mine, "peer_seconds": theirs, "ratio": ratio * per_year[1] / per_year[0]}
    return found


def fresh(script: str, *words: str) -> Any:
    """What a script of this folder prints, in a process of its own."""
    done = subprocess.run([sys.executable, str(HERE / script), *words], check=True, capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])


EXAMPLES = HERE.parent / "examples"
VERBS = {
    "help": ["--help"],
    "clinic check": ["clinic", "check", str(EXAMPLES / "clinic" / "florida-svf-fda-facility.toml")],
    "therapy": ["therapy", str(EXAMPLES / "therapy" / "svf-enzymatic.toml")],
    "compare": ["compare", str(EXAMPLES / "man-norwood-3v.toml"), "--no-page"],
}
"""Verbs timed from a cold start."""


def start_up() -> dict[str, Any]:
    """Seconds to import the package and for some verbs from a cold start (warm disk, median), and the size of a plain install."""
    found: dict[str, Any] = {"load": os.getloadavg()[0]}
    program = Path(sys.executable).with_name("anagen")
    own = {"python": ["-c", "pass"], "import": ["-c", "import anagen"]}
    lines = {name: [sys.executable, *command] for name, command in own.items()} | {
        name: [str(program), *command] for name, command in VERBS.items()
    }
    for name, line in lines.items():
        if line[0] == sys.executable or program.exists():
            found[f"{name}_seconds"] = float(
                np.median([seconds(lambda line=line: subprocess.run(line, check=True, capture_output=True)) for _ in range(9)])
            )
    found["core_mb"] = _core_mb()
    return found


def _core_mb() -> float | None:
    """Megabytes of every installed distribution that requirements/core.lock names; None if one is missing here."""
    lock = (HERE.parent / "requirements" / "core.lock").read_text(encoding="utf-8")
    names = {line.split("==")[0].strip() for line in lock.splitlines() if "==" in line and "win32" not in line}
    try:
        files = [file for name in names for file in importlib.metadata.files(name) or []]
    except importlib.metadata.PackageNotFoundError:
        return None
    total = sum(path.stat().st_size for file in files if (path := Path(str(file.locate()))).is_file())
    return total / 2**20


def machine() -> dict[str, Any]:
    """Where and with what this was measured."""
    names = ("numpy", "scipy", "numba", "mesa", "starsim")
    versions = {name: importlib.metadata.version(name) for name in names if importlib.util.find_spec(name)}
    cpu = next(
        (line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")),
        platform.processor(),
    )
    gcc = subprocess.run([peer_c.compiler() or "true", "--version"], capture_output=True, text=True, check=False).stdout.splitlines()
    return {
        "cpu": cpu,
        "cores": len(os.sched_getaffinity(0)),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "compiler": gcc[0] if gcc else None,
        **versions,
        "load_at_start": os.getloadavg()[0],
    }


def main() -> None:
    """Measure, and write both files."""
    found: dict[str, Any] = {"machine": machine()}
    begin = start()
    sample(cycle(), treatment(), WEEKS, follicles=1000, start=begin, fast=True)  # compile
    expect(cycle(), treatment(), 1, start=begin, dtype=np.float32, fast=True)
    found["sample"] = {"C": against_c(), **{name: against(name, begin) for name in PEERS}}
    found["follicles"] = [fresh("memory.py", str(10**power)) for power in (4, 5, 6, 7)]
    found["lanes"] = [fresh("lanes.py", outputs, path) for outputs in ("11", "3") for path in ("compiled", "numpy")]
    found["injection"] = fresh("injection.py")
    found["registry"] = fresh("registry.py") if importlib.util.find_spec("duckdb") else {"left_out": "duckdb is not installed"}
    found["start_up"] = start_up()
    (HERE / "results.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    (HERE / "results.md").write_text(written(found), encoding="utf-8")
    print(written(found))


if __name__ == "__main__":
    main()
