"""The US registry's bulk file, made up: import of nine million rows from the zip, and look-ups. Run: `registry.py [ROWS]`, prints JSON."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from world import memory_mb

from anagen.clinic.registry import Registry
from anagen.clinic.registry_import import import_file

sys.path.append(str(Path(__file__).resolve().parents[1] / "tools"))
import made_up_registry as made_up

ROWS = 9_000_000
WARM, FRESH = 1000, 100


def imported(source: Path, to: Path) -> dict[str, Any]:
    """One import in this process, that has done nothing else: seconds, CPU seconds and peak memory."""
    began, cpu = time.perf_counter(), time.process_time()
    made = import_file(source, to)
    found = {"seconds": time.perf_counter() - began, "cpu_seconds": time.process_time() - cpu, "peak_mb": memory_mb()}
    return found | {"rows": made.rows, "active": made.active}


def look_ups(path: Path, rows: int) -> dict[str, Any]:
    """Milliseconds of a look-up, wall clock, at places spread over the file: in an open registry; the first after opening; the opening."""
    places = np.random.default_rng(1).integers(0, rows, WARM + FRESH)
    times: dict[str, list[float]] = {"warm": [], "first": [], "open": []}
    with Registry(path) as registry:
        for at in places[:WARM]:
            began = time.perf_counter()
            record = registry.look_up(made_up.npi(int(at)))
            times["warm"].append(time.perf_counter() - began)
            if record is None or (record.state != made_up.Made(int(at)).state and not made_up.Made(int(at)).gone):
                raise SystemExit(f"the record at {at} is not the one that was written")
    for at in places[WARM:]:
        began = time.perf_counter()
        with Registry(path) as registry:
            opened = time.perf_counter()
            registry.look_up(made_up.npi(int(at)))
            times["first"].append(time.perf_counter() - opened)
            times["open"].append(opened - began)
    return {f"{name}_{point}_ms": float(np.percentile(found, point) * 1000) for name, found in times.items() for point in (50, 99)}


def main(words: list[str]) -> None:
    """Make the file (not timed), import it in a process of its own, look up."""
    if words[:1] == ["import"]:
        print(json.dumps(imported(Path(words[1]), Path(words[2]))))
        return
    rows = int(words[0]) if words else ROWS
    with tempfile.TemporaryDirectory() as folder:
        source, to = Path(folder) / "NPPES.zip", Path(folder) / "registry.duckdb"
        with zipfile.ZipFile(source, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            with archive.open("npidata_pfile_20050523-20261108.csv", "w", force_zip64=True) as member:
                made_up.write(member, rows)
            csv_gb = archive.infolist()[0].file_size / 2**30
        load = os.getloadavg()[0]
        line = [sys.executable, __file__, "import", str(source), str(to)]
        done = subprocess.run(line, check=True, capture_output=True, text=True)
        found = json.loads(done.stdout) | {"csv_gb": csv_gb, "zip_gb": source.stat().st_size / 2**30, "load": load}
        print(json.dumps(found | {"file_mb": to.stat().st_size / 2**20} | look_ups(to, rows)))


if __name__ == "__main__":
    main(sys.argv[1:])
