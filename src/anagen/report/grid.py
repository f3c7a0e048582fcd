"""Tables for any width of a terminal: side by side where every number fits whole, else one block per row. No number is ever cut."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

Cell = str | Text
Row = Sequence[Cell]


@dataclass(frozen=True)
class Column:
    """One column. `least`: words may wrap, down to so many letters (None: numbers, which never do); `called`: its name in a block."""

    title: str
    least: int | None = None
    right: bool = True
    called: str = ""


class Grid:
    """Rows under the same columns, in one table or several that line up; the first column names the row.

    Where a console is too narrow for the least widths, each row is a block: its name, then a line a cell.

    >>> grid = Grid([Column("", 4, right=False), Column("3 mo")], [("laser", "+14\\n1 to 57")])
    >>> grid.print(Console(width=11), grid.rows)
    laser
      3 mo: +14 (1 to 57)
    """

    def __init__(self, columns: Sequence[Column], rows: Iterable[Row], ruled: bool = False, style: str = "") -> None:
        self.columns, self.rows, self.ruled, self.style = tuple(columns), [tuple(map(_text, row)) for row in rows], ruled, style
        self._gap = 2 if ruled else 1

    def print(self, console: Console, rows: Iterable[Row], head: bool = True, styles: Sequence[str] = ()) -> None:
        """Print some of the rows, with the titles of the columns or without; `styles`: of each row."""
        widths = self._widths(console.width)
        shown = [tuple(map(_text, row)) for row in rows]
        if not widths:
            for row in shown:
                self._block(console, row)
            return
        table = Table(box=box.SIMPLE_HEAD if self.ruled else None, pad_edge=False, show_edge=False, show_header=head, padding=(0, 1, 0, 0))
        if self.ruled:
            table.padding = (0, 1)
        for column, width in zip(self.columns, widths, strict=True):
            side, whole = ("right" if column.right else "left"), column.least is None
            table.add_column(column.title, width=width, justify=side, header_style=self.style, no_wrap=whole)  # type: ignore[arg-type]
        for place, row in enumerate(shown):
            table.add_row(*row, style=styles[place] if styles else None)
        console.print(table)

    def side_by_side(self, console: Console) -> bool:
        """Whether all fits side by side on this console."""
        return bool(self._widths(console.width))

    def _widths(self, room: int) -> list[int]:
        """The width of each column, or none if they do not fit: what is left goes to the columns of words."""
        every = [tuple(Text(column.title) for column in self.columns), *self.rows]
        whole = [max(_longest_line(row[place]) for row in every) for place in range(len(self.columns))]
        widths = [full if one.least is None else min(full, one.least) for one, full in zip(self.columns, whole, strict=True)]
        left = room - sum(widths) - (self._gap + self.ruled) * (len(widths) - 1)
        if left < 0:
            return []
        numbers = [place for place, one in enumerate(self.columns) if one.least is None]
        if left >= len(numbers):  # air before words
            for place in numbers:
                whole[place], widths[place], left = whole[place] + 1, widths[place] + 1, left - 1
        for place, full in enumerate(whole):
            more = min(full - widths[place], left)
            widths[place], left = widths[place] + more, left - more
        return widths

    def _block(self, console: Console, row: tuple[Text, ...]) -> None:
        named = not self.columns[0].title or self.columns[0].least is not None
        if named and row[0].plain.strip():
            console.print(Text(" ".join(row[0].plain.split()), style="bold"))
        for column, cell in list(zip(self.columns, row, strict=True))[named:]:
            first, *more = cell.plain.split("\n")
            said = first + (f" ({'; '.join(more)})" if more else "")
            if said.strip():
                console.print(Text(f"  {column.called or column.title}: {said}"))


def _text(cell: Cell) -> Text:
    return cell if isinstance(cell, Text) else Text(cell)


def _longest_line(cell: Text) -> int:
    return max(map(len, cell.plain.split("\n")))
