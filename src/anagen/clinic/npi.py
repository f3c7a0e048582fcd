"""National Provider Identifiers of the US: is a number well formed? Offline; the rule is `us_npi_format` of the vetting rules.

An NPI is ten digits, the first of them 1 or 2, the last a Luhn check on 80840 and the nine before it. It is a billing number: it
says who somebody is, never how good they are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from anagen.ground.errors import BadParameter

DIGITS = 10
PREFIX_SUM = 24
"""What the prefix 80840 adds to the Luhn sum."""
ALLOWED = "ten digits that begin with 1 or 2 and end with their check digit"
RULE = "us_npi_format"


def check_digit(nine: str) -> int:
    """The last digit of an NPI, from its first nine: Luhn's check over 80840 and these. Raises `BadParameter` for anything but nine digits.

    Worked examples of the rule's source:

    >>> check_digit("123456789"), check_digit("199399999")
    (3, 8)
    """
    if not re.fullmatch(r"[0-9]{9}", nine):
        raise BadParameter("the number", f"is {_shown(nine)}", "nine digits before the check digit")
    total = PREFIX_SUM
    for place, digit in enumerate(map(int, reversed(nine))):
        twice = digit if place % 2 else 2 * digit
        total += twice - 9 if twice > 9 else twice
    return -total % 10


def why_not(text: str) -> str:
    """What is wrong with a number as an NPI, in a few words; the empty string if it is well formed. Blanks and hyphens do not matter.

    >>> why_not("1234567893"), why_not("1234 567 894"), why_not("123")
    ('', 'its last digit is 4, and the check gives 3: a typing error or an invented number', 'it has 3 digits, and an NPI has 10')
    """
    digits = _bare(text)
    if not re.fullmatch(r"[0-9]+", digits):
        return "it holds something else than digits" if digits else "it is empty"
    if len(digits) != DIGITS:
        return f"it has {len(digits)} digit{'s' * (len(digits) != 1)}, and an NPI has {DIGITS}"
    if digits[0] not in "12":
        return f"it begins with {digits[0]}, and an NPI begins with 1 or 2"
    if (last := check_digit(digits[:-1])) != int(digits[-1]):
        return f"its last digit is {digits[-1]}, and the check gives {last}: a typing error or an invented number"
    return ""


@dataclass(frozen=True)
class NPI:
    """A well-formed number. Raises `BadParameter` saying what is wrong with another.

    >>> str(NPI.parse("123-456-7893"))
    '1234567893'
    >>> NPI.parse("1234567890")
    Traceback (most recent call last):
    anagen.ground.errors.BadParameter: the NPI is '1234567890' (its last digit is 0, and the check gives 3: ...); allowed: ten digits ...
    """

    number: str

    def __post_init__(self) -> None:
        if why := why_not(self.number):
            raise BadParameter("the NPI", f"is {_shown(self.number)} ({why})", ALLOWED)
        object.__setattr__(self, "number", _bare(self.number))

    @classmethod
    def parse(cls, text: str | int) -> NPI:
        """The number in a text, blanks and hyphens left out."""
        return cls(str(text))

    def __str__(self) -> str:
        return self.number

    def __int__(self) -> int:
        return int(self.number)


def _bare(text: str) -> str:
    return re.sub(r"[\s\-\u2010-\u2015\u00ad\u200b\ufeff]", "", text)


def _shown(text: str) -> str:
    return repr(text) if len(text) <= 40 else repr(text[:37] + "...")
