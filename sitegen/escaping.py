"""Plain text as HTML has it; most texts hold nothing that must be escaped, which one look tells."""

from __future__ import annotations

import html
import re

special = re.compile("[&<>'\"]").search
"""Whether a text has a character that HTML must not have as it is."""


def escape(text: str) -> str:
    """Plain text for use in HTML, attributes included."""
    return html.escape(text, quote=True) if special(text) else text
