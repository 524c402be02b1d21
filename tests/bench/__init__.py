"""What it costs: measured against a peer in the same run, never asserted in a timed test. ``make bench`` runs it."""
