"""An answer as a person reads it: on a terminal (`terminal`), as one HTML page (`page`), or as data (`machine`).

These rooms compute nothing: every number is read off a `Comparison`; here it is only placed, drawn and said.
"""
