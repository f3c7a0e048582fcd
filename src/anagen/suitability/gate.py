"""Who must not be answered with a number. The gate is narrow on purpose, and it fails closed.

Declared pattern hair loss, 18 and over, not pregnant, no sign and no disease that needs a diagnosis first.
"""

from __future__ import annotations

from anagen.ground.errors import Refused
from anagen.people.person import PATTERN, Person
from anagen.people.signs import URGENCIES, Sign, signs
from anagen.suitability.facts import read_words
from anagen.suitability.tables import facts

LEAST_AGE_YEARS = 18
AREATA = ("alopecia areata", "alopecia totalis", "alopecia universalis")
"""One disease, in patches, of the whole scalp, of the whole body; it is not pattern hair loss."""


def signs_of(person: Person) -> tuple[Sign, ...]:
    """The signs this person has, the most urgent first."""
    return tuple(sorted((signs()[word] for word in person.signs or ()), key=lambda sign: URGENCIES.index(sign.urgency)))


def not_asked(person: Person) -> str | None:
    """What is said beside any number of a person who was not asked about the signs; None for one who was.

    >>> not_asked(Person(sex="male", age_years=40, condition="aga", scale="norwood", stage="2", signs=()))
    """
    if person.signs is not None:
        return None
    return "Nobody has asked you about the signs that need a diagnosis first: `anagen suitability` lists them."


def refuse(person: Person) -> None:
    """Raise `Refused`, with the reason and whom to ask, for a person whom no number of ours would serve.

    >>> from anagen.people.person import Person
    >>> refuse(Person(sex="male", age_years=16, condition="pattern hair loss", scale="norwood", stage="2"))
    Traceback (most recent call last):
    anagen.ground.errors.Refused: age_years is 16: no trial that was read had anyone under 18, ...
    """
    if given := signs_of(person):
        first = given[0]
        more = f" (and {', '.join(repr(sign.sign) for sign in given[1:])})" if given[1:] else ""
        raise Refused(
            f"signs has {first.sign!r}{more}: it can be a sign of {first.think_of}, so there is no number for you before a diagnosis; "
            f"please see {first.see} {first.urgency}: {first.do[0].lower()}{first.do[1:].rstrip('.')}."
        )
    if person.condition in AREATA:
        raise Refused(
            f"condition is {person.condition!r}, another disease than pattern hair loss: no controlled evidence of cells in it was read, "
            "only small studies in which everyone was given cells, so there is no number for you; please see a dermatologist."
        )
    if person.condition not in PATTERN:
        raise Refused(
            f"condition is {person.condition!r}: these forecasts are for pattern hair loss only, and other kinds of hair loss need "
            "another treatment, some of them soon; please see a dermatologist for the diagnosis first."
        )
    if person.age_years < LEAST_AGE_YEARS:
        raise Refused(
            f"age_years is {person.age_years:g}: no trial that was read had anyone under {LEAST_AGE_YEARS}, so there is no number for you; "
            "please see a doctor together with your parents."
        )
    if person.pregnant:
        raise Refused(
            "pregnant is true: pregnancy changes hair growth by itself, and most of these treatments must not be used in it; "
            "please ask your doctor, and come back after it."
        )
    for word, named in read_words(person).read:
        if facts()[named].stops:
            raise Refused(
                f"conditions or medicines hold {word!r}, another kind of hair loss than pattern hair loss: there is no number for you; "
                f"please see {facts()[named].ask} {facts()[named].urgency}."
            )
