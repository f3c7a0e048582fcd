"""Published models of the hair cycle, kept as references that the rest of the library is measured against.

They are not the law of `anagen`: they are small, known answers.

- `halloy`: the follicular automaton of Halloy, Bernard, Loussouarn and Goldbeter (2002), its mean field and its stochastic form.
- `alnuaimi`: the single-follicle oscillator of Al-Nuaimi, Goodfellow, Paus and Baier (2012).

What each of them reproduces, with the numbers, is in `validation/halloy_2002` and `validation/alnuaimi_2012`.
"""
