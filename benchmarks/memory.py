"""Time and peak memory of one `sample`, weekly counts over ten years. Run: `memory.py FOLLICLES`, prints JSON."""

from __future__ import annotations

import json
import sys
import time

from world import WEEKS, cycle, forget_peak, memory_mb, start, treatment

from anagen.scalp.sample import sample


def main() -> None:
    """Compile on a few follicles first; then what the run adds."""
    begin = start()
    sample(cycle(), treatment(), WEEKS, follicles=1000, start=begin)
    forget_peak()
    before = memory_mb("VmRSS")
    began = time.perf_counter()
    run = sample(cycle(), treatment(), WEEKS, follicles=int(sys.argv[1]), start=begin)
    seconds = time.perf_counter() - began
    added = (memory_mb() - before) * 2**20
    print(json.dumps({"follicles": run.follicles, "seconds": seconds, "events": run.events, "added_bytes": added}))


if __name__ == "__main__":
    main()
