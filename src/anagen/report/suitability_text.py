"""Suitability on a terminal, for 80 columns: the gate, the signs, then the options by verdict, each reason with its source."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from anagen.compare import NOT_A_DEVICE
from anagen.suitability import ASK_FIRST, DO_NOT, NOT_STUDIED, STUDIED

if TYPE_CHECKING:
    from anagen.people.signs import Sign
    from anagen.suitability import OptionVerdict, Reason, Suitability

WIDEST = 96
HEADS = {
    DO_NOT: ("Do not", "red"),
    ASK_FIRST: ("Ask first", "yellow"),
    NOT_STUDIED: ("Not studied in people like you", "cyan"),
    STUDIED: ("Studied in people like you", "green"),
}
ORDER = (
    "The strictest reason counts: do not, then ask first, then not studied, then studied. Studied only says that people like you were in a "
    "trial. It does not say that it works. [no source read] marks our own care, not a finding."
)
NO_SOURCE = "no source read"


def show(found: Suitability, console: Console) -> None:
    """Print it all."""
    _wrap(console, f"Before any number: {found.person}", "bold")
    _wrap(console, "")
    if found.refused is None:
        _wrap(console, "Numbers: nothing in your file stops them.")
    else:
        _wrap(console, f"Numbers: none are given. {_capital(found.refused)}", "bold red")
    _signs(found, console)
    _words(found, console)
    _wrap(console, "")
    _wrap(console, ORDER)
    for verdict, options in found.by_verdict().items():
        if options:
            _group(verdict, options, console)
    _wrap(console, "")
    _wrap(console, NOT_A_DEVICE, "bold")


def _signs(found: Suitability, console: Console) -> None:
    _wrap(console, "")
    if not found.signs_asked:
        _wrap(console, "Signs that need a diagnosis first: nobody has asked you. Go through them:", "bold yellow")
        for sign in found.to_ask:
            _wrap(console, f'- {sign.question} ("{sign.sign}": see {sign.see}, {sign.urgency})', hang=2)
        _wrap(console, 'If none is true, write signs = [] in your file. If one is, write its word, as signs = ["round patches"].')
    elif not found.signs:
        _wrap(console, "Signs that need a diagnosis first: you were asked, and have none.")
    else:
        _wrap(console, "Signs that need a diagnosis first:", "bold red")
        for sign in found.signs:
            _sign(sign, console)


def _sign(sign: Sign, console: Console) -> None:
    _wrap(console, f"- {_capital(sign.sign)}: think of {sign.think_of}. See {sign.see} {sign.urgency}. {sign.do}", hang=2)
    how_soon = "" if sign.urgency_mark != "assumed" else " How soon is our own reading of it."
    _wrap(console, f"Source: {sign.source_url}{_quoted(sign.quote)}.{how_soon}", "dim", indent=2)


def _words(found: Suitability, console: Console) -> None:
    if found.read_as or found.unknown:
        _wrap(console, "")
        _wrap(console, "Your words for conditions and medicines:", "bold")
    for word, says in found.read_as:
        _wrap(console, f'- "{word}" was read as: {says}', hang=2)
    for word, near in found.unknown:
        hint = f' Did you mean "{near}"?' if near else ""
        said = f'- "{word}" was not recognised, so nothing here takes it into account.{hint} Show it to a doctor.'
        _wrap(console, said, "yellow", hang=2)
    if found.missing:
        _wrap(console, "")
        _wrap(console, "What your file does not tell:", "bold")
    for question in found.missing:
        _wrap(console, f"- {question.question} ({question.field}: {question.if_left_out})", hang=2)


def _group(verdict: str, options: tuple[OptionVerdict, ...], console: Console) -> None:
    head, style = HEADS[verdict]
    _wrap(console, "")
    _wrap(console, f"{head} ({len(options)})", f"bold {style}")
    for option in options:
        name = option.option.replace("_", " ")
        _wrap(console, f"- {name}: {option.title}" if option.title != name else f"- {name}", "bold", hang=2)
        for reason in option.reasons:
            told = f" (from: {reason.told})" if reason.told else ""
            lead = "" if reason.verdict == verdict else f"{HEADS[reason.verdict][0]}: "
            ask = f" Ask {reason.ask}{', ' + reason.urgency if reason.urgency else ''}." if reason.ask else ""
            _wrap(console, f"{lead}{reason.says}{told}{ask}", indent=4)
            _wrap(console, f"[{_source(reason)}]", "dim", indent=4)
        if option.trials:
            _wrap(console, f"Who was in: {option.who}.", "dim", indent=4)


def _source(reason: Reason) -> str:
    if reason.mark == NO_SOURCE:
        return NO_SOURCE
    if reason.source_url:
        return f"{reason.source}; {reason.source_url}{_quoted(reason.quote)}"
    where, _, names = reason.source.partition(": ")
    if reason.verdict == NOT_STUDIED and names:
        return f"{where}; --json names each study that was looked at"
    return reason.source


def _quoted(quote: str) -> str:
    return f' "{quote}"' if quote else ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _wrap(console: Console, text: str, style: str = "", indent: int = 0, hang: int = 0) -> None:
    width, lead = min(console.width, WIDEST), " " * indent
    hung = lead + " " * hang
    lines = textwrap.wrap(text, width, initial_indent=lead, subsequent_indent=hung, break_long_words=False, break_on_hyphens=False)
    for line in lines or [""]:
        console.print(Text(line, style), soft_wrap=True)
