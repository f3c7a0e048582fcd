"""A clinic and its offer: what is claimed and shown, who the people are, what it costs, and what to ask next. Never a score."""
