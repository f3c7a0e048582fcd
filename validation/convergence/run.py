"""Measure the numerical error of the engine again: writes record.json and the tables of README.md beside this file (half a minute)."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent)]
from exact import Exact  # noqa: E402
from pages import Row, digits, publish, table  # noqa: E402
from population import aged_to  # noqa: E402

from anagen.belief import Belief  # noqa: E402
from anagen.ground.rows import medians  # noqa: E402
from anagen.people.history import QUARTER, fold, history  # noqa: E402
from anagen.scalp.expect import expect  # noqa: E402
from anagen.scalp.law import SLOTS, Cycle, healthy  # noqa: E402
from anagen.scalp.tempo import Tempo  # noqa: E402
from anagen.treatments import treatment  # noqa: E402

OUTPUTS = ("visible", "terminal", "anagen")
BASELINE_PER_CM2 = 876 / 5.1  # evidence row o010
MAN = healthy(shrink=medians("man")["shrink"])
TERMINAL_UM = medians("reading")["terminal_um"]
FEW = 5  # slots that a step ratio of 0.66 uses: more change nothing (table slots)
PLANS = {"nothing": "nothing", "finasteride 1 mg": "finasteride", "minoxidil 5 %": "minoxidil_topical"}
STAGES: dict[str, tuple[float, ...]] = {
    "telogen": (1, 2, 4, 0.35, 9),
    "catagen": (1, 2, 4),
    "kenogen": (1, 2, 4),
    "anagen": (1, 2, 0.66, 3, 4),
}
IN_USE = {"telogen": 4, "catagen": 2, "kenogen": 2, "anagen": 0.66}
RATIOS, SLOT_NUMBERS, MANY = (0.5, 0.66, 0.76, 0.8, 0.82), (5, 6, 7, 8, 10, 12), 14
DRAWS = 500
FIRST_VISIT = 12


def abrupt(weeks: int) -> Tempo:
    """Everything at once for half a year, from one week to the next and back."""
    on = (np.arange(weeks) >= 26) & (np.arange(weeks) < 52)
    faster, twice = np.where(on, 3.0, 1.0), np.where(on, 2.0, 1.0)
    return Tempo(
        leave_anagen=np.where(on, 1.5, 1.0),
        leave_telogen=faster,
        leave_kenogen=faster,
        shrink=twice,
        grow=on * 0.5,
        recruit_per_week=on * 0.02,
    )


@cache
def at_baseline(slots: int, stages: tuple[tuple[str, float], ...] = (), ratio: float = 0.66) -> tuple[Exact, Any]:
    """A man aged without treatment until he shows the baseline density of a trial: his chain and his occupancies."""
    chain = Exact(MAN.but(step_ratio=ratio), slots, dict(stages))
    aged = chain.run(None, 1200, chain.healthy())
    week = int((chain.read(aged, TERMINAL_UM)["visible"] <= BASELINE_PER_CM2).argmax())
    return chain, chain.run(None, week, chain.healthy()).end


@cache
def scenarios() -> dict[str, tuple[Tempo | None, int, Any, Any]]:
    """Name -> tempo, weeks, start, and the exact path."""
    chain, now = at_baseline(SLOTS)
    given = {
        "untreated loss, 10 years": (None, 520, chain.healthy()),
        "abrupt change, 3 years": (abrupt(156), 156, now),
        "finasteride, 5 years": (treatment("finasteride").tempo(260), 260, now),
    }
    return {name: (tempo, weeks, start, chain.run(tempo, weeks, start)) for name, (tempo, weeks, start) in given.items()}


def step_rows() -> list[Row]:
    """Largest error of `expect` over the weeks, for 1, 2, 4, 8 sub-steps a week."""
    rows, chain = [], at_baseline(SLOTS)[0]
    for name, (tempo, weeks, start, path) in scenarios().items():
        exact = chain.read(path, TERMINAL_UM)
        before = None
        for steps in (1, 2, 4, 8):
            ours = expect(MAN, tempo, weeks, start=chain.as_start(start), sub_steps=steps, occupancy=True, dtype=np.float64)
            assert ours.occupancy is not None
            error = {out: digits(np.abs(ours[out] - exact[out]).max()) for out in OUTPUTS}
            error["shed"] = digits(np.abs(ours["shed"] - exact["shed"])[1:].max())
            cell = float(np.abs(ours.occupancy - path.classes).max())
            order = None if before is None else digits(np.log2(before / cell))
            rows.append({"scenario": name, "sub_steps": steps, **error, "cell": digits(cell), "order": order})
            before = cell
    return rows


def single_rows() -> list[Row]:
    """float32 against float64 at one sub-step: largest difference over the weeks (and draws)."""
    chain, rows = at_baseline(SLOTS)[0], []
    cases: dict[str, tuple[Cycle, Tempo | None, int, Any]] = {
        name: (MAN, tempo, weeks, chain.as_start(start)) for name, (tempo, weeks, start, _) in scenarios().items()
    }
    cases[f"untreated loss, {DRAWS} draws of the prior"] = (Belief.prior(DRAWS).cycle("man"), None, 520, None)
    for name, (cycle, tempo, weeks, start) in cases.items():
        low, high = (expect(cycle, tempo, weeks, start=start, occupancy=True, dtype=kind) for kind in (np.float32, np.float64))
        assert low.occupancy is not None
        found = {out: digits(np.abs(low[out] - high[out]).max()) for out in OUTPUTS}
        rows.append({"scenario": name, **found, "cell": digits(np.abs(low.occupancy - high.occupancy).max())})
    past = history(Belief.prior(DRAWS), 20, "man")
    exact = expect(past.cycle, weeks=QUARTER * (len(past.states) - 1), outputs=OUTPUTS, dtype=np.float64)
    found = {out: digits(np.abs(past.course[out] - exact[out][:, ::QUARTER]).max()) for out in OUTPUTS if out in past.course}
    cell = digits(np.abs(past.states[-1].T - fold(exact.end)).max())
    rows.append({"scenario": f"the same over 20 years, as tabulated by `history`, {DRAWS} draws", "anagen": None, **found, "cell": cell})
    return rows


def slot_rows() -> list[Row]:
    """Largest error of fewer calibre slots against 14: ten untreated years, then five under finasteride at full strength."""
    full = treatment("finasteride").tempo(520)
    steady = Tempo(**{name: float(row[-1] if row.ndim else row) for name, row in full.rows().items()})

    def course(ratio: float, slots: int) -> tuple[float, dict[str, Any]]:
        chain = Exact(MAN.but(step_ratio=ratio), slots)
        aged = chain.run(None, 520, chain.healthy())
        then = chain.run(steady, 260, aged.end)
        one, two = chain.read(aged, TERMINAL_UM), chain.read(then, TERMINAL_UM)
        return chain.deepest, {out: np.append(one[out], two[out]) for out in OUTPUTS}

    rows = []
    for ratio in RATIOS:
        deepest, finest = course(ratio, MANY)
        for slots in SLOT_NUMBERS:
            _, ours = course(ratio, slots)
            error = {out: digits(gap) if (gap := np.abs(ours[out] - finest[out]).max()) > 1e-8 else 0.0 for out in OUTPUTS}
            rows.append({"step_ratio": ratio, "deepest": digits(deepest), "slots": slots, **error})
    return rows


def reach() -> Row:
    """How many draws of the prior reach below the last slot."""
    cycle = Belief.prior(DRAWS).cycle("man")
    steps = np.log(cycle.calibre_min_um / cycle.calibre_um) / np.log(cycle.step_ratio)
    return {"draws": DRAWS, "deeper than the last slot": int((steps > SLOTS - 1).sum()), "deepest": digits(steps.max())}


def courses(stages: tuple[tuple[str, float], ...]) -> dict[str, dict[str, Any]]:
    """Change since baseline over five years under each plan, and hairs shed as a share of those shed at baseline without it."""
    chain, now = at_baseline(FEW, stages)
    usual = chain.read(chain.run(None, 1, now), TERMINAL_UM)["shed"][1]
    out = {}
    for plan, name in PLANS.items():
        read = chain.read(chain.run(treatment(name).tempo(260), 260, now), TERMINAL_UM)
        out[plan] = {key: read[key] - read[key][0] for key in OUTPUTS} | {"shed": 100 * read["shed"] / usual}
    return out


@cache
def prior_draws() -> dict[str, dict[str, Any]]:
    """The same changes in every draw of the prior that explains the baseline: plan -> output -> (draws, weeks + 1)."""
    belief = Belief.prior(DRAWS)
    begin, out = aged_to(BASELINE_PER_CM2, 33, belief), {}
    for plan, name in PLANS.items():
        one = treatment(name)
        tempo = one.tempo(260, belief.values(one.subject, begin.which) if one.subject else None)
        course = expect(begin.cycle, tempo, 260, start=begin.start, outputs=OUTPUTS)
        out[plan] = {key: course[key] - course[key][:, :1] for key in OUTPUTS}
    return out


def prior_rows() -> list[Row]:
    """What we do not know anyway: the standard deviation of those changes."""
    rows = []
    for plan, course in prior_draws().items():
        row: Row = {"plan": plan, "draws": len(course["visible"])}
        for out in OUTPUTS:
            row |= {f"{out} {y} y": digits(course[out][:, y * 52].std()) for y in (2, 5)}
        rows.append(row)
    return rows


def stage_rows() -> list[Row]:
    """How far the change since baseline moves, against the finest: largest over the weeks of two and of five years.

    `of prior`: the largest share, over outputs and weeks from 12 on, of the prior's standard deviation in that week.
    """
    rows, spread = [], {plan: {out: course[out].std(axis=0) for out in OUTPUTS} for plan, course in prior_draws().items()}
    for phase, kinds in STAGES.items():
        finest = courses(((phase, kinds[-1]),))
        for kind in kinds[:-1]:
            ours = courses(((phase, kind),))
            for plan in PLANS:
                row: Row = {"phase": phase, "stages": kind, "against": kinds[-1], "plan": plan, "in_use": kind == IN_USE[phase]}
                gaps = {out: np.abs(ours[plan][out] - finest[plan][out]) for out in (*OUTPUTS, "shed")}
                for out, gap in gaps.items():
                    row |= {f"{out} 2 y": digits(gap[1:105].max()), f"{out} 5 y": digits(gap[1:].max())}
                row["of prior"] = digits(max((gaps[out][FIRST_VISIT:] / spread[plan][out][FIRST_VISIT:]).max() for out in OUTPUTS))
                rows.append(row)
    return rows


def measure() -> dict[str, Any]:
    return {
        "claim": "numerical error of the engine",
        "steps": step_rows(),
        "single": single_rows(),
        "slots": slot_rows(),
        "reach": reach(),
        "stages": stage_rows(),
        "prior": prior_rows(),
    }


def called(kind: float) -> str:
    """3 -> 3 (CV 0.58); 0.35 -> CV 0.35."""
    return f"CV {kind:g}" if kind != int(kind) else f"{kind:g} (CV {kind**-0.5:.2f})"


def tables(record: dict[str, Any]) -> dict[str, str]:
    """The tables of README.md, by the name of their place."""
    steps = [
        [r["scenario"], r["sub_steps"], *(r[o] for o in (*OUTPUTS, "shed", "cell")), "" if r["order"] is None else f"{r['order']:.2f}"]
        for r in record["steps"]
    ]
    single = [[r["scenario"], *(r[o] for o in (*OUTPUTS, "cell"))] for r in record["single"]]
    error = {(r["step_ratio"], out, r["slots"]): r[out] or "none" for r in record["slots"] for out in OUTPUTS}
    deepest = {r["step_ratio"]: r["deepest"] for r in record["slots"]}
    slots = [
        [f"{ratio:g}", f"{deepest[ratio]:.2f}", out, *(error[ratio, out, slots] for slots in SLOT_NUMBERS)]
        for ratio in RATIOS
        for out in OUTPUTS
    ]
    timed = [f"{out} {years} y" for years in (2, 5) for out in OUTPUTS]
    stages = [
        [r["phase"], called(r["stages"]) + (" *" if r["in_use"] else ""), called(r["against"]), r["plan"]]
        + [r[key] for key in (*timed, "shed 5 y")]
        + [f"{100 * r['of prior']:.2g} %"]
        for r in record["stages"]
    ]
    prior = [[r["plan"], *(r[key] for key in timed)] for r in record["prior"]]
    columns = " | ".join(timed)
    return {
        "steps": table("scenario | sub-steps | visible | terminal | anagen | shed | any cell | order", steps),
        "single": table("scenario | visible | terminal | anagen | any cell", single),
        "slots": table("step ratio | steps to 15 um | output | " + " | ".join(f"{n} slots" for n in SLOT_NUMBERS), slots),
        "stages": table(f"phase | stages | against | plan | {columns} | shed, % of usual | of the prior's SD", stages),
        "prior": table(f"plan | {columns}", prior),
    }


def said(record: dict[str, Any]) -> list[str]:
    """What the text of README.md says of the record."""
    reach, stages = record["reach"], record["stages"]

    def most(phase: str, kind: float, outputs: tuple[str, ...], plans: tuple[str, ...] = tuple(PLANS)) -> float:
        here = [r for r in stages if (r["phase"], r["stages"]) == (phase, kind) and r["plan"] in plans]
        return float(max(r[out] for r in here for out in outputs))

    densities = tuple(f"{out} 5 y" for out in OUTPUTS)
    untreated = [{r["stages"]: r[out] for r in stages if (r["phase"], r["plan"]) == ("anagen", "nothing")} for out in densities[:2]]
    rounded = [abs(gap[kind] - gap[0.66]) for gap in untreated for kind in (2, 3)]
    largest = max(r[out] for r in record["steps"] if r["sub_steps"] == 1 for out in OUTPUTS)
    treated = max(most("kenogen", 2, tuple(f"{out} 2 y" for out in OUTPUTS), (plan,)) for plan in PLANS if plan != "nothing")
    others = max(r["of prior"] for r in stages if r["in_use"] and r["phase"] != "kenogen")
    single = max(r[out] for r in record["single"] for out in OUTPUTS if r[out] is not None)
    return [
        f"float32 moves no density by more than {single:.1g} hairs/cm2",
        f"largest error {largest:.2g} hairs/cm2 in the worst of three scenarios",
        f"at most {100 * others:.0f} % of the standard deviation",
        f"**Kenogen comes closest to that bound: {100 * most('kenogen', 2, ('of prior',)):.1f} %",
        f"Of {reach['draws']} draws of the prior, {reach['deeper than the last slot']} go deeper than the last slot",
        f"(the deepest needs {reach['deepest']:.2f} steps)",
        f"it moves no density by more than {most('telogen', 4, densities):.2f} hairs/cm2",
        f"up to {most('telogen', 4, ('shed 5 y',)):.1f} % of the usual shedding",
        f"1 would do for densities ({most('catagen', 1, densities):.2f} hairs/cm2)",
        f"a treated count moves by up to {treated:.1f} hairs/cm2 within two years, more than telogen does",
        f"would move an untreated five-year forecast by {min(rounded):.1f} to {max(rounded):.1f} hairs/cm2",
    ]


def main() -> None:
    record = measure()
    publish(HERE, record, tables(record), said(record))


if __name__ == "__main__":
    main()
