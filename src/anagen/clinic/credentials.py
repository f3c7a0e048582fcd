"""What the registry says of a number, beside what the offer says of the person. An NPI is an identity and nothing more: said each time.

Every finding names the vetting rule that it stands on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, Protocol

from anagen.clinic.names import same_business, same_name
from anagen.clinic.npi import why_not
from anagen.clinic.registry import Record, Speciality

Result = Literal["agrees", "differs", "ask", "wrong", "note"]
"""`agrees`, `differs`, `ask`: cannot be said from here; `wrong`: the number cannot be this person's; `note`: what an NPI is not."""
IDENTITY_ONLY = (
    "An NPI says who somebody is in a billing list. It is no licence, no board certificate and no sign of skill, and it does not tell "
    "of complaints. Look these up on their own."
)
SELF_REPORTED = "The registry prints what the provider wrote; nobody has checked it."


class Claimed(Protocol):
    """What an offer says of one of its people; `offer.Somebody` is one. What is empty was not said."""

    @property
    def name(self) -> str:
        """As it is written."""

    @property
    def state(self) -> str:
        """Two letters, or as US-FL."""

    @property
    def licence(self) -> str:
        """The number of the licence."""

    @property
    def taxonomy(self) -> str:
        """A speciality in words, or its code."""


@dataclass(frozen=True)
class Said:
    """What was said of a person, where there is no offer."""

    name: str = ""
    state: str = ""
    licence: str = ""
    taxonomy: str = ""


@dataclass(frozen=True)
class Credential:
    """One thing that was looked at: `about` what, the `result`, in words, and the `rule` of the vetting rules it stands on."""

    about: str
    result: Result
    said: str
    rule: str


def format_of(number: str) -> Credential:
    """Whether a number has the form of an NPI, from the number alone.

    >>> format_of("1234567890").result, format_of("1234567893").said
    ('wrong', 'The number has the form of an NPI. That finds typing errors and nothing else.')
    """
    if why := why_not(number):
        return Credential("format", "wrong", f"This cannot be an NPI: {why}.", "us_npi_format")
    return Credential("format", "agrees", "The number has the form of an NPI. That finds typing errors and nothing else.", "us_npi_format")


def judged(record: Record | None, claimed: Claimed, source: str = "the registry") -> tuple[Credential, ...]:
    """What a record says beside what was claimed; None: the number is not there. `source` says where it was not found.

    The last finding always says what an NPI is not.

    >>> record = Record("1234567893", "person", first="ANN", last="LEE", state="FL")
    >>> [finding.result for finding in judged(record, Said(name="Ann Lee, MD", state="TX"))]
    ['agrees', 'agrees', 'differs', 'note']
    """
    note = Credential("identity", "note", f"{IDENTITY_ONLY} {SELF_REPORTED}", "us_npi_not_quality")
    if record is None:
        said = f"No such number in {source}. It may be invented, or newer than this copy of the registry."
        return (Credential("found", "wrong", said, "us_npi_deactivated"), note)
    found = [_found(record)]
    if record.kind:
        found += [
            one for one in (_name(record, claimed), _state(record, claimed), _licence(record, claimed), _taxonomy(record, claimed)) if one
        ]
    return (*found, note)


def _found(record: Record) -> Credential:
    if not record.active:
        when = f" on {record.deactivated}" if record.deactivated else ""
        return Credential("found", "wrong", f"The number was switched off{when} and cannot be used.", "us_npi_deactivated")
    kind = {"person": "a person", "organisation": "an organisation, not a person"}.get(record.kind, "not said whom")
    back = f" It was switched off on {record.deactivated} and on again on {record.reactivated}." if record.deactivated else ""
    return Credential(
        "found", "agrees", f"The number is in use. It stands for {kind}: {record.name or 'no name'}.{back}", "us_npi_deactivated"
    )


