"""Reviews weighed, on a terminal: what those who wrote gave, what stands out, and what ratings are worth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from anagen.clinic.rules import rule as plain_rule
from anagen.clinic.text import plain
from anagen.compare import NOT_A_DEVICE

if TYPE_CHECKING:
    from anagen.clinic.reviews import Copies, Share, Shrunken, Weighed

HEAD = "This is about those who wrote. It is no mark for the clinic."
PRIOR = (
    "The mean is shrunken: it starts as if there were one review of each star, since no source we read says how clinics are rated. "
    "The range takes each review as one free voice."
)
SILENT = "People who did not write are in no number here."
COPIED = (
    "A copy shares most of its letters with another text. One person may post on two sites; texts may also be made from one pattern. "
    "The file cannot tell which."
)
WORDED = "Found by words, in English, Spanish and German. Most gifts are never told, so the true share may be higher."
FALL = "This takes it that the count goes on falling as it does from 4 to 3 stars. That is our guess, not a law."
NO_PROOF = "Such a sign is no proof of anything: it is a reason to look for reviews in other places, and to ask."
CROWDED = "A mail to all patients, a sale, or one day of loading old reviews can crowd a week as well."


def show(found: Weighed, console: Console) -> None:
    """Print all of it, for 80 columns."""
    _say(console, f"Reviews in {_line(found.file)}: {found.stars.n:,} used", "bold")
    _read(found, console)
    _say(console, f"\nStars of those who wrote. {HEAD}", "bold")
    console.print(_stars(found))
    if found.n_sources > len(found.sources):
        _say(console, f"The file names {found.n_sources:,} sources; the {len(found.sources)} largest are shown.")
    _say(console, f"{PRIOR} {SILENT}")
    _copies(found.copies, console)
    _say(console, "\nTexts that say why they were written", "bold")
    _say(console, f"Something was given for it: {share(found.incentive)}")
    _say(console, f"The clinic asked for it: {share(found.prompted)}")
    if found.incentive.of:
        _say(console, WORDED)
    _low(found, console)
    _crowds(found, console)
    _say(console, "\nWhat ratings say about hair: little", "bold")
    for rule in found.rules:
        words = plain_rule(rule.rule_id).plain
        _say(console, f"- {words.why} Next: {words.check}")
        _say(console, f"  [{rule.rule_id}, {rule.as_of}] {rule.source_citation}", "dim")
    _say(console, f"\n{NOT_A_DEVICE}", "bold")


def share(found: Share) -> str:
    """A share in words: "3 of 40 texts, 8 % (95 % range 2 to 19 %)", and the lines."""
    if not found.of:
        return "not known: no review has a text."
    where = f"; lines {', '.join(map(str, found.lines[:10]))}{' ...' if found.n > 10 else ''}" if found.n else ""
    within = f"95 % range {_percent(found.low)} to {_percent(found.high)} %"
    return f"{found.n:,} of {found.of:,} texts, {_percent(found.share)} % ({within}){where}."


def _read(found: Weighed, console: Console) -> None:
    _say(console, f"Read as {found.encoding}, cells parted by a {found.delimiter}. Columns: {', '.join(found.columns)}.")
    for note in found.notes:
        _say(console, f"- {note}")
    if found.n_bad:
        first = "; ".join(f"line {one.line}: {one.why}" for one in found.bad[:5])
        _say(console, f"- Rows that could not be used: {found.n_bad:,} ({first}{' ...' if found.n_bad > 5 else ''}).", "yellow")


def _stars(found: Weighed) -> Table:
    table = Table(box=None, pad_edge=False, show_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    table.add_column("", width=20, overflow="fold")
    for name in ("wrote", "5", "4", "3", "2", "1"):
        table.add_column(name, justify="right")
    table.add_column("mean (95 % range)", justify="right")
    lines = [("all", found.stars)]
    if found.copies.n:
        lines.append(("copies counted once", found.once))
    lines += [(_line(one.name) or "no source named", one.stars) for one in found.sources] if found.n_sources > 1 else []
    for name, stars in lines:
        table.add_row(Text(name[:60]), f"{stars.n:,}", *(f"{count:,}" for count in reversed(stars.counts)), _mean(stars))
    return table


def _mean(stars: Shrunken) -> str:
    return f"{stars.mean:.1f} ({stars.low:.1f} to {stars.high:.1f})"


def _copies(found: Copies, console: Console) -> None:
    _say(console, "\nCopied texts", "bold")
    if not found.compared:
        _say(console, "Not known: no text is long enough to compare.")
        return
    left = f" Too short to compare: {found.short:,}; without text: {found.empty:,}."
    if not found.n:
        _say(console, f"None of {found.compared:,} texts is a copy of another.{left}")
        return
    _say(console, f"{found.n:,} of {found.compared:,} texts are copies, in {found.n_groups:,} groups.{left}")
    _say(console, f"Groups with texts from more than one source: {found.across:,}.")
    for group in found.groups[:5]:
        where = ", ".join(map(str, group.lines[:8])) + (" ..." if len(group.lines) > 8 else "")
        same = f", {group.same} the same to the letter" if group.same else ""
        console.print(Text.assemble(f"- {len(group.lines):,} texts{same}, lines {where}: ", (f"“{group.excerpt}”", "italic")))
    _say(console, COPIED)


def _low(found: Weighed, console: Console) -> None:
    low = found.low_stars
    _say(console, "\nReviews with 1 or 2 stars", "bold")
    _say(
        console,
        f"{low.n_low:,} of {low.n:,}, {_percent(low.share)} %. Reviews like these fit a share of "
        f"{_percent(low.low)} to {_percent(low.high)} % (95 % range).",
    )
    if low.few:
        _say(
            console,
            f"That is few. If the count went on falling as it does from 4 to 3 stars, about {low.expected:,.0f} would be there; "
            f"so few would come up in {_thousand(low.chance)} of 1,000 such files. {FALL} {NO_PROOF}",
            "yellow",
        )
    else:
        _say(console, f"The other stars do not show that low ones are missing (held to 10 of 1,000 false alarms). {FALL}")
    for one in low.sources:
        _say(
            console,
            f"{_line(one.source) or 'Reviews without a source'}: {one.n_low:,} of {one.n:,} are low; of all others "
            f"{one.others_low:,} of {one.others:,}. {NO_PROOF}",
            "yellow",
        )


def _crowds(found: Weighed, console: Console) -> None:
    held = found.crowds
    _say(console, "\nWeeks with many reviews at once", "bold")
    if not held.tested:
        _say(console, f"Not known: {held.dated:,} dates over {held.weeks:,} weeks are too few to tell.")
        return
    if not held.n_crowds:
        _say(console, f"None in {held.weeks:,} weeks with {held.dated:,} dates (held to 10 of 1,000 false alarms).")
        return
    _say(console, f"{held.n_crowds:,} of {held.weeks:,} weeks (held to 10 of 1,000 false alarms if reviews come evenly):", "yellow")
    for one in held.crowds[:5]:
        _say(console, f"- week from {one.start}: {one.n:,} reviews, where the weeks around it lead one to look for {one.expected:.1f}")
    _say(console, f"{CROWDED} {NO_PROOF}")


def _percent(value: float) -> str:
    """Whole percents, one figure below 10; none and all are shown as such only where they are."""
    got = 100 * value
    return f"{got:.0f}" if got >= 10 or got == 0 else f"{got:.1f}" if got >= 0.05 else "below 0.1"


def _thousand(chance: float) -> str:
    return f"{1000 * chance:.1f}" if chance >= 0.0001 else "fewer than 0.1"


def _line(text: str) -> str:
    return " ".join(plain(text).split())


def _say(console: Console, text: str, style: str = "") -> None:
    console.print(Text(text, style=style))
