"""What the calibration says of itself, and how coarse its reading of the law is: writes record.json and the tables (two minutes).

Reads what `anagen calibrate --out .calibration` left.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
from chains import WHOLE, shipped_facts, whole  # noqa: E402
from pages import digits, publish, table  # noqa: E402

from anagen.calibrate import coarse  # noqa: E402
from anagen.calibrate.arms import Lane, exposures  # noqa: E402
from anagen.calibrate.means import values_of  # noqa: E402
from anagen.calibrate.model import Model  # noqa: E402
from anagen.calibrate.posterior import log_joint  # noqa: E402
from anagen.calibrate.predict import Expected  # noqa: E402
from anagen.calibrate.report import inside  # noqa: E402
from anagen.calibrate.report import table as rows_table  # noqa: E402
from anagen.evidence import Evidence  # noqa: E402
from anagen.scalp.expect import expect  # noqa: E402
from anagen.scalp.law import Cycle  # noqa: E402
from anagen.treatments import Use, treatment  # noqa: E402

KNOWN = {
    "R1": ("o002", "o003", "o004", "o005"),
    "K1": ("o007", "o012", "o023", "o436"),
    "V1": ("o041", "o043", "o045", "o047"),
    "D1": ("o080", "o081", "o082", "o083", "o085", "o087", "o089", "o091", "o093", "o434"),
    "M1": ("o110", "o111", "o112", "o114", "o115"),
}
DOSES = ("o288", "o290", "o291", "o329", "o331", "o333", "o334", "o335")
"""Statements on cells at several doses: the lowest did best in two trials."""
GIVEN = {
    "nothing": None,
    "finasteride": 1.0,
    "dutasteride": 0.5,
    "minoxidil_topical": 5.0,
    "laser": None,
    "prp": None,
    "hfsc_micrograft": None,
}
DRAWS, WEEKS, YEARS = 40, 104, 8
LOOKS = (12, 24, 52, 104)


def errors() -> list[dict[str, Any]]:
    """The coarse reading beside `expect` at posterior draws: relative changes of a man's hair, in percent of the level."""
    import jax
    import jax.numpy as jnp

    rows = whole().rows
    pick = rows[np.linspace(0, len(rows) - 1, DRAWS).astype(int)]
    kinds = {name: treatment(name, dose) for name, dose in GIVEN.items()}
    lanes = tuple(Lane("", "", name, ((kind, Use()),) if kind.subject else (), 0.0, True, False, "none") for name, kind in kinds.items())

    def one(score: Any) -> Any:
        values = values_of(score)
        shrink = values["man"]["shrink"]
        cycle = coarse.Smooth(**{**values["scalp"], "shrink": shrink})
        start = coarse.begun(
            coarse.untreated(cycle, jnp.stack([shrink, shrink])), jnp.full(len(lanes), float(YEARS)), jnp.zeros(len(lanes))
        )
        given = exposures(lanes, WEEKS, values, jnp)
        states = coarse.course(cycle, jnp.full(len(lanes), shrink), coarse.tempo(given, range(len(lanes)), 0, WEEKS // 2), start)
        return jnp.stack([coarse.levels(cycle, coarse.seen(states[week // 2].astype(float))) for week in (0, *LOOKS)])

    fast = np.asarray(jax.jit(lambda rows: jax.lax.map(one, rows))(jnp.asarray(pick)))  # (draws, looks, outputs, lanes)
    found = []
    each = [values_of(score) for score in pick]

    def of(subject: str, name: str) -> Any:
        return np.array([float(one[subject][name]) for one in each])

    cycle = Cycle(**{name: of("scalp", name) for name in each[0]["scalp"]}, shrink=of("man", "shrink"))
    start = expect(cycle, weeks=round(YEARS * 52.14), outputs=()).end
    for place, (name, kind) in enumerate(kinds.items()):
        values = {row: of(kind.subject, row) for row in each[0][kind.subject]} if kind.subject else {}
        slow = expect(cycle, kind.tempo(WEEKS, values), WEEKS, start=start, outputs=("visible", "terminal", "calibre"), terminal_um=30)
        for output, theirs in (("visible", "visible"), ("nonvellus", "terminal"), ("calibre", "calibre")):
            coarse_level = fast[:, :, coarse.OUTPUTS.index(output), place]
            ours = 100 * (coarse_level[:, 1:] / coarse_level[:, :1] - 1)
            exact = 100 * (slow[theirs][:, list(LOOKS)] / slow[theirs][:, :1] - 1)
            off = ours - exact
            found.append(
                {
                    "given": name,
                    "output": output,
                    "change": [digits(float(v)) for v in np.median(exact, axis=0)],
                    "rms": [digits(float(v)) for v in np.sqrt((off**2).mean(axis=0))],
                    "worst": digits(float(np.abs(off).max())),
                }
            )
    return found


def speed() -> float:
    """One gradient of the whole model among those of a chain, in milliseconds: the least of ten rows of 100, one after the other."""
    import jax
    import jax.numpy as jnp

    model = Model.of(shipped_facts())
    data, flat = model.data(), jnp.asarray(whole().flat[0])
    slope = jax.grad(lambda flat: log_joint(model, model.unflat(flat), data))
    many = jax.jit(lambda flat: jax.lax.scan(lambda at, _: (at + 1e-7 * slope(at), None), flat, None, length=100)[0])
    jax.block_until_ready(many(flat))
    took = []
    for _ in range(10):
        begin = time.perf_counter()
        jax.block_until_ready(many(flat))
        took.append((time.perf_counter() - begin) / 100)
    return digits(1000 * min(took))


def doses() -> list[dict[str, Any]]:
    """What was said of cells at several doses, and the chance that the fitted model gives it."""
    facts = shipped_facts()
    trials = {facts.family(fact.study) for fact in facts.facts if fact.rows[0] in DOSES}
    rows = whole().rows
    found = Expected(facts.of(trials), rows[np.linspace(0, len(rows) - 1, 300).astype(int)]).predictions()
    return [
        {"row": one.rows[0], "arm": one.arm, "week": one.week, "said": one.said, "chance": digits(float(np.exp(one.log_chance_said)))}
        for one in found
        if one.rows[0] in DOSES and one.said in ("significant", "not_significant")
    ]


def measure() -> dict[str, Any]:
    """The report of the shipped calibration, the error of its reading of the law, and its speed."""
    report = json.loads((WHOLE / "report.json").read_text(encoding="utf-8"))
    known = [
        {"check": check, "row": "+".join(one["rows"]), **{name: digits(one[name]) for name in ("observed", "q2.5", "q50", "q97.5")}}
        for check, rows in KNOWN.items()
        for one in report["checks"]
        if set(one["rows"]) & set(rows)
    ]
    return {
        "evidence_hash": Evidence.shipped().hash,
        "report": report,
        "known": known,
        "doses": doses(),
        "errors": errors(),
        "gradient_ms": speed(),
    }


def tables(record: dict[str, Any]) -> dict[str, str]:
    """The tables of the page."""
    known = [
        (one["check"], one["row"], one["observed"], one["q50"], f"{one['q2.5']:.3g} to {one['q97.5']:.3g}", "yes" if _in(one) else "**no**")
        for one in record["known"]
    ]
    looks = " | ".join(f"week {week}" for week in LOOKS)
    errors = [(one["given"], one["output"], *one["change"], *one["rms"], one["worst"]) for one in record["errors"]]
    return {
        "rows": rows_table(record["report"]),
        "known": table("check | rows | measured | model, median | 95 % | inside", known),
        "doses": table("row | arm | week | said | chance that it would be said", [tuple(one.values()) for one in record["doses"]]),
        "errors": table(f"given | output | change: {looks} | error: {looks} | worst", errors),
    }


def _in(one: dict[str, Any]) -> bool:
    return bool(one["q2.5"] <= one["observed"] <= one["q97.5"])


def sentences(record: dict[str, Any]) -> list[str]:
    """What the page must say."""
    report, known = record["report"], record["known"]
    share = inside(report["checks"], "q2.5", "q97.5")
    reached = report["r_hat_worst"] < 1.01 and report["ess_worst"] > 400 and report["divergences"] == 0
    return [
        f"The bound (R-hat below 1.01, effective sample size above 400, no divergence) is {'reached' if reached else 'not reached'}.",
        f"{sum(map(_in, known))} of {len(known)} known answers lie inside 95 %; of all numbers {100 * share:.0f} % do.",
        f"One gradient takes {record['gradient_ms']:.1f} ms on one core of two.",
    ]


if __name__ == "__main__":
    measured = measure()
    publish(HERE, measured, tables(measured), sentences(measured))
