"""The measured numbers as a page: what `run.py` writes to results.md."""

from __future__ import annotations

from typing import Any

ROWS = (
    ("daily_step", "daily automaton in NumPy", 100.0, 20.0),
    ("peer_starsim", "Starsim", 200.0, None),
    ("peer_mesa", "Mesa", 5000.0, None),
)


def written(found: dict[str, Any]) -> str:
    """The whole page."""
    machine = ", ".join(f"{name} {value}" for name, value in found["machine"].items())
    parts = ["# Speed and memory", f"Measured by `make bench` on: {machine}.", _walk(found["sample"])]
    parts += [_follicles(found["follicles"]), _lanes(found["lanes"]), _injection(found["injection"])]
    parts += [_registry(found["registry"]), _start(found["start_up"])]
    return "\n\n".join(parts) + "\n"


def _met(value: float, goal: float, least: bool = True) -> str:
    return f"{goal:g}, {'met' if (value >= goal if least else value <= goal) else 'not met'}"


def _table(head: str, rows: list[str]) -> str:
    return "\n".join([f"| {head} |", "|" + " --- |" * (head.count("|") + 1), *(f"| {row} |" for row in rows)])


def _walk(sample: dict[str, Any]) -> str:
    rows = []
    in_c = sample["C"]
    if "left_out" in in_c:
        rows.append(f"the same walk in C | left out: {in_c['left_out']} | | | |")
    else:
        same = "the same counts" if in_c["identical"] else "DIFFERENT COUNTS"
        goal = _met(in_c["ratio"], 0.8)
        rows.append(f"the same walk in C ({same}) | {in_c['peer_seconds']:.3f} s | {in_c['ratio']:.2f} ({goal}) | | |")
    for name, title, goal_fast, goal_numpy in ROWS:
        peer = sample[name]
        if "left_out" in peer:
            rows.append(f"{title} | left out: {peer['left_out']} | | | |")
            continue
        one, every, plain = (peer[label] for label in ("compiled, one thread", "compiled, all threads", "NumPy path, one thread"))
        per_year = one["peer_seconds"] / (peer["follicles"] * peer["weeks"] / 52) * 1e6
        last = f"{plain['ratio']:,.3g}" + (f" ({_met(plain['ratio'], goal_numpy)})" if goal_numpy else "")
        rows.append(
            f"{title} | {per_year:.3g} us a follicle-year | {one['ratio']:,.3g} ({_met(one['ratio'], goal_fast)}) "
            f"| {every['ratio']:,.3g} ({_met(every['ratio'], goal_fast)}) | {last} | {peer['largest_difference_of_a_share']:.4f}"
        )
    ours = sample["daily_step"]
    return (
        "## `sample`: 100,000 follicles for ten years, counts of every day, under a treatment that changes by the week\n\n"
        + "".join(f"- {label}: {ours[label]['seconds']:.3f} s\n" for label in ours if isinstance(ours[label], dict))
        + "\nHow many times faster than each peer (median of pairs run one after the other; CPU time for one thread, "
        "wall clock for all; goal in parentheses). The last column is the "
        "largest difference of any share of follicles, at any week, from what `expect` says: the peer follows the same law.\n\n"
        + _table("peer | its time | compiled, one thread | compiled, all threads | NumPy path, one thread | difference", rows)
    )


def _follicles(runs: list[dict[str, Any]]) -> str:
    rows = [
        f"{run['follicles']:,} | {run['seconds']:.3f} | {run['seconds'] / run['follicles'] * 1e6:.2f} | {run['added_bytes'] / 2**20:.1f} "
        f"| {run['added_bytes'] / run['follicles']:.1f}"
        for run in runs
    ]
    head = "follicles | seconds | us a follicle | added memory, MB | bytes a follicle (goal: 64 at most, at 10 million)"
    return "## More follicles (ten years, weekly counts, compiled, all threads)\n\n" + _table(head, rows)


