"""What a fact is: one measured change of one arm, or of one arm against another, at one visit; and what stands beside it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from anagen.evidence.rows import Arm, Study

PATTERN = ("aga_male", "aga_female", "aga_mixed", "aga")
OUTPUT_OF = {
    "hair_density": "visible",
    "hair_count_target_area": "visible",
    "terminal_hair_density": "nonvellus",
    "terminal_hair_count_target_area": "nonvellus",
    "vellus_hair_density": "vellus",
    "anagen_hair_density": "anagen",
    "telogen_hair_density": "telogen",
    "anagen_percent": "anagen_share",
    "telogen_percent": "telogen_share",
    "anagen_telogen_ratio": "anagen_telogen",
    "terminal_hair_percent": "nonvellus_share",
    "hair_diameter": "calibre",
    "cumulative_thickness": "thickness",
    "hair_weight": "weight",
    "interval_hair_weight": "weight",
}
"""What each outcome of the tables is in the law."""
UNCONTROLLED = ("single_arm", "retrospective", "case_series")
Kind = Literal["change", "percent", "level"]
Said = Literal["", "significant", "not_significant", "z"]


@dataclass(frozen=True)
class Fact:
    """One fact. `value`: in `kind` (`change` and `level` in the output's own unit, `percent` of the level before treatment).

    `control`: the arm it is taken against (None: against its own beginning). `se`: read or None, where it is imputed.
    `said`: for a row without a number: what is said of the estimate; for an exact p `value` is the z score.
    """

    rows: tuple[str, ...]
    study: str
    arm: str
    control: str | None
    output: str
    week: float
    kind: Kind
    value: float
    se: float | None
    n: float
    n_control: float
    said: Said = ""
    imputed_n: bool = False

    @property
    def name(self) -> str:
        """Its rows, as one word."""
        return "+".join(self.rows)


@dataclass(frozen=True)
class Left:
    """A row that does not enter, and why."""

    row: str
    study: str
    why: str


@dataclass(frozen=True)
class Baseline:
    """A level before treatment, the mean over a study's arms: `value` in the output's own unit, from `rows`."""

    study: str
    output: str
    value: float
    rows: tuple[str, ...]


@dataclass(frozen=True)
class Spread:
    """How much people differed in one arm's change, in hairs/cm2 (`sd`), as read."""

    row: str
    study: str
    arm: str
    output: str
    week: float
    sd: float
    n: float
    area_cm2: float


@dataclass(frozen=True)
class Facts:
    """All that enters: facts, levels before treatment, spreads between people; and what is left out, with the reason."""

    facts: tuple[Fact, ...]
    baselines: tuple[Baseline, ...]
    spreads: tuple[Spread, ...]
    left: tuple[Left, ...]
    studies: tuple[Study, ...]
    arms: tuple[Arm, ...]

    def of(self, names: Iterable[str]) -> Facts:
        """Only these trials, each with all entries that belong to it."""
        chosen = set(names)
        keep = {study.study_id for study in self.studies if self.family(study.study_id) in chosen}
        return replace(
            self,
            facts=tuple(f for f in self.facts if f.study in keep),
            baselines=tuple(b for b in self.baselines if b.study in keep),
            spreads=tuple(s for s in self.spreads if s.study in keep),
            studies=tuple(s for s in self.studies if s.study_id in keep),
            arms=tuple(a for a in self.arms if a.study_id in keep),
        )

    def without(self, names: Iterable[str]) -> Facts:
        """All but these trials."""
        return self.of(set(self.names) - set(names))

    @property
    def names(self) -> tuple[str, ...]:
        """The studies that have a fact, in the order of the tables; entries of one trial count as one, under its first name."""
        return tuple(dict.fromkeys(self.family(study.study_id) for study in self.studies))

    def family(self, study: str) -> str:
        """The trial that an entry belongs to."""
        own = next(one for one in self.studies if one.study_id == study)
        return own.same_trial_as or study
