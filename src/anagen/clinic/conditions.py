"""Conditions on the facts of an offer, as the tables of `data/clinic/` write them.

Terms that must all hold, with blanks between: `name` (true, or shown), `!name`, `name=a|b` (`?`: not shown), `name!=a|b`, `!name=a|b`,
`name>2`. What is not shown is never true, equal or larger.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from anagen.ground.errors import BadEvidence

Value = str | bool | float | None


@dataclass(frozen=True)
class Fact:
    """One fact of an offer: its value (None: not shown), and the words of the offer that say so."""

    value: Value
    words: str


@dataclass(frozen=True)
class Term:
    """One test of one fact."""

    name: str
    sign: str
    values: tuple[str, ...]
    denied: bool

    def holds(self, value: Value) -> bool:
        """Does this value pass?"""
        if self.sign == "":
            found = bool(value.strip()) if isinstance(value, str) else bool(value)
        elif self.sign == ">":
            found = isinstance(value, int | float) and not isinstance(value, bool) and value > float(self.values[0])
        else:
            found = (as_word(value) in self.values) == (self.sign == "=")
        return found != self.denied


@dataclass(frozen=True)
class Condition:
    """Terms that must all hold; none: always true."""

    terms: tuple[Term, ...]

    def holds(self, facts: Mapping[str, Fact]) -> bool:
        """Do all terms hold of these facts? `KeyError` for a fact that is not among them."""
        return all(term.holds(facts[term.name].value) for term in self.terms)

    def words(self, facts: Mapping[str, Fact]) -> tuple[str, ...]:
        """The words of the offer for each fact that is looked at, each once."""
        return tuple(dict.fromkeys(facts[term.name].words for term in self.terms if facts[term.name].words))

    def lacks(self, facts: Mapping[str, Fact]) -> tuple[str, ...]:
        """The words of the offer for each fact that fails."""
        return tuple(dict.fromkeys(facts[term.name].words for term in self.terms if not term.holds(facts[term.name].value)))


def as_word(value: Value) -> str:
    """A value as conditions and the path write it.

    >>> as_word(None), as_word(True), as_word("fat")
    ('?', 'yes', 'fat')
    """
    if value is None or value == "":
        return "?"
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


@cache
def condition(text: str) -> Condition:
    """The condition in a text. Raises `BadEvidence` for a term that is none.

    >>> facts = {"kind": Fact("cells", 'treatment = "svf"'), "charged": Fact(True, "price.total = 9000"), "own": Fact(None, "")}
    >>> condition("kind=cells|prp charged !own").holds(facts), condition("own=?").holds(facts), condition("own").holds(facts)
    (True, True, False)
    """
    terms = []
    for part in text.split():
        found = re.fullmatch(r"(!?)([a-z_0-9]+(?::[a-z_]+)?)(?:(!=|=|>)([a-z_0-9A-Z|?.-]+))?", part)
        if found is None:
            raise BadEvidence(f"{part!r} is no term of a condition")
        terms.append(Term(found[2], found[3] or "", tuple((found[4] or "").split("|")), bool(found[1])))
    return Condition(tuple(terms))
