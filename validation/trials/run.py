"""Measure the trials again with the shipped belief: writes record.json and the tables of README.md beside this file (a minute)."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
from pages import Row, digits, only, publish, table  # noqa: E402
from population import Men, aged_to  # noqa: E402

from anagen.belief import Belief  # noqa: E402
from anagen.evidence.tables import row as evidence  # noqa: E402
from anagen.scalp.expect import expect  # noqa: E402
from anagen.scalp.law import KENOGEN  # noqa: E402
from anagen.scalp.tempo import Tempo  # noqa: E402
from anagen.treatments import Use, treatment  # noqa: E402

DRAWS, LAST = 500, 261
STOP = 96  # weeks of minoxidil before it is stopped (Price 1999)
FIN, DUT, MINOX = "finasteride", "dutasteride", "minoxidil_topical"
PEOPLE = {  # name -> age, rows whose mean is the count at the start
    "as in Kaufman 1998": (33, ("o010",)),
    "as in Rushton 1991, count of Kaufman": (25, ("o010",)),
    "as in Van Neste 2000": (29, ("o035", "o038")),
}
KAUFMAN, RUSHTON, VAN_NESTE = PEOPLE
Plan = tuple[str, float | None]
NOTHING: Plan = ("nothing", None)


class Check(NamedTuple):
    """One published number: evidence rows (a second one is taken off), and what we read for it. `kind` as in `_reading`."""

    id: str
    rows: tuple[str, ...]
    who: str
    plan: Plan
    week: int
    output: str
    kind: str


def net(id: str, rows: tuple[str, ...], who: str, plan: Plan, week: int, output: str) -> Check:
    return Check(id, rows, who, plan, week, output, "difference")


CHECKS = (
    Check("R1", ("o002",), RUSHTON, NOTHING, 52, "visible", "percent"),
    Check("R1", ("o003",), RUSHTON, NOTHING, 104, "visible", "percent"),
    Check("R1", ("o004",), RUSHTON, NOTHING, 52, "above 40 um", "percent"),
    Check("R1", ("o005",), RUSHTON, NOTHING, 104, "above 40 um", "percent"),
    Check("K1", ("o007",), KAUFMAN, NOTHING, 261, "visible", "change"),
    Check("K1", ("o008",), KAUFMAN, NOTHING, 261, "visible", "percent"),
    net("K1", ("o023",), KAUFMAN, (FIN, 1.0), 52, "visible"),
    net("K1", ("o436",), KAUFMAN, (FIN, 1.0), 104, "visible"),
    net("K1", ("o012",), KAUFMAN, (FIN, 1.0), 261, "visible"),
    Check("V1", ("o037",), VAN_NESTE, (FIN, 1.0), 0, "anagen_share", "level"),
    Check("V1", ("o040",), VAN_NESTE, NOTHING, 0, "anagen_share", "level"),
    net("V1", ("o041",), VAN_NESTE, (FIN, 1.0), 48, "visible"),
    Check("V1", ("o047",), VAN_NESTE, (FIN, 1.0), 48, "visible", "change"),
    net("V1", ("o043",), VAN_NESTE, (FIN, 1.0), 48, "anagen"),
    Check("V1", ("o045",), VAN_NESTE, (FIN, 1.0), 48, "anagen_telogen", "ratio"),
    Check("D1", ("o093",), KAUFMAN, NOTHING, 24, "visible", "change"),
    *(
        Check("D1", (r,), KAUFMAN, (DUT, d), 24, "visible", "change")
        for r, d in (("o085", 0.05), ("o087", 0.1), ("o089", 0.5), ("o091", 2.5))
    ),
    *(net("D1", (r, "o093"), KAUFMAN, (DUT, d), 24, "visible") for r, d in (("o085", 0.05), ("o087", 0.1), ("o089", 0.5), ("o091", 2.5))),
    *(net("D1", (r, "o083"), KAUFMAN, (DUT, d), 24, "above 30 um") for r, d in (("o080", 0.02), ("o081", 0.1), ("o082", 0.5))),
    net("D1", ("o434", "o435"), KAUFMAN, (FIN, 1.0), 24, "above 30 um"),
    Check("M1", ("o112",), KAUFMAN, NOTHING, 48, "above 30 um", "change"),
    Check("M1", ("o110",), KAUFMAN, (MINOX, 2.0), 48, "above 30 um", "change"),
    Check("M1", ("o111",), KAUFMAN, (MINOX, 5.0), 48, "above 30 um", "change"),
    net("M1", ("o110", "o112"), KAUFMAN, (MINOX, 2.0), 48, "above 30 um"),
    net("M1", ("o111", "o112"), KAUFMAN, (MINOX, 5.0), 48, "above 30 um"),
    net("M1", ("o114", "o115"), KAUFMAN, (MINOX, 5.0), 16, "visible"),
    Check("M1", ("o057",), KAUFMAN, (MINOX, 5.0), 96, "weight", "percent"),
    Check("P", ("o055",), KAUFMAN, NOTHING, 192, "visible", "percent"),
    Check("P", ("o054",), KAUFMAN, (FIN, 1.0), 192, "visible", "percent"),
    Check("P", ("o052",), KAUFMAN, NOTHING, 192, "weight", "percent"),
    Check("P", ("o051",), KAUFMAN, (FIN, 1.0), 192, "weight", "percent"),
)


@cache
def belief() -> Belief:
    return Belief.shipped(DRAWS)


@cache
def start(who: str) -> Men:
    """The draws that explain a man with this count at this age."""
    age, rows = PEOPLE[who]
    counts = [per_cm2(row_id) for row_id in rows]
    return aged_to(float(np.mean(counts)), age, belief())


def per_cm2(row_id: str) -> float:
    fact = evidence("outcomes", row_id)
    assert fact.mean is not None
    return fact.mean / (fact.area_cm2 or 1.0)


def tempo(plan: Plan, from_start: Men, use: Use | None = None) -> Tempo:
    one = treatment(*plan)
    return one.tempo(LAST, belief().values(one.subject, from_start.which) if one.subject else None, use)


@cache
def course(who: str, plan: Plan, stopped: bool = False) -> Mapping[str, Any]:
    """Outputs over five years, (draws, weeks): hairs per cm2, shares in %."""
    return read(start(who), tempo(plan, start(who), Use(stop_week=STOP) if stopped else None), LAST)


def read(from_start: Men, by: Tempo, weeks: int) -> dict[str, Any]:
    names = ("visible", "terminal", "anagen", "anagen_share", "anagen_telogen", "weight")
    found = dict(expect(from_start.cycle, by, weeks, start=from_start.start, outputs=names).values)
    found["anagen_share"] = 100 * found["anagen_share"]
    found["above 40 um"] = found.pop("terminal")
    found["above 30 um"] = expect(from_start.cycle, by, weeks, start=from_start.start, outputs=("terminal",), terminal_um=30)["terminal"]
    return found


def _reading(check: Check) -> Any:
    """Ours, over draws: `level`; `change` and `percent` (%) since the start; `difference` from, `ratio` (%) to the same man untreated."""
    now, untreated = course(check.who, check.plan)[check.output], course(check.who, NOTHING)[check.output][:, check.week]
    then, now = now[:, 0], now[:, check.week]
    kinds = {"level": now, "change": now - then, "percent": 100 * (now / then - 1), "difference": now - untreated}
    return kinds[check.kind] if check.kind in kinds else 100 * (now / untreated - 1)


def error(rows: tuple[str, ...]) -> float | None:
    """The standard error of a published number, if its rows give it: a difference joins the errors of both arms."""
    parts = []
    for fact in (evidence("outcomes", row_id) for row_id in rows):
        if fact.se is None and (fact.sd is None or fact.n is None):
            return None
        parts.append((fact.se if fact.se is not None else fact.sd / fact.n**0.5) / (fact.area_cm2 or 1.0))  # type: ignore[operator]
    return digits(float(np.hypot.reduce(parts)))


def trial_rows(checks: Sequence[Check] = CHECKS) -> list[Row]:
    """Every check: the published value beside our median and central 95 %."""
    found = []
    for check in checks:
        value = per_cm2(check.rows[0]) - (per_cm2(check.rows[1]) if len(check.rows) > 1 else 0.0)
        study = evidence("outcomes", check.rows[0]).study_id
        entry: Row = {"check": check.id, "rows": " - ".join(check.rows), "study": study, "plan": named(check.plan), "week": check.week}
        entry |= {"output": check.output, "kind": check.kind, "published": digits(value), "se": error(check.rows)}
        found.append(entry | band(_reading(check), value))
    return found


def washout_row() -> Row:
    """What is left of the gain 24 weeks after minoxidil is stopped, in % of the gain at the stop, in draws that gained over 1 hair/cm2."""
    untreated, stopped = course(KAUFMAN, NOTHING)["visible"], course(KAUFMAN, (MINOX, 5.0), stopped=True)["visible"]
    gain = (stopped - untreated)[(stopped - untreated)[:, STOP] > 1]
    entry: Row = {"check": "M1", "rows": "o058", "study": "price_1999", "plan": "minoxidil 5 %, stopped", "week": STOP + 24}
    entry |= {"output": "visible", "kind": "gain left, %", "published": 0.0, "se": None}
    return entry | band(100 * gain[:, STOP + 24] / gain[:, STOP], 0.0)


def band(ours: Any, value: float) -> Row:
    low, median, high = (float(x) for x in np.quantile(ours, (0.025, 0.5, 0.975)))
    return {"median": digits(median), "low": digits(low), "high": digits(high), "inside": bool(low <= value <= high)}


def start_rows() -> list[Row]:
    """The men of each trial: how many of the draws can explain them, and what they look like."""
    found = []
    for who, (age, rows) in PEOPLE.items():
        men = start(who)
        slots, empty = sum(phase.sum(axis=0) for phase in men.start), men.start[KENOGEN].sum(axis=(0, 1))
        entry: Row = {"who": who, "age": age, "rows": ", ".join(rows), "draws": len(men.which)}
        entry |= {"years of loss": digits(np.median(men.onset_weeks) / 52.14), "empty, %": digits(100 * np.median(empty))}
        small = (slots * (men.cycle.calibres_um() < 30)).sum(axis=0)
        found.append(entry | {"follicles thinner than 30 um, %": digits(100 * np.median(small))})
    return found


def count_rows(rows: list[Row]) -> list[Row]:
    """How many rows of each check lie inside."""
    ids = list(dict.fromkeys(r["check"] for r in rows))
    return [
        {"check": i, "rows": sum(r["check"] == i for r in rows), "inside": sum(r["check"] == i and r["inside"] for r in rows)} for i in ids
    ]


def named(plan: Plan) -> str:
    return treatment(*plan).title


def measure() -> dict[str, Any]:
    rows = [*trial_rows(), washout_row()]
    return {
        "claim": "published trials, with the shipped belief",
        "belief": belief().label,
        "start": start_rows(),
        "rows": rows,
        "count": count_rows(rows),
    }


def tables(record: dict[str, Any]) -> dict[str, str]:
    """The tables of README.md, by the name of their place."""
    rows = [
        [r[k] for k in ("check", "rows", "study", "plan", "week", "output", "kind", "published", "se", "median")]
        + [f"{r['low']:.3g} to {r['high']:.3g}", "yes" if r["inside"] else "**no**"]
        for r in record["rows"]
    ]
    return {
        "start": table(" | ".join(record["start"][0]), [list(r.values()) for r in record["start"]]),
        "rows": table("check | rows | study | plan | week | output | kind | published | its SE | ours | 95 % of draws | inside", rows),
        "count": table("check | rows | inside", [list(r.values()) for r in record["count"]]),
    }


def said(record: dict[str, Any]) -> list[str]:
    """What the text of README.md says of the record."""
    rows = record["rows"]
    inside = sum(r["inside"] for r in rows)
    net_of_minoxidil = [only(rows, rows=f"{arm} - o112")["median"] for arm in ("o110", "o111")]
    slow = [r["median"] / r["published"] for r in rows if r["check"] == "D1" and r["kind"] == "difference"]
    left, vehicle, share, two, five = (only(rows, rows=r)["median"] for r in ("o058", "o112", "o037", "o003", "o007"))
    return [
        f"{inside} of {len(rows)} rows lie inside",
        "8.8 and 14.7 hairs/cm2; ours {:.1f} and {:.1f}".format(*net_of_minoxidil),
        f"Ours keep {left:.0f} % of the gain",
        f"ours gain {100 * min(slow):.0f} to {100 * max(slow):.0f} % of what was read",
        f"3.9 hairs/cm2 where ours change by {vehicle:.0f}",
        f"{-two:.1f} % in two years where 11.9 % was read",
        f"{-five:.0f} hairs/cm2 in five years where 47 was",
        f"The anagen share at the start is {share:.0f} % against 60 to 62 %",
    ]


def main() -> None:
    record = measure()
    publish(HERE, record, tables(record), said(record))


if __name__ == "__main__":
    main()