def _name(record: Record, claimed: Claimed) -> Credential | None:
    if not claimed.name.strip():
        return None
    if record.kind == "organisation":
        match = same_business(claimed.name, record.organisation, record.other_names)
        if match == "other":
            said = f"The offer names {claimed.name!r}; this number is that of {record.organisation!r}. Ask for the doctor's own number."
            return Credential("name", "wrong", said, "us_npi_deactivated")
    else:
        match = same_name(claimed.name, record.first, record.middle, record.last, record.other_names)
    result: dict[str, tuple[Result, str]] = {
        "same": ("agrees", f"The name agrees: {record.name}."),
        "partly": ("agrees", f"The name fits, though not in full: the registry has {record.name}."),
        "former": ("agrees", f"The registry has {record.name}, and this name as another one: {', '.join(record.other_names)}."),
        "first_only": (
            "ask",
            f"The first name fits, the family name does not: the registry has {record.name}. It may be a name from before or after a "
            "marriage, or somebody else: ask.",
        ),
        "other": (
            "wrong",
            f"The number belongs to somebody else: the registry has {record.name or 'no name'}, the offer {claimed.name!r}.",
        ),
    }
    return Credential("name", *result[match], "us_npi_deactivated")


def _code(state: str) -> str:
    bare = state.strip().upper()
    return bare.removeprefix("US-")


def _state(record: Record, claimed: Claimed) -> Credential | None:
    wanted = _code(claimed.state)
    if not wanted:
        return None
    licensed = sorted({one.state.upper() for one in record.specialities if one.state})
    told = f"practice in {record.state or 'no state'}, licences in {', '.join(licensed) or 'no state'}"
    if wanted in licensed:
        return Credential("state", "agrees", f"{wanted} is among its states ({told}). Look the licence up there.", "us_npi_selfreport")
    if wanted == record.state.upper():
        return Credential(
            "state", "ask", f"The practice is in {wanted}, but no licence of {wanted} is listed: ask the state board.", "us_npi_selfreport"
        )
    return Credential(
        "state", "differs", f"{wanted} is not among its states ({told}): ask for the licence of {wanted}.", "us_npi_selfreport"
    )


def _licence(record: Record, claimed: Claimed) -> Credential | None:
    wanted = _alnum(claimed.licence)
    if not wanted:
        return None
    own = [one for one in record.specialities if one.licence]
    for one in own:
        if _alnum(one.licence).lstrip("0") == wanted.lstrip("0"):
            said = f"The licence number agrees ({one.licence}{', ' + one.state if one.state else ''}). Whether it is valid, the board says."
            return Credential("licence", "agrees", said, "us_npi_selfreport")
    if not own:
        return Credential("licence", "ask", "The registry has no licence number: ask the state board.", "us_npi_selfreport")
    listed = ", ".join(f"{one.licence} {one.state}".strip() for one in own)
    said = f"The licence {claimed.licence!r} is not among those it lists ({listed}): ask the state board."
    return Credential("licence", "differs", said, "us_npi_selfreport")


def _alnum(text: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", text.upper())


def _taxonomy(record: Record, claimed: Claimed) -> Credential | None:
    wanted = claimed.taxonomy.strip()
    if not wanted:
        return None
    from anagen.clinic.boards import speciality_name, speciality_words

    def called(one: Speciality) -> str:
        return one.name or speciality_name(one.code)

    told = ", ".join(speciality_words(one.code, one.name) + ", the main one" * one.primary for one in record.specialities)
    for one in record.specialities:
        if wanted.upper() == one.code.upper() or set(re.findall(r"\w+", wanted.casefold())) <= set(
            re.findall(r"\w+", called(one).casefold())
        ):
            more = "" if one.primary else ", though not as its main one"
            said = f"This speciality is listed{more} ({told}). Doctors choose it themselves: check the board."
            return Credential("taxonomy", "agrees", said, "us_npi_selfreport")
    if not record.specialities:
        return Credential("taxonomy", "ask", "The registry has no speciality for this number.", "us_npi_selfreport")
    if any(not called(one) for one in record.specialities) and not re.fullmatch(r"[0-9A-Z]{9}X", wanted.upper()):
        said = f"The registry has {told}. What each code means is not all known here: look it up, and check the board."
        return Credential("taxonomy", "ask", said, "us_npi_selfreport")
    return Credential("taxonomy", "differs", f"The offer says {wanted!r}; the registry has {told}.", "us_npi_selfreport")
