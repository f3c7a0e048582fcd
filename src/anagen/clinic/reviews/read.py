"""A file of reviews read: any order of columns, any usual delimiter and encoding. A row that cannot be used is counted, with its line."""

from __future__ import annotations

import csv
import datetime
import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from anagen.clinic.reviews.dates import Dates
from anagen.clinic.text import plain
from anagen.ground.errors import BadFile

COLUMNS = {
    "stars": "stars star starrating rating ratings score sterne sternebewertung estrellas puntuacion calificacion valoracion 評価 星",
    "text": "text review reviewtext comment comments content kommentar bewertung rezension opinion resena comentario texto 本文 口コミ",
    "date": "date datum fecha day published publishedat time timestamp createtime created createdat reviewdate 日付 投稿日",
    "source": "source site platform website quelle plattform fuente sitio plataforma 出典 サイト",
}
"""Each column and the names by which it is found; case, spaces, signs and accents do not matter."""
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
MOST_BYTES = 200_000_000
MOST_LETTERS = 20_000
"""Of one text; what is longer is cut there."""
MOST_SOURCE = 200
MOST_SHOWN = 20
"""Rows that could not be used: so many are kept with their lines; all are counted."""

_WORDS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
_FIGURE = re.compile(r"([1-5])(?:[.,]0+)?\s*(?:(?:/|of|out of|von|de)\s*5(?:[.,]0+)?)?\s*(?:stars?|sterne?n?|estrellas?|★)?")
_DRAWN = re.compile(r"(★{1,5})☆{0,4}")


@dataclass(frozen=True, slots=True)
class Review:
    """One review: the `line` it begins on, 1 to 5 `stars`, its plain `text`, its `source` ("" where none is named), its `date`."""

    line: int
    stars: int
    text: str = ""
    source: str = ""
    date: datetime.date | None = None


@dataclass(frozen=True)
class BadRow:
    """A row that could not be used: its line, and why."""

    line: int
    why: str


@dataclass(frozen=True)
class Reviews:
    """What a file holds. `bad`: the first rows that could not be used, of `n_bad` in all. `said`: how the file was read."""

    file: str
    rows: tuple[Review, ...]
    bad: tuple[BadRow, ...]
    n_bad: int
    encoding: str
    delimiter: str
    columns: tuple[str, ...]
    said: tuple[str, ...] = ()


def read_reviews(path: str | Path) -> Reviews:
    """The reviews of a CSV file with a column of stars, and of texts, dates and sources where it has them.

    Raises `BadFile` for a file that cannot be read, has no column of stars, or no row that can be used.

    >>> read_reviews("nowhere.csv")
    Traceback (most recent call last):
    anagen.ground.errors.BadFile: nowhere.csv: there is no such file.
    """
    path = Path(path)
    try:
        if path.stat().st_size > MOST_BYTES:
            raise BadFile(path.name, "it is too large", f"at most {MOST_BYTES // 1_000_000} MB")
        data = path.read_bytes()
    except FileNotFoundError:
        raise BadFile(path.name, "there is no such file") from None
    except OSError as error:
        raise BadFile(path.name, f"it cannot be read ({(error.strerror or 'unknown').lower()})") from None
    return parse_reviews(data, path.name)


def parse_reviews(data: bytes, file: str) -> Reviews:
    """The reviews in the bytes of a file; `file` names it in errors. Raises as `read_reviews`.

    >>> found = parse_reviews("Sterne;Bewertung\\n5;Sehr schön\\nviele;?\\n".encode("cp1252"), "r.csv")
    >>> found.rows[0].text, found.bad[0].line, found.encoding, found.delimiter
    ('Sehr schön', 3, 'cp1252', 'semicolon')
    """
    text, encoding, said = decoded(data)
    if not text.strip("\ufeff\0 \r\n\t"):
        raise BadFile(file, "the file is empty", "a table with a column of stars; see examples/clinic/reviews.csv")
    table = _table(text, file)
    at = table.places
    dates = Dates()
    kept: list[tuple[int, int, str, str, str]] = []
    bad: list[BadRow] = []
    n_bad = cut = 0
    for line, cells in _records(text, table):
        why, stars = _problem(cells, table), None
        if not why and (stars := stars_of(cells[at["stars"]])) is None:
            why = "the stars are not a whole number from 1 to 5"
        if stars is None:
            n_bad += 1
            if len(bad) < MOST_SHOWN:
                bad.append(BadRow(line, why))
            continue
        said_of, source, date = (cells[at[name]] if at.get(name, len(cells)) < len(cells) else "" for name in ("text", "source", "date"))
        cut += len(said_of) > MOST_LETTERS
        dates.note(date)
        kept.append((line, stars, said_of[:MOST_LETTERS], source[:MOST_SOURCE], date[:MOST_SOURCE]))
    if not kept:
        first = f" (line {bad[0].line}: {bad[0].why})" if bad else ""
        raise BadFile(file, f"no row can be used{first}", "rows with 1 to 5 stars")
    sources = {given: plain(given).replace("\n", " ") for given in {one[3] for one in kept}}
    rows = tuple(Review(line, stars, plain(words), sources[source], dates.read(date)) for line, stars, words, source, date in kept)
    unread = sum(row.date is None and bool(one[4].strip()) for row, one in zip(rows, kept, strict=True))
    notes = (
        *said,
        *(f"There is no column of {name}s." for name in COLUMNS if name not in at),
        *([f"Texts that are longer than {MOST_LETTERS:,} letters and were cut there: {cut}."] if cut else []),
        *([f"Dates that could not be read: {unread}. {dates.said}".strip()] if unread else []),
    )
    return Reviews(file, rows, tuple(bad), n_bad, encoding, DELIMITERS[table.delimiter], tuple(sorted(at)), notes)


