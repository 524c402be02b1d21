"""SG1: can the file be read and understood?"""

from __future__ import annotations

from sitegen.model.finding import Rule, Severity

_E = Severity.ERROR

RULES = (
    Rule("SG101", _E, "the file is not UTF-8 text", "save it as UTF-8 (in WPS or Excel: «CSV UTF-8»; in Notepad: encoding UTF-8)"),
    Rule("SG102", _E, "this is not valid YAML: {problem}", "check indentation, colons and quotes on this line and the one above"),
    Rule("SG103", _E, "unknown key «{key}»", "did you mean «{near}»? Allowed here: {allowed}"),
    Rule("SG104", _E, "«{key}» is missing", "add a line «{key}: …»"),
    Rule("SG105", _E, "«{key}»: {problem}", "correct the value of «{key}»"),
    Rule("SG106", _E, "«{key}» stands twice", "keep one of the two"),
    Rule("SG107", _E, "the file goes beyond a limit: {problem}", "split it, or remove what does not belong in it"),
    Rule("SG108", _E, "the file does not begin with a head between two lines of ---", "begin with ---, the head, and --- on a line of its own"),
    Rule("SG109", _E, "the file cannot be read: {problem}", "check that it exists, is no folder, and may be read"),
    Rule("SG110", _E, "«{key}»: «{value}» is not a date", "write it as 2026-05-08"),
    Rule("SG111", _E, "«{key}»: «{value}» is not one of the values allowed", "write one of: {allowed}"),
    Rule("SG112", _E, "keys and values are expected here", "write lines of the form «key: value»"),
    Rule("SG113", _E, "unknown key «{key}»", "remove it. Allowed here: {allowed}"),
    Rule("SG114", _E, "there is no region here: {file} is missing", "run the command in the region's folder, give it with -C, or start one with «sitegen new region DIR»", True),
)  # fmt: skip
