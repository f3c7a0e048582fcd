"""People: one person as their file tells it (`person`), how such a scalp comes to be (`history`), where it is today (`start`)."""
