"""The registry's bulk file (CSV, or the zip that holds it) made into one DuckDB file, in one pass: whole or not at all.

The file is read in pieces that end where a record ends, so memory and disk stay small; columns are found by name, so a file with
columns added or moved is read as well. The new table is built in a folder beside the old one and takes its place at the very end.
"""

from __future__ import annotations

import csv
import os
import re
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING

from anagen.clinic.registry import COLUMNS, FORM, Imported, connect
from anagen.ground.errors import BadFile
from anagen.ground.files import writable

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SLOTS = 15
PIECE, LONGEST = 64 << 20, 8 << 20
KNOWN_COLUMNS = 330
MEMBER = re.compile(r"npidata_pfile_[^/]*(?<!fileheader)\.csv$", re.IGNORECASE)
_PLAIN = {
    "first_name": "Provider First Name",
    "middle_name": "Provider Middle Name",
    "last_name": "Provider Last Name (Legal Name)",
    "organisation": "Provider Organization Name (Legal Business Name)",
    "credential": "Provider Credential Text",
    "city": "Provider Business Practice Location Address City Name",
    "state": "Provider Business Practice Location Address State Name",
    "country": "Provider Business Practice Location Address Country Code (If outside U.S.)",
}
_DATES = {
    "enumerated": "Provider Enumeration Date",
    "updated": "Last Update Date",
    "deactivated": "NPI Deactivation Date",
    "reactivated": "NPI Reactivation Date",
}
_SLOT = {
    "codes": "Healthcare Provider Taxonomy Code_{}",
    "licences": "Provider License Number_{}",
    "states": "Provider License Number State Code_{}",
}
_SWITCH = "Healthcare Provider Primary Taxonomy Switch_{}"
_OTHER = ("Provider Other First Name", "Provider Other Last Name", "Provider Other Organization Name")
NEEDED = (
    "NPI",
    "Entity Type Code",
    *_PLAIN.values(),
    *_DATES.values(),
    *_OTHER,
    *(part.format(slot) for slot in range(1, SLOTS + 1) for part in (*_SLOT.values(), _SWITCH)),
)
"""The columns that are read; a file without one of them is refused."""


def import_file(source: str | Path, to: str | Path, told: Callable[[float], None] = lambda share: None) -> Imported:
    """Read a bulk file into the DuckDB file `to`; `told` hears the share done. An older file stays until the new one is whole.

    Raises `BadFile` for a file that is not the registry's or breaks off, `MissingExtra` without DuckDB.
    """
    source, to = Path(source), writable(to)
    if source.resolve() == to.resolve():
        raise BadFile(str(to), "this is the bulk file itself", "another name for the registry")
    home = to.resolve()
    if home.exists() and not _is_database(home):
        raise BadFile(str(to), "there is another kind of file under that name", "a new name, or a registry imported before")
    _sweep(home)
    folder = Path(tempfile.mkdtemp(prefix=f".{home.name}.{os.getpid()}.", suffix=".part", dir=home.parent))
    try:
        with _opened(source) as (file, name, size):
            made = _build(file, source, folder, lambda done: told(0.9 * min(done / max(size, 1), 1.0)))
        rows, active, columns = made
        now = datetime.now().isoformat(timespec="seconds")
        result = Imported(to, name, now, rows, active, columns, max(columns - KNOWN_COLUMNS, 0))
        _finish(folder, result)
        _settle(folder / "new.duckdb")
        os.replace(folder / "new.duckdb", home)
        told(1.0)
        return result
    except OSError as error:
        raise BadFile(str(to), f"it cannot be written ({(error.strerror or 'unknown').lower()})") from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _opened(source: Path) -> Iterator[tuple[IO[bytes], str, int]]:
    """The bulk file open for reading, its name, and its size in bytes when unpacked."""
    if not source.is_file():
        raise BadFile(str(source), "there is no such file")
    if not zipfile.is_zipfile(source):
        with source.open("rb") as plain:
            yield plain, source.name, source.stat().st_size
        return
    with zipfile.ZipFile(source) as archive:
        members = [one for one in archive.infolist() if not one.is_dir()]
        found = [one for one in members if MEMBER.search(one.filename)] or [one for one in members if one.filename.lower().endswith(".csv")]
        if len(found) != 1:
            raise BadFile(str(source), f"it holds {len(found)} files that could be the registry", "one npidata_pfile_....csv")
        with archive.open(found[0]) as member:
            yield member, Path(found[0].filename).name, found[0].file_size


