"""Reviews of a clinic weighed: who wrote, how alike, when, and how little that says of what happened to hair. Never a verdict.

>>> found = weighed(parse_reviews(b"stars,source\\n5,a\\n5,a\\n2,b\\n", "reviews.csv"))
>>> found.stars.counts, found.n_sources
((0, 1, 0, 0, 2), 2)
"""

from anagen.clinic.reviews.copies import Copies, Group
from anagen.clinic.reviews.read import BadRow, Review, Reviews, parse_reviews, read_reviews
from anagen.clinic.reviews.signs import Crowd, Crowds, FewOfSource, LowStars
from anagen.clinic.reviews.weigh import Share, Shrunken, Source, Weighed, weighed

__all__ = [
    "BadRow",
    "Copies",
    "Crowd",
    "Crowds",
    "FewOfSource",
    "Group",
    "LowStars",
    "Review",
    "Reviews",
    "Share",
    "Shrunken",
    "Source",
    "Weighed",
    "parse_reviews",
    "read_reviews",
    "weighed",
]