def _lanes(runs: list[dict[str, Any]]) -> str:
    rows = [
        f"{run['outputs']} | {'NumPy' if run['path'] == 'numpy' else run['path']} | {run['one']:.2f} s "
        f"| {run['all']:.2f} s ({_met(run['all'], 1, False)}) | {run['first']:.2f} s | {run['peak_mb']:.0f} MB "
        f"({_met(run['peak_mb'], 500, False)})"
        for run in runs
    ]
    head = "outputs | path | one thread | all threads | first call, for one week | peak memory"
    words = "Both paths give the same numbers, bit for bit. The first call loads the compiled path from its cache.\n\n"
    return "## `expect`: 30,000 lanes for 104 weeks\n\n" + words + _table(head, rows)


def _injection(found: dict[str, Any]) -> str:
    rows = [
        f"dose at {found['times']} times, spread: {row['spread']} | {row['times']:.2f} s ({_met(row['times'], 0.5, False)})"
        for row in found["map"]
    ]
    rows += [f"dose summed over all time, spread: {row['spread']} | {row['total']:.2f} s" for row in found["map"]]
    rows += [
        f"fewest needles in 100 cm2 | {found['search']:.2f} s ({_met(found['search'], 5, False)})",
        f"`inject` with 1,000 draws | {found['inject']:.2f} s",
    ]
    words = f"CPU time, NumPy and SciPy, medians; the load of the machine was {found['load']:.1f} when this began.\n\n"
    head = f"{found['follicles']:,} follicles, {found['points']} points | measured (goal)"
    return "## `inject`: doses and grids on one core\n\n" + words + _table(head, rows)


def _registry(found: dict[str, Any]) -> str:
    title = "## The registry's bulk file: import and look-up\n\n"
    if "left_out" in found:
        return title + f"Left out: {found['left_out']}."
    words = (
        f"A made-up file with the real header of 330 columns: {found['rows']:,} rows, {found['csv_gb']:.1f} GB, "
        f"{found['zip_gb']:.2f} GB as the zip that is read. The import runs in a process of its own; the load of the machine was "
        f"{found['load']:.1f} when it began. Look-ups are by wall clock, at places spread over the file.\n\n"
    )
    rows = [
        f"import, wall clock | {found['seconds']:.0f} s ({_met(found['seconds'], 600, False)})",
        f"import, CPU time | {found['cpu_seconds']:.0f} s",
        f"import, peak memory | {found['peak_mb']:.0f} MB ({_met(found['peak_mb'], 2048, False)})",
        f"the file that is made | {found['file_mb']:.0f} MB",
    ]
    for name, said in (("warm", "look-up in an open file"), ("first", "first look-up after opening"), ("open", "opening the file")):
        median, worst = found[f"{name}_50_ms"], found[f"{name}_99_ms"]
        goal = f" ({_met(median, 10, False)})" if name != "open" else ""
        rows.append(f"{said}: median; 99th percentile | {median:.1f} ms{goal}; {worst:.1f} ms")
    return title + words + _table("what | measured (goal)", rows)


def _start(start: dict[str, Any]) -> str:
    rows = [
        f"bare Python | {start['python_seconds']:.3f} s",
        f"`import anagen` | {start['import_seconds']:.3f} s ({_met(start['import_seconds'], 0.3, False)})",
    ]
    for name, goal in (("help", 0.5), ("clinic check", 1.0), ("therapy", 3.0), ("compare", None)):
        if (took := start.get(f"{name}_seconds")) is not None:
            verb = "--help" if name == "help" else name
            rows.append(f"`anagen {verb}` | {took:.3g} s" + (f" ({_met(took, goal, False)})" if goal else ""))
    if start["core_mb"] is not None:
        rows.append(f"core install, all dependencies | {start['core_mb']:.0f} MB")
    words = f"From a cold start on a warm disk, medians of nine; the load of the machine was {start['load']:.1f} when this began.\n\n"
    return "## Start-up and size\n\n" + words + _table("what | measured (goal)", rows)
