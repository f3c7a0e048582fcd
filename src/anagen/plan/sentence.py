"""A sentence read into steps; the grammar is in `anagen.plan`."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal
from typing import NoReturn

from anagen.ground.text import near_ones
from anagen.plan import words as say
from anagen.plan.meaning import MOST_SESSIONS, Said, box, groups, kind_of, step, unknown
from anagen.plan.steps import Step, bad
from anagen.treatments import Treatment

LONGEST = 4000
CLAUSES = ("from", "since", "until", "for", "at", "every", "taken")
ALLOWED = "a dose, how often, from, since, until, for, at, N sessions every, taken X% of the time, or ';' and the next item"
NO_NAME = frozenset({"to", "and", "now", *CLAUSES, *say.OFTEN, *say.SPANS})
SMALL = frozenset({"a", "the", "of", "my"})


def read(sentence: str, steps: Iterable[Step] = ()) -> tuple[Step, ...]:
    """The steps after a sentence, which may stop or switch the given ones. Raises `BadInput`.

    >>> [str(step) for step in read("finasteride 1 mg daily; stop finasteride week 52")]
    ['finasteride 1 mg a day until week 52']
    """
    return _Reader(sentence, steps).all()


class _Reader:
    """Words from left to right; `i` is the next one."""

    def __init__(self, sentence: str, steps: Iterable[Step]) -> None:
        if not isinstance(sentence, str):
            raise bad(f"there is {type(sentence).__name__} where words should be", "a sentence such as 'finasteride 1 mg daily'")
        if len(sentence) > LONGEST:
            raise bad(f"there are {len(sentence)} letters", f"at most {LONGEST}")
        text = unicodedata.normalize("NFKC", sentence).replace("\n", ";")
        self.text = re.sub(r"(?<=[^\W_])[-_](?=[^\W\d_])", " ", text).rstrip(" .;")
        found = list(say.TOKEN.finditer(self.text))
        self.written = [match.group().lower() for match in found]
        self.words = [say.SAME.get(word, word) for word in self.written] + [""] * 4
        self.spans = [match.span() for match in found]
        self.i = self.begun = 0
        self.steps = list(steps)

    # the words themselves

    def take(self, *wanted: str) -> bool:
        """Step over these words if they come next."""
        here = tuple(self.words[self.i : self.i + len(wanted)]) == wanted
        self.i += len(wanted) * here
        return here

    def is_number(self, i: int) -> bool:
        """Whether word i is a number."""
        return bool(re.match(r"-?\.?[0-9]", self.words[i]))

    def number(self, what: str) -> float:
        """The next word as a number."""
        if not self.is_number(self.i):
            self.lost(what)
        value = float(self.words[self.i])
        if value < 0:
            past = " (the past is said with 'since' or 'ago')" if "week" in what else ""
            raise bad(f"{self.quote(max(self.i - 1, 0), self.i + 1)} is below 0", f"{what}, from 0 up{past}")
        if not math.isfinite(value):
            raise bad(f"{self.quote(self.i, self.i + 1)} is beyond all measure", what)
        self.i += 1
        return value

    def quote(self, start: int, stop: int) -> str:
        """Words as they were written."""
        words = self.text[self.spans[start][0] : self.spans[min(max(stop, start + 1), len(self.spans)) - 1][1]]
        return repr(words if len(words) <= 60 else words[:57] + "...")

    def lost(self, allowed: str = ALLOWED) -> NoReturn:
        """Say which words are not understood."""
        if not self.words[self.i]:
            raise bad(f"more is needed after {self.quote(self.begun, self.i)}", allowed)
        before = f" after {self.quote(self.begun, self.i)}" if self.i > self.begun else ""
        known = {*CLAUSES, *say.OFTEN, *say.UNITS, *say.SPANS, "now", "ago", "and", "to", "on"}
        near = near_ones(self.words[self.i][:40], known - {self.words[self.i]}, 2)
        hint = f" (did you mean {' or '.join(map(repr, near))}?)" if near else ""
        raise bad(f"{self.quote(self.i, self.i + 1)}{before} is not understood{hint}", allowed)

    # items

    def all(self) -> tuple[Step, ...]:
        """Every item."""
        if not self.spans:
            raise bad("there are no words", "a sentence such as 'finasteride 1 mg daily', or 'nothing'")
        while self.words[self.i]:
            self.begun = self.i
            self.item()
            if self.words[self.i] not in (";", ",", "and", ""):
                self.lost()
            while self.take(";") or self.take(",") or self.take("and"):
                pass
        return tuple(self.steps)

    def item(self) -> None:
        """One item: what it adds, stops or switches."""
        if self.take("nothing"):
            if len(self.spans) > 1:
                raise bad("'nothing' stands beside other words", "'nothing' alone")
        elif self.take("stop"):
            self.end(self.name(), self.when("the week of stopping"))
        elif self.take("switch"):
            old = self.name()
            if not self.take("to"):
                self.lost("switch TREATMENT to TREATMENT at week N")
            kind, said = self.parts()
            if said.at and len(said.at) == 1 and said.begin is None:
                said.begin, said.at = said.at[0], None
            if said.begin is None:
                raise bad(f"{self.quote(self.begun, self.i)} does not say when", "switch TREATMENT to TREATMENT at week N")
            self.end(old, said.begin)
            self.steps.append(step(kind, said, self.quote(self.begun, self.i)))
        else:
            adds = self.take("add")
            kind, said = self.parts()
            if adds and said.at and len(said.at) == 1 and said.begin is None and not say.in_sessions(kind):
                said.begin, said.at = said.at[0], None
            self.steps.append(step(kind, said, self.quote(self.begun, self.i)))

    def name(self) -> list[str]:
        """The words of a treatment's name."""
        found: list[tuple[str, int]] = []
        while re.match(r"[^\W\d_]", self.words[self.i]) and self.words[self.i] not in NO_NAME:
            if self.words[self.i] == "a" and self.words[self.i + 1] in say.SPANS:
                break
            found.append((self.written[self.i], self.i))
            self.i += 1
        found = [(word, i) for word, i in found if word not in SMALL]
        names = [word for word, _ in found]
        if not names:
            self.lost("the name of a treatment, stop, switch, add, nothing, wait or join a trial")
        if not any(groups(names)):
            for known in range(len(names) - 1, 0, -1):
                if any(groups(names[:known])):
                    self.i = found[known][1]
                    self.lost()
        return names

    def parts(self) -> tuple[type[Treatment], Said]:
        """The treatment of an item, and what is said of it."""
        said = Said()
        if self.is_number(self.i):
            self.part(said)
            self.take("of")
        words = self.name()
        said.box = box(words)
        if words == ["wait"] and self.is_number(self.i):
            said.span = self.span()
        while True:
            ahead = self.i
            while self.words[ahead] in (",", "and"):
                ahead += 1
            number = self.is_number(ahead) and (ahead == self.i or self.words[ahead + 1] == "sessions")
            if not number and self.words[ahead] not in (*CLAUSES, *say.OFTEN, "a", "now"):
                return kind_of(words, said.unit), said
            self.i = ahead
            self.part(said)

    def part(self, said: Said) -> None:
        """One part of an item."""
        first = self.i
        if self.words[first] == "now":
            self.set(said, "begin", self.point(), first)
        elif self.take("from"):
            self.set(said, "begin", self.point(), first)
            self.take("on")
        elif self.take("since"):
            self.set(said, "begin", -self.span(), first)
            self.take("ago")
        elif self.take("until"):
            self.set(said, "end", self.point(), first)
        elif self.take("for"):
            self.set(said, "span", self.span(), first)
        elif self.take("at"):
            self.set(said, "at", self.points(many=True), first)
        elif self.words[first] == "every" and self.is_number(first + 1):
            self.i += 1
            self.set(said, "every", self.span(), first)
        elif self.take("taken"):
            share = self.number("a percentage") / 100
            if not self.take("%") or not share <= 1:
                raise bad(f"{self.quote(first, self.i)} is not a share", "taken X% of the time, X from 0 to 100")
            self.set(said, "share", float(Decimal(self.words[self.i - 2]) / 100), first)
            self.take("of", "the", "x")
        elif self.is_number(first) and self.words[first + 1] == "sessions":
            count = self.number("a number of sessions")
            self.i += 1
            if count != int(count) or not 1 <= count <= MOST_SESSIONS:
                raise bad(f"{self.quote(first, self.i)} is not a number of sessions", f"a whole number from 1 to {MOST_SESSIONS}")
            self.set(said, "sessions", int(count), first)
        else:
            self.quantity(said)

    def set(self, said: Said, what: str, value: object, first: int) -> None:
        """Note a part; nothing may be said twice."""
        if getattr(said, what) is not None:
            raise bad(
                f"{self.quote(first, self.i)} says a second time what {self.quote(self.begun, first)} has said", "each part of an item once"
            )
        setattr(said, what, value)

    def quantity(self, said: Said) -> None:
        """A dose, how often, or both."""
        first = self.i
        if self.is_number(first) and self.words[first + 1] != "x":
            self.set(said, "amount", self.number("a dose"), first)
            if self.words[self.i] == "," and self.is_number(self.i + 1) and self.spans[first][1] + 1 == self.spans[self.i + 1][0]:
                raise bad(f"{self.quote(first, self.i + 2)} has a comma", "a point in decimals, as in 0.5; no sign between thousands")
        start = self.i
        while True:
            word, after = self.words[self.i], self.words[self.i + 1]
            if word in ("a", "every") and (after in say.SPANS or (word == "a" and after in say.UNITS)):
                self.i += 2
            elif word in say.UNITS or word in say.OFTEN:
                self.i += 1
            elif self.is_number(self.i) and after == "x":
                self.number("how often")
                self.i += 1
            else:
                break
        unit, rate = say.split_rate(" ".join(self.words[start : self.i]))
        if self.i == start:
            self.lost("a dose with its unit, as in 5% or 1 mg")
        if unit:
            self.set(said, "unit", unit, first)
        if rate:
            self.set(said, "rate", rate, first)

    # time

    def weeks(self, count: float, unit: str, first: int) -> float:
        """A span in weeks, of a length that a person can plan."""
        found = say.weeks_of(count, unit)
        if found > say.FARTHEST_WEEKS:
            raise bad(f"{self.quote(first, self.i)} is beyond all measure", f"at most {say.FARTHEST_WEEKS} weeks")
        return found

    def span(self) -> float:
        """A span of time: `6 months`."""
        first = self.i
        count = self.number("a span such as 4 weeks or 6 months")
        if self.words[self.i] not in say.SPANS:
            self.lost("days, weeks, months or years")
        self.i += 1
        return self.weeks(count, self.words[self.i - 1], first)

    def point(self) -> float:
        """A point in time: `week 12`."""
        return self.points()[0]

    def when(self, what: str) -> float:
        """A point in time, `at` said or not."""
        if self.words[self.i] in ("at", "from"):
            self.i += 1
        if not (self.words[self.i] in (*say.SPANS, "now") or self.is_number(self.i)):
            self.lost(what)
        return self.point()

    def points(self, many: bool = False) -> list[float]:
        """Points in time, one or many. Bare numbers take the unit said before them, else the one that follows."""
        found: list[float] = []
        bare: list[tuple[float, int]] = []
        unit = ""
        while True:
            first = self.i
            if self.take("now"):
                found.append(0.0)
            else:
                named = self.words[self.i] in say.SPANS
                if named:
                    unit = self.words[self.i]
                    self.i += 1
                bare.append((self.number("a week such as week 12"), first))
                after = self.words[self.i]
                if not named and after in say.SPANS and not self.is_number(self.i + 1):
                    self.i += 1
                    sign = -1 if self.take("ago") else 1
                    found += [sign * self.weeks(count, after, at) for count, at in bare]
                    bare = []
                elif unit:
                    found += [self.weeks(count, unit, at) for count, at in bare]
                    bare = []
            ahead = self.i
            while many and self.words[ahead] in (",", "and"):
                ahead += 1
            if ahead == self.i or not self.begins_point(ahead) or (bare and not self.is_number(ahead)):
                break
            self.i = ahead
        if bare:
            raise bad(
                f"{self.quote(bare[0][1], self.i)} does not say days, weeks, months or years", "a unit, as in week 12 or weeks 0, 12 and 24"
            )
        return found

    def begins_point(self, i: int) -> bool:
        """Whether a point in time begins at word i."""
        after = self.words[i + 1]
        if self.is_number(i):
            return after not in say.UNITS and after != "x"
        return self.words[i] == "now" or (self.words[i] in say.SPANS and self.is_number(i + 1))

    # what it means

    def end(self, words: list[str], week: float) -> None:
        """Stop what these words name."""
        at, every = say.moment(week), words in (["everything"], ["all"])
        named_by = [[step.name for step in self.steps]] if every else groups(words)
        if not (every or any(named_by)):
            raise unknown(words)
        named = next((hits for group in named_by if (hits := [step for step in self.steps if step.name in group])), [])
        has = ", ".join(dict.fromkeys(say.spoken(step.name) for step in self.steps)) or "nothing so far"
        if not named:
            raise bad(f"there is no {' '.join(words)[:60]} to stop", f"what the plan has ({has})")
        using = [s for s in named if s.first_week < week and (week < s.last_week or (s.use.session_weeks and week == s.last_week))]
        if every:
            self.steps = [step for step in self.steps if step.first_week < week]
            using = using or named[: len(named) - len(self.steps)]
        if not using:
            step = named[-1]
            what = f"{say.spoken(step.name)} stops ({at})"
            if week <= step.first_week:
                raise bad(f"{what} before it begins ({say.moment(step.first_week)})", "a later week")
            raise bad(f"{what} after it has ended ({say.moment(step.last_week)})", "an earlier week")
        self.steps = [step.until(week) if step in using else step for step in self.steps]
