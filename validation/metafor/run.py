"""Hold the pooling to R's metafor: writes record.json and the tables of README.md beside this file (seconds).

With R and metafor here (Debian: r-cran-metafor, r-cran-lme4) its numbers are made anew; without, those of the record are kept.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
from pages import Row, publish, table  # noqa: E402

from anagen.evidence.pool import leave_one_out, pool, small_studies  # noqa: E402
from anagen.evidence.rare import clopper_pearson, excess, fit, log_likelihood, rate, wilson  # noqa: E402

Numbers = dict[str, Any]
ORIGINS = {
    "dat.bcg": "BCG against tuberculosis, log relative risks of 13 trials (Colditz 1994)",
    "dat.normand1999": "days in hospital after a stroke, mean differences of 9 trials (Normand 1999)",
    "dat.normand1999, three trials": "the first three of these",
    "dat.raudenbush1985": "teachers' expectations and pupils' IQ, standardised differences of 19 experiments (Raudenbush 1984)",
    "dat.hackshaw1998, Japan and Hong Kong": "tobacco smoke of others and lung cancer, log odds ratios of 9 studies (Hackshaw 1997)",
    "dat.hine1989": "lidocaine after a heart attack, risk differences of 6 trials (Normand 1999)",
    "dat.pritz1997": "treatment of cerebral vasospasm, shares of 14 series (Zhou 1999)",
    "dat.nielweise2007, treated": "bloodstream infections with treated catheters, 18 trials, six without any (Niel-Weise 2007)",
    "dat.nielweise2007, six large treated": "the six largest of these",
    "dat.nielweise2007, studies 6 to 10 treated": "five of these, one infection each",
    "dat.nielweise2007, last five controls": "the control arms of the last five",
    "dat.collins1985b, stillbirths untreated": "stillbirths without diuretics in pregnancy, 8 trials (Collins 1985)",
    "dat.nielweise2007, infections": "both arms of the 18 trials",
    "dat.bcg, cases": "both arms of the 13 trials",
}
"""What each data set of the R package metadat is."""
MEANS = (
    "estimate",
    "se",
    "low",
    "high",
    "p",
    "tau2",
    "tau2_low",
    "tau2_high",
    "q",
    "q_p",
    "i2_percent",
    "prediction_low",
    "prediction_high",
)
EXACT, SEARCHED, APPROXIMATE = 1e-9, 1e-7, 5e-5
"""Relative differences that are allowed: README.md says why."""
ROUNDING = 1e-12
"""A log-likelihood of about 100 is known to so much."""
WITHIN = {"mean": SEARCHED, "share": APPROXIMATE, "difference": EXACT, "interval": EXACT}


def of_r() -> dict[str, Numbers] | None:
    """Every number that run.R prints, by data set and name; None where R is not here."""
    if shutil.which("Rscript") is None:
        return None
    done = subprocess.run(["Rscript", str(HERE / "run.R")], capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"R could not run, so its recorded numbers are kept: {done.stderr.strip().splitlines()[-1]}")
        return None
    found: dict[str, Numbers] = {}
    for line in done.stdout.splitlines():
        where, name, value = line.split("\t")
        found.setdefault(where, {})[name] = value if where == "versions" else float(value)
    return found


def column(numbers: Numbers, name: str) -> list[float]:
    """A column of a data set: `yi 1`, `yi 2`, ..."""
    found = []
    while (value := numbers.get(f"{name} {len(found) + 1}")) is not None:
        found.append(value)
    return found


def kind(numbers: Numbers) -> str:
    """What a data set is there for."""
    return next(what for name, what in (("yi 1", "mean"), ("xi 1", "share"), ("ai 1", "difference"), ("x", "interval")) if name in numbers)


def ours(numbers: Numbers) -> Numbers:
    """Our numbers for a data set, by the names that R gives its own."""
    return {"mean": _mean, "share": _share, "difference": _difference, "interval": _interval}[kind(numbers)](numbers)


def _mean(numbers: Numbers) -> Numbers:
    y, se = column(numbers, "yi"), column(numbers, "sei")
    plain, floor = pool(y, se, floor=False), pool(y, se)
    found = {name: getattr(plain, name) for name in MEANS}
    found |= {"floor low": floor.low, "floor high": floor.high}
    found |= {f"without {place + 1}": one.estimate for place, one in enumerate(leave_one_out(y, se))}
    small = small_studies(y, se)
    return found | ({"egger t": small.t, "egger p": small.p} if small.t is not None else {})


def _share(numbers: Numbers) -> Numbers:
    import numpy as np

    x, n = np.array(column(numbers, "xi")), np.array(column(numbers, "ni"))
    mu, tau, se = fit(x, n)
    found = {"mu": mu, "se": se, "tau": tau}
    if tau:
        pooled = rate(x, n)
        found |= {name: getattr(pooled, name) for name in ("chance", "low", "high", "prediction_low", "prediction_high")}
    return found


def higher(numbers: Numbers) -> float:
    """By how much our likelihood at our numbers is above that at R's: below 0 would mean that we had missed the top."""
    import numpy as np

    x, n = np.array(column(numbers, "xi")), np.array(column(numbers, "ni"))
    mu, tau, _ = fit(x, n)
    return log_likelihood(mu, tau, x, n)[0] - log_likelihood(numbers["mu"], numbers["tau"], x, n)[0]


