"""``sitegen desk``: a page on this computer for one unit's clerk. Every action is one of the commands; the files stay the truth."""
