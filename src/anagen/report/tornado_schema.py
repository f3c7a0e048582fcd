"""What the JSON of the drivers of a therapy holds: part of the models of `procedure_schema`."""

from __future__ import annotations

from pydantic import Field

from anagen.report.sources_data import Model, Number


class DriverOf(Model):
    """What one row does to one output. First-order index and what hangs on it are null where the answer is `rare`."""

    row: str
    said: str
    low: Number
    high: Number
    unit: str
    mark: str
    source: str
    at_low: Number
    at_high: Number
    first_order: Number | None
    first_order_range: tuple[Number, Number] | None = Field(alias="first_order_95%")
    total: Number
    total_range: tuple[Number, Number] = Field(alias="total_95%")
    narrower: Number | None


class DrivenOf(Model):
    """One output and its drivers, the row most worth measuring first. `rare`: it stands still in all but a few runs."""

    middle: Number
    range_: tuple[Number, Number] = Field(alias="range_95%")
    logged: bool
    together: Number
    rare: bool
    drivers: list[DriverOf]


class DriversOf(Model):
    """What drives a protocol, from how many runs, over how many rows."""

    runs: int
    rows: int
    outputs: dict[str, DrivenOf]
