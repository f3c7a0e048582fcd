"""What a person will do, and when: treatments on a calendar, as an object or as a sentence.

A sentence is a list of items, separated by `;`, a comma or `and`; case, spaces and a last full stop do not matter::

    ITEM       TREATMENT [DOSE] [HOW OFTEN] [WHEN] [taken X% of the time]     the parts in any order; 5% minoxidil too
               add ITEM                               the same; `add ITEM at POINT` begins then
               stop TREATMENT [at] POINT              also `stop everything`
               switch TREATMENT to ITEM at POINT      a stop and a start
               nothing | wait [until POINT | for SPAN] | join a trial [from POINT]
    TREATMENT  a name of `TREATMENTS` or `ALIASES`, words in any order; a part of it if the rest, or the unit, leaves one
    DOSE       5% | 1 mg | 500 mcg | 1e6 cells/cm2 | 1 million cells/cm2       left out: the usual dose
    HOW OFTEN  daily | twice a day | 3 times a week | mg/day                   left out: the treatment's own
    WHEN       [from POINT | since SPAN] [until POINT | for SPAN]              left out: from today on
               at POINT, POINT and POINT                                       sessions
               N sessions every SPAN [from POINT | since SPAN]                 sessions; also `every SPAN ... until POINT`
               once [from POINT]                                               one session; left out: the usual course
    POINT      week 12 | month 6 | 6 months | 12 weeks ago | now; then bare numbers do: weeks 0, 12 and 24
    SPAN       30 days | 4 weeks | 6 months | 2 years (a month is 4.345 weeks, a year 12 months)

What a sentence leaves out is filled in and printed. Only plain arithmetic is done: 1 mg twice daily is 2 mg a day. Nothing
else is guessed: what is not understood is a `BadInput`, one sentence with the words and what is allowed.

>>> plan = Plan.parse("Minoxidil 5 % twice daily; finasteride 1 mg/day from week 12; stop minoxidil week 52")
>>> print(plan)
minoxidil topical 5% twice a day until week 52; finasteride 1 mg a day from week 12
>>> plan == Plan.parse(str(plan))
True
>>> print(Plan.parse("finasteride since 2 years").then("switch finasteride to dutasteride 0.5 mg daily at month 6"))
finasteride 1 mg a day since 104.28 weeks until week 26.07; dutasteride 0.5 mg a day from week 26.07
>>> print(Plan.parse("prp from week 4 and svf 1e6 cells/cm2 at week 0, 12"))
svf 1e6 cells/cm2 at weeks 0 and 12; prp 0.1 mL/cm2 3 sessions every 30 days from week 4
"""

from anagen.plan.plan import Plan
from anagen.plan.steps import Step

__all__ = ["Plan", "Step"]
