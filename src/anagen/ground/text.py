"""Words that others wrote, made fit to print."""

from __future__ import annotations


def clean(text: str) -> str:
    """A text on one line without letters that do not print: no code reaches a terminal, no mark turns the writing round.

    >>> clean(chr(27) + "[31m A\\n\\tB " + chr(0x202E) + "C")
    '[31m A B C'
    """
    return " ".join("".join(letter if letter.isprintable() else " " if letter.isspace() else "" for letter in text).split())
