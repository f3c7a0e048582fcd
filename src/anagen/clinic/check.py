"""A clinic's offer, judged: each claim of its advert and each fact of it by the vetting rules of its place. Never a score.

It fails closed. What was not shown counts as not shown, and a place of which no rule was read says so.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal, cast

from anagen.clinic.claims import Claim, claims_in, kinds
from anagen.clinic.conditions import Fact
from anagen.clinic.facts import Reads, facts_of, quoted, reads
from anagen.clinic.kinds import rows
from anagen.clinic.language import may_be_missed
from anagen.clinic.offer import Offer
from anagen.clinic.path import Path, path_of
from anagen.clinic.rules import Rule, rule, was_read

Verdict = Literal["red_flag", "missing", "caution", "not known", "ok"]
VERDICTS: tuple[Verdict, ...] = ("red_flag", "missing", "caution", "not known", "ok")
"""The worst first. `missing`: must be shown and was not. `not known`: no rule decides it, or only a look-up can."""
STOP = "Stop and talk to a dermatologist outside this clinic"
ASK = "Not enough information: ask"
NOTHING_WRONG = "Nothing wrong was found in what was shown. That does not make it safe or effective."
NOT_LEGAL = "This reads what was shown to you. It gives no legal advice. It is not a medical device and does not replace a doctor."
NO_RULE = "No rule was read for this place. Rules that hold everywhere were used, and the rest is not known."
NOT_AGREED = "Treatment, product and advert do not tell of the same thing. The strictest was taken. Ask which one you would get."
LATER = "The date of the offer is still to come. Check it."
MOST_QUOTES = 5
"""So many words of the offer stand with one reason."""
OTHER_LANGUAGE = "The advert may be in words that are not read here. English, Spanish and German are. A claim in it may have been missed."
NOT_JUDGED = "No rule that was read for this place and product judges it."


@dataclass(frozen=True)
class Because:
    """What a finding stands on: a `claim` of the advert, a `fact`, or what was `not shown`; its name, what it says, and the words."""

    kind: Literal["claim", "fact", "not shown"]
    name: str
    says: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Finding:
    """What one rule says of the offer, and why. `rule` is None where no rule that was read judges it; `age` tells of an old rule."""

    verdict: Verdict
    about: str
    because: tuple[Because, ...]
    rule: Rule | None
    age: str

    @property
    def heading(self) -> str:
        """How it stands with this offer, in plain words: by a fact if there is one, else by a claim."""
        facts = [one.says for one in self.because if one.kind != "claim"]
        return self.about if self.rule is None else (facts or [self.because[0].says])[0] or self.about


@dataclass(frozen=True)
class Question:
    """A question to take along, and the rules that made it be asked (none: it is always asked)."""

    name: str
    words: str
    rules: tuple[str, ...]
    source: str


@dataclass(frozen=True)
class Findings:
    """An offer, judged: `findings` with the worst first, its `path` through the law, the `questions` to ask next."""

    offer: Offer
    today: datetime.date
    summary: str
    findings: tuple[Finding, ...]
    told: tuple[Finding, ...]
    """Rules that judge nothing and are told where they help."""
    path: Path
    questions: tuple[Question, ...]
    claims: tuple[Claim, ...]
    place_known: bool

    def of(self, verdict: Verdict) -> tuple[Finding, ...]:
        """The findings of one verdict."""
        return tuple(one for one in self.findings if one.verdict == verdict)


def check(offer: Offer, today: datetime.date | None = None) -> Findings:
    """Judge an offer by the rules of its place; a rule older than 12 months on the day `today` says so (default: today's date).

    >>> from anagen.clinic.offer import as_offer
    >>> offer = as_offer({"clinic": "A", "jurisdiction": "US", "treatment": "svf", "advert": "We are an FDA-approved facility."}, "a.toml")
    >>> found = check(offer, datetime.date(2026, 11, 24))
    >>> found.summary
    'Stop and talk to a dermatologist outside this clinic'
    >>> [(one.rule.rule_id, one.because[0].words) for one in found.of("red_flag")][0]
    ('us_fda_approved_facility', ('"We are an FDA-approved facility."',))
    """
    today = today or datetime.date.today()
    claims = claims_in(offer.advert)
    facts = facts_of(offer, claims)
    path = path_of(facts)
    known = was_read(offer.jurisdiction)
    judged: dict[str, list[tuple[Verdict, Because]]] = {}
    _by_claims(claims, facts, offer.jurisdiction, judged)
    _by_facts(facts, offer.jurisdiction, judged)
    found = [_finding(rule_id, those, today) for rule_id, those in judged.items()]
    found += _not_judged(claims, offer.jurisdiction, judged)
    if not known:
        found.append(Finding("not known", NO_RULE, (Because("fact", "place", "", (facts["place"].words,)),), None, ""))
    if not facts["agrees"].value:
        found.append(Finding("missing", NOT_AGREED, (Because("fact", "agrees", "", (facts["agrees"].words,)),), None, ""))
    if offer.date is not None and offer.date > today:
        found.append(Finding("caution", LATER, (Because("fact", "date", "", (f"date = {offer.date}, read on {today}",)),), None, ""))
    missed = may_be_missed(offer.advert, bool(claims))
    if missed:
        found.append(Finding("not known", OTHER_LANGUAGE, (Because("fact", "advert", "", (quoted(offer.advert),)),), None, ""))
    found.sort(key=lambda one: VERDICTS.index(one.verdict))
    told = [one for one in reads() if one.kind == "tell" and rule(one.rule).holds_in(offer.jurisdiction) and one.when.holds(facts)]
    return Findings(
        offer,
        today,
        _summary(found, path, known and not missed),
        tuple(found),
        tuple(_finding(one.rule, [("ok", Because("fact", one.rule, one.says, ()))], today) for one in told),
        path,
        _questions(found, path),
        claims,
        known,
    )


def _summary(found: list[Finding], path: Path, read: bool) -> str:
    """`read`: rules of the place were, and the advert was."""
    verdicts = {one.verdict for one in found}
    if "red_flag" in verdicts:
        return STOP
    return ASK if "missing" in verdicts or not path.known or not read else NOTHING_WRONG


@cache
def _of_rule() -> dict[str, tuple[Reads, ...]]:
    found: dict[str, tuple[Reads, ...]] = {}
    for one in reads():
        found[one.rule] = (*found.get(one.rule, ()), one)
    return found


def _by_claims(claims: tuple[Claim, ...], facts: Mapping[str, Fact], place: str, judged: dict[str, list[tuple[Verdict, Because]]]) -> None:
    """Each claim by each rule that names it and holds in the place; `says` is the claim itself."""
    for claim in claims:
        here = {**facts, "says": Fact(claim.claim, "")}
        for rule_id in kinds()[claim.claim].rules:
            one = rule(rule_id)
            if not one.holds_in(place):
                continue
            lines = _of_rule().get(rule_id, ())
            if one.verdict == "required":
                for line in (line for line in lines if line.kind == "need"):
                    _need(line, facts, judged)
                continue
            narrowed = [line for line in lines if line.kind == "claim"]
            fits = [line for line in narrowed if line.when.holds(here)]
            if narrowed and not fits:
                continue
            verdict, says = (fits[0].verdict, fits[0].says) if fits else ("", "")
            says = says or kinds()[claim.claim].meaning
            verdict = verdict or (one.verdict if one.verdict != "ok" else "caution")
            _add(judged, rule_id, cast(Verdict, verdict), Because("claim", claim.claim, says, (quoted(claim.sentence),)))


def _by_facts(facts: Mapping[str, Fact], place: str, judged: dict[str, list[tuple[Verdict, Because]]]) -> None:
    for line in reads():
        one = rule(line.rule)
        if line.kind in ("claim", "tell") or not one.holds_in(place) or not line.when.holds(facts):
            continue
        if line.kind == "need":
            _need(line, facts, judged)
        else:
            verdict = "not known" if line.kind == "ask" else line.verdict or one.verdict
            _add(judged, line.rule, cast(Verdict, verdict), Because("fact", line.rule, line.says, line.when.words(facts)))


def _need(line: Reads, facts: Mapping[str, Fact], judged: dict[str, list[tuple[Verdict, Because]]]) -> None:
    """What a rule asks to be shown: there, or missing."""
    if lacking := line.shown.lacks(facts):
        _add(judged, line.rule, "missing", Because("not shown", line.rule, line.lacking, lacking))
    else:
        _add(judged, line.rule, "ok", Because("fact", line.rule, f"Shown, not proven: {line.says}", line.shown.words(facts)))


def _add(judged: dict[str, list[tuple[Verdict, Because]]], rule_id: str, verdict: Verdict, because: Because) -> None:
    those = judged.setdefault(rule_id, [])
    if (verdict, because) not in those:
        those.append((verdict, because))


def _finding(rule_id: str, those: list[tuple[Verdict, Because]], today: datetime.date) -> Finding:
    """One finding a rule: the worst verdict, with all that it stands on."""
    worst = min((verdict for verdict, _ in those), key=VERDICTS.index)
    merged: dict[tuple[str, str, str], Because] = {}
    for because in (because for verdict, because in those if verdict == worst):
        key = (because.kind, because.name, because.says)
        before = merged[key].words if key in merged else ()
        merged[key] = Because(because.kind, because.name, because.says, tuple(dict.fromkeys((*before, *because.words))))
    one = rule(rule_id)
    return Finding(worst, one.plain.about, tuple(map(_few, merged.values())), one, one.age(today))


def _few(one: Because) -> Because:
    more = len(one.words) - MOST_QUOTES
    return one if more <= 0 else Because(one.kind, one.name, one.says, (*one.words[:MOST_QUOTES], f"and {more} more"))


def _not_judged(claims: tuple[Claim, ...], place: str, judged: Mapping[str, object]) -> list[Finding]:
    """Claims that no rule of this place judges: said, once each."""
    found: dict[str, dict[str, None]] = {}
    for claim in claims:
        if not any(rule_id in judged for rule_id in kinds()[claim.claim].rules):
            found.setdefault(claim.claim, {})[quoted(claim.sentence)] = None
    return [
        Finding("not known", NOT_JUDGED, (_few(Because("claim", claim, kinds()[claim].meaning, tuple(words))),), None, "")
        for claim, words in found.items()
    ]


def _questions(found: list[Finding], path: Path) -> tuple[Question, ...]:
    """The questions that the findings raise, in their order, and those that are always asked."""
    raised = {one.rule.rule_id for one in found if one.rule and one.verdict != "ok"} | (set() if path.known else {"path"})
    out = []
    for row in rows("questions.csv"):
        wanted = row["rules"].split()
        by = tuple(one for one in wanted if one in raised)
        if by or wanted == ["*"]:
            out.append(Question(row["question"], row["words"], by, row["source"]))
    return tuple(out)
