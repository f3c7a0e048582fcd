"""What kind of product a processing, a source, a treatment or a claim tells of; and the rows of the tables of `data/clinic/`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from anagen.ground.tables import table


@dataclass(frozen=True)
class Kind:
    """A sort of product, told by its processing, its source, the treatment's name or a claim; stricter ones come first in the table."""

    kind: str
    by: str
    values: tuple[str, ...]
    source: str
    processing: str


def rows(file: str) -> tuple[dict[str, str], ...]:
    """The rows of a table of `data/clinic/`."""
    return table(f"clinic/{file}", dict)


@cache
def _values() -> dict[tuple[str, str], str]:
    return {(row["field"], row["value"]): row["words"] for row in rows("values.csv")}


def value_words(field: str, value: str) -> str:
    """What a field of an offer is set to, in plain words; what has none there stays as it is, without underscores.

    >>> value_words("treatment", "svf"), value_words("place", "US-FL")
    ('cells from fat (SVF)', 'US-FL')
    """
    return _values().get((field, value), value.replace("_", " "))


@cache
def kinds_of_product() -> tuple[Kind, ...]:
    """Every row of `data/clinic/kinds.csv`."""
    return tuple(Kind(row["kind"], row["by"], tuple(row["value"].split()), row["source"], row["processing"]) for row in rows("kinds.csv"))


@cache
def treatments() -> frozenset[str]:
    """The names of all treatments, without the treatments themselves, which take time to read.

    >>> "svf" in treatments()
    True
    """
    return frozenset(value for one in kinds_of_product() if one.by == "treatment" for value in one.values)
