"""Measure hair after birth again: writes record.json and the tables of README.md beside this file (seconds)."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
from pages import Row, digits, publish, table  # noqa: E402

from anagen.belief import Belief  # noqa: E402
from anagen.evidence.tables import row as evidence  # noqa: E402
from anagen.scalp.expect import expect  # noqa: E402
from anagen.scalp.law import Cycle, healthy  # noqa: E402
from anagen.scalp.tempo import Tempo  # noqa: E402

PREGNANCY = 40  # weeks
AFTER = 156
DRAWS = 500
WINDOWS = ((0, 2), (1, 3), (1, 6))
"""Weeks after birth in which what is overdue is released; the source says that the share stays high for about a week."""


def read(row_id: str) -> float:
    value = evidence("parameters", row_id).value
    assert value is not None
    return value


def course(cycle: Cycle, slower: Any, window: tuple[int, int] | None, times: Any = 1.0, weeks: int = PREGNANCY + AFTER) -> dict[str, Any]:
    """Shares (%) by week. slower: multiplier of leaving anagen in pregnancy, (lanes,).

    After birth: normal, and within `window` faster by so much that the follicles overdue (those that normal leaving would have
    taken in pregnancy) leave, `times` over.
    """
    leave = np.ones((weeks, *np.shape(slower)))
    leave[:PREGNANCY] = slower
    if window:
        first, last = window
        leave[PREGNANCY + first : PREGNANCY + last] += times * PREGNANCY * (1 - slower) / (last - first)
    found = expect(cycle, Tempo(leave_anagen=leave), weeks, outputs=("anagen_share", "shed", "visible"), dtype=np.float64)
    return {"anagen": 100 * found["anagen_share"], "shed": found["shed"] / found["shed"][..., :1], "visible": found["visible"]}


def slowed(cycle: Cycle, target: float) -> Any:
    """The multiplier at which the anagen share at birth is `target` %; NaN where even 0 is not enough: (lanes,)."""
    low, high = np.zeros(cycle.lanes or (1,)), np.ones(cycle.lanes or (1,))
    most = course(cycle, low, None, weeks=PREGNANCY)["anagen"][..., -1]
    least = course(cycle, high, None, weeks=PREGNANCY)["anagen"][..., -1]
    for _ in range(40):
        middle = (low + high) / 2
        above = course(cycle, middle, None, weeks=PREGNANCY)["anagen"][..., -1] > target
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    return np.where((most >= target) & (least <= target), low, np.nan)


def after_birth(course: dict[str, Any]) -> Row:
    """What one course shows after birth."""
    share, shed = course["anagen"][0], course["shed"][0]
    late = share[PREGNANCY:]
    normal = share[0]
    off = np.flatnonzero(np.abs(late - normal) > 1)
    return {
        "at 6 weeks": digits(late[6]),
        "lowest": digits(late.min()),
        "week of lowest": int(late.argmin()),
        "at 13 weeks": digits(late[13]),
        "at 26 weeks": digits(late[26]),
        "within 1 point of normal from week": int(off[-1]) + 1,
        "most shed, times normal": digits(shed[PREGNANCY:].max()),
        "in week": int(shed[PREGNANCY:].argmax()),
    }


def pregnancy_rows() -> list[Row]:
    """The one thing fitted: how much slower anagen is left, from the one number of pregnancy."""
    cycle, target = healthy(), read("p080")
    slower = slowed(cycle, target)
    share = course(cycle, slower, None)["anagen"][0]
    overdue = 100 * PREGNANCY * (1 - slower[0]) * leaving_per_week(cycle)
    return [
        {"what": "anagen share before pregnancy, %", "value": digits(share[0])},
        {"what": "anagen share at birth, % (fitted to p080)", "value": digits(share[PREGNANCY])},
        {"what": "mean over weeks 13 to 40, %", "value": digits(share[13 : PREGNANCY + 1].mean())},
        {"what": "multiplier of leaving anagen in pregnancy", "value": digits(slower[0])},
        {"what": "follicles overdue at birth, % of all", "value": digits(overdue)},
    ]


def leaving_per_week(cycle: Cycle) -> float:
    """Share of follicles that leave anagen in a week, settled: one in a mean cycle."""
    anagen, catagen, telogen, kenogen = (float(mean[0]) for mean in cycle.means_weeks())
    return 1 / (anagen + catagen + telogen + float(cycle.kenogen_chances()[0]) * kenogen)


def birth_rows() -> list[Row]:
    """What follows birth, by what is assumed of the release; nothing here is fitted."""
    cycle = healthy()
    slower = slowed(cycle, read("p080"))
    rows = [{"release": "none: leaving is back to normal", **after_birth(course(cycle, slower, None))}]
    for window in WINDOWS:
        name = f"all that is overdue, weeks {window[0]} to {window[1]}"
        rows.append({"release": name, **after_birth(course(cycle, slower, window))})
    return rows


def needed_rows() -> list[Row]:
    """How many times the overdue follicles would have to be released for the number read at six weeks."""
    cycle, target = healthy(), read("p081")
    slower, rows = slowed(cycle, read("p080")), []
    for window in WINDOWS:
        low, high = 0.0, 5.0
        for _ in range(40):
            middle = (low + high) / 2
            share = course(cycle, slower, window, middle, PREGNANCY + 6)["anagen"][0, -1]
            low, high = (middle, high) if share > target else (low, middle)
        times = (low + high) / 2
        rows.append(
            {"window": f"{window[0]} to {window[1]}", "times overdue": digits(times), **after_birth(course(cycle, slower, window, times))}
        )
    return rows


def draw_rows() -> list[Row]:
    """The same over draws of the prior of a healthy scalp: median and central 95 %."""
    whole = Belief.prior(DRAWS).cycle()
    slower = slowed(whole, read("p080"))
    able = np.flatnonzero(np.isfinite(slower))
    cycle = Cycle(**{name: value[able] if value.ndim else value for name, value in vars(whole).items()})
    rows = []
    for name, window in (("none", None), *((f"all that is overdue, weeks {a} to {b}", (a, b)) for a, b in WINDOWS)):
        share = course(cycle, slower[able], window)["anagen"][:, PREGNANCY:]
        for week in (6, 13):
            low, median, high = (digits(x) for x in np.quantile(share[:, week], (0.025, 0.5, 0.975)))
            rows.append({"release": name, "week": week, "draws": len(able), "median": median, "low": low, "high": high})
    return rows


def measure() -> dict[str, Any]:
    rows = {"pregnancy": pregnancy_rows(), "birth": birth_rows(), "needed": needed_rows(), "draws": draw_rows()}
    leaving = digits(100 * leaving_per_week(healthy()))
    return {"claim": "hair after birth (P1)", "read": {"p080": read("p080"), "p081": read("p081")}, "leaving, % a week": leaving, **rows}


def tables(record: dict[str, Any]) -> dict[str, str]:
    """The tables of README.md, by the name of their place."""
    found = {}
    for name in ("pregnancy", "birth", "needed", "draws"):
        lines = [list(r.values()) for r in record[name]]
        found[name] = table(" | ".join(record[name][0]), lines)
    return found


def said(record: dict[str, Any]) -> list[str]:
    """What the text of README.md says of the record."""
    nothing, *released = record["birth"]
    at_6, at_13 = ([r[f"at {week} weeks"] for r in released] for week in (6, 13))
    back, peak = ([r[name] for r in released] for name in ("within 1 point of normal from week", "in week"))
    before, after = record["read"]["p080"], record["read"]["p081"]
    draws = [r for r in record["draws"] if r["release"] != "none" and r["week"] == 6]
    return [
        f"comes out at {min(at_6):.0f} %, not {after:.0f} %, and only if",
        f"**Without a release the fall does not happen**: {nothing['at 6 weeks']:.0f} % at six weeks",
        f"Normal leaving is {record['leaving, % a week']:.1f} % of follicles a week; no return",
        f"can take away {before - after:.0f} points in six weeks",
        f"**With it, {min(at_6):.0f} %** at six weeks: {100 * (before - min(at_6)) / (before - after):.0f} % of the fall that was read",
        f"still {min(at_13):.0f} to {max(at_13):.0f} % at three months",
        f"within one point of normal {min(back)} to {max(back)} weeks after birth",
        f"peaks at {max(r['most shed, times normal'] for r in released):.1f} times normal in weeks {min(peak)} to {max(peak)}",
        f"{DRAWS - draws[0]['draws']} of {DRAWS} draws cannot reach {before:.0f} %",
        f"holds {after:.0f} % in {sum(r['low'] < after < r['high'] for r in draws)} of the three windows, and much else",
    ]


def main() -> None:
    record = measure()
    publish(HERE, record, tables(record), said(record))


if __name__ == "__main__":
    main()
