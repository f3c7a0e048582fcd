"""A clinic's price made comparable, on a terminal: all in, by piece, what is missing, and the prices that were read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from anagen.clinic.kinds import value_words
from anagen.clinic.price_parts import words_of
from anagen.clinic.quote import FREE, amount, money
from anagen.clinic.text import plain
from anagen.compare import NOT_A_DEVICE
from anagen.report.clinic_words import AT_LEAST

if TYPE_CHECKING:
    from anagen.clinic.quote import Beside, Quote
    from anagen.evidence.rows import Cost

READ = "Pages that name a price rarely say what is in it. Below, inside and above say where this price stands, and not if it is fair."
NO_PRICE = "The offer shows no price."


def show(found: Quote, console: Console) -> None:
    """Print all of it, for 80 columns."""
    title = f"The price of {_line(found.clinic)} for {value_words('treatment', found.treatment)}"
    _say(console, title, "bold")
    _amounts(found, console)
    for one in found.contradictions:
        _say(console, f"Two numbers do not agree: {one}", "yellow")
    _parts(found, console)
    _beside(found, console)
    _say(console, "\nTerms", "bold")
    if not found.terms:
        _say(console, "None of the rules on prices has something to say.")
    rules = {rule.rule_id: rule for rule in found.rules}
    for term in found.terms:
        rule = rules[term.rule]
        _say(console, f"- {term.said}")
        _say(console, f"  [{rule.rule_id}, {rule.as_of}] {rule.source_citation}", "dim")
    if found.questions:
        _say(console, "\nWhat to ask and to do", "bold")
        for number, question in enumerate(found.questions, 1):
            _say(console, f"{number:>2}  {question}")
    _say(console, f"\n{NOT_A_DEVICE}", "bold")


def _parts(found: Quote, console: Console) -> None:
    _say(console, "\nIn the price", "bold")
    if found.free:
        _say(console, FREE)
        return
    _say(console, ", ".join(map(words_of, found.included)) or "The offer does not say.")
    _say(console, "\nNot shown", "bold")
    for part in found.missing:
        _say(console, f"- {part.words}")
    if not found.missing:
        _say(console, "Nothing is left out: the price names each part that belongs to it.")


def price_range(cost: Cost) -> str:
    """What a row says: "3,000 to 7,000", "from 40,000", "about 500"."""
    if cost.low is not None and cost.high is not None:
        return f"{money(cost.low)} to {money(cost.high)}"
    if cost.low is not None:
        return f"from {money(cost.low)}"
    if cost.typical is not None:
        return f"about {money(cost.typical)}"
    return f"up to {money(cost.high or 0)}"


def stands(one: Beside) -> str:
    """Where the quote stands to a row, in words."""
    single = len({end for end in (one.cost.low, one.cost.typical, one.cost.high) if end is not None}) == 1
    words = {"same": "the same as", "inside": "inside"}
    return words.get(one.position, one.position) if single else f"{words.get(one.position, one.position)} the range of"


def _amounts(found: Quote, console: Console) -> None:
    if found.currency is None:
        _say(console, NO_PRICE, "yellow")
        return
    table = Table(box=None, pad_edge=False, show_edge=False, show_header=False, padding=(0, 1, 0, 0))
    table.add_column("", width=22)
    table.add_column("", overflow="fold")
    table.add_column("", overflow="fold", style="dim")
    for name, one in (
        ("all in, with boosters", found.all_in),
        ("sessions that are sold", found.course),
        ("a session", found.per_session),
        ("a cm²", found.per_cm2),
        ("a million cells", found.per_million_cells),
        ("a booster", found.booster),
    ):
        if one is not None or not found.free:
            table.add_row(name, Text(amount(one, found.currency), style="bold"), "" if one is None else one.how)
    console.print(table)
    if any(one is not None and one.at_least for one in (found.all_in, found.course)):
        _say(console, AT_LEAST)


def _beside(found: Quote, console: Console) -> None:
    _say(console, "\nBeside prices that were read, in the same currency", "bold")
    if found.why_none:
        _say(console, found.why_none)
    for one in found.beside:
        year = "no year" if one.cost.year is None else str(one.cost.year)
        line = f"- {one.of}: {amount(one.ours, found.currency)}, {stands(one)} {one.cost.row_id}"
        _say(console, f"{line}: {price_range(one.cost)} {one.cost.currency} {one.cost.unit} ({one.cost.country}, {year}; {one.why})")
    for cost, why in found.left_out:
        _say(console, f"- not set beside: {cost.row_id}, {price_range(cost)} {cost.currency} {cost.unit}: {why}", "dim")
    if found.beside:
        _say(console, READ)


def _line(text: str) -> str:
    return " ".join(plain(text).split())


def _say(console: Console, text: str, style: str = "") -> None:
    console.print(Text(text, style=style))
