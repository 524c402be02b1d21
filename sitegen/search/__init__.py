"""Search: what of a unit can be found → an index in small files → one place to search for every host. docs/search.md has the figures."""
