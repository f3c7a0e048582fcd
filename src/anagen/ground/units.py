"""Units are converted once, at the reader. Time is in weeks; a month and a year are those of the evidence tables."""

DAYS_PER_WEEK = 7.0
WEEKS_PER_MONTH = 4.345
WEEKS_PER_YEAR = 52.14
HOURS_PER_DAY = 24.0
MM2_PER_CM2 = 100.0
MILLION = 1e6

MM_PER_CM = 10.0
