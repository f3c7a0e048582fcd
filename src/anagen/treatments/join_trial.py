"""Join a trial: an option that explains itself. Nobody can forecast it: that is what the trial is for."""

from __future__ import annotations

from typing import Any, ClassVar

from anagen.ground.errors import BadInput
from anagen.scalp.tempo import Tempo
from anagen.treatments.use import Treatment, Use, Values


class JoinTrial(Treatment):
    """Take part in a trial: `what` it is, `where` trials are listed, what to `ask`. It has no tempo and no forecast.

    >>> JoinTrial().tempo(52)
    Traceback (most recent call last):
    anagen.ground.errors.BadInput: there is no forecast for joining a trial: which arm one gets is chance, and what ...
    """

    name: ClassVar[str] = "join_trial"
    subject: ClassVar[str] = ""
    evidence_class: ClassVar[str] = "natural_history"
    basis: ClassVar[str] = "No forecast: the result is not known before the trial ends."

    what: ClassVar[str] = (
        "A trial compares a new treatment with a placebo or a known one. Chance decides who gets which; the care and the counts are "
        "the same for all. It is the only way in which an unproven treatment is given with its harms watched and its results published."
    )
    where: ClassVar[tuple[str, ...]] = (
        "ClinicalTrials.gov: https://clinicaltrials.gov",
        "WHO International Clinical Trials Registry Platform: https://trialsearch.who.int",
        "EU Clinical Trials Information System: https://euclinicaltrials.eu",
        "ISRCTN registry: https://www.isrctn.com",
    )
    ask: ClassVar[tuple[str, ...]] = (
        "What is its registry number, and does the entry match what I am told?",
        "Which ethics committee approved it?",
        "Do I pay for anything? A trial that sells its treatment is not an ordinary trial.",
        "What is the chance that I get the placebo, and can I have the treatment afterwards?",
        "Which treatments must I stop, for how long, and what do I lose by stopping?",
        "Who pays and who treats me if I am harmed?",
        "Will the results be published whatever they are?",
    )

    @property
    def title(self) -> str:
        """What a person would call it."""
        return "join a trial"

    @staticmethod
    def effect(values: Values, strength: Any) -> Tempo:
        """Whatever the strength: nothing."""
        return Tempo()

    def tempo(self, weeks: int, values: Values | None = None, use: Use | None = None) -> Tempo:
        """There is none. Raises `BadInput`, saying why."""
        raise BadInput("there is no forecast for joining a trial: which arm one gets is chance, and what it does is not known yet.")
