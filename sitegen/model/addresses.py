"""The first steps of the paths that a unit's own pages use; no unit below may take one of them."""

from __future__ import annotations

RESERVED: frozenset[str] = frozenset(
    {
        "", "r", "m", "list", "catalog", "fields", "guide", "rules", "reports", "apply", "about",
        "party", "affairs", "finance", "units", "supervision", "services", "assurance", "interpretation", "participation", "channels",
        "hant", "accounts", "focus", "resolutions", "checklist", "periods", "committee", "ask", "documents", "data", "datapackage.json", "feeds", "calendar.ics", "assets", "q", "Q", "search", "search-index", "404.html", "sitemap.xml", "sitemap-1.xml", "redirects.map", "robots.txt",
    }
)  # fmt: skip
