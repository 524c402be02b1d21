"""A province (省) or city above many counties: every county built by itself, then a page that adds them up and a search over all of them.

Two levels, so that nothing of it grows with the records: a county's summary (:mod:`.summary`) says what it adds up to and which pairs of characters its
texts hold; the province (:mod:`.merge`, :mod:`.page`) is made of the summaries alone, wherever the counties were built.
"""
