"""What an advertisement claims, recognised in free text (English, Spanish, German) by patterns made of words.

The words and patterns are data: `data/clinic/claims.csv` (each claim, what it says, which vetting rules judge it), `patterns.csv`,
`words.csv` and `cues.csv` (what denies, corrects or asks). A claim that the sentence denies, warns of or asks about is not made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from anagen.clinic.kinds import rows

if TYPE_CHECKING:
    from anagen.clinic.phrases import Atoms, Match, Pattern, Read
    from anagen.clinic.text import Sentence, Word
    from anagen.clinic.typos import Typos

LANGUAGES = ("en", "es", "de")
_DENIED_WITHIN = 6  # words after "not", "no", "nicht" ... in the same clause
MOST_MENDED = 20_000
"""Different words of a text, in reading order, in which a misspelling is looked for: no advertisement has more."""
_DENIED_AFTER = 3  # words before a "nicht" or "do not exist"


@dataclass(frozen=True)
class Kind:
    """A claim that can be recognised: what it says, the vetting rules that judge it, where it matters (empty: everywhere)."""

    claim: str
    meaning: str
    rules: tuple[str, ...]
    jurisdictions: tuple[str, ...]
    hides: tuple[str, ...]


@dataclass(frozen=True)
class Claim:
    """A claim made in a text: its sentence as plain text, and where in `plain(text)` the words stand that make it."""

    claim: str
    sentence: str
    start: int
    end: int
    language: str


_Said = tuple[tuple[tuple[str, int], ...], bool]
_Made = dict[str, tuple[int, int, str]]


@dataclass(frozen=True)
class _Tables:
    patterns: tuple[tuple[str, str, Pattern], ...]
    """(claim, language, pattern) in file order."""
    cues: Mapping[str, tuple[Pattern, ...]]
    by_trigger: Mapping[str, tuple[int, ...]]
    cue_trigger: Mapping[str, tuple[tuple[str, int], ...]]
    small: Mapping[str, frozenset[str]]
    """The small words of each language: which language a sentence is."""
    atoms: Atoms
    typos: Typos


@cache
def kinds() -> dict[str, Kind]:
    """Every claim that can be recognised, by its word.

    >>> kinds()["fda_registered"].rules
    ('us_fda_registered', 'us_fl_registered_trap')
    """
    found = [
        Kind(row["claim"], row["meaning"], tuple(row["rules"].split()), tuple(row["jurisdictions"].split()), tuple(row["hides"].split()))
        for row in rows("claims.csv")
    ]
    return {kind.claim: kind for kind in found}


def claims_in(text: str) -> tuple[Claim, ...]:
    """Each claim that a text makes, once a sentence, in reading order. Any text may be given: nothing is raised.

    >>> [claim.claim for claim in claims_in("Our FDA-approved clinic. No clinic is FDA-approved!")]
    ['fda_approved_facility']
    """
    from anagen.clinic.text import plain, sentences

    shown, tables = plain(text), _tables()
    seen: dict[str, tuple[str, ...]] = {}
    known: dict[_Said, _Made] = {}
    out: list[Claim] = []
    previous = ""
    for one in sentences(shown):
        language = _language(one, tables) or previous
        previous = language
        words, said = _said(one)
        if said not in known:
            known[said] = _made(said, tables, seen)
        for claim, (first, last, of_pattern) in known[said].items():
            spoken = language or (of_pattern if of_pattern in LANGUAGES else "en")
            out.append(Claim(claim, shown[one.start : one.end], words[first].start, words[last].end, spoken))
    return tuple(sorted(out, key=lambda claim: (claim.start, claim.end, claim.claim)))


def _said(one: Sentence) -> tuple[list[Word], _Said]:
    """The words of a sentence, and what is said: each word with the number of its clause, and whether it asks."""
    words: list[Word] = []
    said: list[tuple[str, int]] = []
    clause = 0
    for word in one.words:
        if word.key[0].isalnum() or word.key in "%★$€£¥+":
            words.append(word)
            said.append((word.key, clause))
        elif word.key not in '-/"“”„«»':
            clause += 1
    return words, (tuple(said), one.asks)


def _made(said: _Said, tables: _Tables, seen: dict[str, tuple[str, ...]]) -> _Made:
    """The claims of one sentence: the numbers of their first and last word, and the language of the pattern that found each."""
    from anagen.clinic.phrases import Read

    atoms = []
    for word, _ in said[0]:
        if word not in seen:
            seen[word] = _atoms(word, tables, mend=len(seen) < MOST_MENDED)
        atoms.append(seen[word])
    read = Read(atoms)
    candidates = sorted({number for atom in read.where for number in tables.by_trigger.get(atom, ())})
    if not candidates:
        return {}
    cues = _cues(read, tables)
    if cues["corrective"] or (said[1] and not cues["rhetorical"]):
        return {}
    denial = _Denial(cues, [clause for _, clause in said[0]])
    made: _Made = {}
    for number in candidates:
        claim, language, pattern = tables.patterns[number]
        if claim in made:
            continue
        stands = next((match for match in read.matches(pattern) if not denial.of(match)), None)
        if stands:
            made[claim] = (stands[0][0], stands[-1][1] - 1, language)
    for claim in list(made):
        for hidden in kinds()[claim].hides:
            made.pop(hidden, None)
    return made


def _atoms(word: str, tables: _Tables, mend: bool) -> tuple[str, ...]:
    found = tables.atoms.of(word)
    if not mend or word in tables.atoms.whole:
        return found
    meant = tables.typos.mend(word)
    return found if meant == word else tuple(dict.fromkeys((*found, *tables.atoms.of(meant))))


class _Denial:
    """Which words of a sentence stand under a "not"."""

    def __init__(self, cues: Mapping[str, list[Match]], clauses: list[int]) -> None:
        passed = {place for match in cues["not_denial"] for start, end in match for place in range(start, end)}
        self._before = [match[0][0] for match in cues["denial"] if match[0][0] not in passed]
        self._narrow = [match[0][0] for match in cues["narrow_denial"] if match[0][0] not in passed]
        self._after = [match[0][0] for match in cues["later_denial"] if match[0][0] not in passed]
        self._next = [match[0][0] for match in cues["next_denial"] if match[0][0] not in passed]
        self._stops = sorted(match[0][0] for match in cues["stop"])
        self._and = sorted(match[0][0] for match in cues["narrow_stop"])
        self._clauses = clauses

    def of(self, match: Match) -> bool:
        """Is any of these words denied, by a "not" that is none of the words itself?"""
        own = {place for start, end in match for place in range(start, end)}
        for start, end in match:
            if any(cue not in own and self._reaches(cue, start, self._stops) for cue in self._before):
                return True
            if any(cue not in own and self._reaches(cue, start, sorted((*self._stops, *self._and))) for cue in self._narrow):
                return True
            if any(cue not in own and cue == end and self._clauses[cue] == self._clauses[end - 1] for cue in self._next):
                return True
            if any(
                cue not in own and end <= cue < end + _DENIED_AFTER and self._clauses[cue] == self._clauses[end - 1] for cue in self._after
            ):
                return True
        return False

    def _reaches(self, cue: int, start: int, stops: list[int]) -> bool:
        near = cue < start <= cue + _DENIED_WITHIN and self._clauses[cue] == self._clauses[start]
        return near and not any(cue < stop < start for stop in stops)


def _cues(read: Read, tables: _Tables) -> dict[str, list[Match]]:
    found: dict[str, list[Match]] = {kind: [] for kind in tables.cues}
    for kind, number in sorted({cue for atom in read.where for cue in tables.cue_trigger.get(atom, ())}):
        found[kind] += read.matches(tables.cues[kind][number])
    return found


def _language(one: Sentence, tables: _Tables) -> str:
    """The language with most small words in the sentence, or "" where none leads."""
    keys = {word.key for word in one.words}
    counts = sorted(((len(keys & small), language) for language, small in tables.small.items()), reverse=True)
    return counts[0][1] if counts[0][0] > counts[1][0] else ""


@cache
def _tables() -> _Tables:
    from anagen.clinic.phrases import Atoms, pattern
    from anagen.clinic.typos import Typos

    lists = {row["list"]: tuple(row["words"].split()) for row in rows("words.csv")}
    patterns = tuple((row["claim"], row["language"], pattern(row["pattern"], lists, row["unless"])) for row in rows("patterns.csv"))
    cues: dict[str, tuple[Pattern, ...]] = {}
    for row in rows("cues.csv"):
        cues[row["kind"]] = (*cues.get(row["kind"], ()), pattern(row["pattern"], lists))
    by_trigger: dict[str, list[int]] = {}
    for number, (_, _, one) in enumerate(patterns):
        for atom in one.triggers():
            by_trigger.setdefault(atom, []).append(number)
    cue_trigger: dict[str, list[tuple[str, int]]] = {}
    for kind, those in cues.items():
        for number, one in enumerate(those):
            for atom in one.triggers():
                cue_trigger.setdefault(atom, []).append((kind, number))
    atoms = Atoms([*(one for _, _, one in patterns), *(one for those in cues.values() for one in those)], lists["numbers"])
    return _Tables(
        patterns,
        cues,
        {atom: tuple(numbers) for atom, numbers in by_trigger.items()},
        {atom: tuple(those) for atom, those in cue_trigger.items()},
        {language: frozenset(lists[f"small_{language}"]) for language in LANGUAGES},
        atoms,
        Typos(lists["often_mistyped"], lists["right_as_written"]),
    )
