"""Whole catalogues: the official table as a spreadsheet, in and out, and what changed between two versions."""
