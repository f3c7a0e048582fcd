"""How many possible truths an answer stands on where nobody says."""

from __future__ import annotations

USUAL_DRAWS = 500
"""Draws of the belief, and of what is not known of tissue, laboratory and skin."""
