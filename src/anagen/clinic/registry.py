"""The public registry of US providers, from its bulk file: one DuckDB file, one look-up by number (extra `registry`).

`registry_import` makes the file; `registry_live` asks the registry itself over the network. Both give a `Record`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from anagen.clinic.npi import NPI
from anagen.ground.errors import BadFile, MissingExtra

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MEMORY_MB, THREADS = 900, 2
FORM = 1
"""The form of the table; a file of another form is refused."""
HOW = "what `anagen clinic registry import` has made"


@dataclass(frozen=True)
class Speciality:
    """One of up to 15 that a provider lists about itself: the code, the licence and its state, and whether it is the primary one.

    `name` is what the registry calls it; empty where only the code was told.
    """

    code: str
    licence: str = ""
    state: str = ""
    primary: bool = False
    name: str = ""


@dataclass(frozen=True)
class Record:
    """What the registry says of one number. All of it is told by the provider; none of it is checked by the registry.

    `kind` is `person`, `organisation` or, of a number that is gone, empty. `source`: where and as of when it was read.
    """

    npi: str
    kind: str
    first: str = ""
    middle: str = ""
    last: str = ""
    organisation: str = ""
    credential: str = ""
    other_names: tuple[str, ...] = ()
    specialities: tuple[Speciality, ...] = ()
    city: str = ""
    state: str = ""
    country: str = ""
    enumerated: date | None = None
    updated: date | None = None
    deactivated: date | None = None
    reactivated: date | None = None
    inactive: bool = False
    source: str = ""

    @property
    def name(self) -> str:
        """The legal name, as one line."""
        return self.organisation or " ".join(part for part in (self.first, self.middle, self.last) if part)

    @property
    def primary(self) -> Speciality | None:
        """The speciality with the Y; where none has it, none: the registry does not say which."""
        return next((one for one in self.specialities if one.primary), None)

    @property
    def active(self) -> bool:
        """Whether the number may be used: never deactivated, or reactivated since."""
        gone = self.deactivated is not None and (self.reactivated is None or self.reactivated < self.deactivated)
        return not (self.inactive or gone)


COLUMNS = [
    "npi",
    "kind",
    "first_name",
    "middle_name",
    "last_name",
    "organisation",
    "credential",
    "other_name",
    "codes",
    "licences",
    "states",
    "primary_slot",
    "city",
    "state",
    "country",
    "enumerated",
    "updated",
    "deactivated",
    "reactivated",
]


@dataclass(frozen=True)
class Imported:
    """What an import has made of a `file`: `rows` in all, `active` of them, `columns`, of which `added` beyond the 330 known."""

    path: Path
    file: str
    imported: str
    rows: int
    active: int
    columns: int
    added: int


def connect(path: str, read_only: bool = False, threads: int = THREADS, **config: Any) -> DuckDBPyConnection:
    """A connection to a DuckDB file. Raises `MissingExtra` without DuckDB."""
    try:
        import duckdb
    except ImportError:
        raise MissingExtra("duckdb", "registry") from None
    return duckdb.connect(path, read_only=read_only, config={"threads": threads, "memory_limit": f"{MEMORY_MB}MB", **config})


class Registry:
    """A bulk file that was imported, open for reading. Raises `BadFile` where there is none, or where it is something else.

    Use it in a `with`, or close it: `with Registry("registry.duckdb") as registry: registry.look_up("1234567893")`.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        if not self.path.is_file():
            raise BadFile(str(path), "there is no such file", HOW)
        self._connection = _opened(self.path)
        try:
            form, *about = self._connection.execute("SELECT form, file, imported, rows, active, columns, added FROM about").fetchall()[0]
        except Exception as error:
            self._connection.close()
            raise BadFile(str(path), "it is no registry that anagen imported", HOW) from error
        if form != FORM:
            self._connection.close()
            raise BadFile(str(path), "it was imported by another version of anagen", "a file imported again")
        self.made = Imported(self.path, *about)

    def look_up(self, number: str | NPI) -> Record | None:
        """What the file says of a number; None if it is not there. Raises `BadParameter` for what is no NPI."""
        npi = number if isinstance(number, NPI) else NPI.parse(number)
        found = self._connection.execute(f"SELECT {', '.join(COLUMNS)} FROM registry WHERE npi = ?", [int(npi)]).fetchall()
        rows = [dict(zip(COLUMNS, row, strict=True)) for row in found]
        return self._record(max(rows, key=lambda row: row["updated"] or date.min)) if rows else None

    def _record(self, row: dict[str, Any]) -> Record:
        slots = zip(row["codes"], row["licences"], row["states"], strict=True)
        return Record(
            npi=f"{row['npi']:010d}",
            kind={1: "person", 2: "organisation"}.get(row["kind"], ""),
            first=row["first_name"] or "",
            middle=row["middle_name"] or "",
            last=row["last_name"] or "",
            organisation=row["organisation"] or "",
            credential=row["credential"] or "",
            other_names=(row["other_name"],) if row["other_name"] else (),
            specialities=tuple(
                Speciality(code or "", licence or "", state or "", at == row["primary_slot"])
                for at, (code, licence, state) in enumerate(slots, 1)
                if code or licence
            ),
            city=row["city"] or "",
            state=row["state"] or "",
            country=row["country"] or "",
            enumerated=row["enumerated"],
            updated=row["updated"],
            deactivated=row["deactivated"],
            reactivated=row["reactivated"],
            source=f"bulk file {self.made.file}",
        )

    def close(self) -> None:
        """Let the file go."""
        self._connection.close()

    def __enter__(self) -> Registry:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def _opened(path: Path) -> DuckDBPyConnection:
    try:
        return connect(str(path), read_only=True, threads=1)
    except MissingExtra:
        raise
    except Exception as error:
        raise BadFile(str(path), "it cannot be opened as a DuckDB file", HOW) from error
