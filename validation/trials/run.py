"""Measure the trials again with the starting values: writes record.json and the tables of README.md beside this file (a minute)."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
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
from anagen.scalp.law import ANAGEN, KENOGEN, TELOGEN  # noqa: E402
from anagen.scalp.outputs import Quantity  # noqa: E402
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
    return Belief.prior(DRAWS)


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


CLASSES = {"above 60 um": (60, np.inf), "40 to 60 um": (40, 60), "30 to 40 um": (30, 40), "below 30 um": (0, 30)}


def where_rows() -> list[Row]:
    """Minoxidil 5 %, week 48: the empty follicles at the start and the hairs gained over nothing, by the calibre of their slot."""
    men = start(KAUFMAN)
    seen = []
    for plan in (NOTHING, (MINOX, 5.0)):
        held = expect(men.cycle, tempo(plan, men), 48, start=men.start, outputs=(), occupancy=True).occupancy
        assert held is not None
        seen.append(held)
    per_cm2 = men.cycle.follicles_per_cm2
    gain = per_cm2 * (seen[1] - seen[0])[:, 48, :, : TELOGEN + 1].sum(-1).T
    empty, calibre, found = per_cm2 * seen[0][:, 0, :, KENOGEN].T, men.cycle.calibres_um(), []
    anagen = per_cm2 * seen[0][:, 0, :, ANAGEN].T
    for name, (low, high) in CLASSES.items():
        here = (calibre > low) & (calibre <= high)
        sums = {"in anagen": anagen, "empty": empty, "gained": gain}
        found.append({"calibre": name} | {what: digits(float((x * here).sum(axis=0).mean())) for what, x in sums.items()})
    return found


def part_rows() -> list[Row]:
    """Gain of minoxidil 5 % over nothing at week 48: each effect alone, all together, and what else would have to be true."""
    men = start(KAUFMAN)
    values = belief().values("minoxidil", men.which)
    one = treatment(MINOX, 5.0)
    alone = {
        "telogen shorter, alone": ("kenogen_stay", "anagen_stay"),
        "kenogen shorter, alone": ("telogen_stay", "anagen_stay"),
        "anagen longer, alone": ("telogen_stay", "kenogen_stay"),
        "all three: minoxidil as shipped": (),
    }
    found = [gains(name, men, one.tempo(48, {**values, **dict.fromkeys(off, 1.0)})) for name, off in alone.items()]
    still = Tempo(shrink=0.0)
    found.append(gains("as shipped, if no calibre shrank in either arm", men, one.tempo(48, values) & still, still))
    hard = Tempo(leave_kenogen=100.0)
    found.append(gains("every empty follicle woken at once and kept awake, nothing else", men, hard))
    found.append(gains("the same, if no calibre shrank in either arm", men, hard & still, still))
    drug = belief().values("five_ari", men.which)
    full, e = one.tempo(48, values), Use().exposure(48, values["on_weeks"], values["off_weeks"])
    found.append(gains("as shipped, and calibre steps up as under finasteride", men, full & Tempo(grow=1 - (1 - drug["grow"]) ** e)))
    less = Tempo(grow=1 - (1 - drug["grow"]) ** e, shrink=drug["shrink"] ** e)
    found.append(gains("as shipped, and steps up and less shrinking as under finasteride", men, full & less))
    count = per_cm2("o010")
    ends = {"kenogen_chance": 0.80, "kenogen_mean_weeks": 17.4}
    scalp = {**belief().draws["scalp"], **{name: np.full(DRAWS, value) for name, value in ends.items()}}
    other = replace(belief(), draws={**belief().draws, "scalp": scalp})
    men = aged_to(count, 33, other)
    name = "as shipped, if full-size follicles are empty after 80 % of cycles, for 4 months"
    return [*found, gains(name, men, one.tempo(48, other.values("minoxidil", men.which)))]


def gains(name: str, men: Men, by: Tempo, against: Tempo | None = None) -> Row:
    treated, untreated = read(men, by, 48), read(men, against or Tempo(), 48)
    found: Row = {"what": name}
    for out in ("visible", "above 30 um", "above 40 um"):
        low, median, high = np.quantile((treated[out] - untreated[out])[:, 48], (0.025, 0.5, 0.975))
        found[out] = [digits(float(median)), digits(float(low)), digits(float(high))]
    return found


def onset_rows() -> list[Row]:
    """What the net gains of 5-alpha-reductase drugs would be with another half-time of onset or another telogen: medians, hairs/cm2."""
    found = []
    cases: dict[str, Mapping[str, float]] = {"as shipped": {}}
    cases |= {f"onset half-time {weeks:g} weeks": {"on_weeks": weeks} for weeks in (4.0, 2.0, 0.5)}
    cases |= {"telogen not shorter": {"telogen_stay": 1.0}, "telogen not shorter, onset 4 weeks": {"telogen_stay": 1.0, "on_weeks": 4.0}}
    for name, changed in cases.items():
        entry: Row = {"drug": name}
        for who, plan, week, out in (
            (KAUFMAN, (DUT, 0.5), 24, "visible"),
            (KAUFMAN, (DUT, 0.5), 24, "above 30 um"),
            (KAUFMAN, (FIN, 1.0), 24, "above 30 um"),
            (KAUFMAN, (FIN, 1.0), 52, "visible"),
            (VAN_NESTE, (FIN, 1.0), 48, "visible"),
            (VAN_NESTE, (FIN, 1.0), 48, "anagen"),
        ):
            men, one = start(who), treatment(*plan)
            values = belief().values(one.subject, men.which)
            by = one.tempo(week, {**values, **{key: np.full(len(men.which), value) for key, value in changed.items()}})
            gain = read(men, by, week)[out][:, week] - course(who, NOTHING)[out][:, week]
            entry[f"{one.name} {one.dose:g} mg, week {week}, {out}"] = digits(float(np.median(gain)))
        found.append(entry)
    published: Row = dict(zip(found[0], ("published", 25.1, 18.7, 12.1, 21.0, 17.3, 27.0), strict=True))
    return [*found, published]


def count_rows(rows: list[Row]) -> list[Row]:
    """How many rows of each check lie inside."""
    ids = list(dict.fromkeys(r["check"] for r in rows))
    return [
        {"check": i, "rows": sum(r["check"] == i for r in rows), "inside": sum(r["check"] == i and r["inside"] for r in rows)} for i in ids
    ]


def potential_row() -> Row:
    """Empty follicles at the start whose hair would be thicker than 30 um: the most that waking alone can give at once."""
    men = start(KAUFMAN)
    thick = Quantity((KENOGEN,), above_um=30).per_slot(men.cycle)
    number = men.cycle.follicles_per_cm2 * (men.start[KENOGEN].sum(axis=0) * thick).sum(axis=0)
    low, median, high = (digits(float(x)) for x in np.quantile(number, (0.025, 0.5, 0.975)))
    return {"median": median, "low": low, "high": high}


def named(plan: Plan) -> str:
    return treatment(*plan).title


def measure() -> dict[str, Any]:
    rows = [*trial_rows(), washout_row()]
    return {
        "claim": "published trials, with the starting values",
        "belief": belief().label,
        "start": start_rows(),
        "rows": rows,
        "count": count_rows(rows),
        "where": where_rows(),
        "parts": part_rows(),
        "onset": onset_rows(),
        "thick empty": potential_row(),
    }


def tables(record: dict[str, Any]) -> dict[str, str]:
    """The tables of README.md, by the name of their place."""
    rows = [
        [r[k] for k in ("check", "rows", "study", "plan", "week", "output", "kind", "published", "se", "median")]
        + [f"{r['low']:.3g} to {r['high']:.3g}", "yes" if r["inside"] else "**no**"]
        for r in record["rows"]
    ]
    parts = [[r["what"], *(f"{m:.3g} ({low:.3g} to {high:.3g})" for m, low, high in list(r.values())[1:])] for r in record["parts"]]
    return {
        "start": table(" | ".join(record["start"][0]), [list(r.values()) for r in record["start"]]),
        "rows": table("check | rows | study | plan | week | output | kind | published | its SE | ours | 95 % of draws | inside", rows),
        "count": table("check | rows | inside", [list(r.values()) for r in record["count"]]),
        "where": table(" | ".join(record["where"][0]), [list(r.values()) for r in record["where"]]),
        "onset": table(" | ".join(record["onset"][0]), [list(r.values()) for r in record["onset"]]),
        "parts": table("gain over nothing, hairs/cm2 | visible | above 30 um | above 40 um", parts),
    }


def said(record: dict[str, Any]) -> list[str]:
    """What the text of README.md says of the record."""
    rows, thick = record["rows"], record["thick empty"]
    empty, gained = ([r[name] for r in record["where"]] for name in ("empty", "gained"))
    gain = {r["what"]: r["above 30 um"][0] for r in record["parts"]}
    shipped, woken, kept, steps, both, more = (list(gain.values())[i] for i in (3, 5, 6, 7, 8, 9))
    minoxidil = [only(rows, rows=f"{arm} - o112") for arm in ("o110", "o111")]
    slow = [r["median"] / r["published"] for r in rows if r["check"] == "D1" and r["kind"] == "difference"]
    left, weight, loss, vehicle, ratio, share = (only(rows, rows=r)["median"] for r in ("o058", "o052", "o007", "o112", "o045", "o037"))
    return [
        "8.8 and 14.7 hairs/cm2; ours {:.1f} and {:.1f}".format(*(r["median"] for r in minoxidil)),
        f"{100 * empty[-1] / sum(empty):.0f} % of the empty follicles have miniaturised below 30 um",
        f"{100 * gained[-1] / sum(gained):.0f} % of the hairs gained",
        f"At the start {thick['median']:.3g} empty follicles per cm2 ({thick['low']:.3g} to {thick['high']:.3g}) would have",
        f"Waking every one of them at once gives {woken:.0f} by week 48",
        f"Without any shrinking the same gives {kept:.0f}",
        f"Alone it costs {-record['parts'][0]['visible'][0]:.1f} visible hairs/cm2",
        f"would give {more / shipped:.1f} times the gain, {100 * more / minoxidil[1]['published']:.0f} % of what was read",
        f"So would calibre steps up ({steps / shipped:.1f} times)",
        f"come near it ({both:.3g})",
        f"3.9 hairs/cm2 where ours lose {-vehicle:.0f}",
        f"Ours keep {left:.0f} % of the gain",
        f"ours gain {100 * min(slow):.0f} to {100 * max(slow):.0f} % of what was read",
        f"Untreated five-year loss is {-loss:.0f} hairs/cm2 against 47",
        f"The anagen share at the start is {share:.0f} % against 60 to 62 %",
        f"the A:T gain is {ratio:.0f} % against 47 %",
        f"Untreated hair weight falls by {-weight:.0f} % where 24.5 % was read",
    ]


def main() -> None:
    record = measure()
    publish(HERE, record, tables(record), said(record))


if __name__ == "__main__":
    main()