def pieces(file: IO[bytes], where: str, size: int = PIECE) -> Iterator[bytes]:
    """The bytes of a file in pieces that end where a record ends: at a line end outside quotes.

    >>> import io
    >>> list(pieces(io.BytesIO(b'a,"b\\nc"\\nd,e\\n'), "x.csv", 5))
    [b'a,"b\\nc"\\n', b'd,e\\n']
    """
    kept = b""
    while block := file.read(size):
        kept += block
        end = _last_record(kept)
        if end:
            yield kept[:end]
            kept = kept[end:]
        if len(kept) > size + LONGEST:
            raise BadFile(where, "a quote is opened and never closed", "the registry's own file")
    if kept.count(b'"') % 2:
        raise BadFile(where, "it breaks off within a quoted cell", "the whole file")
    if kept:
        yield kept if kept.endswith(b"\n") else kept + b"\n"


def _last_record(text: bytes) -> int:
    """Where the last whole record of a text ends, that begins where a record begins."""
    odd, at = text.count(b'"') % 2, len(text)
    while (found := text.rfind(b"\n", 0, at)) >= 0:
        odd = (odd + text.count(b'"', found, at)) % 2
        if not odd:
            return found + 1
        at = found
    return 0


def _build(file: IO[bytes], source: Path, folder: Path, told: Callable[[int], None]) -> tuple[int, int, int]:
    """All rows into a first table, in the order of the file; rows, active rows and columns."""
    columns: list[str] = []
    done, rows = 0, 0
    with _database(folder) as connection:
        for text in pieces(file, str(source)):
            size = len(text)
            if not columns:
                columns, text = _header(text, source)
                connection.execute(_TABLE)
            if text.strip():
                rows = _append(connection, columns, text, folder, source, rows)
            done += size
            told(done)
        if not rows:
            raise BadFile(str(source), "it holds no rows" if columns else "the file is empty", "the registry's own file")
        counted = connection.execute("SELECT count(*) FROM part WHERE deactivated IS NULL OR reactivated >= deactivated").fetchone()
        active = counted[0] if counted else 0
    return rows, active, len(columns)


def _database(folder: Path) -> DuckDBPyConnection:
    made = connect(str(folder / "part.duckdb"), temp_directory=str(folder / "spill"), preserve_insertion_order=False)
    return made


_TYPES = (
    {"npi": "UINTEGER", "kind": "UTINYINT", "primary_slot": "UTINYINT"} | dict.fromkeys(_SLOT, "VARCHAR[]") | dict.fromkeys(_DATES, "DATE")
)
_TABLE = "CREATE TABLE part (" + ", ".join(f"{name} {_TYPES.get(name, 'VARCHAR')}" for name in COLUMNS) + ")"


def _header(text: bytes, source: Path) -> tuple[list[str], bytes]:
    """The names of the columns, and what follows the header."""
    end = text.find(b"\n") + 1
    try:
        columns = [name.strip() for name in next(csv.reader([text[:end].decode("utf-8-sig").rstrip("\r\n")], strict=True))]
    except (UnicodeDecodeError, csv.Error, StopIteration):
        raise BadFile(str(source), "it does not begin with the names of columns", "the registry's own file") from None
    if missing := [name for name in NEEDED if name not in columns]:
        more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
        raise BadFile(str(source), f"there is no column {missing[0]!r}{more}", "the registry's own file, with its header")
    return columns, text[end:]


