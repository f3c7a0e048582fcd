"""From the evidence to a belief: every usable row as a fact, one mechanistic model of all of them, its fit and its judgement.

Needs the extra `calibrate` (JAX, NumPyro), which nothing else imports; what it makes is a file, and forecasts need only that.

- `facts`: which rows enter, and as what; `arms`: what each arm of a trial was given, and who was in it;
- `coarse`: the law of the cycle read by JAX; `model`: what the facts are expected to be, and how far they may stray;
- `fit`: posterior draws, written as a belief; `report`: how well that went.
"""
