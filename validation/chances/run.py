"""How far a count of 100 people is open, against many people to each draw. `main()` measures; the tests run a few."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from pages import digits, only, publish, table  # noqa: E402

from anagen.belief import Belief  # noqa: E402
from anagen.compare import compare  # noqa: E402
from anagen.forecast import Forecast  # noqa: E402
from anagen.people.person import read_person  # noqa: E402

LIVES = 120
WEEKS = (26, 104)
PEOPLE = {
    "man-norwood-3v": ("minoxidil 5%", "finasteride", "dutasteride", "prp", "laser", "svf", "adsc", "transplant_fue"),
    "measured-phototrichogram": ("minoxidil 5%", "finasteride", "dutasteride", "prp", "laser", "svf", "adsc", "transplant_fue"),
    "woman-ludwig-2": ("minoxidil 2%", "spironolactone", "prp", "laser", "svf", "adsc"),
    "man-on-finasteride": ("finasteride; minoxidil 5%", "dutasteride", "finasteride; laser", "finasteride; prp"),
}
EXAMPLES = HERE.parent.parent / "examples"


def rows_of(name: str, lives: int = LIVES) -> list[dict[str, Any]]:
    """Every option and week of one person: the range that is told, and that of the shares of `lives` people to each draw."""
    person, plans = read_person(EXAMPLES / f"{name}.toml"), list(PEOPLE[name])
    belief = Belief.shipped()
    told = compare(person, belief, options=plans)
    visible = told.nothing.chances(WEEKS[0]).visible
    weight = np.zeros(belief.size)
    gained = np.zeros((len(plans), len(WEEKS), 2, belief.size))  # weighted people with a visible gain, in two halves, for what is chance
    halves = np.zeros((2, belief.size))
    for life in range(lives):
        answer = compare(person, replace(belief, seed=1000 + life), options=plans)
        which, own = answer.start.which, answer.start.weights
        weight[which] += own
        halves[life % 2][which] += own
        for at, plan in enumerate(plans):
            for when, week in enumerate(WEEKS):
                change = answer.option(plan).known().change(week, told.main_region)
                gained[at, when, life % 2, which] += own * (change.values >= visible)
    return [
        _row(name, plan, week, told.option(plan).known(), told.main_region, gained[at, when], halves, weight)
        for at, plan in enumerate(plans)
        for when, week in enumerate(WEEKS)
    ]


def _row(name: str, plan: str, week: int, found: Forecast, region: str, gained: Any, halves: Any, weight: Any) -> dict[str, Any]:
    kept = (halves > 0).all(axis=0)
    weights = weight[kept] / weight[kept].sum()
    first, second = gained[:, kept] / halves[:, kept]
    share = gained[:, kept].sum(axis=0) / weight[kept]
    mean = float(weights @ share)
    seen = float(weights @ (share - mean) ** 2)
    common = max(float(weights @ ((first - mean) * (second - mean))), 0.0)  # chance of one half is not in the other
    true = mean + (share - mean) * (common / seen) ** 0.5 if seen > 0 else share
    order = np.argsort(true)
    below = np.cumsum(weights[order])
    low, high = (float(true[order][min(np.searchsorted(below, end), len(true) - 1)]) for end in (0.025, 0.975))
    told = found.chances(week, region)
    return {
        "person": name,
        "plan": plan,
        "week": week,
        "told": told.gain,
        "low": told.ranges["gain"][0],
        "high": told.ranges["gain"][1],
        "mean of many": digits(100 * mean),
        "low of many": digits(100 * low),
        "high of many": digits(100 * high),
    }


def summary(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """How far the ends lie from those of many people, in people of 100."""
    low = np.array([row["low"] - row["low of many"] for row in rows])
    high = np.array([row["high"] - row["high of many"] for row in rows])
    width = np.array([(row["high"] - row["low"]) / (row["high of many"] - row["low of many"] + 1) for row in rows])
    return {
        "rows": len(rows),
        "low off, middle": digits(float(np.median(np.abs(low)))),
        "low off, most": digits(float(np.abs(low).max())),
        "high off, middle": digits(float(np.median(np.abs(high)))),
        "high off, most": digits(float(np.abs(high).max())),
        "width, middle": digits(float(np.median(width))),
    }


def tables(record: dict[str, Any]) -> dict[str, str]:
    """The tables of the page."""
    rows = [
        (
            *(row[name] for name in ("person", "plan", "week", "told")),
            f"{row['low']} to {row['high']}",
            row["mean of many"],
            f"{row['low of many']:.1f} to {row['high of many']:.1f}",
        )
        for row in record["rows"]
    ]
    found = record["summary"]
    return {
        "summary": table(" | ".join(found), [list(found.values())]),
        "rows": table("person | plan | week | told | its range | mean of many | range of many", rows),
    }


def said(record: dict[str, Any]) -> list[str]:
    """What the page must say of its record."""
    found = record["summary"]
    first, woman = (
        only(record["rows"], person="man-norwood-3v", plan="minoxidil 5%", week=104),
        only(record["rows"], person="woman-ludwig-2", plan="laser", week=104),
    )
    off = max(abs(row["told"] - row["mean of many"]) for row in record["rows"])
    return [
        f'"{first["told"]} ({first["low"]} to {first["high"]}) with a visible gain"',
        f"laser after 24 months is {woman['low']} to {woman['high']} where many people give {woman['low of many']:.0f} to "
        f"{woman['high of many']:.0f},",
        f"The count itself is off by {off:.1f} at most.",
        f"Of {found['rows']} rows the lower end is off by {found['low off, middle']:.1f} people of 100 in the middle and by "
        f"{found['low off, most']:.0f} at most, the upper by {found['high off, middle']:.1f} and {found['high off, most']:.0f}.",
    ]


def main() -> None:
    """Measure, and write the record and the page."""
    rows = [row for name in PEOPLE for row in rows_of(name)]
    record = {"lives": LIVES, "rows": rows, "summary": summary(rows)}
    publish(HERE, record, tables(record), said(record))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(rows_of(sys.argv[1], int(sys.argv[2])), indent=1))
    else:
        main()
