"""The words of an offer's findings, for the terminal and the page alike."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from anagen.clinic.kinds import rows, value_words

if TYPE_CHECKING:
    from anagen.clinic.check import Because, Finding
    from anagen.clinic.compare import Line, SideBySide
    from anagen.clinic.offer import Offer
    from anagen.clinic.path import Step

TITLES = {
    "red_flag": "What is wrong: signs to stop at",
    "missing": "What is missing: it must be shown, and was not",
    "caution": "Take care",
    "not known": "Not known: look it up, or ask",
    "ok": "Was shown. That is not yet proof: check it",
}
CELLS = {"red_flag": "stop", "missing": "missing", "caution": "take care", "not known": "look it up", "ok": "shown, not proven"}
"""A verdict in a cell of a table."""
FIELD = re.compile(
    r'(^|; |, )((?:product|shown|price|people)\.\w+|(?:treatment|jurisdiction)(?= = "))( = (?:(true|false)\b|"([a-z_]+)"(?=[ ;,]|$))?)?'
)
"""A field of the offer's file, and what it is set to."""
OLD = "†"
OLDER = f"{OLD} This rule is older than 12 months, or has no date: ask if it still holds."
MARKS = {"claim": "The advert says", "fact": "The offer says", "not shown": "In the offer"}
PATH = "How the law looks at this product, step by step"
ASSUMED = "our reading: no source says it in so many words"
QUESTIONS = "What to ask next"
TOLD = "Good to know"
RULES = "Each rule has its source and its day. Law changes: ask if it still holds."
SAME_ROWS = "The same rows for each offer, in the order in which they were given. Nothing is ranked."
EACH_RULE = "What each rule says"
AT_LEAST = "“At least”: a part is not shown, so the whole may cost more."
READ = "What was read: the advert and the facts in the file. What is not in it counts as not shown."


def reasons(one: Finding) -> list[str]:
    """What a finding stands on, a line each, without what its heading has said."""
    said = [("" if each.says == one.heading else each.says, each) for each in one.because]
    lines = [" ".join(_ended(part) for part in (says, _words(each)) if part) for says, each in said]
    return [line for line in lines if line]


def _words(one: Because) -> str:
    told = one.words if one.kind == "claim" else tuple(map(in_words, one.words))
    return f"{MARKS[one.kind]}: {'; '.join(told)}" if told else ""


@cache
def _fields() -> dict[str, str]:
    return {row["field"]: row["words"] for row in rows("fields.csv")}


def in_words(text: str) -> str:
    """The words of an offer without the names of its file's fields.

    >>> in_words('product.processing = "cell_free"; shown.irb: not shown; product.own = true; price.total = 9000')
    'how it is made: the cells are left out; ethics board (IRB): not shown; your own: yes; price of all: 9000'
    """

    def swap(found: re.Match[str]) -> str:
        before, name, equal, flag, word = found.groups()
        value = {"true": "yes", "false": "no"}[flag] if flag else value_words(name.split(".")[-1], word or "")
        return found[0] if name not in _fields() else f"{before}{_fields()[name]}" + (f": {value}" if equal else "")

    return FIELD.sub(swap, text)


def _ended(text: str) -> str:
    return text if text.rstrip('"').endswith((".", "?", "!")) else f"{text}."


def source(one: Finding) -> str:
    """Where a rule is from, and as of when."""
    return "" if one.rule is None else f"{one.rule.source} ({day(one)}; {stands_on(one)})"


def stands_on(one: Finding) -> str:
    """The rule, and the law that it rests on, where one is named."""
    if one.rule is None:
        return ""
    return f"rule {one.rule.rule_id}" + (f"; law: {one.rule.plain.law}" if one.rule.plain.law else "")


def day(one: Finding) -> str:
    """As of when a rule is; marked where that is long ago, or not known."""
    if one.rule is None:
        return ""
    if not one.age:
        return f"as of {one.rule.as_of}"
    return f"{one.rule.as_of} {OLD}" if one.rule.since is None else f"as of {one.rule.as_of}, older than 12 months {OLD}"


def headed(one: Finding) -> str:
    """How a finding stands, as a heading: one sentence has no full stop."""
    return one.heading if ". " in one.heading else one.heading.rstrip(".")


def answer(step: Step) -> str:
    """How a step of the path was answered."""
    return value_words(step.fact, step.answer)


def title(offer: Offer) -> str:
    """The clinic, its place, and what it offers."""
    return f"{offer.clinic} ({offer.jurisdiction}): {value_words('treatment', offer.treatment)}"


def in_cell(line: Line, cell: str) -> str:
    """A cell of offers side by side: a fact as it is, a verdict in words."""
    return CELLS.get(cell, cell) if line.rule_id else cell


def any_at_least(side: SideBySide) -> bool:
    """Is there a price of which a part is not shown?"""
    return any(cell.startswith("at least ") for line in side.facts for cell in line.cells)


def names(sources: tuple[str, ...]) -> str:
    """The rules, or the sections of our notes on vetting, that a step stands on."""
    return ", ".join(sources).replace("vetting.md", "our notes on vetting,")
