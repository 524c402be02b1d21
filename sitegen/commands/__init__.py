"""The commands of the command line, a module for each subject. They parse, call and print; no logic."""
