"""What the JSON of a therapy holds: the models that every answer of `anagen therapy --json` is checked by, and its JSON Schema is made of.

`from`: names of `rows`, or ids of evidence rows; `mark`: `given` by the protocol, or where a number was shown before. Keys may be
added; none is renamed.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from anagen.chances import Kind
from anagen.report.sources_data import Model, Number
from anagen.report.tornado_schema import DriversOf

Names = Annotated[list[str], Field(description="names of `rows`, or ids of evidence rows")]
Given = Literal["given"]


class At(Model):
    """The middle and the central 95 % at one week from today."""

    week: int
    median: Number
    low_95: Number
    high_95: Number


class QuantityOf(Model):
    """One number of a step: middle and central 95 %, and the rows on which it hangs; without one, `mark` says that it was given."""

    name: str
    median: Number
    low_95: Number
    high_95: Number
    unit: str
    from_: Names | None = Field(None, alias="from")
    mark: Given | None = None


class StepsOf(Model):
    """Every number of the four steps."""

    extract: list[QuantityOf]
    process: list[QuantityOf]
    inject: list[QuantityOf]
    regenerate: list[QuantityOf]


class ChanceOf(Model):
    """Out of 1,000, with the 95 % range. `chance` is null where nobody had it: then only `high` is known."""

    chance: Number | None
    low: Number
    high: Number


class HarvestHarm(Model):
    """One harm of taking the tissue, as `risks` counts it; `events` is null where the source prints a share alone."""

    event: str
    called: str
    of_1000: ChanceOf
    events: int | None
    people: int | None
    unit: str
    from_: Names = Field(alias="from")


class GridOf(Model):
    """Where the needle goes: places in cm on the flat map, and the session of each.

    `needles_a_session`: of the largest; `needles_of_session`: of each; `volume_ml` and `syringes` are those of the points listed once.
    """

    needles_a_session: int
    needles_of_session: list[int]
    needles_in_all: int
    volume_ml_in_all: Number
    area_cm2: Number
    spacing_cm: Number
    volume_ml_per_point: Number
    volume_ml: Number
    depth_mm: Number
    syringes: int
    points_cm: list[tuple[Number, Number]]
    session: list[int]
    from_: Names = Field(alias="from")


class TriedOf(Model):
    """One grid that was tried, at the middle of all unknowns."""

    spacing_cm: Number
    needles: int
    reached_share: Number
    volume_ml: Number
    minutes: Number


class TradeoffOf(Model):
    """The grid of fewest needles that reaches the share wanted, and every grid that was tried, from the closest to the widest."""

    wanted_share: Number
    best: TriedOf
    curve: list[TriedOf]
    from_: Names = Field(alias="from")


class AmountOf(Model):
    """The tissue for the dose wanted at one certainty; `amount` is null where none gives it."""

    certainty: Number
    amount: Number | None
    unit: str
    feasible: bool
    sentence: str


class NeedOf(Model):
    """The tissue of one harvest for the dose wanted; `because`: why it is more than the first session takes, where it is."""

    wanted: Number
    of: str
    limit: Number
    because: str | None
    amounts: list[AmountOf]
    from_: Names = Field(alias="from")


class DoseOf(Model):
    """The dose of one session as trials state theirs. `met_share`: of the draws, those whose tissue gives what is wanted."""

    treatment: str
    value: Number
    unit: str
    met_share: Number | None
    why_no_forecast: str | None
    from_: Names = Field(alias="from")


class CheckOf(Model):
    """One release test. `chance`: of the draws, those that would pass; null where none was computed."""

    name: str
    result: str
    allowed: str
    stated: str
    chance: Number | None
    from_: Names = Field(alias="from")


class StandingOf(Model):
    """How the recipe stands in the law of one place, by which rules, read when. No legal advice."""

    jurisdiction: str
    regulated_as: str
    rules: list[str]
    as_of: str


class AssumptionOf(Model):
    """One thing that the field mode takes to be so."""

    said: str
    from_: Names = Field(alias="from")


class OwnRow(Model):
    """A row before or after own batches."""

    value: Number
    low_95: Number
    high_95: Number


class OwnBatches(Model):
    """One row that a laboratory's own records changed; `used`: whether this protocol hangs on it."""

    row: str
    mark: Given
    records: int
    mean: Number
    used: bool
    before: OwnRow
    after: OwnRow


class MeasuredOf(Model):
    """One share that the laboratory measured of this lot: what the steps use, and what they would use without it."""

    row: str
    mark: Given
    value: Number
    in_place_of: Number


class ReasonOf(Model):
    """One reason for a verdict: what it says, whom to ask, and its source."""

    verdict: str
    says: str
    ask: str
    source: str


