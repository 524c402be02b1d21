"""What a build leaves beside the sites, by name: known to who builds, and to who only asks what was built."""

STORE = ".store"
"""Below the folder of the sites; all of the others are in it."""
STATE = "state.json"
UNDONE = "undone"
"""There while a build is at work; it stays where one failed or was cut."""
SWITCHING = "switching"
"""There while new sites are put in the place of the old ones; it stays where a build was cut just then."""
