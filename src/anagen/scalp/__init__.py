"""The scalp: the law of the hair cycle (`law`, `tempo`), its two readings (`expect`, `sample`), and what can be read off them."""
