"""What a person weighs, on a terminal of 80 columns: the gate ahead of the numbers; what each option asks; questions to take along."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from anagen.choices import Choice, Choices
from anagen.report import choices_words as phrase
from anagen.report.words import capital

SHORT = {"studied in people like you": "studied", "not studied in people like you": "not studied"}


def gate(found: Choices, console: Console) -> None:
    """Print what comes before any number: signs, what is not for this person, words that no rule knows."""
    person = found.suitability
    if not person.signs_asked:
        _say(
            console,
            f"Before any number: {len(person.to_ask)} signs mean that a doctor must first find out what the loss is. You were not asked "
            "for them: `anagen suitability` has the questions.",
            "yellow",
        )
    if person.unknown:
        _say(console, f"No rule knows these words of yours: {', '.join(word for word, _ in person.unknown)}. Tell a doctor.", "yellow")
    for verdict, said in phrase.strict(found):
        for titles, why in said:
            _say(console, f"{capital(verdict)}: {', '.join(titles)}. {why}", "yellow")


def show(found: Choices, console: Console) -> None:
    """Print what each option asks of the person, over the same time and of the same number of people; then the questions."""
    sex = found.answer.person.sex
    wanted = found.answer.person.what_matters
    _say(
        console,
        f"\nWhat each option asks, over {found.months} months: for people like you; a harm that was counted, of 1,000; cost; visits",
        "bold",
    )
    for group in found.answer.groups:
        _say(console, capital(group.title), "bold cyan")
        console.print(_group([row for row in found.rows if row.option in group.options], sex))
    _say(console, "Harms overlap: never add them. Each was counted over its own time. Not known is not zero, nor is ?.")
    _say(console, "A cost of at least leaves out parts that had no price.")
    if now := phrase.kept(found):
        _say(console, now)
    _say(console, "`anagen risks`, `anagen costs` and `anagen suitability` have the rest, with their sources.")
    if wanted:
        _say(console, f"\nWhat matters to you: {', '.join(wanted)}. Nothing is chosen for you.", "bold")
        for row in found.rows:
            told = "; ".join(f"{what}: {phrase.matter(row, what, sex)}" for what in wanted)
            _say(console, f"- {capital(row.option.title)}: {told}")
    _say(console, "\nQuestions for your specialist, from what is not known of you and of the options", "bold")
    for one in found.questions:
        _say(console, f"- {one.question}" + (f" ({', '.join(one.of)})" if one.of else ""))
    for gap in found.suitability.missing:
        _say(console, f"- {gap.question}")


def _group(rows: list[Choice], sex: str) -> Table:
    table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 1, 0, 0))
    for width in (19, 11, 25, 15, 2):
        table.add_column(width=width, overflow="fold")
    for row in rows:
        harm = phrase.worst(row, sex)
        visits = "?" if row.visits is None else str(row.visits)
        table.add_row(capital(row.option.title), SHORT.get(row.verdict, row.verdict), harm, phrase.cost_in_short(row), visits)
    return table


def _say(console: Console, text: str, style: str = "") -> None:
    console.print(Text(text, style=style))
