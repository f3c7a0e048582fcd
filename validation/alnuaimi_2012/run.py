"""Measure the claims of Al-Nuaimi et al. 2012 again: writes record.json and the tables of README.md beside this file (seconds)."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from anagen.scalp.references.alnuaimi import Oscillator, equilibria, limit_cycle, resting_state, simulate

HERE = Path(__file__).parent
Row = dict[str, Any]

PERIODS = {0.42: (187.1, 67), 0.44: (240.2, 74), 0.48: (362.3, 81), 0.51: (522.1, 85), 0.54: (900.2, 90), 0.555: (1505.9, 94)}


def row(check: str, what: str, expected: float, source: str, measured: float, within: float) -> Row:
    agrees = bool(abs(measured - expected) <= within + 1e-12)
    return {
        "check": check,
        "what": what,
        "expected": expected,
        "source": source,
        "measured": round(float(measured), 5),
        "within": within,
        "agrees": agrees,
    }


def cycle_rows() -> list[Row]:
    """N1: periods, anagen shares, range and rest."""
    rows = []
    for p1, (expected, share) in PERIODS.items():
        cycle = limit_cycle(Oscillator(p1=p1))
        assert cycle is not None, f"no cycle at p1 = {p1}"
        rows.append(row("N1", f"p1 = {p1:g}, period", expected, "C", cycle.period, 0.15))
        rows.append(row("N1", f"p1 = {p1:g}, time on the high plateau, %", share, "C", 100 * cycle.upper_share, 0.5))
        if p1 == 0.48:
            rows.append(row("N1", "p1 = 0.48, lowest x", 0.024, "C", cycle.x_low, 5e-4))
            rows.append(row("N1", "p1 = 0.48, highest x", 5.99, "C", cycle.x_high, 5e-3))
    assert limit_cycle(Oscillator(p1=0.35)) is None, "a cycle at p1 = 0.35"
    rows.append(row("N1", "p1 = 0.35, no cycle, x at rest", 0.1455, "C", resting_state(Oscillator(p1=0.35)), 5e-5))
    return rows


def published_rows() -> list[Row]:
    """The three values of p1 at which the paper says that the behaviour changes."""
    on_cycle = simulate([0.0, 2000.0], Oscillator(p1=0.413)).state[-1]
    fold = boundary(lambda p1: limit_cycle(Oscillator(p1=p1), start=on_cycle) is not None, 0.40, 0.413)
    hopf = boundary(lambda p1: not equilibria(Oscillator(p1=p1)).stable[0], 0.48, 0.53)
    saddle = boundary(lambda p1: equilibria(Oscillator(p1=p1)).x.size == 3, 0.55, 0.58)
    return [
        row("published", "p1 at which the cycle appears (fold of limit cycles)", 0.415, "R", fold, 5e-4),
        row("published", "p1 at which the rest becomes unstable (subcritical Hopf)", 0.51, "R", hopf, 5e-3),
        row("published", "p1 at which the cycle ends (saddle-node on it)", 0.56, "R", saddle, 5e-3),
    ]


def edge_rows() -> list[Row]:
    """The follicle just inside and just outside the measured ends of the cycling range, and at the published ones."""
    rows = []
    for p1 in (0.412, 0.413, 0.415, 0.56, 0.566, 0.568):
        cycle = limit_cycle(Oscillator(p1=p1), longest=40_000)
        measured = {} if cycle is None else {"period": round(cycle.period, 2), "scatter": float(f"{cycle.scatter:.0e}")}
        rows.append({"p1": p1, "cycles": cycle is not None} | measured)
    return rows


def boundary(beyond: Callable[[float], bool], low: float, high: float) -> float:
    """The p1 where `beyond` turns from false (at low) to true (at high), to 1e-5, by halving."""
    assert not beyond(low), f"already so at p1 = {low}"
    assert beyond(high), f"not yet so at p1 = {high}"
    while high - low > 1e-5:
        middle = (low + high) / 2
        low, high = (low, middle) if beyond(middle) else (middle, high)
    return (low + high) / 2


def measure() -> dict[str, Any]:
    return {"claim": "Al-Nuaimi et al. 2012", "rows": cycle_rows() + published_rows(), "edges": edge_rows()}


def tables(record: dict[str, Any]) -> dict[str, str]:
    """The tables of README.md, by the name of their place."""
    lines = ["| check | what | expected | source | measured | within | agrees |", "| --- | --- | --- | --- | --- | --- | --- |"]
    for entry in record["rows"]:
        agrees = "yes" if entry["agrees"] else "**no**"
        numbers = f"{entry['expected']:g} | {entry['source']} | {entry['measured']:.4f} | {entry['within']:g}"
        lines.append(f"| {entry['check']} | {entry['what']} | {numbers} | {agrees} |")
    edges = ["| p1 | behaviour |", "| --- | --- |"]
    for entry in record["edges"]:
        cycle = f"period {entry['period']:.1f}, the same to {entry['scatter']:.0e} in four cycles" if entry["cycles"] else "comes to rest"
        edges.append(f"| {entry['p1']:g} | {cycle} |")
    return {"rows": "\n".join(lines), "edges": "\n".join(edges)}


def main() -> None:
    record = measure()
    (HERE / "record.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    readme = (HERE / "README.md").read_text(encoding="utf-8")
    for name, table in tables(record).items():
        before, rest = readme.split(f"<!-- {name} -->\n", 1)
        readme = f"{before}<!-- {name} -->\n{table}\n<!-- end -->{rest.split('<!-- end -->', 1)[1]}"
    (HERE / "README.md").write_text(readme, encoding="utf-8")
    print(tables(record)["rows"])


if __name__ == "__main__":
    main()
