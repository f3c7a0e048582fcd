"""Measure the claims of Halloy et al. 2002 again: writes record.json and the tables of README.md beside this file (seconds)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from anagen.scalp.references.halloy import PHASES, automaton, fraction_sd, histories, mean_field, renewal_mean, steady_state

HERE = Path(__file__).parent
Row = dict[str, Any]

H1 = (0.450, 0.300, 0.250)
H2 = {0.9: (0.3910, 0.3037, 0.3052), 1.0: (0.3953, 0.3020, 0.3027), 5.0: (0.4511, 0.2960, 0.2529)}
CAPTURED = (0.3910, 0.3037, 0.3053)
H4 = {0.05: (0.00, 1.00), 0.2: (0.33, 0.60), 0.5: (0.44, 0.46)}
FOLLICLES = 20_000
WINDOW_MONTHS = np.linspace(40, 60, 401)
SEEDS = (1, 2, 3, 4, 5)


def row(check: str, what: str, expected: float, source: str, measured: float, within: float) -> Row:
    agrees = bool(abs(measured - expected) <= within + 1e-12)
    return {
        "check": check,
        "what": what,
        "expected": expected,
        "source": source,
        "measured": round(float(measured), 6),
        "within": round(float(within), 6),
        "agrees": agrees,
    }


def exact_rows() -> list[Row]:
    """H1, H2 and the formula of H3: no chance in them, half of the last printed digit as tolerance."""
    rows = [row("H1", f"steady state, {phase}", H1[i], "C", steady_state()[i], 5e-4) for i, phase in enumerate(PHASES)]
    for time, values in H2.items():
        at = mean_field([time]).fraction[0]
        rows += [row("H2", f"t = {time:g} months, {phase}", values[i], "C", at[i], 5e-5) for i, phase in enumerate(PHASES)]
    at = mean_field([0.9]).fraction[0]
    rows += [row("H2", f"captured run, its sample t = 0.9, {phase}", CAPTURED[i], "R", at[i], 1e-4) for i, phase in enumerate(PHASES)]
    rows.append(row("H3", "SD of the anagen fraction, N = 100, formula", 0.0497, "C", fraction_sd(100)[0], 5e-5))
    return rows


def fluctuation_rows() -> list[Row]:
    """H3 by simulation: 2000 scalps of 100 follicles; within 4 standard errors of a standard deviation."""
    rows, scalps = [], 2000
    for cv in (0.2, 0.5, 1.0):
        anagen = (histories(scalps * 100, [7.3], cv=cv, seed=1).reshape(scalps, 100) == 0).mean(axis=1)
        measured = float(anagen.std(ddof=1))
        rows.append(row("H3", f"the same, 2000 simulated scalps, CV {cv:g}", 0.0497, "C", measured, 4 * 0.0497 / np.sqrt(2 * scalps)))
    return rows


def range_rows() -> list[Row]:
    """H4: one run of 20,000 follicles (seed 1); within half of the last digit and 4 binomial standard deviations of that end."""
    rows = []
    for cv, ends in H4.items():
        anagen = automaton(FOLLICLES, WINDOW_MONTHS, cv=cv, start="anagen", seed=SEEDS[0]).anagen
        for name, expected, measured in zip(("lowest", "highest"), ends, (anagen.min(), anagen.max()), strict=True):
            sd = np.sqrt(max(expected * (1 - expected), 1e-3) / FOLLICLES)
            rows.append(row("H4", f"CV {cv:g}, {name} anagen fraction", expected, "C", measured, 0.005 + 4 * sd))
    return rows


def range_spread() -> list[Row]:
    """What the ends of H4 owe to chance: the exact expectation beside five seeds."""
    out = []
    for cv in H4:
        exact = renewal_mean(WINDOW_MONTHS, cv).anagen
        runs = [automaton(FOLLICLES, WINDOW_MONTHS, cv=cv, start="anagen", seed=seed).anagen for seed in SEEDS]
        lows, highs = [float(run.min()) for run in runs], [float(run.max()) for run in runs]
        ends = {"exact": (exact.min(), exact.max()), "lowest": (min(lows), max(lows)), "highest": (min(highs), max(highs))}
        out.append({"cv": cv} | {name: [round(float(end), 4) for end in pair] for name, pair in ends.items()})
    return out


def measure() -> dict[str, Any]:
    return {"claim": "Halloy et al. 2002", "rows": exact_rows() + fluctuation_rows() + range_rows(), "ranges": range_spread()}


def tables(record: dict[str, Any]) -> dict[str, str]:
    """The tables of README.md, by the name of their place."""
    lines = ["| check | what | expected | source | measured | within | agrees |", "| --- | --- | --- | --- | --- | --- | --- |"]
    for entry in record["rows"]:
        agrees = "yes" if entry["agrees"] else "**no**"
        numbers = f"{entry['expected']:.4f} | {entry['source']} | {entry['measured']:.4f} | {entry['within']:.2g}"
        lines.append(f"| {entry['check']} | {entry['what']} | {numbers} | {agrees} |")
    spread = ["| CV | exact range | lowest, five seeds | highest, five seeds |", "| --- | --- | --- | --- |"]
    for entry in record["ranges"]:
        pairs = [f"{low:.4f} to {high:.4f}" for low, high in (entry["exact"], entry["lowest"], entry["highest"])]
        spread.append(f"| {entry['cv']:g} | {' | '.join(pairs)} |")
    return {"rows": "\n".join(lines), "ranges": "\n".join(spread)}


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
