"""How the law looks at the very product of an offer: a small tree in `data/clinic/path.csv`, walked step by step with each step's source.

It asks for source x processing x own or donor x same day x use x place. What was not shown has its own branch, and never an easier one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from anagen.clinic.conditions import Fact, as_word
from anagen.clinic.kinds import rows
from anagen.ground.errors import BadEvidence

START = "start"
NOT_SHOWN = "not shown"
OTHERWISE = "*"


@dataclass(frozen=True)
class Branch:
    """One answer at one node: what it says, where it leads, and the rules (or the section of `vetting.md`) that it stands on."""

    node: str
    asks: str
    fact: str
    answers: tuple[str, ...]
    says: str
    then: str
    end: str
    sources: tuple[str, ...]
    mark: str


@dataclass(frozen=True)
class End:
    """Where a path ends. Not `known`: no rule that was read decides it."""

    name: str
    title: str
    says: str
    known: bool
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Step:
    """One step that was taken: the question, the answer, the words of the offer, what follows, its `sources` and its `fact`."""

    asks: str
    answer: str
    words: str
    says: str
    sources: tuple[str, ...]
    mark: str
    fact: str


@dataclass(frozen=True)
class Path:
    """The steps, and where they end: the product, and in the US the state."""

    steps: tuple[Step, ...]
    ends: tuple[End, ...]

    @property
    def known(self) -> bool:
        """Did the rules that were read decide it?"""
        return all(end.known for end in self.ends)


@cache
def tree() -> dict[str, tuple[Branch, ...]]:
    """The branches of each node, in file order. Raises `BadEvidence` for a branch that leads nowhere.

    >>> [branch.answers for branch in tree()["us_own"]]
    [('no',), ('yes',), ('not shown',)]
    """
    found: dict[str, tuple[Branch, ...]] = {}
    for row in rows("path.csv"):
        answers = (NOT_SHOWN,) if row["is"] == NOT_SHOWN else tuple(row["is"].split())
        sources = _sources(row["rules"])
        branch = Branch(row["node"], row["asks"], row["fact"], answers, row["says"], row["then"], row["end"], sources, row["mark"])
        found[branch.node] = (*found.get(branch.node, ()), branch)
    for branches in found.values():
        for branch in branches:
            if not (branch.then or branch.end) or (branch.then and branch.then not in found) or (branch.end and branch.end not in ends()):
                raise BadEvidence(f"clinic/path.csv: {branch.node}, {branch.answers[0]} leads nowhere")
    return found


@cache
def ends() -> dict[str, End]:
    """Every end by its name.

    >>> ends()["prp_off_label"].title
    'PRP: off label'
    """
    return {
        row["end"]: End(row["end"], row["title"], row["says"], row["known"] == "yes", tuple(row["rules"].replace("-", "").split()))
        for row in rows("ends.csv")
    }


def path_of(facts: Mapping[str, Fact]) -> Path:
    """The path of an offer, from its facts (`facts.facts_of`).

    >>> from anagen.clinic.facts import facts_of
    >>> from anagen.clinic.offer import as_offer
    >>> path = path_of(facts_of(as_offer({"clinic": "A", "jurisdiction": "other", "treatment": "svf"}, "a")))
    >>> [end.title for end in path.ends], path.known
    (['No rule was read for this place: not known'], False)
    """
    steps, found, node = [], [], START
    while node:
        fact = facts[tree()[node][0].fact]
        answer = as_word(fact.value).replace("?", NOT_SHOWN)
        branch = next(one for one in tree()[node] if answer in one.answers or one.answers == (OTHERWISE,))
        steps.append(Step(branch.asks, answer, fact.words, branch.says, branch.sources, branch.mark, branch.fact))
        if branch.end:
            found.append(ends()[branch.end])
        node = branch.then
    return Path(tuple(steps), tuple(found))


def _sources(text: str) -> tuple[str, ...]:
    """Rule ids, and sections of `vetting.md`, as one cell names them."""
    found: list[str] = []
    words = iter(text.split())
    for word in words:
        found.append(f"vetting.md section {next(words) and next(words)}" if word == "vetting.md" else word)
    return tuple(found)
