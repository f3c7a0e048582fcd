"""Set our pooled numbers beside those of others: writes record.json and the table of README.md beside this file (seconds).

The figures of others stand in data/evidence/meta_analyses.md, as printed. They are compared and never pooled.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
from pages import Row, digits, publish, table  # noqa: E402

from anagen.evidence import Evidence  # noqa: E402
from anagen.evidence.contrasts import Contrast, contrasts  # noqa: E402
from anagen.evidence.pool import pool  # noqa: E402
from anagen.synthesis import harms, synthesis  # noqa: E402

CM2, SHARE, PER_1000 = "hairs/cm2", "% of baseline", "more of 1,000 people"


def elsewhere() -> list[Row]:
    """What others found: who, of what, number, 95 % interval (None: not read)."""
    rows = [
        ("van Zuuren 2016", "minoxidil on the scalp, women, all doses", CM2, 13.18, 10.92, 15.44),
        ("Meng 2020", "laser, both sexes", CM2, 18.56, 13.22, 23.89),
        ("Gupta 2022", "dutasteride 0.5 mg against finasteride 1 mg, 24 weeks", CM2, 7.1, 5.1, 9.3),
        ("Mella 2010", "finasteride 1 mg, a year or less", SHARE, 9.42, 7.95, 10.90),
        ("Mella 2010", "finasteride 1 mg, two years and more", SHARE, 24.3, 17.92, 30.60),
        ("review of 13 trials, 2024", "microneedling on top of minoxidil", CM2, 13.36, 8.55, 18.16),
        ("Chien 2024", "conditioned medium, 3 randomised trials", CM2, 9.23, 1.79, 16.68),
        ("Mella 2010", "erectile dysfunction on finasteride (1 / 82.1)", PER_1000, 1000 / 82.1, None, None),
    ]
    return [dict(zip(("who", "what", "in", "theirs", "low", "high"), row, strict=True)) for row in rows]


def ours() -> list[Row]:
    """What our rows give for the same questions, in the same order."""
    women = synthesis("minoxidil", sex="female", dose="all").pooled
    laser = synthesis("laser").pooled
    later = synthesis("finasteride", scale="percent").pooled
    needles = synthesis("microneedling").pooled
    medium = synthesis("conditioned_medium").pooled
    excess = next(harm.excess for harm in harms("finasteride").harms if harm.event == "erectile dysfunction")
    assert excess is not None
    found = [_of(women), _of(laser), _of(_head_to_head()), _of(None), _of(later), _of(needles), _of(medium)]
    return [*found, _row(excess.k, 1000 * excess.difference, 1000 * excess.low, 1000 * excess.high)]


def _head_to_head() -> Any:
    """Dutasteride 0.5 mg against finasteride in the trials that had both arms."""
    both: list[Contrast] = [
        one
        for one in contrasts(Evidence.shipped())
        if one.treated[0].intervention == "dutasteride_oral_0_5" and one.control.intervention == "finasteride_oral_1" and one.unit == CM2
    ]
    return pool([one.difference for one in both], [one.se or 0.0 for one in both])


def _of(pooled: Any) -> Row:
    return _row(0, None, None, None) if pooled is None else _row(pooled.k, pooled.estimate, pooled.low, pooled.high)


def _row(k: int, estimate: float | None, low: float | None, high: float | None) -> Row:
    numbers = [None if value is None else digits(value) for value in (estimate, low, high)]
    return {"k": k, **dict(zip(("ours", "our low", "our high"), numbers, strict=True))}


def rows() -> list[Row]:
    """Theirs and ours side by side; `inside`: whether their number lies within our interval (None: we have none)."""
    made = []
    for their, our in zip(elsewhere(), ours(), strict=True):
        inside = None if our["ours"] is None else bool(our["our low"] <= their["theirs"] <= our["our high"])
        made.append({**their, "theirs": digits(their["theirs"]), **our, "inside": inside})
    return made


def measure() -> dict[str, Any]:
    return {"claim": "our pooled numbers beside those of others", "rows": rows()}


def tables(record: dict[str, Any]) -> dict[str, str]:
    """The table of README.md."""

    def shown(value: float | None, low: float | None, high: float | None) -> str:
        return "not known" if value is None else f"{value:.1f}" + ("" if low is None else f" ({low:.1f} to {high:.1f})")

    lines = [
        [
            row["what"],
            row["in"],
            row["who"],
            shown(row["theirs"], row["low"], row["high"]),
            shown(row["ours"], row["our low"], row["our high"]),
            row["k"] or "",
            {True: "yes", False: "no", None: ""}[row["inside"]],
        ]
        for row in record["rows"]
    ]
    return {"beside": table("what | in | who | theirs (95 %) | ours (95 %) | our trials | theirs within ours", lines)}


def said(record: dict[str, Any]) -> list[str]:
    """What the text of README.md says of the record."""
    found = record["rows"]
    known = [row for row in found if row["inside"] is not None]
    needles = next(row for row in found if row["what"].startswith("microneedling"))
    return [
        f"{len(known)} of {len(found)} can be compared; in {sum(row['inside'] for row in known)} of these their number lies within our "
        "95 % range",
        f"one trial with +{needles['ours']:.0f} hairs/cm2",
    ]


def main() -> None:
    record = measure()
    publish(HERE, record, tables(record), said(record))


if __name__ == "__main__":
    main()
