"""What drives an answer, for the terminal: the sentences, then a table, with a bar for the share of variance."""

from __future__ import annotations

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from anagen.report.tornado import MOST, chosen, notes, sentences, table, title
from anagen.therapy.sensitivity import Drivers

BAR = 10
"""Characters of a whole bar."""


def show(found: Drivers, console: Console, most: int = MOST) -> None:
    """Print every output with its drivers, the one most worth measuring first."""
    for driven in found.outputs.values():
        console.print(Text(f"\nWhat drives this: {title(driven)}", style="bold"))
        for sentence in sentences(driven):
            console.print(Text(sentence))
        shown = chosen(driven, most)
        if not shown:
            continue
        lines = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, expand=False)
        for place, name in enumerate(("Unknown", "From", "Answer at its ends", "Share of variance", "", "With others")):
            lines.add_column(name, justify="left" if place in (0, 1, 4) else "right", overflow="fold")
        for (name, _, mark, low, high, share, span, total), one in zip(table(driven, most), shown, strict=True):
            bar = "" if driven.rare else "█" * round(BAR * one.variance_share)
            told = share if driven.rare else f"{share} [{span}]"
            lines.add_row(*(Text(cell) for cell in (name, mark, f"{low} to {high}", told, bar, total)))
        console.print(lines)
    console.print(Text("\n" + " ".join(notes(found)), style="dim"))
