"""Who stands behind a provider number, on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from anagen.compare import NOT_A_DEVICE
from anagen.evidence.tables import row
from anagen.ground.text import clean

if TYPE_CHECKING:
    from anagen.clinic.boards import LookUp
    from anagen.clinic.registry import Imported, Record
    from anagen.clinic.who import Who

WORDS = {"agrees": "fits", "differs": "differs", "ask": "ask", "wrong": "WRONG", "note": "note"}
STYLES = {"agrees": "green", "differs": "yellow", "ask": "yellow", "wrong": "bold red", "note": "bold"}


def show(found: Who, console: Console) -> None:
    """Print the findings, the registry's own words, and where to look further."""
    console.print(Text(f"NPI {found.npi}", style="bold"))
    console.print(Text(f"Looked up in: {found.source or 'nothing yet; --live asks the registry, --registry a bulk file'}"))
    if found.record is not None:
        _record(found.record, console)
    console.print()
    for one in found.findings:
        as_of = row("vetting_rules", one.rule).as_of
        line = Text.assemble((f"{WORDS[one.result]:>7}  ", STYLES[one.result]), clean(one.said), (f" [{one.rule}, {as_of}]", "dim"))
        console.print(line)
    console.print(Text("\nLook up next", style="bold"))
    for at, place in enumerate(found.lookups, 1):
        _place(at, place, console)
    console.print(Text(f"\n{NOT_A_DEVICE}", style="bold"))


def _record(record: Record, console: Console) -> None:
    console.print(Text("\nWhat the registry has (told by the provider, not checked)", style="bold"))
    place = ", ".join(part for part in (record.city, record.state, record.country) if part)
    rows = {
        "name": ", ".join(part for part in (record.name, record.credential) if part),
        "other names": "; ".join(record.other_names),
        "kind": record.kind,
        "practice": place,
        "specialities": "; ".join(
            " ".join(
                part
                for part in (one.code, one.name, one.licence and f"licence {one.licence} {one.state}", "(the main one)" * one.primary)
                if part
            )
            for one in record.specialities
        ),
        "since": str(record.enumerated or ""),
        "last changed": str(record.updated or ""),
        "switched off": str(record.deactivated or ""),
        "switched on again": str(record.reactivated or ""),
    }
    for name, value in rows.items():
        if value:
            console.print(Text(f"  {name}: {clean(value)}"))


def _place(at: int, place: LookUp, console: Console) -> None:
    where = f": {place.address}" if place.address else ""
    sure = " (we could not check this address)" if place.address_status == "not verified" else ""
    console.print(Text.assemble(f"{at}. ", (place.name, "bold"), f"{where}{sure}. {place.how}", (f" ({_as_of(place)})", "dim")))


def _as_of(place: LookUp) -> str:
    return "from a page without a date" if place.as_of.startswith("undated") else f"as of {place.as_of}"


def imported(made: Imported) -> str:
    """What an imported file holds, in a sentence or two."""
    more = f" {made.added} columns are new to anagen; they were left out." if made.added else ""
    return f"{made.path}: {made.rows:,} numbers, {made.active:,} of them in use, from {made.file}, imported {made.imported}.{more}"
