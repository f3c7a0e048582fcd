"""What holds for one person: the facts behind their fields, signs, treatments, and the words of their conditions and medicines."""

from __future__ import annotations

import difflib
import functools
import re
from dataclasses import dataclass

from anagen.ground.errors import BadInput
from anagen.ground.units import WEEKS_PER_YEAR
from anagen.people.person import PATTERN, Person
from anagen.people.signs import signs
from anagen.plan import Plan
from anagen.suitability.tables import Limit, facts, limits, words

NOTHING = ("", "none", "no", "nothing", "n a", "keine", "ninguna")
"""What people write where there is nothing to tell."""
LONGEST_WORD = 60
"""A piece longer than this, in characters, is compared with no known word."""
DENIED = frozenset({"no", "not", "never", "without", "denies", "non"})
TAKES = {
    "finasteride": "takes_finasteride",
    "finasteride_topical": "takes_finasteride_topical",
    "dutasteride": "takes_dutasteride",
    "minoxidil_topical": "takes_minoxidil",
    "minoxidil_oral": "takes_minoxidil_oral",
    "spironolactone": "takes_spironolactone",
}
"""The fact that a treatment taken today makes."""


@dataclass(frozen=True)
class Words:
    """The words of `conditions` and `medicines`: each that was `read` with the fact it means, and each that is `unknown` with the
    nearest word that we know ("" if none is near)."""

    read: tuple[tuple[str, str], ...]
    unknown: tuple[tuple[str, str], ...]


def read_words(person: Person) -> Words:
    """What the free words of a person's file mean, by `data/suitability/words.csv`.

    A text is cut at commas, "and" and the like. Each piece is looked up whole, then for every known word in it. One that says "no"
    or "not" is not guessed at.

    >>> person = Person(sex="male", age_years=40, condition="aga", scale="norwood", stage="3", medicines=("warfarin 5 mg", "warfarn"))
    >>> read_words(person)
    Words(read=(('warfarin 5 mg', 'anticoagulant'),), unknown=(('warfarn', 'warfarin'),))
    """
    read: list[tuple[str, str]] = []
    unknown: list[tuple[str, str]] = []
    for text in (*person.conditions, *person.medicines):
        for piece in re.split(r"[,;/+&|\n]|\band\b", text):
            plain = _plain(piece)
            if plain in NOTHING:
                continue
            found = _meant(plain)
            read += [(piece.strip(), fact) for fact in found]
            if not found:
                unknown.append((piece.strip(), _nearest(plain)))
    return Words(tuple(dict.fromkeys(read)), tuple(dict.fromkeys(unknown)))


@functools.lru_cache(maxsize=4096)
def _nearest(plain: str) -> str:
    """The known word that is most like an unknown one, or nothing; a long text is like none."""
    near = difflib.get_close_matches(plain, words(), n=1, cutoff=0.75) if len(plain) <= LONGEST_WORD else []
    return near[0] if near else ""


def _plain(text: str) -> str:
    """Lower case, letters and digits, single spaces; a possessive loses its end."""
    text = re.sub(r"['’]s\b", "", text.lower())
    return " ".join(re.sub(r"[^\w]+", " ", text).split())[:400]


def _meant(plain: str) -> tuple[str, ...]:
    """The facts of a piece: of the whole, or of the longest known words in it."""
    if plain in words():
        return (words()[plain],)
    if DENIED & set(plain.split()):
        return ()
    held = f" {plain} "
    inside = sorted((word for word in words() if f" {word} " in held), key=len, reverse=True)
    kept: list[str] = []
    for word in inside:
        if f" {word} " in held:
            kept.append(word)
            held = held.replace(f" {word} ", " | ")
    return tuple(dict.fromkeys(words()[word] for word in kept))


@dataclass(frozen=True)
class Had:
    """A hair treatment of a person's past: its name, and weeks since it was last used (0: used today)."""

    name: str
    weeks_since: float


def had_before(person: Person) -> tuple[Had, ...]:
    """The treatments a person has had, those among the medicines as well. One whose words are no plan is left to the forecast to refuse."""
    found: dict[str, float] = {}
    for taken in person.treatments:
        try:
            names = Plan.parse(taken.what).names
        except BadInput:
            continue
        for name in names:
            found[name] = min(found.get(name, 1e9), taken.until_years * WEEKS_PER_YEAR)
    of_fact = {fact: name for name, fact in TAKES.items()}
    for _, fact in read_words(person).read:
        if fact in of_fact:
            found[of_fact[fact]] = 0.0
    return tuple(Had(name, weeks) for name, weeks in found.items())


def facts_of(person: Person) -> dict[str, str]:
    """The facts that hold for a person, each with what told it; in the order of the table.

    >>> person = Person(sex="male", age_years=40, condition="aga", scale="norwood", stage="3", conditions=("Angina",))
    >>> facts_of(person)
    {'anyone': '', 'man': 'sex', 'heart_disease': 'Angina'}
    """
    found: dict[str, str] = {"anyone": "", "man" if person.sex == "male" else "woman": "sex"}
    if person.condition not in PATTERN:
        found["other_hair_loss"] = "condition"
    for field in ("pregnant", "breastfeeding", "may_become_pregnant", "smoker"):
        if getattr(person, field):
            found[field] = field
    for limit in limits():
        number = getattr(person, limit.field)
        if limit.fact == "may_become_pregnant" and (person.sex == "male" or person.may_become_pregnant is not None):
            continue
        if number is not None and limit.holds(number):
            found.setdefault(limit.fact, _said(limit, number))
    for had in had_before(person):
        if had.name in TAKES and had.weeks_since == 0:
            found[TAKES[had.name]] = had.name
    for word in person.signs or ():
        for fact in ("diagnosis_first", *signs()[word].sets):
            found.setdefault(fact, word)
    told = read_words(person)
    for word, fact in told.read:
        found.setdefault(fact, word)
    for word, _ in told.unknown:
        found["unknown_word"] = ", ".join(filter(None, (found.get("unknown_word", ""), word)))
    return closed(found)


def _said(limit: Limit, number: float) -> str:
    """What told a fact that a number makes, and whose limit it is."""
    if limit.fact == "may_become_pregnant":
        return f"your file does not say; taken as yes below {limit.value:g} years"
    own = ", a limit of our own" if limit.mark == "assumed" else ""
    return f"{limit.field} {number:g}, {limit.is_} {limit.value:g}{own}"


def closed(found: dict[str, str]) -> dict[str, str]:
    """Facts with all that they set, in the order of the table.

    >>> list(closed({"sepsis": ""}))
    ['active_infection', 'sepsis']
    """
    todo, whole = list(found.items()), dict(found)
    while todo:
        fact, told = todo.pop()
        for more in facts()[fact].sets:
            if more not in whole:
                whole[more] = told
                todo.append((more, told))
    return {fact: whole[fact] for fact in facts() if fact in whole}
