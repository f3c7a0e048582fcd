"""Measure the healthy scalp again: writes record.json and the tables of README.md beside this file (seconds)."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
from pages import Row, digits, only, publish, table  # noqa: E402
from population import aged_to  # noqa: E402

from anagen.belief import Belief  # noqa: E402
from anagen.evidence.tables import row as evidence  # noqa: E402
from anagen.ground.rows import medians  # noqa: E402
from anagen.scalp.expect import expect  # noqa: E402
from anagen.scalp.law import ANAGEN, CATAGEN, KENOGEN, TELOGEN, Cycle, healthy, settled  # noqa: E402

DRAWS = 500
WEEKS_PER_MONTH = 52.14 / 12
BASELINE_PER_CM2 = 876 / 5.1  # evidence row o010

PUBLISHED = {
    "anagen share of visible hairs, %": ("p047", "p061", "p078"),
    "catagen share of visible hairs, %": ("p048", "p062", "p065"),
    "telogen share of visible hairs, %": ("p049", "p063", "p066", "p003", "p004", "p010", "p011", "p012"),
    "hairs shed a day": ("p087", "p079", "p083"),
    "visible hairs per cm2": ("p002", "p008", "p021", "p027", "p028", "p001", "p007", "p009"),
    "mean calibre, um": ("p097", "p098", "p106"),
    "hairs thinner than 30 um, %": ("p103", "p051", "p050"),
}


def healthy_numbers(cycle: Cycle) -> dict[str, Any]:
    """The quantities of `PUBLISHED` in a settled healthy scalp: arrays over the lanes of the cycle; shed per 100,000 visible hairs."""
    course = expect(cycle, weeks=0, dtype=np.float64)
    phases = [phase.sum(axis=(0, 1)) for phase in settled(cycle)]
    hairs = phases[ANAGEN] + phases[CATAGEN] + phases[TELOGEN]
    shares = [100 * phases[phase] / hairs for phase in (ANAGEN, CATAGEN, TELOGEN)]
    now = {name: value[..., 0] for name, value in course.values.items()}
    per_scalp = 1e5 * now["shed"] / now["visible"]
    return dict(
        zip(
            PUBLISHED,
            (*shares, per_scalp, now["visible"], now["calibre"], 100 * now["vellus_share"]),
            strict=True,
        )
    )


def published(row_id: str) -> tuple[str, float, float, float | None, float | None]:
    """How a row reads, its lowest and highest value, and the range of people: stated, or mean +- 1 SD."""
    fact = evidence("parameters", row_id)
    if fact.unit == "ratio":  # terminal to vellus
        assert fact.value is not None
        share = 100 / (1 + fact.value)
        return f"{fact.value:g} terminal for 1 vellus: {share:.3g}", share, share, None, None
    low, high = fact.low, fact.high
    if fact.value is None:
        assert low is not None
        assert high is not None
        return f"{low:g} to {high:g}", low, high, low, high
    text = f"{fact.value:g}" + (f" (SD {fact.sd:g})" if fact.sd else "")
    if low is not None and high is not None:
        return f"{text}, {low:g} to {high:g}", fact.value, fact.value, low, high
    if fact.sd:
        return text, fact.value, fact.value, fact.value - fact.sd, fact.value + fact.sd
    return text, fact.value, fact.value, None, None


def median_rows() -> list[Row]:
    """The medians of the rows beside each published value; the band is added by `rows`."""
    ours, found = healthy_numbers(healthy()), []
    for what, ids in PUBLISHED.items():
        for row_id in ids:
            text, least, most, low, high = published(row_id)
            value = float(ours[what])
            inside = None if low is None or high is None else bool(low <= value <= high)
            who = evidence("parameters", row_id).population
            found.append(
                {"what": what, "row": row_id, "who": who, "published": text, "least": least, "most": most}
                | {"ours": digits(value) if value > 1e-6 else 0.0, "in range of people": inside}
            )
    return found


def rows() -> list[Row]:
    """`median_rows` with the central 95 % over draws of the prior, and whether that band meets the published value."""
    draws = healthy_numbers(Belief.prior(DRAWS).cycle())
    found = median_rows()
    for entry in found:
        low, high = np.quantile(draws[entry["what"]], (0.025, 0.975))
        meets = bool(low <= entry["most"] and high >= entry["least"])
        entry |= {"low": digits(low) if low > 1e-6 else 0.0, "high": digits(high), "band meets it": meets}
    return found


def design_rows() -> list[Row]:
    """The shares and the shedding that the design states, beside what the shipped medians give."""
    ours = healthy_numbers(healthy())
    stated = dict(zip(PUBLISHED, (89.0, 2.0, 9.0, 80.0), strict=False))
    return [{"what": what, "stated": value, "ours": digits(float(ours[what]))} for what, value in stated.items()]


def kenogen_rows() -> list[Row]:
    """S1: the mean stay empty, at the baseline of a trial, in months; three ways to take the mean."""
    begin = aged_to(BASELINE_PER_CM2, 33, Belief.prior(DRAWS))
    stay = begin.cycle.means_weeks()[KENOGEN] / WEEKS_PER_MONTH
    slots = sum(phase.sum(axis=0) for phase in begin.start)
    stages = begin.cycle.stages()[TELOGEN]
    entered = begin.start[TELOGEN][-1] * stages.rate_of_mean / begin.cycle.means_weeks()[TELOGEN] * begin.cycle.kenogen_chances()
    empty = begin.start[KENOGEN].sum(axis=0)
    ways = {
        "over all follicles, by their calibre": slots,
        "over the stays that begin (what is followed hair by hair)": entered,
        "over the follicles that are empty (long stays count more)": empty,
    }
    found = []
    for way, weight in ways.items():
        months = (stay * weight).sum(axis=0) / weight.sum(axis=0)
        low, median, high = np.quantile(months, (0.025, 0.5, 0.975))
        found.append({"mean": way, "draws": int(months.size), "median": digits(median), "low": digits(low), "high": digits(high)})
    share = 100 * empty.sum(axis=0)
    low, median, high = np.quantile(share, (0.025, 0.5, 0.975))
    found.append({"mean": "share of follicles empty, %", "draws": int(share.size), "median": digits(median), "low": digits(low)})
    found[-1]["high"] = digits(high)
    return found


def anagen_years(shed: float) -> float:
    """The mean anagen at which a healthy scalp of 100,000 visible hairs sheds so many a day: each lives one mean cycle and is shed once."""
    _, catagen, telogen, _ = (float(mean[0]) for mean in healthy().means_weeks())
    return (1e5 / (7 * shed) - catagen - telogen) / 52.14


def spread_rows() -> list[Row]:
    """What spread of calibre between the follicles of one scalp would give the published share of thin hairs, all else as it is."""
    from scipy.optimize import brentq

    wanted = evidence("parameters", "p103").value
    assert wanted is not None
    found = []
    for calibre in (medians("scalp")["calibre_um"], 61.0):
        cv = brentq(
            lambda x, d=calibre: float(healthy_numbers(healthy(calibre_cv=x, calibre_um=d))["hairs thinner than 30 um, %"]) - wanted, 0.1, 1
        )
        found.append({"calibre_um": calibre, "cv in use": medians("scalp")["calibre_cv"], "cv needed": digits(cv)})
    return found


def measure() -> dict[str, Any]:
    return {
        "claim": "the healthy scalp",
        "rows": rows(),
        "design": design_rows(),
        "kenogen": kenogen_rows(),
        "spread": spread_rows(),
        "anagen years for 60 shed a day": digits(anagen_years(60)),
    }


def tables(record: dict[str, Any]) -> dict[str, str]:
    """The tables of README.md, by the name of their place."""
    words = {True: "yes", False: "**no**", None: "no range read"}
    main = [
        [r[k] for k in ("what", "row", "who", "published", "ours")]
        + [f"{r['low']:.3g} to {r['high']:.3g}", words[r["in range of people"]], words[r["band meets it"]]]
        for r in record["rows"]
    ]
    head = "what | row | who | published | ours, median | ours, 95 % of draws | median in the published range | band meets the value"
    kenogen = [[r["mean"], r["median"], f"{r['low']:.3g} to {r['high']:.3g}"] for r in record["kenogen"]]
    return {
        "rows": table(head, main),
        "design": table("what | stated | ours", [[r["what"], r["stated"], r["ours"]] for r in record["design"]]),
        "kenogen": table("mean stay empty, months | median | 95 % of draws", kenogen),
        "spread": table("calibre, um | CV in use | CV that gives p103", [list(r.values()) for r in record["spread"]]),
    }


def said(record: dict[str, Any]) -> list[str]:
    """What the text of README.md says of the record."""
    rows, design = record["rows"], {r["what"]: r["ours"] for r in record["design"]}
    ways = record["kenogen"][:3]
    low, high = (only(rows, row="p098")[name] for name in ("low", "high"))
    return [
        f"*Shedding* is {design['hairs shed a day']:.0f} a day against 45 to 60 (p087)",
        f"falls to 60 only with an anagen of {record['anagen years for 60 shed a day']:.1f} years",
        f"ours, {design['telogen share of visible hairs, %']:.0f} %, lies between them",
        f"Ours is {only(rows, row='p098')['ours']:.0f} um ({low:.0f} to {high:.0f})",
        f'The first way gives {ways[0]["median"]:.1f} months, the "about 7 months" of the design',
        f"gives {ways[1]['median']:.1f}, longer than was read",
        f"The bands contain 7 months in {sum(r['low'] <= 7 <= r['high'] for r in ways)} of the three",
        f"{sum(r['in range of people'] is None for r in rows)} of the {len(rows)} rows have no range to be inside of",
    ]


def main() -> None:
    record = measure()
    publish(HERE, record, tables(record), said(record))


if __name__ == "__main__":
    main()
