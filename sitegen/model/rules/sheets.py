"""SG34: what stands in the way of a sheet on paper."""

from __future__ import annotations

from sitegen.model.finding import Rule, Severity

_E, _W = Severity.ERROR, Severity.WARNING

RULES = (
    Rule(
        "SG341",
        _W,
        "on the sheet «{title}» 〓 stands for characters that no font has: {characters}",
        "write them with characters that the fonts have, or put a font that has them into the region's folder fonts/",
        why="A character that no font has would be an empty box on the board. 〓, the printers' mark for a missing sort, says at least that something is "
        "missing. The check names such characters in records (SG313); this one also sees names in unit.yml and in the catalogue.",
        bad="（unit.yml）name: 大𠮷村",
        good="（unit.yml）name: 大吉村",
    ),
    Rule(
        "SG342",
        _W,
        "the table of «{title}» is smaller on {paper} than can be read from half a metre",
        "print it on larger paper (--paper A3), or give its table fewer columns",
        why="Boards are read standing. Below 9 points (10 on A3) older readers cannot make out a row of figures.",
        bad="sitegen print --paper A4（表有14列）",
        good="sitegen print --paper A3",
    ),
    Rule(
        "SG343",
        _W,
        "the picture «{path}» has {megapixels} megapixels: sheets leave it out and say what it shows",
        "save it smaller: 10 megapixels are sharp even on A3",
        why="A picture is decoded as a whole when it is printed; 80 megapixels are A3 at 600 dpi, and more only stops the printer. Only the header was read.",
        bad="![规划图](guihuatu.png)（20000×10000）",
        good="![规划图](guihuatu.png)（4000×2000）",
    ),
)
