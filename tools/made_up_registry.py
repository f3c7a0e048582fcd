"""A made-up bulk file of the US provider registry, with the real header of 330 columns, for tests and timing. Nobody in it exists.

    python tools/made_up_registry.py FILE.csv --rows 1000000

Every cell is quoted, and most are empty, as in the real file. Person i is a function of i alone, so a test knows who is where.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

SLOTS, IDENTIFIERS = 15, 50
SEX = "Provider Sex Code"
PLACE = (
    "First Line {} Address",
    "Second Line {} Address",
    "{} Address City Name",
    "{} Address State Name",
    "{} Address Postal Code",
    "{} Address Country Code (If outside U.S.)",
    "{} Address Telephone Number",
    "{} Address Fax Number",
)
TAXONOMY = (
    "Healthcare Provider Taxonomy Code_{}",
    "Provider License Number_{}",
    "Provider License Number State Code_{}",
    "Healthcare Provider Primary Taxonomy Switch_{}",
)
OTHER_IDENTIFIER = (
    "Other Provider Identifier_{}",
    "Other Provider Identifier Type Code_{}",
    "Other Provider Identifier State_{}",
    "Other Provider Identifier Issuer_{}",
)
NAMES = "NPI|Entity Type Code|Replacement NPI|Employer Identification Number (EIN)|Provider Organization Name (Legal Business Name)|" + (
    "Provider Last Name (Legal Name)|Provider First Name|Provider Middle Name|Provider Name Prefix Text|Provider Name Suffix Text|"
    "Provider Credential Text|Provider Other Organization Name|Provider Other Organization Name Type Code|Provider Other Last Name|"
    "Provider Other First Name|Provider Other Middle Name|Provider Other Name Prefix Text|Provider Other Name Suffix Text|"
    "Provider Other Credential Text|Provider Other Last Name Type Code"
)
DATES = f"Provider Enumeration Date|Last Update Date|NPI Deactivation Reason Code|NPI Deactivation Date|NPI Reactivation Date|{SEX}"
OFFICIAL = "|".join(f"Authorized Official {part}" for part in ("Last Name", "First Name", "Middle Name", "Title or Position"))
TAIL = "Is Sole Proprietor|Is Organization Subpart|Parent Organization LBN|Parent Organization TIN|" + (
    "Authorized Official Name Prefix Text|Authorized Official Name Suffix Text|Authorized Official Credential Text"
)


def header() -> list[str]:
    """The 330 columns, in the order of the registry's file.

    >>> len(header()), header()[0], header()[-1]
    (330, 'NPI', 'Certification Date')
    """
    columns = NAMES.split("|")
    columns += [f"Provider {part.format('Business Mailing')}" for part in PLACE]
    columns += [f"Provider {part.format('Business Practice Location')}" for part in PLACE]
    columns += [*DATES.split("|"), *OFFICIAL.split("|"), "Authorized Official Telephone Number"]
    columns += [part.format(slot) for slot in range(1, SLOTS + 1) for part in TAXONOMY]
    columns += [part.format(slot) for slot in range(1, IDENTIFIERS + 1) for part in OTHER_IDENTIFIER]
    columns += TAIL.split("|")
    columns += [f"Healthcare Provider Taxonomy Group_{slot}" for slot in range(1, SLOTS + 1)]
    return [*columns, "Certification Date"]


def npi(at: int) -> str:
    """The well-formed NPI of the one who stands at a place of the file; all are different, and not in order.

    >>> npi(0), npi(1)
    ('1500000009', '1507368797')
    """
    nine = 100_000_000 + (50_000_000 + at * 736_879) % 200_000_000
    total, digits, doubled = 24, nine, True
    while digits:
        digits, digit = divmod(digits, 10)
        twice = 2 * digit if doubled else digit
        total += twice - 9 if twice > 9 else twice
        doubled = not doubled
    return f"{nine}{-total % 10}"


FIRST = ["MARIA", "JOSE", "ANNE", "WEI", "JOHN", "FATIMA", "LUIS", "OLGA", "PRIYA", "DAVID", "SOFÍA", "KWAME"]
LAST = ["GARCIA-LOPEZ", "O'BRIEN", "SMITH", "NGUYEN", "MÜLLER", "DE LA CRUZ", "PATEL", "JONES", "KIM", "SANTOS", "HALE", "OKAFOR", "STONE"]
CREDENTIALS = ("M.D.", "DO", "R.N.", "PA-C", "", "MD, PHD")
CODES = ("207N00000X", "207ND0101X", "208D00000X", "163W00000X", "207NS0135X")
STATES = ["FL", "TX", "CA", "NY", "UT"]
CITIES = ["MIAMI", "AUSTIN", "LOS ANGELES", "NEW YORK", "SALT LAKE CITY"]
DEACTIVATED_EVERY, ORGANISATION_EVERY, GONE_EVERY = 97, 5, 389


@dataclass(frozen=True)
class Made:
    """Who stands at a place: what a reader of the file must find again."""

    at: int

    @property
    def gone(self) -> bool:
        """Deactivated for good: the registry leaves nothing but the number and the day."""
        return self.at % GONE_EVERY == 7

    @property
    def organisation(self) -> bool:
        """A clinic, and no person."""
        return self.at % ORGANISATION_EVERY == 3

    @property
    def back(self) -> bool:
        """Deactivated once, and active again since."""
        return self.at % DEACTIVATED_EVERY == 11

    @property
    def last(self) -> str:
        """The family name."""
        return f"{LAST[self.at % 13]}{self.at // 1000 % 1000:03d}"

    @property
    def former(self) -> str:
        """A family name of earlier, of a few."""
        return "" if self.at % 11 else LAST[(self.at + 5) % 13]

    @property
    def first(self) -> str:
        """The first name."""
        return FIRST[self.at % 12]

    @property
    def primary_slot(self) -> int:
        """Which of the 15 taxonomies has the Y, from 1."""
        return 1 if self.at % 7 else 1 + self.at // 7 % SLOTS

    @property
    def code(self) -> str:
        """The primary taxonomy."""
        return CODES[self.at % 5]

    @property
    def licence(self) -> str:
        """The licence of the primary taxonomy."""
        return f"ME{self.at:08d}"

    @property
    def state(self) -> str:
        """Of the practice and of the licence."""
        return STATES[self.at % 5]


_AT = {name: place for place, name in enumerate(header())}


def _fill() -> dict[int, str]:
    """The tail of a row, from the first taxonomy on, with the Y in each of the slots: {0} code, {1} licence, {2} state."""
    found = {}
    start = _AT["Healthcare Provider Taxonomy Code_1"]
    for slot in range(1, SLOTS + 1):
        cells = [""] * (len(_AT) - start)
        for other in range(1, slot + 1):
            base = (other - 1) * 4
            own = ("{0}", "{1}", "{2}", "Y") if other == slot else ("390200000X", "", "", "N")
            cells[base : base + 4] = own
        cells[_AT["Is Sole Proprietor"] - start] = "N"
        cells[_AT["Certification Date"] - start] = "05/01/2025"
        found[slot] = ",".join(f'"{cell}"' for cell in cells)
    return found


_TAILS = _fill()
_EMPTY = ",".join(['""'] * (_AT["Healthcare Provider Taxonomy Code_1"] - _AT["Authorized Official Last Name"]))


def line(at: int) -> str:
    """The row of one, without its line end."""
    who, number = Made(at), npi(at)
    if who.gone:
        before, after = _AT["NPI Deactivation Date"], len(_AT) - _AT["NPI Deactivation Date"] - 1
        return f'"{number}"' + ',""' * (before - 1) + ',"03/15/2024"' + ',""' * after
    if who.organisation:
        name = f'"{number}","2","","<UNAVAIL>","HAIR ""INSTITUTE"" {at}, LLC","","","","","","","","","","","","","","",""'
        sex = ""
    else:
        sex, credential = "FM"[at % 2], CREDENTIALS[at % 6]
        former = f'"{who.former}","{who.first}","","","","","1"' if who.former else '"","","","","","",""'
        name = f'"{number}","1","","","","{who.last}","{who.first}","","DR.","","{credential}","","",{former}'
    where = f'"{at} MAIN ST","SUITE 4","{CITIES[at % 5]}","{who.state}","331011234","US","3055550100","3055550101"'
    gone = '"","02/01/2020","06/01/2021"' if who.back else '"","",""'
    tail = _TAILS[who.primary_slot].format(who.code, who.licence, who.state)
    return f'{name},{where},{where},"05/23/2006","07/08/2024",{gone},"{sex}",{_EMPTY},{tail}'


def blocks(rows: int, start: int = 0, of: int = 5000) -> Iterator[bytes]:
    """The rows as bytes, some thousands at a time, without the header."""
    for first in range(start, start + rows, of):
        yield ("\n".join(map(line, range(first, min(first + of, start + rows)))) + "\n").encode()


def write(file: BinaryIO, rows: int) -> None:
    """A whole file: header and rows."""
    file.write((",".join(f'"{name}"' for name in header()) + "\n").encode())
    for block in blocks(rows):
        file.write(block)


def main(arguments: list[str]) -> None:
    """Write a file."""
    parser = argparse.ArgumentParser(description="A made-up bulk file of the US provider registry.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--rows", type=int, default=1_000_000)
    given = parser.parse_args(arguments)
    with given.file.open("wb") as file:
        write(file, given.rows)


if __name__ == "__main__":
    main(sys.argv[1:])
