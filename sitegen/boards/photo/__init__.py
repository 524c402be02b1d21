"""Codes in a photo of a board: found, read, or told to be unreadable."""
