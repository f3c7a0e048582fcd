"""What a plan costs: its parts priced from rows that were read, one currency at a time, and what no row prices said by name.

`costs` prices a plan; `per_gain` puts a cost beside what a forecast's draws gain. Nothing here is a quote.

>>> found = costs("prp", months=12)
>>> print(found.bill("USD").total)
1,500 to 6,000 (about 1,500)
>>> found.bill("USD").lines[0].rows
('k022', 'k023', 'k024', 'k025')
"""

from anagen.costs.bill import Bill, Line, Money
from anagen.costs.gain import PerGain, PerVisible, Worth, per_gained_hair, per_visible_gain, worth
from anagen.costs.price import HORIZONS, Costs, costs
from anagen.costs.rates import Rate, Rates, read_rates

__all__ = [
    "HORIZONS",
    "Bill",
    "Costs",
    "Line",
    "Money",
    "PerGain",
    "PerVisible",
    "Rate",
    "Rates",
    "Worth",
    "costs",
    "per_gained_hair",
    "per_visible_gain",
    "read_rates",
    "worth",
]
