"""The therapy in silico, in its four steps: extract, process, inject, regenerate. Every yield, loss, limit and time is a row of data."""
