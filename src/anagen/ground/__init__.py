"""The ground everything stands on: errors, checks, keyed chance and files. It knows nothing of hair."""