def decoded(data: bytes) -> tuple[str, str, tuple[str, ...]]:
    """The text of some bytes, the encoding it was read in, and what to say of that where it is a guess.

    >>> decoded("é".encode("utf-16"))[:2], decoded(b"ni\\xf1o")[:2]
    (('é', 'utf-16'), ('niño', 'cp1252'))
    """
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe\0\0", "utf-32"), (b"\0\0\xfe\xff", "utf-32"), (b"\xff\xfe", "utf-16")):
        if data.startswith(mark):
            return data.decode(name, errors="replace"), name.removesuffix("-sig"), ()
    if data.startswith(b"\xfe\xff"):
        return data.decode("utf-16", errors="replace"), "utf-16", ()
    head = data[:4000]
    for name, at in (("utf-16-le", 1), ("utf-16-be", 0)):
        if len(head) >= 8 and head[at::2].count(0) > len(head) / 5 and head[1 - at :: 2].count(0) < len(head) / 20:
            return data.decode(name, errors="replace"), name, (f"The file does not name its encoding; it was read as {name}.",)
    try:
        return data.decode("utf-8"), "utf-8", ()
    except UnicodeDecodeError:
        pass
    return _guessed(data)


def stars_of(cell: str) -> int | None:
    """1 to 5 stars as sites write them; None for anything else.

    >>> [stars_of(cell) for cell in ("5", "4.0", "3/5", "★★★★☆", "FIVE", "4.5", "6", "")]
    [5, 4, 3, 4, 5, None, None, None]
    """
    bare = unicodedata.normalize("NFKC", cell[:40]).strip().lower().replace("⭐", "★").replace("\ufe0f", "")
    if found := _DRAWN.fullmatch(bare):
        return len(found[1]) if len(bare) <= 5 else None
    if found := _FIGURE.fullmatch(bare):
        return int(found[1])
    return _WORDS.get(bare)


@dataclass(frozen=True)
class _Table:
    """How many `lines` stand before the header, what parts cells, where each column is, of how many."""

    lines: int
    delimiter: str
    places: dict[str, int]
    width: int


def _table(text: str, file: str) -> _Table:
    lines = 0
    line = ""
    for whole in io.StringIO(text[:100_000], newline=None):
        line = whole.strip("\ufeff\0 \r\n")
        if line and not line.lower().startswith("sep="):
            break
        lines += 1
    found: list[tuple[int, str, dict[str, int], int]] = []
    for delimiter in DELIMITERS:
        cells = next(csv.reader([line[:20_000]], delimiter=delimiter), [])
        keys = [_key(cell) for cell in cells]
        places: dict[str, int] = {}
        for name, aliases in COLUMNS.items():
            known = [_key(alias) for alias in aliases.split()]
            at = min((known.index(key), place) for place, key in enumerate(keys) if key in known) if set(keys) & set(known) else None
            if at is not None:
                places[name] = at[1]
        found.append((len(places), delimiter, places, len(cells)))
    _, delimiter, places, width = max(found, key=lambda one: (one[0], one[3]))
    if "stars" not in places:
        raise BadFile(
            file, f"the first line names no column of stars: {plain(line[:80])!r}", "columns stars, text, date, source, in any order"
        )
    return _Table(lines, delimiter, places, width)


def _records(text: str, table: _Table) -> Iterator[tuple[int, list[str]]]:
    """Each row after the header, with the line it begins on; no cells where one never ends. Blank lines are none."""
    file = io.StringIO(text, newline="")
    for _ in range(table.lines):
        file.readline()
    reader = csv.reader(file, delimiter=table.delimiter)
    line, header = table.lines + 1, True
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            cells = []
            yield line, cells
        else:
            if not header and any(cell.strip() for cell in cells):
                yield line, cells
        header, line = False, table.lines + reader.line_num + 1


def _problem(cells: list[str], table: _Table) -> str:
    if not cells:
        return "a cell never ends: is a quotation mark left open?"
    if len(cells) <= table.places["stars"] or any(cell.strip() for cell in cells[table.width :]):
        return f"it has {len(cells)} cells where the first line has {table.width}"
    return ""


def _key(name: str) -> str:
    """A column's name bare: no case, accents, spaces or signs."""
    spread = unicodedata.normalize("NFKD", name.casefold())
    return "".join(sign for sign in spread if sign.isalnum())


def _guessed(data: bytes) -> tuple[str, str, tuple[str, ...]]:
    """Bytes that are not whole UTF-8: UTF-8 with faults, Japanese, or Western European."""
    mended = data.decode("utf-8", errors="replace")
    broken = mended.count("\ufffd")
    if sum(sign > "\x7f" for sign in mended) > 3 * broken:
        return mended, "utf-8", (f"Places of the file that are not UTF-8, each shown as a blank: {broken}.",)
    try:
        text = data.decode("cp932")
        foreign = sum(sign > "\x7f" for sign in text)
        if sum("\u3041" <= sign <= "\u30ff" for sign in text) > 0.2 * foreign:
            return text, "shift-jis", ("The file does not name its encoding; it was read as shift-jis, since that gives Japanese letters.",)
    except UnicodeDecodeError:
        pass
    for name in ("cp1252", "latin-1"):
        try:
            return data.decode(name), name, (f"The file is not UTF-8; it was read as {name}. Letters with accents may be wrong.",)
        except UnicodeDecodeError:
            continue
    raise AssertionError("latin-1 reads any bytes")
