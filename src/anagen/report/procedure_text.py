"""A therapy on a terminal, for 80 columns: the four steps with their spread, release, standing, the forecast, and all side by side."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from anagen.compare import NOT_A_DEVICE
from anagen.forecast import BANDS_HOLD
from anagen.grounds import said as row_words
from anagen.procedure import side_by_side
from anagen.report import injection_words, tradeoff, words
from anagen.report import procedure_words as say
from anagen.report.tornado_text import show as show_drivers

if TYPE_CHECKING:
    from anagen.forecast import Band
    from anagen.procedure import Procedure
    from anagen.therapy.sensitivity import Drivers


def show(
    done: Sequence[Procedure], console: Console, page: Path | None = None, map_file: Path | None = None, driven: Drivers | None = None
) -> None:
    """Print one protocol in full, or several side by side; driven: what drives it, after its steps."""
    answer = done[0].answer
    _say(console, words.capital(words.about(answer.person)), "bold")
    _say(console, f"These numbers are {answer.belief.label}.", "yellow")
    for sentence in say.before(done):
        _say(console, sentence, "yellow")
    if len(done) == 1:
        _steps(done[0], console)
    else:
        for one in done:
            _brief(one, console)
    _side(done, console)
    _certainty(done, console)
    if driven is not None:
        show_drivers(driven, console)
    _say(console, f"\n{BANDS_HOLD}")
    for called, path in (("The page, with maps and pictures", page), ("The map to inject by", map_file)):
        if path is not None:
            _say(console, f"{called}: {path}")
    _say(console, f"\n{NOT_A_DEVICE}", "bold")


def _say(console: Console, text: str, style: str = "") -> None:
    console.print(Text(text, style=style))


def _table(*columns: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, expand=False)
    for place, name in enumerate(columns):
        table.add_column(name, justify="left" if place == 0 else "right", overflow="fold")
    return table


def _steps(one: Procedure, console: Console) -> None:
    _say(console, f"\n{one.title}", "bold")
    for sentence in (*say.own_batches(one), *say.measured(one)):
        _say(console, sentence)
    for step in say.STEPS:
        _say(console, f"\n{say.step_title(one, step)}", "bold cyan")
        if step == "inject":
            _say(console, injection_words.given(one.injected))
        if step == "process":
            table = _table("stage", "", "cells left", "95 % range")
            for what, lost, left in say.stages(one):
                table.add_row(words.capital(what), lost, say.middle(left), say.spread(left))
            console.print(table)
        table = _table("", "middle", "95 % range", "from")
        for q in say.shown(one, step):
            table.add_row(words.capital(say.called(q)), say.middle(q), say.spread(q), say.origin(q.rows))
        console.print(table)
        if step == "inject" and one.tradeoff is not None:
            _tradeoff(one, console)
        if step == "extract" and one.protocol.harvests > 1:
            _say(console, f"Taken {one.protocol.harvests} times, once for each session.")
        if step == "extract" and one.need is not None:
            for amount in one.need.amounts:
                _say(console, f"- {amount.sentence}")
            if one.later:
                _say(console, f"  {one.later}")
        if step == "extract":
            _say(console, say.HARVEST_HARMS, "bold")
            for counted_in, harms in say.harvest_harms(one).items():
                _say(console, counted_in, "dim")
                table = _table("harm", "of 1,000", "counted")
                for cells in harms:
                    table.add_row(*cells)
                console.print(table)
            option = say.HARVESTED[one.protocol.source.kind]
            _say(console, f"~: the source prints a share and not the count. Who counted: anagen risks --option {option} --json.", "dim")
        if step == "process":
            _release(one, console)
    if say.kept(one):
        kept = "; ".join(f"{when} {say.middle(q)} ({say.spread(q)})" for when, q in say.kept(one))
        _say(console, f"Cells still there: {kept}. {say.NOT_KNOWN_STAY}")
    _forecast(one, console)


def _tradeoff(one: Procedure, console: Console) -> None:
    assert one.tradeoff is not None
    _say(console, tradeoff.TITLE, "bold")
    table = _table(*tradeoff.COLUMNS)
    for best, cells in tradeoff.lines(one.tradeoff):
        table.add_row(*cells, style="bold" if best else "")
    console.print(table)
    _say(console, tradeoff.sentence(one.tradeoff, one.injected))


def _release(one: Procedure, console: Console) -> None:
    _say(console, "Release tests: a pass needs the laboratory's own number", "bold")
    table = _table("test", "result", "allowed", "stated", "draws that pass")
    for check in one.release:
        chance = "" if check.chance is None else f"{100 * check.chance:.0f} %"
        table.add_row(words.capital(check.name), check.result, check.allowed, check.stated, chance)
    console.print(table)
    if one.failed:
        _say(console, one.failed, "bold yellow")
    _say(console, "How this recipe stands with the law (no legal advice)", "bold")
    for place in one.standing:
        _say(console, f"- {place.jurisdiction}: {place.regulated_as}" + (f" (read {place.as_of})" if place.rules else ""))


def _forecast(one: Procedure, console: Console) -> None:
    if one.field is not None:
        _say(console, f"\n{say.FIELD}", "bold yellow")
        for assumption in one.field.assumptions:
            marks = ", ".join(f"{row_words(row)}: {say.marked(row)}" for row in assumption.rows)
            _say(console, f"- {assumption.said} ({marks})")
        low, mid, high = np.quantile(one.field.coverage * one.field.strength, (0.025, 0.5, 0.975))
        _say(console, f"Mean effect, times that of the usual injection: {mid:.2f} ({low:.2f} to {high:.2f}).")
    if one.option is not None:
        answer, region = one.answer, one.answer.regions[one.region]
        if one.failed:
            _say(console, f"\n{one.failed}", "bold yellow")
        _say(console, f"\nForecast, {region}: hairs per cm² in the treated skin (95 % range)", "bold")
        table = _table("", "now", *(moment.label for moment in answer.moments))
        for title, option in {"This protocol": one.option, **say.beside(answer)}.items():
            band = option.band("visible", one.region, answer.read_weeks)
            cells = [
                Text.assemble((words.middle(band, at), "bold"), (f"\n{words.within(band, at)}", "dim"))
                for at in range(len(answer.read_weeks))
            ]
            table.add_row(words.capital(title), *cells)
        console.print(table)
        if say.in_part(one):
            gains = [one.gain(answer.read_weeks, over, answer.base) for over in (False, True)]
            table = _table(f"more hairs per cm² than {words.against(answer)}", *(moment.label for moment in answer.moments))
            for title, gain in zip(("Treated skin", f"Mean of the whole {region}"), gains, strict=True):
                assert gain is not None
                table.add_row(title, *(_gain(gain, at) for at in range(1, len(answer.read_weeks))))
            console.print(table)
        if covers := say.treated(one, region):
            _say(console, covers)
        _say(console, f"When: {one.plan}.")
        for moment in answer.moments:
            if moment.label == "6 months" or moment == answer.moments[-1]:
                for name, option in {"with it": one.option, **say.beside(answer)}.items():
                    found = words.people(option.chances(moment.week, one.region))
                    _say(console, f"{words.capital(name)}, after {moment.label}, of 100 people: {found}.")
    for sentence in one.beyond:
        _say(console, f"- {words.capital(sentence)}", "yellow" if sentence == one.why_not else "")


def _brief(one: Procedure, console: Console) -> None:
    found = {q.name: q for q in one.quantities}
    parts = [f"dose {say.middle(found['dose'])} ({say.spread(found['dose']) or 'as wanted'})"]
    if "live_cells" in found:
        parts.insert(0, f"{say.middle(found['live_cells'])} live cells from a harvest ({say.spread(found['live_cells'])})")
    parts.append(f"reaches {say.middle(found['reached_share'])} of follicles ({say.spread(found['reached_share'])})")
    _say(console, f"\n{one.title}", "bold")
    _say(console, words.capital("; ".join(parts)) + ".")
    for sentence in (*say.own_batches(one), *say.measured(one)):
        _say(console, f"- {sentence}")
    for sentence in one.beyond:
        _say(console, f"- {words.capital(sentence)}", "yellow" if sentence == one.why_not else "")


def _side(done: Sequence[Procedure], console: Console) -> None:
    answer = done[0].answer
    ends = [at for at, moment in enumerate(answer.moments) if moment.label in ("6 months", "12 months")] or [len(answer.moments) - 1]
    _say(console, f"\nSide by side: more hairs per cm² than {words.against(answer)} (95 % range), and what it asks", "bold")
    if where := say.read_where(done):
        _say(console, where)
    table = Table(box=None, pad_edge=False, show_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    table.add_column("", width=16)
    for name, width in ((answer.moments[at].label.replace(" months", " mo"), 9) for at in ends):
        table.add_column(name, justify="right", width=width)
    for name, width in (("needles", 7), ("taken", 10), ("visits", 7), ("weeks*", 6), ("sure", 8)):
        table.add_column(name, justify="left" if name in ("taken", "sure") else "right", width=width)
    lines = side_by_side(done)
    for line in lines:
        gains = [
            Text("no\nforecast" if line.over_now is None else "as now")
            if line.over_now is None or line.as_now
            else _gain(line.over_now, at, bool(line.too_high) and line.too_high[at])
            for at in ends
        ]
        table.add_row(
            words.capital(line.title),
            *gains,
            _or(line.needles, "–"),
            line.tissue or "–",
            _or(line.visits, "at home"),
            _or(line.weeks_to_effect, "–"),
            line.certainty,
        )
    console.print(table)
    end = answer.moments[-1].label
    said = f"* from today to half of the largest middle gain. Needles and visits of all sessions within {end}; –: not counted here."
    _say(console, said, "dim")
    _say(console, f"\nPrices that were read. {say.ALIKE}", "bold")
    seen: set[str] = set()
    for line in (one for one in lines if one.priced):
        _say(console, f"{words.capital(line.title)}: {say.prices(line, seen)}")


def _gain(gain: Band, at: int, high: bool = False) -> Text:
    said = (f"\n{words.TOO_HIGH}" if high else "", "yellow")
    return Text.assemble((words.middle(gain, at, True), "bold"), (f"\n{words.within(gain, at)}", "dim"), said)


def _or(value: int | None, other: str) -> str:
    return other if value is None else str(value)


def _certainty(done: Sequence[Procedure], console: Console) -> None:
    for one in done:
        if one.option is not None:
            grounds = one.option.known().grounds
            _say(console, f"\nHow sure, {one.title}: {grounds.certainty.level}. {' '.join(grounds.because)}")
            _say(console, one.option.basis)
