"""Every option for one person: studied in people like you, not studied, ask first, or do not; with each reason and its source.

The strictest reason is the verdict: `do not` before `ask first` before `not studied` before `studied`. Nothing makes it milder.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from anagen.ground.errors import Refused
from anagen.people.person import Person
from anagen.people.signs import Sign, asked_of
from anagen.suitability.facts import facts_of, read_words
from anagen.suitability.gate import refuse, signs_of
from anagen.suitability.tables import NOT_STUDIED, PRECEDENCE, Caution, Question, cautions, facts, questions
from anagen.suitability.trials import Trial, match, who_was_in
from anagen.treatments import TREATMENTS


@dataclass(frozen=True)
class Reason:
    """One reason: the `verdict` that it asks for, what it `says`, the `fact` behind it and what `told` it, whom to `ask`, how urgently,
    and where it comes from. `mark` is that of the row: `no source read` is nobody's word but ours."""

    verdict: str
    says: str
    rule_id: str
    fact: str
    told: str
    ask: str
    urgency: str
    mark: str
    source: str
    source_url: str
    quote: str


@dataclass(frozen=True)
class OptionVerdict:
    """One option: its `verdict`, all reasons with the strictest first, `who` was in its trials, and the trials one by one."""

    option: str
    title: str
    verdict: str
    reasons: tuple[Reason, ...]
    who: str
    trials: tuple[Trial, ...]


@dataclass(frozen=True)
class Suitability:
    """What one person should know before any number.

    `refused`: why no number is given and whom to ask, or None. `signs`: those given, the most urgent first. `to_ask`: the signs not asked
    about. `missing`: what else the file does not tell. `read_as`: free words and what they were taken for. `unknown`: words that no table
    knows, with the nearest that one does. `options`: every treatment once.
    """

    person: str
    refused: str | None
    signs_asked: bool
    signs: tuple[Sign, ...]
    to_ask: tuple[Sign, ...]
    missing: tuple[Question, ...]
    read_as: tuple[tuple[str, str], ...]
    unknown: tuple[tuple[str, str], ...]
    options: tuple[OptionVerdict, ...]

    def of(self, option: str) -> OptionVerdict:
        """The verdict on one option. Raises `KeyError` for a name that no treatment has."""
        return {one.option: one for one in self.options}[option]

    def by_verdict(self) -> dict[str, tuple[OptionVerdict, ...]]:
        """The options of each verdict, the strictest first."""
        return {verdict: tuple(one for one in self.options if one.verdict == verdict) for verdict in PRECEDENCE}


def suitable(person: Person) -> Suitability:
    """Judge every option for one person. It answers also for whoever is refused a number.

    >>> man = Person(sex="male", age_years=33, condition="aga", scale="norwood", stage="3v", medicines=("warfarin",))
    >>> found = suitable(man)
    >>> found.of("prp").verdict, found.of("finasteride").verdict, found.of("bone_marrow").verdict
    ('do not', 'studied in people like you', 'ask first')
    """
    try:
        refuse(person)
        refused = None
    except Refused as error:
        refused = str(error)
    told, free = facts_of(person), read_words(person)
    return Suitability(
        person=person.title,
        refused=refused,
        signs_asked=person.signs is not None,
        signs=signs_of(person),
        to_ask=asked_of(person.sex) if person.signs is None else (),
        missing=tuple(question for question in questions() if _left_out(person, question)),
        read_as=tuple((word, facts()[fact].says) for word, fact in free.read),
        unknown=free.unknown,
        options=tuple(judge(name, person, told) for name in TREATMENTS),
    )


def judge(option: str, person: Person, told: dict[str, str]) -> OptionVerdict:
    """One option for one person, whose facts are `told`."""
    found = match(option, person, told)
    reasons = [_reason(rule, told) for rule in rules_for(option, told)]
    studies = "; ".join(trial.study_id for trial in found.trials if trial.had_people_like_you or found.verdict == NOT_STUDIED)
    where = f"data/evidence/studies.csv: {studies}" if studies else "data/evidence/studies.csv"
    reasons.append(Reason(found.verdict, found.says, "", "", "", "", "", "read", where, "", ""))
    reasons.sort(key=lambda reason: PRECEDENCE.index(reason.verdict))
    title = TREATMENTS[option]().title
    return OptionVerdict(option, title, reasons[0].verdict, tuple(reasons), who_was_in(found.trials, person.sex), found.trials)


def rules_for(option: str, told: Iterable[str]) -> tuple[Caution, ...]:
    """The rules that an option's verdict rests on, for a set of facts.

    >>> [rule.fact for rule in rules_for("laser", {"photosensitising", "smoker"})]
    ['photosensitising']
    """
    held = set(told)
    return tuple(rule for rule in cautions() if option in rule.options and rule.fact in held)


def strictest(verdicts: Iterable[str]) -> str:
    """The strictest of some verdicts.

    >>> strictest(["studied in people like you", "ask first"])
    'ask first'
    """
    return min(verdicts, key=PRECEDENCE.index)


def _reason(rule: Caution, told: dict[str, str]) -> Reason:
    fact = facts()[rule.fact]
    ask, urgency = (fact.ask, fact.urgency) if rule.fact != "anyone" else ("", "")
    says = rule.reason
    return Reason(
        rule.verdict, says, rule.rule_id, rule.fact, told[rule.fact], ask, urgency, rule.mark, rule.source, rule.source_url, rule.quote
    )


def _left_out(person: Person, question: Question) -> bool:
    if question.sex not in ("", person.sex):
        return False
    if question.field == "may_become_pregnant" and person.pregnant:
        return False
    return getattr(person, question.field) in (None, ())