def _append(connection: DuckDBPyConnection, columns: list[str], text: bytes, folder: Path, source: Path, rows: int) -> int:
    """A piece more; how many rows there are now."""
    piece = folder / "piece.csv"
    piece.write_bytes(text)
    at = {name: f"c{place}" for place, name in reversed(list(enumerate(columns)))}
    names = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(len(columns)))
    read = (
        f"read_csv('{_quoted(piece)}', header = false, columns = {{{names}}}, delim = ',', quote = '\"', escape = '\"', "
        f"auto_detect = false, strict_mode = true, encoding = 'utf-8', max_line_size = {LONGEST})"
    )
    try:
        added = connection.execute(f"INSERT INTO part SELECT {', '.join(_expressions(at))} FROM {read}").fetchone()
    except Exception as error:
        raise BadFile(str(source), f"among the rows after the first {rows:,} one cannot be read ({_first_line(error)})") from error
    return rows + (added[0] if added else 0)


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _first_line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return re.sub(r"\s+", " ", lines[0] if lines else type(error).__name__)[:160].rstrip(". ")


def _expressions(at: dict[str, str]) -> list[str]:
    """What each of `COLUMNS` is, of the columns of the file."""
    made = {name: f"nullif(trim({at[column]}), '')" for name, column in _PLAIN.items()}
    made |= {name: f"CAST(strptime(nullif(trim({at[column]}), ''), ['%m/%d/%Y', '%Y-%m-%d']) AS DATE)" for name, column in _DATES.items()}
    slots = range(1, SLOTS + 1)
    used = (
        "greatest("
        + ", ".join(
            f"CASE WHEN {at[_SLOT['codes'].format(n)]} > '' OR {at[_SLOT['licences'].format(n)]} > '' THEN {n} ELSE 0 END" for n in slots
        )
        + ")"
    )
    for name, column in _SLOT.items():
        every = ", ".join(f"coalesce({at[column.format(slot)]}, '')" for slot in slots)
        made[name] = f"list_slice([{every}], 1, {used})"
    whens = " ".join(f"WHEN {at[_SWITCH.format(slot)]} = 'Y' THEN {slot}" for slot in slots)
    made["primary_slot"] = f"CASE {whens} ELSE 0 END"
    first, last, business = (at[name] for name in _OTHER)
    made["other_name"] = f"nullif(trim(concat_ws(' ', {first}, {last}, {business})), '')"
    made["npi"], made["kind"] = f"CAST({at['NPI']} AS UINTEGER)", f"CAST(nullif({at['Entity Type Code']}, '') AS UTINYINT)"
    return [f"{made[name]} AS {name}" for name in COLUMNS]


def _finish(folder: Path, made: Imported) -> None:
    """The table in the order of its numbers, so that a look-up reads one small part of it, and what is said of it."""
    with _database(folder) as connection:
        connection.execute(f"ATTACH '{_quoted(folder / 'new.duckdb')}' AS new")
        connection.execute("CREATE TABLE new.registry AS SELECT * FROM part ORDER BY npi")
        connection.execute(
            "CREATE TABLE new.about AS SELECT ? AS form, ? AS file, ? AS imported, ? AS rows, ? AS active, ? AS columns, ? AS added",
            [FORM, made.file, made.imported, made.rows, made.active, made.columns, made.added],
        )
        connection.execute("CHECKPOINT new")
        connection.execute("DETACH new")


def _is_database(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(12)[8:] == b"DUCK"


def _settle(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _sweep(home: Path) -> None:
    """Take away what an import that was killed has left beside the file; one that still runs keeps its own."""
    for folder in home.parent.glob(f".{home.name}.*.part"):
        match = re.match(rf"\.{re.escape(home.name)}\.(\d+)\.", folder.name)
        if match and folder.is_dir() and not _runs(int(match[1])):
            shutil.rmtree(folder, ignore_errors=True)


def _runs(process: int) -> bool:
    if os.name != "posix":
        return True  # there is no harmless way to ask
    with suppress(PermissionError):
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return False
    return True