def _difference(numbers: Numbers) -> Numbers:
    found = excess(*(column(numbers, name) for name in ("ai", "n1i", "ci", "n2i")))
    return {name: getattr(found, name) for name in ("difference", "low", "high")}


def _interval(numbers: Numbers) -> Numbers:
    x, n = int(numbers["x"]), int(numbers["n"])
    exact, score = clopper_pearson(x, n), wilson(x, n)[1:]
    return {"exact low": exact[0], "exact high": exact[1], "score low": score[0], "score high": score[1]}


def off(mine: float, theirs: float) -> float:
    """The relative difference; absolute where R says 0."""
    return abs(mine - theirs) / (abs(theirs) or 1.0)


def compared(everything: dict[str, Numbers]) -> list[Row]:
    """For each data set: how many numbers were compared, the largest difference, and whether it is allowed."""
    rows = []
    for where, numbers in everything.items():
        if where == "versions":
            continue
        found = ours(numbers)
        worst = max(found, key=lambda name: off(found[name], numbers[name]))
        largest = off(found[worst], numbers[worst])
        what = kind(numbers)
        size = len(column(numbers, {"mean": "yi", "share": "xi", "difference": "ai"}.get(what, "x"))) or 1
        rows.append(
            {
                "data set": where,
                "what": what,
                "trials": size,
                "numbers": len(found),
                "largest difference": float(f"{largest:.1e}"),
                "in": worst,
                "allowed": WITHIN[what],
                "agrees": largest <= WITHIN[what],
            }
        )
    return rows


def measure() -> dict[str, Any]:
    theirs = of_r() or json.loads((HERE / "record.json").read_text(encoding="utf-8"))["metafor"]
    rows = compared(theirs)
    above = {where: higher(numbers) for where, numbers in theirs.items() if "xi 1" in numbers}
    above = {where: float(f"{value:.1e}") if abs(value) > ROUNDING else 0.0 for where, value in above.items()}
    return {"claim": "pooling agrees with R's metafor", "origins": ORIGINS, "rows": rows, "higher likelihood": above, "metafor": theirs}


def tables(record: dict[str, Any]) -> dict[str, str]:
    """The tables of README.md, by the name of their place."""
    lines = [
        [
            row["data set"],
            row["what"],
            row["trials"],
            row["numbers"],
            f"{row['largest difference']:.0e}",
            row["in"],
            f"{row['allowed']:.0e}",
        ]
        for row in record["rows"]
    ]
    sets = [[name, what] for name, what in record["origins"].items()]
    return {
        "agreement": table("data set | what | trials | numbers | largest relative difference | in | allowed", lines),
        "sets": table("data set | what it is", sets),
    }


def said(record: dict[str, Any]) -> list[str]:
    """What the text of README.md says of the record."""
    rows, versions = record["rows"], record["metafor"]["versions"]
    most = {what: max(row["largest difference"] for row in rows if row["what"] == what) for what in WITHIN}
    above = record["higher likelihood"]
    hine = record["metafor"]["dat.hine1989"]
    return [
        f"metafor {versions['metafor version']}, lme4 {versions['lme4 version']}, R {versions['R version']}",
        f"{sum(row['numbers'] for row in rows)} numbers of {len(rows)} data sets agree, within what is allowed",
        f"allowed in {sum(row['agrees'] for row in rows)} of {len(rows)}",
        f"at most {most['mean']:.0e} for means",
        f"{most['share']:.0e} for shares",
        f"{max(most['difference'], most['interval']):.0e} for differences and intervals",
        f"the log-likelihood is higher than at lme4's by up to {max(above.values()):.0e}, and nowhere lower",
        f"{hine['low']:.3f} to {hine['high']:.3f} without the floor, {hine['floor low']:.3f} to {hine['floor high']:.3f} with it",
    ]


def main() -> None:
    record = measure()
    publish(HERE, record, tables(record), said(record))


if __name__ == "__main__":
    main()
