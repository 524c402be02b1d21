"""sitegen: uniform disclosure sites and notice-board sheets for counties, townships and villages."""

__version__ = "0.1.0"
