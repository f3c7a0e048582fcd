"""Patterns made of words: how they are written, and where they stand in a sentence.

A pattern is parts joined by ` + `, which may stand anywhere in one sentence without overlap. A part is words that follow each other:
`a|b` either, `_` joins two words to one choice, `@list` any of a list, `word*` and `*word` a beginning and an end, `#` a number,
`word?` may be missing, `..` up to four words between. No regular expression is made of them: the work on a sentence is bounded by
its words.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from anagen.ground.errors import BadEvidence

GAP_WORDS = 4
MOST_PLACES = 12
"""Places of one part that are tried with those of the others: more stand only in a sentence made of one word."""
Span = tuple[int, int]
Choices = tuple[tuple[str, ...], ...]
Match = tuple[Span, ...]
"""The runs of words, by their numbers in the sentence, that a pattern took."""


@dataclass(frozen=True)
class Term:
    """One place in a part: any of `choices`, each one or more atoms; after a gap or not, needed or not."""

    choices: Choices
    optional: bool
    gap: bool
    firsts: Mapping[str, list[tuple[str, ...]]] = field(compare=False)
    """The choices by their first atom."""


@dataclass(frozen=True)
class Pattern:
    """Parts that must all stand in the sentence, and those (`unless`) of which none may."""

    parts: tuple[tuple[Term, ...], ...]
    unless: tuple[tuple[Term, ...], ...] = ()

    def triggers(self) -> frozenset[str]:
        """First atoms of one needed term, the one with fewest choices: without any of them the pattern cannot match."""
        needed = [term for part in self.parts for term in part if not term.optional]
        rarest = min(needed, key=lambda term: len(term.choices) + (100 if any(choice[0] == "#" for choice in term.choices) else 0))
        return frozenset(choice[0] for choice in rarest.choices)


def pattern(text: str, lists: Mapping[str, Sequence[str]], unless: str = "") -> Pattern:
    """A pattern from its words. Raises `BadEvidence` for a list that is not there or a part without a needed word.

    >>> pattern("@we offer|sell .. svf", {"we": ["we", "our_clinic"]}).parts[0][0].choices
    (('we',), ('our', 'clinic'))
    """
    parts = tuple(_part(part, lists) for part in text.split(" + "))
    return Pattern(parts, tuple(_part(part, lists) for part in unless.split(" + ")) if unless else ())


def _part(text: str, lists: Mapping[str, Sequence[str]]) -> tuple[Term, ...]:
    terms: list[Term] = []
    gap = False
    for word in text.split():
        if word == "..":
            gap = True
            continue
        optional = word.endswith("?")
        choices: list[str] = []
        for choice in word.removesuffix("?").split("|"):
            if choice.startswith("@"):
                if choice[1:] not in lists:
                    raise BadEvidence(f"pattern {text!r}: there is no list {choice!r}")
                choices += lists[choice[1:]]
            else:
                choices.append(choice)
        if any(set(atom) <= {"*"} for choice in choices for atom in choice.split("_")):
            raise BadEvidence(f"pattern {text!r}: a choice is empty or stands for every word")
        one_of = _shared(tuple(dict.fromkeys(tuple(choice.split("_")) for choice in choices)))
        terms.append(Term(one_of, optional, gap, _by_first(one_of)))
        gap = False
    if not terms or terms[0].optional or gap:
        raise BadEvidence(f"pattern {text!r}: each part begins with a needed word and ends with a word")
    return tuple(terms)


@functools.cache
def _shared(choices: Choices) -> Choices:
    return choices


class Atoms:
    """Which atoms (words, beginnings, ends, `#`) of many patterns a word is."""

    def __init__(self, patterns: Iterable[Pattern], numbers: Iterable[str] = ()) -> None:
        self._numbers = frozenset(numbers)
        every = {
            atom for one in patterns for part in (*one.parts, *one.unless) for term in part for choice in term.choices for atom in choice
        }
        self.whole = {atom for atom in every if "*" not in atom}
        self._starts = _by_length(atom[:-1] for atom in every if atom.endswith("*") and not atom.startswith("*"))
        self._ends = _by_length(atom[1:] for atom in every if atom.startswith("*") and not atom.endswith("*"))
        self._within = [atom[1:-1] for atom in every if atom.startswith("*") and atom.endswith("*")]

    def of(self, word: str) -> tuple[str, ...]:
        """The atoms that this word is."""
        found = [word] if word in self.whole else []
        if word[0].isdigit() or word in self._numbers:
            found.append("#")
        found += [word[:size] + "*" for size, starts in self._starts.items() if word[:size] in starts]
        found += ["*" + word[-size:] for size, ends in self._ends.items() if word[-size:] in ends]
        found += [f"*{part}*" for part in self._within if part in word]
        return tuple(found)


def _by_length(words: Iterable[str]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for word in words:
        found.setdefault(len(word), set()).add(word)
    return found


class Read:
    """A sentence read against the atoms: where each atom stands, and the matches of patterns."""

    def __init__(self, atoms: Sequence[tuple[str, ...]]) -> None:
        self.size = len(atoms)
        self.where: dict[str, list[int]] = {}
        for place, found in enumerate(atoms):
            for atom in found:
                self.where.setdefault(atom, []).append(place)
        self._at: dict[int, dict[int, list[int]]] = {}  # by the identity of a term's choices, which equal terms share

    def matches(self, one: Pattern) -> list[Match]:
        """Each way in which the parts of a pattern stand in the sentence without overlap, at most one for each place of its first part."""
        if not all(self._term(term) for part in one.parts for term in part if not term.optional):
            return []
        every = []
        for part in one.parts:
            found = self._part(part)
            if not found:
                return []
            every.append(found if len(one.parts) == 1 else found[:MOST_PLACES])
        if any(self._part(part) for part in one.unless):
            return []
        out: list[Match] = []
        for first in every[0]:
            taken = list(first)
            for others in every[1:]:
                free = [other for other in others if not _overlap(other, taken)]
                if not free:
                    break
                taken += _nearest(free, first[0][0])
            else:
                out.append(tuple(sorted(taken)))
        return out

    def _part(self, part: tuple[Term, ...]) -> list[Match]:
        ways: dict[int, Match] = {}
        for start, ends in self._term(part[0]).items():
            for end in ends:
                if end not in ways or start < ways[end][0][0]:  # the longer choice: "not regulated" before "regulated"
                    ways[end] = ((start, end),)
        for term in part[1:]:
            if not ways:
                return []
            places = self._term(term)
            onward: dict[int, Match] = dict(ways) if term.optional else {}
            for end, way in ways.items():
                for start in range(end, end + GAP_WORDS + 1) if term.gap else (end,):
                    for after in places.get(start, ()):
                        onward.setdefault(after, (*way, (start, after)))
            ways = onward
        return list(ways.values())

    def _term(self, term: Term) -> dict[int, list[int]]:
        """Start of each choice's place in the sentence, to its ends, in reading order."""
        known = self._at.get(id(term.choices))
        if known is None:
            firsts = term.firsts
            few, many = (firsts, self.where) if len(firsts) < len(self.where) else (self.where, firsts)
            places: dict[int, set[int]] = {}
            for atom in few:
                if atom in many:
                    for choice in firsts[atom]:
                        for start in self.where[atom]:
                            if all(start + step in self.where.get(other, ()) for step, other in enumerate(choice[1:], 1)):
                                places.setdefault(start, set()).add(start + len(choice))
            known = self._at[id(term.choices)] = {start: sorted(places[start]) for start in sorted(places)}
        return known


@functools.cache
def _by_first(choices: Choices) -> Mapping[str, list[tuple[str, ...]]]:
    found: dict[str, list[tuple[str, ...]]] = {}
    for choice in choices:
        found.setdefault(choice[0], []).append(choice)
    return found


def _overlap(some: Match, taken: Sequence[Span]) -> bool:
    return any(start < other_end and other_start < end for start, end in some for other_start, other_end in taken)


def _nearest(matches: list[Match], place: int) -> Match:
    return min(matches, key=lambda match: abs(match[0][0] - place))
