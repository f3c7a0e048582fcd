"""The vetting rules as they are judged by: where each holds, as of when, and whether it has grown old."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

from anagen.clinic.kinds import rows
from anagen.evidence.tables import vetting_rules
from anagen.ground.errors import UnknownName

RuleVerdict = Literal["red_flag", "required", "caution", "ok"]
OLD_MONTHS = 12
UNDATED = "The date of this rule is not known: ask if it still holds."


@dataclass(frozen=True)
class Plain:
    """A rule in words that a patient reads, from `data/clinic/rule_words.csv`; `law`: the law it rests on, to stand beside the source."""

    about: str
    why: str
    check: str
    law: str


@dataclass(frozen=True)
class Rule:
    """One rule: what it looks at (`about`), what that is worth, why, how to check it, and the words of its source.

    These are for whoever checks our reading; `plain` has the same for patients.
    """

    rule_id: str
    places: tuple[str, ...]
    as_of: str
    about: str
    verdict: RuleVerdict
    why: str
    how_to_check: str
    source: str
    url: str
    quote: str

    @property
    def plain(self) -> Plain:
        """The rule in plain words."""
        return _plain()[self.rule_id]

    def holds_in(self, place: str) -> bool:
        """Is it a rule of this place? One of the US holds in each state; one of a state in that state alone.

        >>> rule("us_fl_scope").holds_in("US-FL"), rule("us_fl_scope").holds_in("US"), rule("us_svf_is_drug").holds_in("US-FL")
        (True, False, True)
        """
        return any(one == "global" or place == one or place.startswith(f"{one}-") for one in self.places)

    @property
    def since(self) -> datetime.date | None:
        """The first day that `as_of` can mean; None where the source has no date.

        >>> rule("us_mechanical_svf").since, rule("testimonials").since, rule("us_abms").since
        (datetime.date(2017, 11, 1), datetime.date(2019, 6, 11), None)
        """
        found = re.fullmatch(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", self.as_of)
        return datetime.date(*(int(part or 1) for part in found.groups())) if found else None

    def age(self, today: datetime.date) -> str:
        """What to know of its age, in one sentence; empty where it is no older than 12 months.

        >>> rule("us_scotus_cert_denied").age(datetime.date(2026, 10, 14))
        ''
        >>> rule("us_scotus_cert_denied").age(datetime.date(2026, 10, 15))
        'This rule is as of 2025-10-14, more than 12 months ago: ask if it still holds.'
        """
        if self.since is None:
            return UNDATED
        year = self.since.year + OLD_MONTHS // 12
        last = datetime.date(year, 3, 1) if (self.since.month, self.since.day) == (2, 29) else self.since.replace(year=year)
        return f"This rule is as of {self.as_of}, more than {OLD_MONTHS} months ago: ask if it still holds." if today > last else ""


@cache
def _plain() -> dict[str, Plain]:
    return {row["rule"]: Plain(row["about"], row["why"], row["check"], row["law"]) for row in rows("rule_words.csv")}


@cache
def rules() -> dict[str, Rule]:
    """Every rule by its id, in file order.

    >>> len(rules())
    67
    """
    return {
        row.rule_id: Rule(
            row.rule_id,
            tuple(row.jurisdiction.split("/")),
            row.as_of,
            row.claim_or_fact_to_check,
            row.verdict,
            row.why,
            row.how_to_check,
            row.source_citation,
            row.source_url,
            row.quote,
        )
        for row in vetting_rules()
    }


def rule(rule_id: str) -> Rule:
    """The rule of that id. Raises `UnknownName`."""
    if rule_id not in rules():
        raise UnknownName("vetting rule", rule_id, rules())
    return rules()[rule_id]


def was_read(place: str) -> bool:
    """Was any rule of the place alone read? One that it shares with another place is not enough.

    >>> was_read("US-OH"), was_read("other"), was_read("MX")
    (True, False, False)
    """
    return any(one.holds_in(place) and len(one.places) == 1 and "global" not in one.places for one in rules().values())
