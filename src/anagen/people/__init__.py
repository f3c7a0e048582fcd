"""People: one person as their file tells it (`person`), and the scalp they start from (`baseline`)."""