class SuitabilityOf(Model):
    """How the option that the protocol makes stands for the person, as `anagen suitability` says."""

    option: str
    verdict: str
    reasons: list[ReasonOf]


class SessionsOf(Model):
    """When the sessions are, in weeks from today, and how many fall within the time that is looked at."""

    mark: Given
    weeks: list[Number]
    count: int


class ChancesOf(Model):
    """Out of `people` like this one, by `week`, against today; `visible`: the share from which a change counts as visible.

    `ranges`: how far `gain`, `loss` and `fewer` are open for what is not known, 95 %; empty where too few draws fit the person.
    """

    people: int
    gain: int
    neither: int
    loss: int
    fewer: int
    week: int
    visible: Number
    ranges: dict[Kind, tuple[int, int]]


class ForecastOf(Model):
    """The forecast of the treated skin, or of another option there; `gain`: hairs/cm2 more than with nothing.

    For a person who takes something nothing is to stop it, and `gain_over_now` is over going on with it (null: nothing is taken).
    """

    title: str
    plan: str
    region: str
    outputs: dict[Literal["visible", "terminal", "calibre"], list[At]]
    gain: list[At]
    gain_over_now: list[At] | None
    chances: list[ChancesOf]
    certainty: str
    because: list[str]
    basis: str
    from_: Names = Field(alias="from")


class TreatedOf(Model):
    """Which share of the region the injections cover (null: in a region that is not followed), and the mean gain over all of it.

    Its other skin goes on as now. `gain_over_region` is over nothing, `gain_over_region_over_now` over going on with what is taken (null:
    nothing is taken). `regions`: the share of every region that is treated; `off_the_map`: of a drawn region, the share in no outline.
    """

    region: str
    share: Number | None
    regions: dict[str, Number]
    off_the_map: Number
    area_cm2: Number
    gain_over_region: list[At] | None
    gain_over_region_over_now: list[At] | None
    mark: Given


class ProtocolOf(Model):
    """One protocol carried out. `given`: the protocol as it was read; `hypothesis`: of the field mode alone.

    `may_not_be_given`: why this lot may not be given, where a release test failed; null where none did. `tradeoff`: where a coverage was
    wished.
    """

    title: str
    mode: Literal["class", "field"]
    hypothesis: list[AssumptionOf] | None
    given: dict[str, Any]
    own_batches: list[OwnBatches]
    measured: list[MeasuredOf]
    suitability: SuitabilityOf
    steps: StepsOf
    harvest_harms: list[HarvestHarm]
    grid: GridOf
    tradeoff: TradeoffOf | None
    need: NeedOf | None
    dose: DoseOf
    release: list[CheckOf]
    may_not_be_given: str | None
    sessions_within: SessionsOf
    standing: list[StandingOf]
    plan: str | None
    forecast: ForecastOf | None
    treated: TreatedOf
    beyond: list[str]


class PriceOf(Model):
    """One price that a page asked, `of` which treatment; none is a quote."""

    low: Number | None
    typical: Number | None
    high: Number | None
    currency: str
    unit: str
    country: str
    of: str
    from_: Names = Field(alias="from")


class LineOf(Model):
    """One line side by side; null: not known, not counted, or none. Gains as in a forecast; `weeks_to_effect` is of that over now."""

    title: str
    mark: Literal["shown above"]
    gain: list[At] | None
    gain_over_now: list[At] | None
    too_high_weeks: list[int]
    needles: int | None
    tissue: str | None
    visits: int | None
    weeks_to_effect: int | None
    prices: list[PriceOf] | Literal["not known"]
    certainty: str
    why_no_forecast: str | None


class RowOf(Model):
    """One unknown or limit: its median and central 95 %."""

    mark: str
    of: str
    name: str
    value: Number
    low: Number
    high: Number
    spread: str
    unit: str
    source: str
    who: str
    notes: str


class MomentsOf(Model):
    """When numbers are read: weeks from today by label."""

    mark: Given
    weeks: dict[str, int]


class TherapyOf(Model):
    """All of one or more protocols for one person. `drivers` only where they were asked for.

    `not_asked`: said of a person who was not asked about the signs; `not_recognised`: words of theirs that no rule knows.
    """

    kind: Literal["therapy"]
    anagen: str
    not_a_device: str
    bands_hold: str
    page: str | None
    person: dict[str, Any]
    not_asked: str | None
    not_recognised: list[str]
    moments: MomentsOf
    units: dict[str, str]
    protocols: list[ProtocolOf]
    against: list[ForecastOf]
    side_by_side: list[LineOf]
    rows: dict[str, RowOf]
    drivers: DriversOf | None = None


__all__ = ["TherapyOf"]
