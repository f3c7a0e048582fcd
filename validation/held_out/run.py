"""Predict every trial without it: writes record.json and the tables of README.md beside this file (resumes; about an hour)."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
from chains import refits, shipped_facts, whole  # noqa: E402
from pages import digits, publish, table  # noqa: E402

from anagen.calibrate.baselines import Pooled, TimeCourse  # noqa: E402
from anagen.calibrate.leave_out import USABLE, integrated, smoothed  # noqa: E402
from anagen.calibrate.predict import Expected  # noqa: E402
from anagen.calibrate.scores import SHARES, Prediction, difference, said_scores, scores  # noqa: E402

DRAWS = 500
QUICK = "--no-refits"
"""An argument: trust the weights of every trial, and say of which they cannot be."""
MODEL, POOLED, COURSE = "mechanistic", "random effects at the last visit", "Emax time course"


def draws() -> Any:
    rows = whole().rows
    return rows[np.linspace(0, len(rows) - 1, DRAWS).astype(int)]


def shapes() -> tuple[dict[str, Any], dict[str, float]]:
    """The weights of the draws without each trial, and the shape of their tail."""
    model = whole().model
    likely = integrated(model, draws(), model.data())
    found = {trial: smoothed(-likely[:, index]) for index, trial in enumerate(model.trials)}
    return {trial: one.weights for trial, one in found.items()}, {trial: one.k for trial, one in found.items()}


def mechanistic() -> tuple[list[Prediction], dict[str, float], list[str]]:
    """What the model says of each trial without it; the shapes; and which trials were refitted."""
    facts = shipped_facts()
    weights, shape = shapes()
    doubted = [trial for trial, k in shape.items() if k > USABLE]
    again = [] if QUICK in sys.argv else doubted
    print(
        f"{len(doubted)} of {len(shape)} trials have weights that cannot be trusted; {len(again)} are refitted: {', '.join(doubted)}",
        flush=True,
    )
    found = [one for one in Expected(facts, draws()).predictions(weights) if one.trial not in again]
    for trial, fit in refits({trial: [trial] for trial in again}).items() if again else ():
        found += Expected(facts.of([trial]), fit.rows).predictions()
    return found, shape, again


def baselines() -> dict[str, list[Prediction]]:
    """What each plain model says of each trial without it."""
    facts = shipped_facts()
    found: dict[str, list[Prediction]] = {POOLED: [], COURSE: []}
    for trial in facts.names:
        rest, own = facts.without([trial]), facts.of([trial])
        for name, kind in ((POOLED, Pooled), (COURSE, TimeCourse)):
            found[name] += kind.fit(rest).predict(own)
    return found


def packed(one: Prediction) -> dict[str, Any]:
    """One prediction as the record keeps it."""
    found: dict[str, Any] = {
        "rows": list(one.rows),
        "trial": one.trial,
        "treatment": one.treatment,
        "output": one.output,
        "week": one.week,
        "kind": one.kind,
        "observed": digits(one.observed),
        "median": digits(one.median),
        "crps": digits(one.crps),
        "log_score": digits(one.log_score),
    }
    return found | {f"within_{100 * share:g}": [digits(end) for end in one.interval(share)] for share in SHARES}


def compared(ours: list[Prediction], theirs: list[Prediction]) -> dict[str, float]:
    """Our scores less theirs, on the same rows."""
    return {name: digits(value) for name, value in vars(difference(ours, theirs)).items()}


def scored(found: list[Prediction]) -> dict[str, Any]:
    """Coverage with its interval, and mean scores."""
    whole_of = scores(found)
    coverage = {f"{100 * share:g}": [digits(one.value), digits(one.low), digits(one.high)] for share, one in whole_of.coverage.items()}
    return {"rows": whole_of.rows, "trials": whole_of.trials, "coverage": coverage, "log_score": digits(whole_of.log_score)}


def groups(found: list[Prediction]) -> dict[str, list[int]]:
    """Rows by what the arm was given, most rows first."""
    names = [one.treatment for one in found]
    return {name: [i for i, other in enumerate(names) if other == name] for name in sorted(set(names), key=lambda n: (-names.count(n), n))}


def measure() -> dict[str, Any]:
    """Every number of every trial, by the model and by both plain ones, none of which has seen the trial."""
    ours, shape, again = mechanistic()
    numbers = {one.rows: one for one in ours if not one.said}
    said = said_scores([one for one in ours if one.said in ("significant", "not_significant")])
    plain = {name: {one.rows: one for one in found if not one.said} for name, found in baselines().items()}
    rows = [key for key in numbers if all(key in found for found in plain.values())]
    every = {MODEL: [numbers[key] for key in rows], **{name: [found[key] for key in rows] for name, found in plain.items()}}

    def beside(at: list[int]) -> dict[str, Any]:
        ours = [every[MODEL][i] for i in at]
        return {other: compared(ours, [every[other][i] for i in at]) for other in (POOLED, COURSE)}

    return {
        "draws": DRAWS,
        "refitted": again,
        "doubted": [trial for trial, k in shape.items() if k > USABLE and trial not in again],
        "shapes": {trial: digits(k) if np.isfinite(k) else None for trial, k in shape.items()},
        "scores": {name: scored(found) for name, found in every.items()},
        "beside": beside(list(range(len(rows)))),
        "treatments": {name: {"rows": len(at), **beside(at)} for name, at in groups(every[MODEL]).items()},
        "said": {
            "statements": said.statements,
            "trials": said.trials,
            "brier": digits(said.brier.value),
            "log_score": digits(said.log_score),
        },
        "rows": [packed(one) for one in every[MODEL]],
    }


def tables(record: dict[str, Any]) -> dict[str, str]:
    """The tables of the page."""
    cover = [
        (name, *(f"{100 * v:.0f} ({100 * low:.0f} to {100 * high:.0f})" for v, low, high in one["coverage"].values()), one["log_score"])
        for name, one in record["scores"].items()
    ]
    beside = [(name, *(f"{one[it]:.3f} ({one[f'{it}_se']:.3f})" for it in ("log_score", "crps"))) for name, one in record["beside"].items()]
    by = [
        (
            name,
            one["rows"],
            *(f"{one[other]['log_score']:.2f} ({one[other]['log_score_se']:.2f})" for other in (POOLED, COURSE)),
            better(one),
        )
        for name, one in record["treatments"].items()
    ]
    return {
        "coverage": table("model | 50 % interval holds, % | 80 % | 90 % | log score a row", cover),
        "beside": table("against | log score a row, ours less theirs (SE) | CRPS, ours less theirs (SE)", beside),
        "treatments": table(f"treatment | rows | log score beside {POOLED} (SE) | beside {COURSE} (SE) | better", by),
    }


def better(one: dict[str, Any]) -> str:
    """Which kind of model says more of a treatment's rows, where the difference is beyond twice its standard error."""
    sure = [(one[other]["log_score"], one[other]["log_score_se"]) for other in (POOLED, COURSE)]
    if all(value > 2 * se for value, se in sure):
        return "mechanistic"
    return "a plain one" if any(value < -2 * se for value, se in sure) else "not told apart"


def sentences(record: dict[str, Any]) -> list[str]:
    """What the page must say."""
    value, low, high = record["scores"][MODEL]["coverage"]["90"]
    best = max((POOLED, COURSE), key=lambda name: record["scores"][name]["log_score"])
    mean, se = (record["beside"][best][it] for it in ("log_score", "log_score_se"))
    holds = "inside" if low <= 0.9 <= high else "outside"
    verdict = "is not" if mean > -se else "is"
    doubted = record["doubted"]
    said = f"the weights of {len(doubted)} of {len(record['shapes'])} trials cannot be trusted (k above 0.7) and await their refit"
    return [
        (said[0].upper() + said[1:] + f": {', '.join(doubted)}.")
        if doubted
        else "Every trial whose weights cannot be trusted was refitted.",
        f"Nominal 90 % lies {holds} the bootstrap interval of its coverage ({100 * value:.0f} %, {100 * low:.0f} to {100 * high:.0f} %).",
        f"The log score beside the better baseline ({best}) {verdict} negative beyond its standard error: {mean:.3f} a row (SE {se:.3f}).",
    ]


if __name__ == "__main__":
    measured = measure()
    publish(HERE, measured, tables(measured), sentences(measured))
