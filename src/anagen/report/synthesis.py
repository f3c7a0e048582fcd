"""A synthesis on a terminal, for 80 columns: the forest, the pooling, the harms and how sure each is."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from anagen.report.forest import UNITS, between, drawing, heading, marks, named, signed

if TYPE_CHECKING:
    from anagen.evidence.certainty import Certainty
    from anagen.evidence.harms import Harm
    from anagen.evidence.pool import Pooled
    from anagen.evidence.rare import Rate
    from anagen.synthesis import Harms, Synthesis

BIAS = {"low": "low", "some": "some", "high": "HIGH"}
WIDEST = 100
MOST_BESIDE = 12
PER = {"persons": "", "procedures": ", per procedure", "dose_cases": ", per person and dose"}
"""What a harm is counted by, where it is not people."""
MOST_COUNTS = 3
NO_DIFFERENCE = "No difference against a control has a number."


def show_forest(found: Synthesis, console: Console) -> None:
    """Print each trial with its difference, their mean, a drawing of both, what stands beside, and how sure it is."""
    _wrap(console, _capital(heading(found)), "bold")
    if not found.contrasts:
        _say(console, f"\n{NO_DIFFERENCE}")
    else:
        console.print(_trials(found))
        console.print()
        for line in drawing(found, min(console.width, WIDEST)):
            console.print(Text(line, no_wrap=True, overflow="crop"))
        _mean(found, console)
    for note in found.notes:
        _wrap(console, note)
    if found.pooled is not None and found.week is None and len({one.week for one in found.contrasts}) > 1:
        _wrap(console, "Each trial is at its last visit; --week 52 takes the one nearest to a year.")
    _beside(found, console)
    _certainty(found, console)


def _trials(found: Synthesis) -> Table:
    table = _table("trial", "weeks", "people", "difference [95 %]", "weight", "bias")
    weights = found.pooled.weights if found.pooled else (None,) * len(found.contrasts)
    for one, weight in zip(found.contrasts, weights, strict=True):
        people = "?" if one.people is None else str(one.people)
        shown = f"{signed(one.difference)} {between(one.low, one.high)}" if one.se is not None else signed(one.difference)
        share = "" if weight is None else f"{100 * weight:.0f} %"
        name = Text.assemble(named(one, found.contrasts), (f" {marks(one, found)}".rstrip(), "yellow"))
        table.add_row(name, f"{one.week:.0f}", people, shown, share, BIAS[one.study.risk_of_bias])
    return table


def _mean(found: Synthesis, console: Console) -> None:
    pooled = found.pooled
    console.print()
    if pooled is None:
        why = (
            "every visit is shown, and visits of the same people are not pooled"
            if found.against != "another"
            else "each was compared with something else"
        )
        _wrap(console, f"No mean: {why}.")
        return
    if pooled.k == 1:
        _wrap(console, "One trial: this is its result and no more.")
        return
    unit = UNITS[found.unit]
    _wrap(console, f"Mean of {_trials_of(found)}: {signed(pooled.estimate)} {unit}, 95 % range {between(pooled.low, pooled.high)}.", "bold")
    elsewhere = between(pooled.prediction_low or 0, pooled.prediction_high or 0)
    _wrap(console, f"True effect in another trial like these: {elsewhere} (95 % prediction range).")
    if pooled.k == 2:
        _wrap(console, "Two trials say little about how much trials differ: hence the very wide ranges.")
    _wrap(
        console,
        f"They differ: I² {pooled.i2_percent or 0:.0f} %, tau {(pooled.tau2 or 0) ** 0.5:.1f} {unit}. `anagen evidence pool` has the rest.",
    )


def _trials_of(found: Synthesis) -> str:
    """How many trials: "3 trials", or "5 comparisons of 4 trials"."""
    families = len({one.family for one in found.contrasts})
    return f"{families} trials" if families == len(found.contrasts) else f"{len(found.contrasts)} comparisons of {families} trials"


def show_pool(found: Synthesis, console: Console) -> None:
    """Print the pooling in full: mean, ranges, how the trials differ, without each in turn, by risk of bias, small against large."""
    _wrap(console, _capital(heading(found)), "bold")
    pooled = found.pooled
    if pooled is None:
        _say(console, f"\n{NO_DIFFERENCE if not found.contrasts else 'Nothing is pooled: see `anagen evidence forest`.'}")
        return _certainty(found, console)
    if pooled.k == 1:
        own = f"{signed(pooled.estimate)} {between(pooled.low, pooled.high)}"
        _wrap(console, f"One trial, {found.contrasts[0].study.study_id}: {own}. Nothing is pooled.")
        return _certainty(found, console)
    table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0))
    for name, value in _numbers(pooled, UNITS[found.unit]).items():
        table.add_row(name, value)
    console.print(table)
    _say(console, "\nWithout each trial in turn", "bold")
    console.print(_means({named(one, found.contrasts): mean for one, mean in zip(found.contrasts, found.without, strict=True)}, "without"))
    _say(console, "\nBy risk of bias", "bold")
    console.print(_means({name: found.by_risk[name] for name in ("low", "some", "high") if name in found.by_risk}, "risk"))
    _say(console, "\nSmall trials against large ones", "bold")
    _wrap(console, f"{_capital(found.small.said)}.")
    for note in found.notes:
        _wrap(console, note)
    _certainty(found, console)


def _numbers(pooled: Pooled, unit: str) -> dict[str, str]:
    tau = f"{pooled.tau2 or 0:.1f}, 95 % range {pooled.tau2_low or 0:.1f} to {pooled.tau2_high or 0:.1f}"
    return {
        "mean": f"{signed(pooled.estimate)} {unit}, standard error {pooled.se:.1f}",
        "95 % range": f"{between(pooled.low, pooled.high)} (Knapp-Hartung, never narrower than the plain one)",
        "another trial": f"{between(pooled.prediction_low or 0, pooled.prediction_high or 0)} (95 % prediction)",
        "trials": f"{pooled.k}",
        "I²": f"{pooled.i2_percent or 0:.0f} %",
        "tau²": f"{tau} (REML; Q-profile)",
        "Q": f"{pooled.q or 0:.1f} on {pooled.k - 1} degrees of freedom, p = {pooled.q_p or 0:.2g}",
    }


def _means(found: Mapping[str, Pooled], first: str) -> Table:
    table = _table(first, "trials", "mean [95 %]", "I²")
    for name, pooled in found.items():
        shown = f"{signed(pooled.estimate)} {between(pooled.low, pooled.high)}"
        table.add_row(name, str(pooled.k), shown, "" if pooled.i2_percent is None else f"{pooled.i2_percent:.0f} %")
    return table


def show_harms(found: Harms, console: Console) -> None:
    """Print each harm out of 1,000, its range, how many people and trials, placebo beside."""
    _wrap(console, f"Harms of {found.title}, taken alone: how many of 1,000 had it, with the 95 % range", "bold")
    table = _table("harm", "of 1,000", "counted", "placebo", "more than placebo")
    shown = [one for one in found.harms if one.rate is not None]
    for one in shown:
        table.add_row(one.event + PER[one.unit], *_cells(one))
    if not shown:
        _say(console, "\nNot known: no count of a harm was read.")
    else:
        console.print(table)
        _wrap(console, "0: nobody had it, which fits any chance up to the end of the range. Events overlap: never add them.")
        _wrap(console, "A trial that did not look for a harm says nothing of it.")
    rates = [rate for one in shown for rate in (one.rate, one.placebo) if rate is not None]
    if any(rate.scattered for rate in rates):
        _wrap(console, "Trials differ: they lie too far apart for one number of them all; each has its own count beside.")
    if any(rate.tau and not rate.scattered for rate in rates):
        _wrap(console, "Where trials differ a little, it is the chance in a middle one.")
    left = [(one.event, row, why) for one in found.harms for row, why in one.beside]
    if left:
        _say(console, "\nBeside, not pooled", "bold")
    for event, row, why in left:
        counted = row.n_with_event is not None and row.n_at_risk
        share = f"{row.n_with_event}/{row.n_at_risk}" if counted else "?" if row.percent is None else f"{row.percent:g} %"
        _wrap(console, f"- {event}, {row.study_id}: {share} ({why})")


def _cells(one: Harm) -> tuple[str, ...]:
    """The chance, the counts, the same on placebo, and the difference."""
    rate, placebo, excess = one.rate, one.placebo, one.excess
    counts = [f"{count.events}/{count.people}" for count in one.counts]
    if len(counts) > MOST_COUNTS and not (rate and rate.scattered):
        counts = [f"{sum(count.events for count in one.counts)}/{sum(count.people for count in one.counts)} in {len(counts)}"]
    return (
        _rate(rate),
        ", ".join(counts),
        _rate(placebo),
        "" if excess is None else f"{_thousand(excess.difference)} {_range(excess.low, excess.high)}",
    )


def _rate(rate: Rate | None) -> str:
    if rate is None:
        return ""
    return "trials differ" if rate.scattered else f"{_per(rate.chance)} {_range(rate.low, rate.high)}"


def show_certainty(title: str, found: Certainty, console: Console) -> None:
    """Print how sure the evidence is, and what each of the five looks saw."""
    _say(console, f"How sure is the effect of {title} on hair counts?", "bold")
    _say(console, f"{_capital(found.level)}: {found.means}.")
    if found.people or found.studies:
        people = "" if found.people is None else f", {found.people} people"
        _say(console, f"{found.studies} {'study' if found.studies == 1 else 'studies'}{people}.\n")
    for reason in found.reasons:
        step = {0: "  ", 1: "−1", 2: "−2"}[reason.down]
        for place, line in enumerate(textwrap.wrap(_tied(reason.why), min(console.width, WIDEST) - 22)):
            _say(console, f"{step if place == 0 else '  '} {reason.domain if place == 0 else '':<18} {line}")
    _say(console, "")
    _wrap(console, f"Start: {found.start}. Each step down is a rule of data/certainty.csv (GRADE, five domains).", "dim")


def show_certainties(found: Mapping[str, Certainty], console: Console) -> None:
    """Print how sure the evidence of every treatment is, with the first reason why not more."""
    table = _table("treatment", "certainty", "studies", "people", "why not more")
    table.columns[1].justify = table.columns[4].justify = "left"
    for name, one in found.items():
        people = "" if one.people is None else str(one.people)
        table.add_row(name, one.level, str(one.studies), people, max(one.reasons, key=lambda reason: reason.down).why)
    console.print(table)


def _beside(found: Synthesis, console: Console) -> None:
    if found.beside:
        _say(console, "\nBeside, not pooled", "bold")
        for one, why in found.beside[:MOST_BESIDE]:
            site = "" if one.site == "unknown" else f", {one.site}"
            who = f"{one.treated[0].arm_id} against {one.control.arm_id}{site}"
            _wrap(console, f"- {one.study.study_id}, {who}, week {one.week:.0f}: {signed(one.difference)} {UNITS[one.unit]} ({why})")
        if len(found.beside) > MOST_BESIDE:
            _say(console, f"- {len(found.beside) - MOST_BESIDE} more: --json has them all")
    if found.changes:
        untreated = found.treatment.name == "nothing"
        what = "Placebo and untreated arms: their own change" if untreated else "Treated people alone, without a control: not an effect"
        _say(console, f"\n{what}", "bold")
        for change in found.changes:
            also = f", with {change.arm.concomitant}" if change.arm.concomitant else ""
            n = "" if change.n is None else f", {change.n:.0f} people"
            _wrap(console, f"- {change.study.study_id}{also}, week {change.week:.0f}: {signed(change.value)} {UNITS[change.unit]}{n}")
    if found.statements:
        _say(console, "\nSaid without a number", "bold")
        for said in found.statements:
            when = "" if said.week is None else f", week {said.week:.0f}"
            _wrap(console, f"- {said.study.study_id}, {said.arm.arm_id}{when}: {said.said}")


def _certainty(found: Synthesis, console: Console) -> None:
    sure = found.certainty
    _wrap(console, "")
    _wrap(console, f"How sure, at the visits nearest to {found.judged_at}: {sure.level} ({sure.means})", "bold")
    if found.judged is not None and found.judged.k > 1 and found.judged != found.pooled:
        _wrap(console, f"- There the mean is {signed(found.judged.estimate)} {between(found.judged.low, found.judged.high)}.")
    for why in sure.because or (sure.reasons[0].why,):
        _wrap(console, f"- {why}")


def _thousand(chance: float) -> str:
    shown = round(1000 * chance, 1 if abs(chance) < 0.01 else 0)
    return f"{shown:g}".replace("-", "−")


def _per(chance: float | None) -> str:
    return "0" if chance is None else _thousand(chance)


def _range(low: float, high: float) -> str:
    return f"[{_thousand(low)}, {_thousand(high)}]"


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="dim")
    for place, name in enumerate(columns):
        table.add_column(name, justify="left" if place == 0 else "right", overflow="fold")
    return table


def _say(console: Console, text: str, style: str = "") -> None:
    console.print(Text(text, style=style))


def _wrap(console: Console, text: str, style: str = "") -> None:
    hang = "  " if text.startswith("- ") else ""
    for line in textwrap.wrap(_tied(text), min(console.width, WIDEST), subsequent_indent=hang) or [""]:
        _say(console, line, style)


def _tied(text: str) -> str:
    """A number and its percent sign stay on one line."""
    return text.replace(" %", "\u00a0%")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


__all__ = ["show_certainties", "show_certainty", "show_forest", "show_harms", "show_pool"]
