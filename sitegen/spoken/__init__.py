"""Written Chinese → words to be read aloud: figures, dates, telephone numbers and signs as people say them."""

from .numbers import cardinal, count, digits, money
from .reading import aloud

__all__ = ["aloud", "cardinal", "count", "digits", "money"]
