"""Units are converted once, at the reader. Time is in weeks; a month and a year are those of the evidence tables."""

DAYS_PER_WEEK = 7.0
WEEKS_PER_MONTH = 4.345
WEEKS_PER_YEAR = 52.14
